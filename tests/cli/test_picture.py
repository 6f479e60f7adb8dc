from pathlib import Path

import zxingcpp
from PIL import Image

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs/images/pairing.png"
LARGEST = 200 * 1024


def test_the_picture_of_the_readme_shows_a_qr_that_a_phone_can_read() -> None:
    found = zxingcpp.read_barcode(Image.open(PICTURE), try_invert=False)
    assert found is not None
    assert found.text.startswith("2@")
    assert PICTURE.stat().st_size < LARGEST
    assert str(PICTURE.relative_to(ROOT)) in (ROOT / "README.md").read_text()
