"""What the board says, in each of its languages."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any

from wuts.languages import ENGLISH, liked_best, load
from wuts.receivers import LANGUAGES as OF_NOTIFICATIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """The page that asks for the service's token."""

    title: str
    label: str
    button: str
    wrong: str
    none: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The board in one language; what it says of an alert is in `wuts.receivers`.

    Placeholders: ``{account}``, ``{who}``, ``{reason}``, ``{time}`` (a moment), ``{span}`` (a
    length of time), ``{count}``, ``{all}``, ``{attempt}``, ``{share}``, ``{drops}``.
    """

    language: str
    language_name: str
    """As its own speakers call it."""
    title: str
    noscript: str
    loading: str
    live: str
    lost: str
    never: str
    denied: str
    switch: str
    """The label of the choice of a language."""
    skip: str
    store_trouble: str
    history_lost: str
    no_history: str
    roles: Mapping[str, str]
    """What a person should know of an account that this process does not look after."""
    account_states: Mapping[str, str]
    alerts: str
    no_alerts: str
    all_alerts: str
    since: str
    nobody: str
    taken: str
    muted: str
    muted_until_recovered: str
    devices: str
    filter: str
    account: str
    all_accounts: str
    state: str
    states: Mapping[str, str]
    """In the order in which they are shown; ``unknown`` is one that is not known yet."""
    counted: str
    listed: str
    none_found: str
    no_devices: str
    next_try: str
    next_try_now: str
    uptime: str
    periods: Mapping[str, str]
    parts: Mapping[str, str]
    """What one bar of a strip is, by period."""
    uptime_label: str
    uptime_short: str
    uptime_unknown: str
    legend: Mapping[str, str]
    units: Mapping[str, str]
    sign_in: SignIn


LANGUAGES = load(files(__package__).joinpath("languages"), Words)
"""By tag, such as ``pt-BR``."""


def words_for(accept_language: str) -> Words:
    """Return the words in the language that ``Accept-Language`` likes best, or else in English."""
    return liked_best(accept_language, LANGUAGES)


def shown_words(words: Words) -> dict[str, Any]:
    """Return all words that the board uses, those of notifications about alerts among them."""
    of_alerts = OF_NOTIFICATIONS.get(words.language, OF_NOTIFICATIONS[ENGLISH])
    return asdict(words) | {
        "kinds": {kind: one.one for kind, one in of_alerts.kinds.items()},
        "causes": of_alerts.causes,
        "steps": of_alerts.steps,
        "until": of_alerts.until,
    }
