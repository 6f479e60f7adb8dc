"""A gateway with two devices that may not hear which of them is meant."""

from typing import Any, override

from tests.core.wuts.raw_gateway import RawGateway, RawRequest, http_answer

FIRST, SECOND = "device-1", "device-2"
EVENTS = ["device.connected", "device.disconnected"]


class DeafGateway(RawGateway):
    """Means its first device, whichever was asked about, by the calls that it is deaf at.

    Attributes:
        deaf_at: The paths at which ``device_id`` is ignored.
        names: Which device an answer to a change names: the ``meant`` one, the ``asked`` one, none.
        lazy: The looks after a change that still show what was before.
        linked: Which devices have a phone.
        connected: Which devices are connected.
        webhooks: What is configured, by device.
        broken: The status that every look is answered with; None for none.
    """

    def __init__(self, *deaf_at: str, names: str = "meant") -> None:
        super().__init__()
        self.deaf_at = deaf_at
        self.names = names
        self.lazy = 0
        self.linked = {FIRST, SECOND}
        self.connected = {FIRST, SECOND}
        self.webhooks: dict[str, dict[str, Any]] = {}
        self.broken: int | None = None

    def has_webhook(self, device_id: str, webhook_id: str) -> None:
        """Give a device a webhook."""
        self.webhooks[device_id] = {
            "id": webhook_id,
            "webhook_url": f"https://example.org/{webhook_id}",
            "enabled_events": EVENTS,
        }

    @override
    def answer_to(self, request: RawRequest) -> bytes:
        asked = request.query["device_id"]
        meant = FIRST if request.path in self.deaf_at else asked
        named = {"meant": meant, "asked": asked, "none": None}[self.names]
        match request.method, request.path:
            case "GET", _ if self.broken:
                return http_answer({"success": False, "error": "broken"}, self.broken)
            case "GET", "/status":
                return http_answer({"success": True, "data": self._status(asked)})
            case "GET", "/webhook":
                return http_answer({"success": True, "webhook": self.webhooks.get(meant)})
            case "POST", "/webhook":
                self.webhooks[meant] = {"id": f"hook-{meant}", **request.json}
                return http_answer({"success": True, "webhook": self.webhooks[meant]})
            case "DELETE", "/webhook":
                self.webhooks.pop(meant, None)
                return http_answer({"success": True, "message": "deleted"})
            case _:
                self.connected.discard(meant)
                if request.path == "/logout":
                    self.linked.discard(meant)
                return http_answer({"success": True, "data": {"message": "ok", "device_id": named}})

    def _status(self, device_id: str) -> dict[str, object]:
        before = self.lazy > 0
        self.lazy -= 1
        linked = before or device_id in self.linked
        return {
            "device_id": device_id,
            "connected": before or device_id in self.connected,
            "is_logged_in": linked,
            "jid": "5511999999999@s.whatsapp.net" if linked else None,
        }
