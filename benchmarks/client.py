"""Our client against the bare HTTP libraries, and one listing against many status calls.

``python -m benchmarks.client [--rounds N]``: each client runs in a process of its own, against one
simulator in another; in each round every client does the same work in turn, so that whatever else
the machine does meets all alike. The table has medians over the rounds, as ratios.
"""

import argparse
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

from .client_worker import KINDS
from .gateway import Gateway, running_gateway
from .report import machine, publish, table

DEVICES = 1_000
BASELINE = "httpx2"


class Worker:
    """A client's process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, work: str, count: int, in_flight: int) -> tuple[float, float]:
        """Have work done; return wall and CPU seconds."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("The worker has no pipes")
        stdin.write(f"{work} {count} {in_flight}\n")
        stdin.flush()
        wall, cpu = stdout.readline().split()
        return float(wall), float(cpu)


@contextmanager
def running_worker(kind: str, gateway: Gateway, device_id: str) -> Iterator[Worker]:
    """Run a client's process for as long as the context lasts."""
    command = [sys.executable, "-m", "benchmarks.client_worker", kind, gateway.url, device_id]
    with subprocess.Popen(
        command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield Worker(process)
        process.terminate()


def compare_clients(workers: dict[str, Worker], rounds: int, count: int) -> str:
    """Measure ``GET /status`` by every client and return the table."""
    rates: dict[tuple[str, int], list[float]] = {}
    costs: dict[tuple[str, int], list[float]] = {}
    for _ in range(rounds):
        for in_flight in (1, 50):
            walls, cpus = {}, {}
            for kind in random.sample(list(workers), len(workers)):
                walls[kind], cpus[kind] = workers[kind].run("status", count, in_flight)
            for kind in workers:
                rates.setdefault((kind, in_flight), []).append(walls[BASELINE] / walls[kind])
                costs.setdefault((kind, in_flight), []).append(cpus[kind] / cpus[BASELINE])
    head = ["client"] + [
        f"{figure}, {in_flight} in flight"
        for in_flight in (1, 50)
        for figure in ("requests/s", "CPU/request")
    ]
    rows = [
        [kind]
        + [
            f"{median(figures[kind, in_flight]):.2f}"
            for in_flight in (1, 50)
            for figures in (rates, costs)
        ]
        for kind in workers
    ]
    return table(head, rows)


def compare_listing(worker: Worker, rounds: int) -> str:
    """Measure one listing of many devices against a status call for each."""
    walls, cpus = [], []
    for _ in range(rounds):
        wall_one, cpu_one = worker.run("devices", 1, 1)
        wall_many, cpu_many = worker.run("status", DEVICES, 50)
        walls.append(wall_many / wall_one)
        cpus.append(cpu_many / cpu_one)
    return (
        f"One `GET /devices` with {DEVICES:,} devices against {DEVICES:,} `GET /status`, "
        f"50 in flight: {median(walls):.0f} times faster, with {median(cpus):.0f} times less CPU "
        "of the client."
    )


def main() -> None:
    """Measure, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--count", type=int, default=1_000, help="requests a round and client")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        gateway = stack.enter_context(running_gateway())
        device_id = gateway.add_devices(DEVICES)[0]
        workers = {
            kind: stack.enter_context(running_worker(kind, gateway, device_id)) for kind in KINDS
        }
        clients = compare_clients(workers, arguments.rounds, arguments.count)
        listing = compare_listing(workers["ours with aiohttp"], arguments.rounds)
    told = (
        f"Ratios to bare {BASELINE}: requests per second (more is better) and CPU per request "
        f"(less is better). Medians of {arguments.rounds} rounds of {arguments.count:,} "
        f"`GET /status` each. {machine()}."
    )
    publish("client", f"{told}\n\n{clients}\n\n{listing}")


if __name__ == "__main__":
    main()
