"""Who gets alerts: the receivers and routes of ``wuts watch``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from wuts.receivers import AddressedReceiver, receiver_of, words_of
from wuts.supervisor import Route

LANGUAGE: Final = "en"
"""What receivers hear of, unless the configuration says otherwise."""


@dataclass(frozen=True, slots=True)
class Alerting:
    """What a supervisor is given.

    Attributes:
        routes: Which alerts each receiver gets.
        receivers: Those receivers, by name.
    """

    routes: Sequence[Route] = ()
    receivers: Mapping[str, AddressedReceiver] = field(default_factory=dict)


NOBODY = Alerting()


def told_of_all(
    addresses: Iterable[str],
    beside: Alerting = NOBODY,
    *,
    language: str = LANGUAGE,
    dashboard_url: str | None = None,
) -> Alerting:
    """Return receivers that get every alert, side by side, before all others.

    Args:
        addresses: Of those receivers, which are called ``notify-1`` and so on.
        beside: The others.
        language: Of what they read.
        dashboard_url: Where they can see more.

    Raises:
        InvalidInputError: There can be no receiver at an address. The message repeats none.
    """
    words, found = words_of(language), dict[str, AddressedReceiver]()
    for number, address in enumerate(addresses, start=1):
        receiver = receiver_of(address, words=words, dashboard_url=dashboard_url)
        found[_free_name(number, beside)] = receiver
    return Alerting([*each_of(found), *beside.routes], {**found, **beside.receivers})


def each_of(names: Iterable[str]) -> list[Route]:
    """Return routes that send every alert to each of these receivers."""
    return [Route(receivers=(name,), continues=True) for name in names]


def _free_name(number: int, beside: Alerting) -> str:
    name = f"notify-{number}"
    while name in beside.receivers:
        name += "-"
    return name
