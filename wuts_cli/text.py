"""Names, numbers and times as a person or a program reads them."""

from datetime import UTC, datetime

from wuts.errors import Named

NOTHING = "-"


def printable(text: str) -> str:
    """Return ``text`` in one line that cannot steer a terminal: names come from outside."""
    return "".join(c if c.isprintable() else " " for c in text).strip()


def shown_name(device: Named) -> str:
    """Return what to call a device: its name, or its id when it has none."""
    return printable(device.name) or printable(device.id)


def phone(digits: str | None) -> str:
    """Return a phone number as people write it: ``+55 11 99999-9999``."""
    from wuts.phone_numbers import shown_number  # noqa: PLC0415 - others start faster without

    return shown_number(digits) if digits else NOTHING


def local_time(moment: datetime | None) -> str:
    """Return a moment by this machine's clock and zone, to the minute."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M") if moment else NOTHING


def rfc3339(moment: datetime | None) -> str | None:
    """Return a moment in UTC for programs, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
