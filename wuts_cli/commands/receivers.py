"""``wuts receivers``: who gets alerts, and whether they can be reached."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from wuts.receivers import AddressedReceiver, NotTakenError
from wuts_cli.alerting import Alerting, told_of_all
from wuts_cli.errors import ExitCode, UsageError
from wuts_cli.output import Output
from wuts_cli.runner import reporting_failures, run_alone

from . import ConfigOption, JsonOption, NotifyOption

PATIENCE = 30.0
"""Seconds for a receiver to take a test, as long as a notification may take."""

NOBODY = "Nobody gets alerts. Add receivers to the file of --config, or an address with --notify."
_SLOW = "It did not accept the test within 30 seconds."

SendTestOption = Annotated[
    bool, typer.Option("--send-test", help="Send a test to each, and show which accept it.")
]


def receivers(
    *,
    config: ConfigOption = None,
    notify: NotifyOption = None,
    send_test: SendTestOption = False,
    json: JsonOption = False,
) -> None:
    """List the receivers of alerts, and test them."""
    output = Output(json=json)
    with reporting_failures(output):
        alerting = read_alerting(config, notify or [])
        if not alerting.receivers:
            raise UsageError(NOBODY)
    for name, receiver in alerting.receivers.items():
        routes = _routes_to(name, alerting)
        output.event("receiver", name=name, service=receiver.service, routes=routes)
        output.say(f"{name}: {receiver.service}{'' if routes else '. No route names it.'}")
    if send_test:
        _try_all(alerting.receivers, output)


def read_alerting(config: Path | None, notify: list[str]) -> Alerting:
    """Return whom a configuration or options name.

    Raises:
        SettingsError: The configuration is not usable.
        InvalidInputError: An address is not usable.
    """
    if config is None:
        return told_of_all(notify)
    # Others need no settings of a file.
    from wuts_cli.config import read_config  # noqa: PLC0415

    return read_config(config).alerting(notify)


def _routes_to(name: str, alerting: Alerting) -> list[int]:
    """Return which routes name a receiver, counted from 1."""
    return [
        number for number, route in enumerate(alerting.routes, start=1) if name in route.receivers
    ]


def _try_all(receivers: Mapping[str, AddressedReceiver], output: Output) -> None:
    problems: dict[str, str | None] = {}

    async def try_one(name: str, receiver: AddressedReceiver) -> None:
        problems[name] = problem = await _problem_of(name, receiver)
        output.event("tested", name=name, taken=problem is None, problem=problem)
        output.say(f"{name}: accepted the test." if problem is None else f"{name}: {problem}")

    async def work() -> None:
        await asyncio.gather(*(try_one(*each) for each in receivers.items()))

    run_alone(work, output)
    if any(problems.values()):
        raise typer.Exit(ExitCode.REFUSED)


async def _problem_of(name: str, receiver: AddressedReceiver) -> str | None:
    try:
        async with asyncio.timeout(PATIENCE):
            await receiver.send_test(name)
    except NotTakenError as error:
        return error.message
    except TimeoutError:
        return _SLOW
    return None
