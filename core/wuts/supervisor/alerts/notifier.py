"""Decides what receivers get, and when: groups, updates, reminders, escalations. Pure.

Level-triggered, as Alertmanager's is: at each look the open alerts are compared with what every
receiver was sent last. So nothing is lost by a process that ends, or by news that came too fast.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random

from ..account.work_queue import NEVER
from ..events import Alert, AlertKind, AlertStatus, utc
from .mutes import MuteBook
from .notifications import News, Notification
from .routes import Route, routes_of
from .updates import Present, Wanted, due_of, joins, news_of, next_of

MOST_ALONE = 5
"""Alerts of a kind and account that a receiver gets one by one within `group_interval`."""

NEWS_WAIT = 1.0
"""Seconds for which the ends of alerts are collected, unless `group_wait` is shorter."""


@dataclass(slots=True)
class _Thread:
    """A notification as its receiver was told of it last."""

    latest: Notification
    is_delivered: bool = False


class Notifier:
    """What every receiver has got, and what it is to get.

    Args:
        routes: Which alerts each receiver gets; without any, nothing is ever sent.
        rng: Makes the notifications' ids.
    """

    def __init__(self, routes: Sequence[Route], rng: Random) -> None:
        self._rng = rng
        self._take_routes(routes, ())
        self._threads: dict[str, dict[str, _Thread]] = {}
        self._since: dict[str, dict[str, float]] = {}
        self._next: dict[str, float] = {}
        self._failing: set[str] = set()

    def reroute(
        self, routes: Sequence[Route], names: Collection[str], accounts: Iterable[str], now: float
    ) -> None:
        """Use other routes from now on.

        Args:
            routes: Which alerts each receiver gets.
            names: The receivers that there are. One that no route names still gets the end of what
                it was told of.
            accounts: Those that may have something to send by now.
            now: The time.
        """
        self._take_routes(routes, names)
        for account in {*accounts, *self._threads}:
            self._look_by(account, now)

    @property
    def is_used(self) -> bool:
        """Whether there is anybody to tell."""
        return bool(self._names)

    def latest(self, account: str) -> tuple[Notification, ...]:
        """Return what receivers got last, or are to get, about an account."""
        return tuple(thread.latest for thread in self._threads.get(account, {}).values())

    def restore(self, notification: Notification, *, is_delivered: bool, now: float) -> None:
        """Take in what a receiver got last, or was to get."""
        thread = _Thread(notification, is_delivered)
        self._threads.setdefault(notification.account, {})[notification.id] = thread
        self._look_by(notification.account, now)

    def note(self, alert: Alert, now: float) -> None:
        """Note that an alert was raised, resolved, acknowledged or has a mute that ended."""
        wait = self._news_wait
        if alert.status is not AlertStatus.RESOLVED:
            self._since.setdefault(alert.account, {}).setdefault(alert.id, now)
            wait = min((one.group_wait for one in routes_of(self.routes, alert)), default=NEVER)
            if self._is_known(alert):
                wait = min(wait, self._news_wait)
        self._look_by(alert.account, now + wait)

    def delivered(self, notification: Notification, now: float) -> bool:
        """Note that a receiver was told; return whether that is anything to us still."""
        thread = self._threads.get(notification.account, {}).get(notification.id)
        if thread is None:
            return False
        if thread.latest.sequence == notification.sequence:
            thread.is_delivered = True
            self._look_by(notification.account, now)
        return True

    def failing(self, receiver: str, now: float, *, is_failing: bool) -> list[str]:
        """Note that a receiver can't be reached, or can again: the next one is used at once.

        Returns:
            The accounts for which `next_look` has changed.
        """
        (self._failing.add if is_failing else self._failing.discard)(receiver)
        for account in self._threads:
            self._look_by(account, now)
        return list(self._threads)

    def told(self, receiver: str) -> list[Notification]:
        """Return what a receiver got last, or is to get, about what is not over."""
        latest = (one.latest for some in self._threads.values() for one in some.values())
        return [one for one in latest if one.receiver == receiver and not one.is_over]

    def next_look(self, account: str) -> float:
        """Return when `look` has something to do."""
        return self._next.get(account, NEVER)

    def forget(self, account: str) -> tuple[str, ...]:
        """Forget an account; return the ids of its notifications."""
        self._since.pop(account, None)
        self._next.pop(account, None)
        return tuple(self._threads.pop(account, ()))

    def look(
        self, account: str, alerts: Iterable[Alert], mutes: MuteBook, now: float
    ) -> tuple[list[Notification], list[str]]:
        """Return what receivers are to get now, and the ids of notifications that are over.

        Args:
            account: Which.
            alerts: Its open alerts.
            mutes: Says which of them nobody wants to hear of.
            now: The time.
        """
        if self.next_look(account) > now:
            return [], []
        present = Present.of(alerts, mutes, now)
        self._next[account] = NEVER
        self._since[account] = {
            id_: self._since.get(account, {}).get(id_, now) for id_ in present.alerts
        }
        over = self._drop_over(account, present)
        wanted = list(self._wanted(account, present))
        told = [*self._update(account, wanted, present)]
        told += self._begin(account, wanted, present)
        for one in told:
            self._threads.setdefault(account, {})[one.id] = _Thread(one)
            # There is more to do later: a reminder, an escalation, or to forget it.
            self._look_by(account, now)
        return told, over

    # Inside

    def _take_routes(self, routes: Sequence[Route], names: Iterable[str]) -> None:
        self.routes = tuple(routes)
        self._names = {*names, *(name for route in routes for name in route.receivers)}
        self._news_wait = min((NEWS_WAIT, *(route.group_wait for route in routes)))

    def _look_by(self, account: str, when: float) -> None:
        if self.is_used:
            self._next[account] = min(self.next_look(account), when)

    def _is_known(self, alert: Alert) -> bool:
        threads = self._threads.get(alert.account, {}).values()
        return any(alert.id in thread.latest.first_told for thread in threads)

    def _drop_over(self, account: str, present: Present) -> list[str]:
        """Forget what is over and told, once its alerts can no longer begin again soon."""
        threads, over = self._threads.get(account, {}), list[str]()
        for id_, thread in list(threads.items()):
            latest = thread.latest
            if latest.receiver not in self._names:
                over.append(id_)
            elif latest.is_over and thread.is_delivered:
                end = latest.at.timestamp() + self._route(latest).group_interval
                has_begun_again = any(one.id in present.alerts for one in latest.alerts)
                if end <= present.now and not has_begun_again:
                    over.append(id_)
                elif end > present.now:
                    self._look_by(account, end)
        for id_ in over:
            del threads[id_]
        return over

    def _route(self, notification: Notification) -> Route:
        """Return the route that leads to a receiver; a route that is gone counts as its own."""
        for alert in notification.alerts:
            for route in routes_of(self.routes, alert):
                if notification.receiver in route.receivers:
                    return route
        return Route(receivers=(notification.receiver,))

    def _wanted(self, account: str, present: Present) -> Iterator[Wanted]:
        """Return the alerts that receivers have not been told of, and should be."""
        told = {
            (thread.latest.receiver, alert.id): thread
            for thread in self._threads.get(account, {}).values()
            for alert in thread.latest.open_alerts
        }
        for alert in present.alerts.values():
            if present.is_quiet(alert):
                continue
            seen: set[str] = set()
            for route in routes_of(self.routes, alert):
                for wanted in self._in_route(alert, route, told, present):
                    if wanted.receiver not in seen and (wanted.receiver, alert.id) not in told:
                        yield wanted
                    seen.add(wanted.receiver)

    def _in_route(
        self,
        alert: Alert,
        route: Route,
        told: Mapping[tuple[str, str], _Thread],
        present: Present,
    ) -> Iterator[Wanted]:
        """Return the receivers of a route whose turn has come, in their order."""
        since = self._since[alert.account][alert.id]
        for place, receiver in enumerate(route.receivers):
            yield Wanted(alert, receiver, since, route, place > 0)
            thread = told.get((receiver, alert.id))
            if thread is None:
                return
            since = self._escalates_at(alert, route, thread)
            if since > present.now:
                self._look_by(alert.account, since)
                return

    def _escalates_at(self, alert: Alert, route: Route, thread: _Thread) -> float:
        if not thread.is_delivered and thread.latest.receiver in self._failing:
            return thread.latest.at.timestamp()
        if route.escalate_after is None:
            return NEVER
        return thread.latest.first_told[alert.id].timestamp() + route.escalate_after

    def _update(
        self, account: str, wanted: list[Wanted], present: Present
    ) -> Iterator[Notification]:
        """Return what is new about what was told; what joins it is taken out of ``wanted``."""
        for thread in self._threads.get(account, {}).values():
            latest, route = thread.latest, self._route(thread.latest)
            joining = [one for one in wanted if joins(one, latest, present)]
            if joining:
                wanted[:] = [one for one in wanted if not joins(one, latest, present)]
            news, mute = news_of(latest, present)
            due = due_of(latest, route, joining, present, has_news=news is not None)
            if due > present.now:
                self._look_by(account, due)
                continue
            # An end that a receiver has not heard of comes with the next update.
            kept = latest.open_alerts if thread.is_delivered else latest.alerts
            again = {one.alert.id for one in joining}
            alerts = [present.newest(one) for one in kept if one.id not in again]
            alerts += [one.alert for one in joining]
            if joining and news is not News.MUTE_ENDED:
                news = News.RAISED
            yield next_of(latest, news or News.REMINDED, alerts, mute, present.now)

    def _begin(
        self, account: str, wanted: list[Wanted], present: Present
    ) -> Iterator[Notification]:
        """Tell of what no notification is about yet: one by one, or together if it is much."""
        wanted.sort(key=_bucket)
        for (receiver, kind), some in groupby(wanted, _bucket):
            group = list(some)
            due = min(one.since + one.route.group_wait for one in group)
            if due > present.now:
                self._look_by(account, due)
                continue
            alone = self._told_alone(account, receiver, kind, group[0].route, present.now)
            if len(group) + alone > MOST_ALONE:
                yield self._new(group, present, is_group=True)
            else:
                yield from (self._new([one], present, is_group=False) for one in group)

    def _told_alone(
        self, account: str, receiver: str, kind: AlertKind, route: Route, now: float
    ) -> int:
        """Return of how many alerts a receiver was told lately, one by one."""
        latest = (thread.latest for thread in self._threads.get(account, {}).values())
        return sum(
            not one.is_group
            and (one.receiver, one.kind) == (receiver, kind)
            and max(one.first_told.values()).timestamp() > now - route.group_interval
            for one in latest
        )

    def _new(self, group: Sequence[Wanted], present: Present, *, is_group: bool) -> Notification:
        one, at = group[0], utc(present.now)
        mutes = (present.mutes.ended_of(each.alert) for each in group)
        mute = next((found for found in mutes if found is not None), None)
        news = News.ESCALATED if all(each.is_escalated for each in group) else News.RAISED
        return Notification(
            id=f"{self._rng.getrandbits(128):032x}",
            sequence=1,
            news=News.MUTE_ENDED if mute is not None and news is News.RAISED else news,
            receiver=one.receiver,
            account=one.alert.account,
            kind=one.alert.kind,
            alerts=tuple(each.alert for each in group),
            first_told={each.alert.id: at for each in group},
            mute=mute,
            is_group=is_group,
            at=at,
        )


def _bucket(wanted: Wanted) -> tuple[str, AlertKind]:
    return wanted.receiver, wanted.alert.kind
