"""What the page says, in each of its languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from ..languages import liked_best, load


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """Why nothing follows a scan.

    Attributes:
        title: What holds it up.
        text: What to do; an empty line parts paragraphs.
    """

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The page in one language.

    Placeholders: ``{name}`` is the device, ``{time}`` minutes and seconds, ``{phone}`` and
    ``{other}`` the last digits of a number, ``{reason}`` a code for programs.
    """

    language: str
    heading: str
    title: str
    cover: str
    cover_more: str
    cover_warning: str
    cover_button: str
    preparing: str
    renewing: str
    waits: str
    """Something does not answer."""
    waits_busy: str
    trouble: str
    connection_lost: str
    qr: str
    qr_alt: str
    qr_hint: str
    code: str
    code_for: str
    code_label: str
    copy: str
    copied: str
    time_left: str
    time_label: str
    step_open: str
    step_android: str
    step_iphone: str
    step_link: str
    step_scan: str
    step_number: str
    step_type: str
    scanned: str
    scanned_more: str
    paired: str
    paired_more: str
    paired_already: str
    wrong_account: str
    wrong_account_more: str
    unchecked: str
    unchecked_more: str
    stalled: Mapping[str, Halt]
    """By code."""
    failed: str
    reason: str
    ask_again: str
    over: Mapping[str, str]
    """Why no code is shown, by `links` and `pages`' own reasons."""
    failures: Mapping[str, str]
    """Why no phone was linked, and what to do, by code."""
    failure: str
    """The same for any other code."""
    taken: str
    taken_button: str


LANGUAGES = load(files(__package__).joinpath("languages"), Words)
"""By tag, such as ``pt-BR``."""


def words_for(accept_language: str) -> Words:
    """Return the words in the language that ``Accept-Language`` likes best, or else in English."""
    return liked_best(accept_language, LANGUAGES)
