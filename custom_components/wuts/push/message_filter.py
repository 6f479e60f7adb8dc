"""Which messages a trigger is for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from ..core.incoming import IncomingMessage
from ..core.phone import is_group_jid, is_hidden_jid, number_from_jid, same_number
from ..core.phone_numbers import read_number
from .pattern import Pattern

CONF_SENDER: Final = "sender"
CONF_GROUP: Final = "group"
CONF_CONTAINS: Final = "contains"
CONF_MATCHES: Final = "matches"
CONF_TYPE: Final = "type"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """What a message must be; what is empty asks for nothing.

    Attributes:
        senders: Digits of numbers, or ``…@lid``; one of them wrote it.
        groups: Groups' JIDs; it was written in one of them.
        contains: Texts in lower case; one of them is in it.
        matches: Is found in it.
        types: One of them is its type.
    """

    senders: tuple[str, ...] = ()
    groups: frozenset[str] = frozenset()
    contains: tuple[str, ...] = ()
    matches: Pattern | None = None
    types: frozenset[str] = frozenset()

    @classmethod
    def of(cls, options: Mapping[str, Any], country: str | None) -> Self:
        """Read what a user chose.

        Args:
            options: Of the trigger.
            country: Whose numbers may lack the country code.

        Raises:
            InvalidPhoneNumberError: A sender is neither a number nor a hidden one.
            ValueError: The group or the regular expression is none.
        """
        groups = frozenset(map(_read_group, options.get(CONF_GROUP, ())))
        matches = options.get(CONF_MATCHES)
        return cls(
            senders=tuple(_read_sender(one, country) for one in options.get(CONF_SENDER, ())),
            groups=groups,
            contains=tuple(one.casefold() for one in options.get(CONF_CONTAINS, ()) if one),
            matches=Pattern(matches) if matches else None,
            types=frozenset(one.strip().lower() for one in options.get(CONF_TYPE, ())),
        )

    def takes(self, message: IncomingMessage) -> bool:
        """Return whether a message is such a one."""
        if self.types and message.type not in self.types:
            return False
        if self.groups and message.group not in self.groups:
            return False
        if self.senders and not _is_from(message.sender, self.senders):
            return False
        text = message.text.casefold()
        if self.contains and not any(one in text for one in self.contains):
            return False
        return self.matches is None or self.matches.is_in(message.text)


def _read_sender(text: str, country: str | None) -> str:
    text = text.strip()
    if is_hidden_jid(text):
        return text
    return number_from_jid(text) or read_number(text, country)


def _read_group(text: str) -> str:
    text = text.strip()
    if not is_group_jid(text):
        raise ValueError("A group ID ends in @g.us.")
    return text


def _is_from(sender: str, wanted: Iterable[str]) -> bool:
    if sender[:1] != "+":
        return sender in wanted
    return any(same_number(sender[1:], one) for one in wanted)
