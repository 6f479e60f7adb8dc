"""Any service that Apprise knows: e-mail, ntfy, Telegram, Matrix and a hundred more."""

from typing import override

from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType
from apprise.plugins import NotifyBase

from ..errors import InvalidInputError
from ..supervisor.alerts.notifications import News, Notification
from .own_thread import silenced
from .receiver import AddressedReceiver, NotTakenError
from .severity import Severity, severity_of
from .text import Text, text_of
from .words import Words

_UNKNOWN = (
    "Apprise does not recognize this address, or something is missing in it. Its "
    "documentation has the address of each service."
)
_NOT_SENT = "Apprise could not send it. Check the address, and whether the service answers."

_TYPES = {Severity.CRITICAL: NotifyType.FAILURE, Severity.WARNING: NotifyType.WARNING}


class AppriseReceiver(AddressedReceiver):
    """Sends a title and a text by one service of Apprise.

    Args:
        address: As Apprise documents it.
        words: In which language.
        dashboard_url: Where to see more.

    Raises:
        InvalidInputError: Apprise cannot use the address.
    """

    def __init__(self, address: str, *, words: Words, dashboard_url: str | None = None) -> None:
        # Names in what is sent are names: nothing in them stands for an emoji or an escape. And it
        # is sent in our own thread: with a time limit Apprise takes threads that all services
        # share, and that the process waits for at its end.
        asset = AppriseAsset(
            app_id="WUTS",
            app_desc="WUTS",
            app_url=dashboard_url or "",
            async_mode=False,
            service_timeout=0,
            interpret_emojis=False,
            interpret_escapes=False,
        )
        with silenced():
            service = Apprise.instantiate(address, asset=asset)
        if not isinstance(service, NotifyBase):
            raise InvalidInputError(_UNKNOWN)
        super().__init__(str(service.service_name))
        self._apprise = Apprise(asset=asset)
        self._apprise.add(service)
        self._words = words
        self._dashboard_url = dashboard_url

    @override
    def _send(self, notification: Notification) -> None:
        text = text_of(notification, self._words, url=self._dashboard_url)
        self._notify(text, _type_of(notification))

    @override
    def _send_test(self, name: str) -> None:
        body = self._words.test_body.format(name=name)
        self._notify(Text(self._words.test_title, body), NotifyType.INFO)

    def _notify(self, text: Text, type_: NotifyType) -> None:
        is_sent = self._apprise.notify(
            title=text.title, body=text.body, notify_type=type_, body_format=NotifyFormat.TEXT
        )
        if not is_sent:
            raise NotTakenError(_NOT_SENT)


def _type_of(notification: Notification) -> NotifyType:
    if notification.is_over:
        return NotifyType.SUCCESS
    if notification.news is News.ACKNOWLEDGED:
        return NotifyType.INFO
    return _TYPES[severity_of(notification.kind)]
