"""What notifications say, in each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from ..errors import InvalidInputError
from ..languages import load
from ..supervisor.alerts.causes import AlertStep
from ..supervisor.alerts.notifications import News
from ..supervisor.events import AlertKind, Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """A kind of alert, of one device or account and of several.

    Attributes:
        one: It is open.
        one_over: It is over.
        many: Several are open; empty for what an account has only one of.
        many_over: All are over; empty likewise.
    """

    one: str
    one_over: str
    many: str = ""
    many_over: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language.

    Placeholders: ``{device}``, ``{account}``, ``{count}``; ``{time}`` and ``{end}`` are moments,
    ``{name}`` is who acted, ``{text}`` what that person wrote, ``{names}`` a list of devices.
    """

    language: str
    time_format: str
    kinds: Mapping[AlertKind, KindWords]
    news: Mapping[News, str]
    """What goes before the sentence, ``{what}``."""
    causes: Mapping[Cause, str]
    steps: Mapping[AlertStep, str]
    since: str
    lasted: str
    until: str
    taken: str
    taken_with_note: str
    was_muted: str
    was_muted_for: str
    in_account: str
    over: str
    more: str
    look: str
    test_title: str
    test_body: str


LANGUAGES = load(files(__package__).joinpath("languages"), Words)
"""By their tags, such as ``pt-BR``."""


def words_of(language: str) -> Words:
    """Return the words of a language.

    Raises:
        InvalidInputError: Nothing is translated into it. The message names the languages.
    """
    if language not in LANGUAGES:
        *others, last = LANGUAGES
        raise InvalidInputError(f"The languages are {', '.join(others)} and {last}.")
    return LANGUAGES[language]
