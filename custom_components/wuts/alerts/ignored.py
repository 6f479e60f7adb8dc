"""*Ignore* of a repair: a mute of its alert until it recovers.

Home Assistant keeps what is ignored, and the account's file keeps the mute: both outlive reloads
and restarts. Home Assistant doesn't say who ignores a repair.
"""

from collections.abc import Coroutine
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import CONF_DEVICE_ID, DOMAIN, LOGGER, OWNER
from ..core.errors import WutsError
from ..core.supervisor import (
    Alert,
    AlertStatus,
    AlertUpdate,
    AlertUpdated,
    MuteScope,
    Supervisor,
)
from .issues import ACCOUNT
from .state_issues import issue_of


class IgnoredRepairs:
    """Mutes the alerts of an account whose repairs are ignored, and unmutes them again.

    Args:
        hass: Home Assistant.
        entry: The account.
        supervisor: Knows its alerts.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, supervisor: Supervisor) -> None:
        self._hass = hass
        self._account = entry.entry_id
        self._alerts = supervisor.alerts
        self._open_alerts = supervisor.open_alerts
        self._ignored: set[str] = set()
        self._unsubscribe: CALLBACK_TYPE | None = None

    @callback
    def start(self) -> None:
        """Hear of repairs from now on, once they are shown."""
        if self._unsubscribe is not None:
            return
        self._unsubscribe = self._hass.bus.async_listen(
            ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED, self._take_event
        )

    @callback
    def stop(self) -> None:
        """Stop listening for repairs."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    @callback
    def take(self, event: Alert | AlertUpdated) -> None:
        """Take in what happened to an alert; its repair is shown as it is now.

        After a start, each open alert is sent once more: what was ignored meanwhile is muted then.
        """
        match event:
            case Alert(status=AlertStatus.RAISED | AlertStatus.REMINDED):
                self._take_raised(event)
            case AlertUpdated(update=AlertUpdate.MUTE_ENDED):
                self._take_end(event.alert)

    # Inside

    def _take_raised(self, alert: Alert) -> None:
        """Mute an alert whose repair was ignored and has not been over since."""
        for issue in self._issues_of(alert):
            if issue.dismissed_version is not None:
                self._ignored.add(issue.issue_id)
                self._mute(alert)

    def _take_end(self, alert: Alert) -> None:
        """Show the repair of an alert again: somebody ended its mute."""
        for issue in self._issues_of(alert):
            self._ignored.discard(issue.issue_id)
            ir.async_get(self._hass).async_ignore(DOMAIN, issue.issue_id, ignore=False)

    @callback
    def _take_event(self, event: Event[ir.EventIssueRegistryUpdatedData]) -> None:
        issue_id = event.data["issue_id"]
        if event.data["domain"] != DOMAIN:
            return
        issue = ir.async_get(self._hass).async_get_issue(DOMAIN, issue_id)
        if issue is None:
            self._ignored.discard(issue_id)
            return
        is_ignored = issue.dismissed_version is not None
        if is_ignored == (issue_id in self._ignored):
            return
        alerts = [one for one in self._open_alerts() if issue in self._issues_of(one)]
        if not alerts:
            return
        (self._ignored.add if is_ignored else self._ignored.discard)(issue_id)
        for alert in alerts:
            (self._mute if is_ignored else self._unmute)(alert)

    def _issues_of(self, alert: Alert) -> list[ir.IssueEntry]:
        """Return the repair that shows an alert, if it is shown."""
        key = issue_of(alert)
        return [
            issue
            for (domain, _), issue in ir.async_get(self._hass).issues.items()
            if domain == DOMAIN
            and key is not None
            and f"{issue.translation_key}_".startswith(f"{key}_")  # or the key of a variant
            and issue.data is not None
            and issue.data["entry_id"] == self._account
            and issue.data[CONF_DEVICE_ID] == (alert.device_id or ACCOUNT)
        ]

    def _mute(self, alert: Alert) -> None:
        scope = _scope_of(alert)
        held = (one for one in self._alerts.mutes(self._account) if one.scope == scope)
        if all(mute.until is not None for mute in held):
            self._do(self._alerts.mute(scope, by=OWNER, reason=""))

    def _unmute(self, alert: Alert) -> None:
        self._do(self._alerts.unmute(_scope_of(alert), by=OWNER))

    def _do(self, work: Coroutine[Any, Any, object]) -> None:
        _ = self._hass.async_create_task(_told(work), "wuts ignored repair")


async def _told(work: Coroutine[Any, Any, object]) -> None:
    try:
        await work
    except WutsError as error:
        LOGGER.warning("A repair that was ignored could not be muted: %s", error.message)


def _scope_of(alert: Alert) -> MuteScope:
    return MuteScope(alert.account, alert.device_id, alert.kind)
