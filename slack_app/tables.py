"""The tables that the settings may have: ``[[routes]]`` and ``[supervision]``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from wuts.supervisor import AlertKind, SupervisorSettings

# No `type` statements: pydantic-settings does not look behind them.
ChannelId = Annotated[str, StringConstraints(pattern=r"^[CG][A-Z0-9]+$")]
_Mention = Annotated[str, StringConstraints(pattern=r"^([UWS][A-Z0-9]+|here|channel)?$")]

_DEFAULTS = SupervisorSettings()
_Count = Annotated[int, Field(gt=0)]
_Span = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_SpanOrNone = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Supervision(BaseModel):
    """How devices are watched: the table ``[supervision]``. See `SupervisorSettings` for each."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    interval: _Span = _DEFAULTS.interval
    base: _Span = _DEFAULTS.base
    cap: _Span = _DEFAULTS.cap
    stable_after: _SpanOrNone = _DEFAULTS.stable_after
    concurrency: _Count = _DEFAULTS.concurrency
    account_concurrency: _Count = _DEFAULTS.account_concurrency
    debounce: _SpanOrNone = _DEFAULTS.debounce
    remind_after: _Span = _DEFAULTS.remind_after
    flapping_drops: _Count = _DEFAULTS.flapping_drops
    flapping_window: _Span = _DEFAULTS.flapping_window
    gone_after: _SpanOrNone = _DEFAULTS.gone_after
    refused_cap: _Span = _DEFAULTS.refused_cap
    history_for: _SpanOrNone = _DEFAULTS.history_for
    stop_timeout: _SpanOrNone = _DEFAULTS.stop_timeout


class RouteSettings(BaseModel):
    """Which alerts a channel gets. The first route that matches an alert counts.

    Attributes:
        channel: The channel's id.
        mention: Whom to call there: a user group, a user, ``here`` or ``channel``; or nobody.
        accounts: Whose alerts; those of all accounts if empty.
        kinds: Of which kinds; of all if empty.
        continues: Whether the routes after it are looked at as well.
        escalate_after: Seconds until an alert that nobody has taken is sent again, or None.
        escalate_mention: Whom to call then.
        escalate_channel: Where to post it then; in the thread of the first message if empty.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    channel: ChannelId
    mention: _Mention = ""
    accounts: frozenset[str] = frozenset()
    kinds: frozenset[AlertKind] = frozenset()
    continues: bool = False
    escalate_after: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    escalate_mention: _Mention = ""
    escalate_channel: ChannelId | Literal[""] = ""

    @model_validator(mode="after")
    def _escalates_to_somebody(self) -> RouteSettings:
        is_to = bool(self.escalate_mention or self.escalate_channel)
        if is_to != (self.escalate_after is not None):
            raise ValueError(
                "escalate_after needs escalate_mention or escalate_channel, and they need it"
            )
        return self
