"""The integration's images are those that our script draws."""

import pytest
from PIL import Image, ImageChops

from scripts.lib.brand import ICON, SIZES, THEMES, draw_icon
from scripts.lib.parts import ROOT

BRAND = ROOT / "custom_components/wuts/brand"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("suffix", "times"), SIZES)
def test_an_icon_is_drawn_as_it_is_shipped(theme: str, suffix: str, times: int) -> None:
    drawn = draw_icon(ICON * times, THEMES[theme])
    with Image.open(BRAND / f"{theme}icon{suffix}.png") as shipped:
        assert ImageChops.difference(drawn, shipped.convert("RGBA")).getbbox() is None
