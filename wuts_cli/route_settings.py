"""The tables ``[receivers.NAME]`` and ``[[routes]]`` of a configuration."""

import difflib
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from wuts.receivers import AddressedReceiver, Words, receiver_of
from wuts.supervisor import AlertKind, Route

from .errors import UsageError
from .times import read_span


class ReceiverSettings(BaseModel):
    """Somebody who gets alerts.

    Attributes:
        url: The address; see `wuts.receivers.receiver_of`.
        secret: What a webhook is signed with.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: SecretStr = Field(min_length=1)
    secret: SecretStr | None = None

    def receiver(self, words: Words, dashboard_url: str | None) -> AddressedReceiver:
        """Return the receiver.

        Raises:
            InvalidInputError: There can be none.
        """
        secret = self.secret.get_secret_value() if self.secret else None
        return receiver_of(
            self.url.get_secret_value(), words=words, secret=secret, dashboard_url=dashboard_url
        )


def _seconds(value: object) -> object:
    """Read ``15m`` as well as a number of seconds."""
    if not isinstance(value, str) or value.replace(".", "", 1).isdigit():
        return value
    try:
        return read_span(value).total_seconds()
    except UsageError:
        raise ValueError("it must be a time span, such as 900, 15m or 2h") from None


def _kind(value: object) -> object:
    if isinstance(value, str) and value not in set(AlertKind):
        raise ValueError(f"there is no such kind of alert.{guess(value, AlertKind)}")
    return value


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise ValueError("a receiver is named twice")
    return names


# No `type` statements: pydantic-settings does not look behind them.
_Seconds = Annotated[float, BeforeValidator(_seconds), Field(ge=0, allow_inf_nan=False)]
_PositiveSeconds = Annotated[float, BeforeValidator(_seconds), Field(gt=0, allow_inf_nan=False)]
_Kind = Annotated[AlertKind, BeforeValidator(_kind)]

_DEFAULTS = Route(receivers=("anybody",))


class RouteSettings(BaseModel):
    """Who gets which alerts; see `wuts.supervisor.Route`.

    Alertmanager's word ``continue`` stands for the route's ``continues``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    receivers: Annotated[tuple[str, ...], AfterValidator(_each_once)] = Field(min_length=1)
    accounts: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()
    kinds: frozenset[_Kind] = frozenset()
    continues: bool = Field(default=False, alias="continue")
    group_wait: _Seconds = _DEFAULTS.group_wait
    group_interval: _Seconds = _DEFAULTS.group_interval
    repeat_interval: _PositiveSeconds = _DEFAULTS.repeat_interval
    escalate_after: _PositiveSeconds | None = _DEFAULTS.escalate_after

    def route(self) -> Route:
        """Return the route."""
        return Route(**self.model_dump())


def guess(name: str, known: Iterable[str]) -> str:
    """Return a question about the nearest of the names that there are, or nothing."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f" Did you mean {near[0]}?" if near else ""
