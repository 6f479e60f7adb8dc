"""A gateway of two devices that may not hear which of them is meant, with its listing."""

from typing import override

from tests.core.wuts.deaf_gateway import FIRST, SECOND, DeafGateway
from tests.core.wuts.raw_gateway import RawRequest, http_answer


class ListedGateway(DeafGateway):
    """A `DeafGateway` that lists its devices, and whose pairings get no QR.

    Attributes:
        devices: Which devices it lists.
        listing_status: What each listing is answered with.
        changes: The paths of the calls that changed something.
    """

    def __init__(
        self, *deaf_at: str, names: str = "meant", devices: tuple[str, ...] = (FIRST, SECOND)
    ) -> None:
        super().__init__(*deaf_at, names=names)
        self.devices = devices
        self.listing_status = 200

    @property
    def changes(self) -> list[str]:
        return [one.path for one in self.requests if one.path in {"/logout", "/disconnect"}]

    @override
    def answer_to(self, request: RawRequest) -> bytes:
        match request.path:
            case "/devices" if self.listing_status >= 400:
                return http_answer({"success": False, "error": "busy"}, self.listing_status)
            case "/devices":
                rows = [
                    {
                        "id": device_id,
                        "name": device_id.title(),
                        "connected": device_id in self.connected,
                        "whatsapp_jid": "5511912344321@s.whatsapp.net",
                    }
                    for device_id in self.devices
                ]
                return http_answer({"success": True, "devices": rows})
            case "/connect" | "/qr" | "/qr/status":
                return http_answer({"success": False, "error": "QR not available"}, 503)
        return super().answer_to(request)
