"""An Alertmanager, which gets each alert by its API v2 (Alertmanager, Sending alerts).

It forgets what is not sent again within its ``resolve_timeout`` (five minutes unless changed), and
all of it when it restarts. So what is open is sent again every minute, as Prometheus does.
"""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import batched
from typing import override

from ..clock import Clock
from ..errors import InvalidInputError
from ..supervisor.alerts.causes import next_step
from ..supervisor.alerts.notifications import Notification
from ..supervisor.events import Alert, AlertKind, AlertStatus
from .names import bounded, plain_name
from .post import checked_url, post
from .receiver import AddressedReceiver
from .severity import severity_of
from .text import alert_text
from .words import Words

REPEAT_INTERVAL = 60.0
"""Seconds from one time that all open alerts are sent to the next."""

MOST_AT_ONCE = 250
"""Alerts in one request."""

_PATH = "/api/v2/alerts"
_NO_ADDRESS = (
    "An Alertmanager's address must look like alertmanager+https://HOST:9093, optionally "
    "with USER:PASSWORD@ before the host and a path after it."
)


class AlertmanagerReceiver(AddressedReceiver):
    """Posts alerts as they are: open ones without an end, resolved ones with.

    Args:
        url: The Alertmanager's, without ``/api/v2``; http or https.
        words: The language of summaries and descriptions.
        dashboard_url: Where to see more; the alerts' ``generatorURL``.
        wall_clock: Returns seconds since 1970.

    Attributes:
        repeat_interval: Seconds after which `repeat` is to be called again.

    Raises:
        InvalidInputError: The address is not usable.
    """

    def __init__(
        self,
        url: str,
        *,
        words: Words,
        dashboard_url: str | None = None,
        wall_clock: Clock = time.time,
    ) -> None:
        super().__init__("Alertmanager")
        parts = checked_url(url, _NO_ADDRESS)
        if parts.query or parts.path.endswith(_PATH):
            raise InvalidInputError(_NO_ADDRESS)
        self.repeat_interval = REPEAT_INTERVAL
        self._url = f"{url.rstrip('/')}{_PATH}"
        self._words = words
        self._dashboard_url = dashboard_url
        self._clock = wall_clock

    async def repeat(self, told: Callable[[], Iterable[Notification]]) -> None:
        """Send again what is open.

        Args:
            told: Returns what this receiver was sent last, of what is not over. It is called when
                nothing else is being sent, so that no alert is opened again by an old answer.

        Raises:
            NotTakenError: It can't be reached now.
        """

        def prepare() -> Callable[[], None]:
            alerts = {one.id: one for each in told() for one in each.open_alerts}
            return partial(self._post_all, [self._entry(one) for one in alerts.values()])

        await self._run(object(), prepare)

    @override
    def _send(self, notification: Notification) -> None:
        self._post_all([self._entry(one) for one in notification.alerts])

    @override
    def _send_test(self, name: str) -> None:
        now = self._clock()
        labels = {"alertname": "WutsTest", "severity": "none"}
        annotations = {
            "summary": self._words.test_title,
            "description": self._words.test_body.format(name=name),
        }
        times = {"startsAt": _rfc3339(now), "endsAt": _rfc3339(now + REPEAT_INTERVAL)}
        self._post_all([{"labels": labels, "annotations": annotations, **times}])

    def _post_all(self, entries: Sequence[dict[str, object]]) -> None:
        for some in batched(entries, MOST_AT_ONCE):
            post(self._url, json.dumps(some).encode(), {})

    def _entry(self, alert: Alert) -> dict[str, object]:
        text = alert_text(alert, self._words)
        is_over = alert.status is AlertStatus.RESOLVED
        annotations = {
            "summary": text.title,
            "description": text.body,
            "cause": alert.cause or "",
            "next_step": "" if is_over else next_step(alert),
            "acknowledged_by": plain_name(alert.acknowledged_by or ""),
        }
        entry: dict[str, object] = {
            "labels": _labels(alert),
            "annotations": {name: value for name, value in annotations.items() if value},
            "startsAt": _rfc3339(alert.since.timestamp()),
        }
        if is_over:
            entry["endsAt"] = _rfc3339(max(alert.at, alert.since).timestamp())
        if self._dashboard_url is not None:
            entry["generatorURL"] = self._dashboard_url
        return entry


def _labels(alert: Alert) -> dict[str, str]:
    """Return what an alert is known by; a label without a value is none."""
    labels = {
        "alertname": _alert_name(alert.kind),
        "account": alert.account,
        "device_id": alert.device_id or "",
        "device": bounded(alert.device_name or ""),
        "kind": alert.kind,
        "severity": severity_of(alert.kind),
    }
    return {name: str(value) for name, value in labels.items() if value}


def _alert_name(kind: AlertKind) -> str:
    return f"Wuts{kind.replace('_', ' ').title().replace(' ', '')}"


def _rfc3339(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
