"""The app, Slack and the gateway, running together."""

import io
from dataclasses import dataclass

import zxingcpp
from PIL import Image

from slack_app.app import RunningApp
from tests.slack_app.slack_server import OPS, PATIENCE, Message, SlackServer, picture_id
from wuts.supervisor import DeviceState
from wuts_simulator import Simulator

__all__ = ["PATIENCE", "Team", "read_qr"]

# Among random modules there may be what looks like a small code of another kind.
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass(frozen=True, slots=True)
class Team:
    """All that an end-to-end test needs."""

    slack: SlackServer
    sim: Simulator
    app: RunningApp

    async def qr_message(self, user: str, *, other_than: str | None = None) -> Message:
        """Wait for a pairing's QR in a person's direct messages."""
        channel = await self.slack.direct_channel(user)
        return await self.slack.message(
            channel, lambda message: picture_id(message) not in {None, other_than}
        )

    async def seen(self, count: int) -> None:
        """Wait until the supervisor knows that so many devices are connected."""
        devices = self.app.services.supervisor.devices("home")
        while sum(one.state is DeviceState.CONNECTED for one in devices.values()) < count:
            await self.slack.messages(OPS)

    async def expects(self, device_id: str, number: str) -> None:
        """Wait until the supervisor knows whose phone is linked, and so expects it back."""
        devices = self.app.services.supervisor.devices("home")
        while device_id not in devices or devices[device_id].expected_number != number:
            await self.slack.messages(OPS)

    async def scan(self, message: Message, phone: str) -> str:
        """Scan the QR that a message shows with a phone; return what it says."""
        file_id = picture_id(message)
        assert file_id is not None
        payload = read_qr(await self.slack.picture(file_id))
        self.sim.world.scan(payload, phone)
        return payload


def read_qr(png: bytes) -> str:
    """Read a QR from a picture, as a phone would."""
    with Image.open(io.BytesIO(png)) as image:
        (found,) = zxingcpp.read_barcodes(image.convert("L"), formats=_QR)
    return found.text
