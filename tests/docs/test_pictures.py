from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

ROOT = Path(__file__).parents[2]
PICTURES = sorted((ROOT / "docs/images").glob("*.png"))
PAGES = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
WITH_QR = {
    "ha-qr",
    "ha-qr-dark",
    "ha-qr-phone",
    "ha-repair",
    "page-qr",
    "pairing",
    "readme",
    "slack-pair",
}
LARGEST = 200 * 1024
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@pytest.mark.parametrize("name", sorted(WITH_QR))
def test_a_phone_can_read_the_qr_of_a_picture(name: str) -> None:
    picture = Image.open(ROOT / f"docs/images/{name}.png")
    found = zxingcpp.read_barcode(picture, formats=QR, try_invert=False)
    assert found is not None
    assert found.text.startswith("2@")


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_a_picture_is_small_and_on_a_page(picture: Path) -> None:
    assert picture.stat().st_size < LARGEST
    assert any(f"images/{picture.name})" in page.read_text() for page in PAGES)
