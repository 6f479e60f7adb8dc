"""``wuts history``: how the devices did, from a store."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from wuts import find_device
from wuts.supervisor import HistoryKind, HistoryLine, Uptime, uptimes
from wuts_cli.errors import UsageError
from wuts_cli.output import Output
from wuts_cli.runner import reporting_failures, run_alone
from wuts_cli.store import NamedDevice, devices_in, named, reading
from wuts_cli.text import NOTHING, local_time, printable, rfc3339
from wuts_cli.times import read_moment, read_span, shown_span

from . import JsonOption, StoreOption
from .alerting import AnyAccountOption, OptionalDevice

_COLUMNS = (
    "account",
    "device_id",
    "name",
    "uptime",
    "connected_seconds",
    "counted_seconds",
    "drops",
    "longest_outage_seconds",
)


@dataclass(frozen=True, slots=True)
class _Report:
    """How a device did."""

    device: NamedDevice
    uptime: Uptime

    @property
    def fields(self) -> dict[str, object]:
        share = self.uptime.share
        return {
            "account": self.device.account,
            "device_id": self.device.id,
            "name": self.device.name,
            "uptime": None if share is None else round(share, 6),
            "connected_seconds": round(self.uptime.connected.total_seconds()),
            "counted_seconds": round(self.uptime.counted.total_seconds()),
            "drops": self.uptime.drops,
            "longest_outage_seconds": round(self.uptime.longest_outage.total_seconds()),
        }


def history(  # noqa: PLR0913 - one parameter an option
    device: OptionalDevice = None,
    *,
    since: Annotated[
        str, typer.Option(metavar="TIME", help="Where to start, such as 30d or a date.")
    ] = "7d",
    account: AnyAccountOption = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Show the uptime, drops and longest outage of devices; for one, also what happened."""
    output, end = Output(json=json), datetime.now(UTC)
    with reporting_failures(output):
        if as_csv and json:
            raise UsageError("Choose --csv or --json.")
        start = _start(since, end)

    async def work() -> None:
        reports, lines = await _read(device, account, store, start, end)
        for report in reports:
            times = {"since": rfc3339(start), "until": rfc3339(end)}
            output.event("uptime", **report.fields, **times)
        if as_csv:
            output.say(_csv(reports))
            return
        output.say(_table(reports) if reports else "There is no history of that time.")
        if device is not None:
            for line in lines:
                output.event("history", **_line_fields(line))
                output.say(_line_words(line))

    run_alone(work, output)


async def _read(
    wanted: str | None,
    account: str | None,
    address: str | None,
    start: datetime,
    end: datetime,
) -> tuple[list[_Report], list[HistoryLine]]:
    async with reading(address) as opened:
        devices = devices_in(await opened.load(None if account is None else [account]), account)
        if wanted is not None:
            one = find_device(devices, wanted)
            found = await opened.history(one.account, start, end, one.id)
            lines = [line for line in found if line.at >= start and line.device_id is not None]
            return [_Report(one, uptime) for uptime in uptimes(found, start, end)], lines
        known = {(one.account, one.id): one for one in devices}
    from wuts.supervisor.store.history_reader import HistoryReader  # noqa: PLC0415 - as a store

    strips = await HistoryReader(named(address)).strips({name for name, _ in known}, start, end)
    reports = [
        _Report(known[name, strip.uptime.device_id], strip.uptime)
        for name, found in strips.items()
        for strip in found
        if (name, strip.uptime.device_id) in known
    ]
    return sorted(reports, key=_worst_first), []


def _start(since: str, end: datetime) -> datetime:
    try:
        return end - read_span(since)
    except (UsageError, OverflowError):
        start = read_moment(since, end).astimezone(UTC)
    if start >= end:
        raise UsageError("--since must be in the past.")
    return start


def _worst_first(report: _Report) -> tuple[float, str, str]:
    share = report.uptime.share
    return (2.0 if share is None else share, report.device.name, report.device.id)


def _table(reports: Sequence[_Report]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("NAME", "UPTIME", "DROPS", "LONGEST OUTAGE", "OF", "ID"):
        table.add_column(heading, overflow="fold")
    for report in reports:
        uptime, share = report.uptime, report.uptime.share
        table.add_row(
            printable(report.device.name) or NOTHING,
            NOTHING if share is None else f"{100 * share:.2f} %",
            str(uptime.drops),
            shown_span(uptime.longest_outage) if uptime.longest_outage else NOTHING,
            shown_span(uptime.counted) if uptime.counted else NOTHING,
            printable(report.device.id),
        )
    return table


def _csv(reports: Sequence[_Report]) -> str:
    """A text that a spreadsheet would take for a formula is quoted: names come from outside."""
    file = io.StringIO()
    writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for report in reports:
        writer.writerow({name: _cell(value) for name, value in report.fields.items()})
    return file.getvalue().rstrip("\n")


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _line_fields(line: HistoryLine) -> dict[str, object]:
    return {
        "account": line.account,
        "device_id": line.device_id,
        "kind": line.kind,
        "detail": line.detail or None,
        "at": rfc3339(line.at),
        "until": rfc3339(line.until),
        "by": line.by or None,
        "text": line.text or None,
    }


def _line_words(line: HistoryLine) -> str:
    words = line.detail if line.kind is HistoryKind.STATE else f"{line.kind} {line.detail}".strip()
    words = words.replace("_", " ")
    who = f" by {printable(line.by)}" if line.by else ""
    why = f": {printable(line.text)}" if line.text else ""
    return f"{local_time(line.at)}  {printable(words)}{who}{why}"
