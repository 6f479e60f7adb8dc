"""What the app says, in each of its languages: `words_for` a Slack locale."""

from .en import EN
from .pt_br import PT_BR
from .words import Words

__all__ = ["EN", "PT_BR", "Words", "words_for"]


def words_for(locale: str | None) -> Words:
    """Return the words for a Slack locale such as ``pt-BR``; English unless we have better."""
    return PT_BR if (locale or "").lower().startswith("pt") else EN
