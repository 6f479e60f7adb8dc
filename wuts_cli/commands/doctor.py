"""``wuts doctor``: checks the gateway, the token and what belongs to them; changes nothing."""

import platform
from importlib.metadata import version
from typing import Annotated

import typer
from rich.text import Text

from wuts import WutsClient
from wuts.doctor import Finding, Level, Report, run_doctor
from wuts_cli.errors import ExitCode
from wuts_cli.output import Output
from wuts_cli.runner import run
from wuts_cli.text import rfc3339

from . import JsonOption, StoreOption

WebhookOption = Annotated[
    str | None,
    typer.Option(metavar="URL", help="The webhook's address, to be checked from here."),
]

_STYLES = {
    Level.OK: "wuts.good",
    Level.WARN: "wuts.wait",
    Level.FAIL: "wuts.bad",
    Level.UNKNOWN: "wuts.time",
}


def doctor(
    *, store: StoreOption = None, webhook: WebhookOption = None, json: JsonOption = False
) -> None:
    """Check the gateway and the token. You can attach the output to a bug report."""
    output = Output(json=json)

    async def work(client: WutsClient) -> Report:
        output.say(_heading(client))
        return await run_doctor(client, store=store, webhook_url=webhook)

    report = run(work, output)
    for finding in report.findings:
        output.event("finding", **finding.as_json())
        output.say(_page(finding))
    output.event("report", worst=report.worst, at=rfc3339(report.at))
    output.say(_summary(report))
    if report.worst is Level.FAIL:
        raise typer.Exit(ExitCode.REFUSED)


def _heading(client: WutsClient) -> str:
    system = f"Python {platform.python_version()}, {platform.system()}"
    return f"wuts {version('wuts')}, {system}, {client.base_url}"


def _page(finding: Finding) -> Text:
    """Return a finding's lines; a terminal shows the level in a colour of its own."""
    page = Text("\n".join(finding.lines()))
    page.stylize(_STYLES[finding.level], 0, len(finding.level))
    return page


def _summary(report: Report) -> str:
    counts = [
        (sum(one.level is level for one in report.findings), word)
        for level, word in ((Level.FAIL, "failed"), (Level.WARN, "to look at"))
    ]
    said = ", ".join(f"{count} {word}" for count, word in counts if count)
    return f"{len(report.findings)} checks: {said or 'nothing to fix'}."
