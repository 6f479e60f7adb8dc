"""The command itself with a course's times, forked from a process that has imported it all.

It starts in a tenth of a second where a Python that imports needs one or more. Each connection to
its socket is one command: its terminal comes with the request, its process id and, once it has
ended, its exit code go back.
"""

import json
import os
import socket
import sys
from importlib import import_module
from typing import Any

import httpx2

from scripts.lib.terminal import take_terminal

LONGEST_REQUEST = 64 * 1024


def serve(path: str) -> None:
    """Fork a command for each connection, until the process is killed."""
    httpx2.alias_httpx()  # as the command does, before anything imports the other one
    for module in ("wuts_cli.app", "wuts.supervisor.store.pairing_claims"):
        import_module(module)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
        server.bind(path)
        server.listen(64)
        print("ready", flush=True)
        while True:
            connection, _ = server.accept()
            if os.fork() == 0:
                server.close()
                attend(connection)


def attend(connection: socket.socket) -> None:
    """Run one command in a process of its own, and tell how it ended."""
    request, (terminal,), _, _ = socket.recv_fds(connection, LONGEST_REQUEST, 1)
    wanted = json.loads(request)
    pid = os.fork()
    if pid == 0:
        connection.close()
        os.setsid()
        for number in range(3):
            os.dup2(terminal, number)
        os.close(terminal)
        take_terminal()
        run(**wanted)
    os.close(terminal)
    connection.send(str(pid).encode())
    _, status = os.waitpid(pid, 0)
    connection.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def run(times: dict[str, Any], arguments: list[str], environment: dict[str, str]) -> None:
    """Run the command, whose pairing has other times than its own."""
    from tests.pairing_courses.course import FIRST_DELAY  # noqa: PLC0415
    from wuts.pairing import PairingSettings, error_policy  # noqa: PLC0415
    from wuts_cli.__main__ import main  # noqa: PLC0415
    from wuts_cli.commands import pair  # noqa: PLC0415

    def settings(**chosen: Any) -> PairingSettings:  # noqa: ANN401 - as the command says
        return PairingSettings(**chosen | times)

    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = arguments
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for good
    sys.stdout = open(1, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115
    error_policy.FIRST_DELAY = FIRST_DELAY
    vars(pair)["PairingSettings"] = settings
    main()


if __name__ == "__main__":
    serve(sys.argv[1])
