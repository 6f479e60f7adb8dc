"""What a message about alerts says now: what was sent, and what has changed since."""

from collections.abc import Callable
from dataclasses import dataclass

from wuts.errors import InvalidInputError
from wuts.supervisor import Alert, AlertKind, Device, News, Supervisor

from ..blocks.alert import Heading, alert_content, headline, reminder
from ..blocks.alert_group import Row, group_content, many, more
from ..blocks.alert_people import mute_ended
from ..blocks.parts import Content, section
from ..devices.device import DeviceRef
from ..messages import Strings
from .shown import Shown
from .target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """Writes the messages.

    Attributes:
        supervisor: Knows what is open.
        strings: The channels' language.
        pairing_by: Tells who is pairing a device now, as a mention.
        mention: Tells whom to call about an alert in a channel, as mark-up.
    """

    supervisor: Supervisor
    strings: Strings
    pairing_by: Callable[[DeviceRef], str | None]
    mention: Callable[[Target, Alert], str]

    def message(self, shown: Shown) -> Content:
        """Return what the message says now."""
        latest, strings = shown.latest, self.strings
        opened = {one.id: one for one in self.supervisor.open_alerts()}
        alerts = [opened.get(one.id, one) for one in latest.alerts]
        heading = Heading(
            mention=self.mention(shown.target, alerts[0]),
            is_next=shown.target.is_next,
            mute_over=latest.mute,
        )
        if latest.is_group:
            return group_content([self._row(one) for one in alerts], shown.most, strings, heading)
        row = self._row(alerts[0])
        device = self._device(row.alert)
        return alert_content(
            row.alert, device, strings, row.pairing_by, mute=row.mute, heading=heading
        )

    def reply(self, shown: Shown, news: News) -> Content:
        """Return what is said in the message's thread."""
        latest, strings = shown.latest, self.strings
        alert = latest.alerts[0]
        what = headline(alert, strings)
        if latest.is_group:
            what = many(alert, len(latest.open_alerts), strings)
        if news is News.REMINDED:
            return reminder(what, strings)
        if news is News.MUTE_ENDED and latest.mute is not None:
            text = mute_ended(what, latest.mute, strings)
        elif latest.is_group:
            text = more(shown.joined, strings)
        else:
            text = strings.alert_again.format(what=what)
        text = f"{self.mention(shown.target, alert)} {text}".strip()
        return Content(text, [section(text)])

    def _row(self, alert: Alert) -> Row:
        mute = self.supervisor.alerts.mute_of(alert)
        return Row(alert=alert, pairing_by=self._pairing_by(alert), mute=mute)

    def _pairing_by(self, alert: Alert) -> str | None:
        if alert.device_id is None or alert.kind is not AlertKind.NEEDS_PAIRING:
            return None
        return self.pairing_by(DeviceRef(alert.account, alert.device_id))

    def _device(self, alert: Alert) -> Device | None:
        if alert.device_id is None:
            return None
        try:
            return self.supervisor.devices(alert.account).get(alert.device_id)
        except InvalidInputError:
            # The settings no longer name its account.
            return None
