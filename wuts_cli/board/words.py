"""What the board says, in each of its languages."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The board in one language.

    Placeholders: ``{account}``, ``{who}``, ``{reason}``, ``{time}`` (a moment), ``{span}`` (a
    length of time), ``{count}``, ``{all}``, ``{attempt}``, ``{share}``, ``{drops}``.
    """

    language: str
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
    kinds: Mapping[str, str]
    causes: Mapping[str, str]
    steps: Mapping[str, str]
    until: str
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
