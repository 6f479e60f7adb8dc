"""The words between the app and people: what it says in each language, and what they may type.

`strings_for` a Slack locale; `parser` reads ``/wuts …``.
"""

from .en import EN, Strings
from .pt_br import PT_BR

__all__ = ["EN", "PT_BR", "Strings", "strings_for"]


def strings_for(locale: str | None) -> Strings:
    """Return the strings for a Slack locale such as ``pt-BR``; any other language gets English."""
    return PT_BR if (locale or "").lower().startswith("pt") else EN
