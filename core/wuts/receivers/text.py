"""A notification in words: a short title, and a body of a few lines. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from ..supervisor.alerts.causes import AlertStep, next_step
from ..supervisor.alerts.mutes import Mute
from ..supervisor.alerts.notifications import News, Notification
from ..supervisor.events import Alert, AlertStatus
from .names import plain_name, plain_note
from .words import Words

MOST_LISTED = 20
"""Devices that are named in one list."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a person reads."""

    title: str
    body: str


def text_of(
    notification: Notification,
    words: Words,
    *,
    url: str | None = None,
    zone: tzinfo | None = None,
) -> Text:
    """Return a notification in words.

    Args:
        notification: What to say.
        words: In which language.
        url: Where to see more, if anywhere.
        zone: The zone of the times; this machine's unless given.
    """
    writer = _Writer(words, zone)
    return Text(writer.title(notification), "\n".join(writer.body(notification, url)))


def alert_text(alert: Alert, words: Words, *, zone: tzinfo | None = None) -> Text:
    """Return one alert in words; see `text_of`."""
    writer = _Writer(words, zone)
    return Text(writer.sentence([alert]), "\n".join(writer.about(alert)))


class _Writer:
    def __init__(self, words: Words, zone: tzinfo | None) -> None:
        self._words = words
        self._zone = zone

    def title(self, notification: Notification) -> str:
        alerts = notification.open_alerts or notification.alerts
        what = self.sentence(alerts)
        return f"WUTS: {self._words.news[notification.news].format(what=what)}"

    def body(self, notification: Notification, url: str | None) -> Iterator[str]:
        if len(notification.alerts) == 1:
            yield from self.about(notification.alerts[0])
        else:
            yield from self._about_many(notification)
        if notification.news is News.MUTE_ENDED and notification.mute is not None:
            yield self._muted(notification.mute)
        if url is not None:
            yield self._words.look.format(url=url)

    def sentence(self, alerts: Sequence[Alert]) -> str:
        first, kind = alerts[0], self._words.kinds[alerts[0].kind]
        is_over = all(one.status is AlertStatus.RESOLVED for one in alerts)
        one, many = (kind.one_over, kind.many_over) if is_over else (kind.one, kind.many)
        return (one if len(alerts) == 1 else many or one).format(
            device=_name(first), account=plain_name(first.account), count=len(alerts)
        )

    def about(self, alert: Alert) -> Iterator[str]:
        """Yield what is known of one alert."""
        words, account = self._words, plain_name(alert.account)
        since = self._moment(alert.since)
        if alert.status is AlertStatus.RESOLVED:
            yield words.lasted.format(time=since, end=self._moment(alert.at), account=account)
            return
        yield words.since.format(time=since, account=account)
        yield from self._cause(alert)
        yield words.steps[next_step(alert)]
        if alert.acknowledged_by is not None:
            yield self._taken(alert)

    def _about_many(self, notification: Notification) -> Iterator[str]:
        words, still = self._words, notification.open_alerts
        yield words.in_account.format(account=plain_name(notification.account))
        yield from (f"• {self._item(one)}" for one in still[:MOST_LISTED])
        if len(still) > MOST_LISTED:
            yield f"• {words.more.format(count=len(still) - MOST_LISTED)}"
        if still:
            # What is true of one only is not said of all.
            if len({(one.cause, one.cause_until) for one in still}) == 1:
                yield from self._cause(still[0])
            steps = {next_step(one) for one in still}
            if len(steps) == 1 and AlertStep.WAIT_UNTIL not in steps:
                yield words.steps[steps.pop()]
        over = [one for one in notification.alerts if one.status is AlertStatus.RESOLVED]
        if over:
            yield words.over.format(names=self._names(over))

    def _item(self, alert: Alert) -> str:
        item = f"{_name(alert)} ({self._moment(alert.since)})"
        return item if alert.acknowledged_by is None else f"{item}. {self._taken(alert)}"

    def _names(self, alerts: Sequence[Alert]) -> str:
        names = [_name(one) for one in alerts[:MOST_LISTED]]
        if len(alerts) > MOST_LISTED:
            names.append(self._words.more.format(count=len(alerts) - MOST_LISTED))
        return ", ".join(names)

    def _cause(self, alert: Alert) -> Iterator[str]:
        if alert.cause is None:
            return
        sentence = self._words.causes[alert.cause]
        if alert.cause_until is not None:
            until = self._words.until.format(time=self._moment(alert.cause_until))
            sentence = f"{sentence} {until}"
        yield sentence

    def _taken(self, alert: Alert) -> str:
        return _by(
            self._words.taken, self._words.taken_with_note, alert.acknowledged_by or "", alert.note
        )

    def _muted(self, mute: Mute) -> str:
        return _by(self._words.was_muted, self._words.was_muted_for, mute.by, mute.reason)

    def _moment(self, at: datetime) -> str:
        return at.astimezone(self._zone).strftime(self._words.time_format)


def _name(alert: Alert) -> str:
    return plain_name(alert.device_name or "") or plain_name(alert.device_id or "")


def _by(without: str, with_text: str, name: str, text: str) -> str:
    sentence = with_text if plain_note(text) else without
    return sentence.format(name=plain_name(name), text=plain_note(text))
