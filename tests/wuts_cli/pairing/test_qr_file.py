import os
import stat
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from tests.wuts_cli.command import PHONE, Wuts, ended, next_event
from wuts_cli.errors import UsageError
from wuts_cli.pairing.qr_file import QrFile
from wuts_simulator import Device, Simulator


def mode_and_content(path: Path) -> tuple[int, str]:
    """Return who may read the file, and what its QR says."""
    found = zxingcpp.read_barcode(Image.open(path))
    assert found is not None
    return stat.S_IMODE(path.stat().st_mode), found.text


async def test_the_present_qr_is_there_for_its_owner_until_the_end(
    sim: Simulator, wuts: Wuts, desk: Device, tmp_path: Path
) -> None:
    path = tmp_path / "qr.png"
    arguments = ("pair", desk.id, "--json", "--settle", "0", "--qr-file", str(path))
    async with wuts.started(*arguments) as process:
        payload = (await next_event(process))["payload"]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        found = zxingcpp.read_barcode(Image.open(path))
        assert found is not None
        assert found.text == payload
        sim.world.scan(payload, PHONE)
        assert (await ended(process)).code == 0
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - pathlib's way counts as blocking


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ana")
    with pytest.raises(UsageError, match="already exists"), QrFile(path):
        pass
    assert path.read_text() == "Dear Ana"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "link"
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="already exists"), QrFile(path):
        pass
    assert not (tmp_path / "elsewhere").exists()


async def test_a_folder_that_is_not_there_is_told(
    sim: Simulator, wuts: Wuts, desk: Device, tmp_path: Path
) -> None:
    refused = await wuts("pair", desk.id, "--qr-file", str(tmp_path / "none" / "qr.png"))
    assert (refused.code, refused.out) == (2, "")
    assert refused.error.endswith("none/qr.png: No such file or directory.")
    assert "GET /qr" not in sim.world.requests.by_endpoint
