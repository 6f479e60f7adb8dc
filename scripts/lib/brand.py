"""Draws the integration's images: the corners of a QR, and a tick where the fourth would be.

It needs the DejaVu fonts.

usage: python -m scripts.lib.brand FOLDER
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ICON = 256
LOGO = 128
SIZES = (("", 1), ("@2x", 2))

_FINER = 8
"""Drawn so many times larger, for smooth edges."""

_CORNERS = ((46, 46), (146, 46), (46, 146))
_TICK = ((144, 182), (168, 206), (214, 152))
_NAME = "WUTS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """What an image is painted with.

    Attributes:
        tile: The icon's ground.
        corners: The corners on it.
        name: The name beside it.
    """

    tile: str
    corners: str
    name: str
    tick: str = "#14a085"


LIGHT = Colours(tile="#0b3d4f", corners="#ffffff", name="#0b3d4f")
DARK = Colours(tile="#e6f1f2", corners="#0b3d4f", name="#e6f1f2")
"""For a dark theme, where the tile must be seen too."""

THEMES = {"": LIGHT, "dark_": DARK}


def draw_icon(size: int, colours: Colours) -> Image.Image:
    """Return the icon, ``size`` pixels high and wide."""
    scale = _FINER * size / ICON
    image = Image.new("RGBA", (_FINER * size, _FINER * size))
    draw = ImageDraw.Draw(image)

    def square(left: float, top: float, side: float, radius: float, colour: str) -> None:
        edges = (left, top, left + side, top + side)
        draw.rounded_rectangle([scale * edge for edge in edges], scale * radius, fill=colour)

    square(4, 4, 248, 56, colours.tile)
    for left, top in _CORNERS:
        square(left, top, 64, 14, colours.corners)
        square(left + 13, top + 13, 38, 8, colours.tile)
        square(left + 22, top + 22, 20, 5, colours.corners)
    points = [(scale * x, scale * y) for x, y in _TICK]
    draw.line(points, fill=colours.tick, width=round(scale * 20), joint="curve")
    for x, y in (points[0], points[-1]):
        half = scale * 10
        draw.ellipse((x - half, y - half, x + half, y + half), fill=colours.tick)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def draw_logo(height: int, colours: Colours) -> Image.Image:
    """Return the icon with the name beside it."""
    tall = _FINER * height
    font = ImageFont.truetype("DejaVuSans-Bold.ttf", tall * 0.62)
    left, top, right, bottom = font.getbbox(_NAME)
    gap = tall * 0.16
    image = Image.new("RGBA", (round(tall + gap + right - left), tall))
    image.alpha_composite(draw_icon(tall, colours))
    place = (tall + gap - left, (tall - bottom - top) / 2)
    ImageDraw.Draw(image).text(place, _NAME, font=font, fill=colours.name)
    return image.resize((round(image.width / _FINER), height), Image.Resampling.LANCZOS)


def write_images(folder: Path) -> None:
    """Write every image that Home Assistant asks for."""
    folder.mkdir(exist_ok=True)
    for suffix, times in SIZES:
        for theme, colours in THEMES.items():
            icon, logo = draw_icon(ICON * times, colours), draw_logo(LOGO * times, colours)
            icon.save(folder / f"{theme}icon{suffix}.png", optimize=True)
            logo.save(folder / f"{theme}logo{suffix}.png", optimize=True)


if __name__ == "__main__":
    write_images(Path(sys.argv[1]))
