"""Draw the integration's own images: the corners of a QR, and where the fourth would be a tick.

usage: python -m scripts.lib.brand FOLDER
"""

import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

INK = "#0b3d4f"
GROUND = "#ffffff"
ACCENT = "#14a085"
PALE = "#e6f1f2"

ICON = 256
FINER = 8
"""Drawn so many times larger, for smooth edges."""

_CORNERS = ((46, 46), (146, 46), (46, 146))
_TICK = ((144, 182), (168, 206), (214, 152))


def draw_icon(size: int) -> Image.Image:
    """Return the icon, ``size`` pixels high and wide."""
    scale = FINER * size / ICON
    image = Image.new("RGBA", (FINER * size, FINER * size))
    draw = ImageDraw.Draw(image)

    def square(left: float, top: float, side: float, radius: float, colour: str) -> None:
        edges = (left, top, left + side, top + side)
        draw.rounded_rectangle([scale * edge for edge in edges], scale * radius, fill=colour)

    square(4, 4, 248, 56, INK)
    for left, top in _CORNERS:
        square(left, top, 64, 14, GROUND)
        square(left + 13, top + 13, 38, 8, INK)
        square(left + 22, top + 22, 20, 5, GROUND)
    points = [(scale * x, scale * y) for x, y in _TICK]
    draw.line(points, fill=ACCENT, width=round(scale * 20), joint="curve")
    for x, y in (points[0], points[-1]):
        half = scale * 10
        draw.ellipse((x - half, y - half, x + half, y + half), fill=ACCENT)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def draw_logo(height: int, ink: str) -> Image.Image:
    """Return the icon with the name beside it."""
    tall = FINER * height
    font = ImageFont.truetype("DejaVuSans-Bold.ttf", tall * 0.62)
    left, top, right, bottom = font.getbbox("WUTS")
    gap = tall * 0.16
    image = Image.new("RGBA", (round(tall + gap + right - left), tall))
    image.alpha_composite(draw_icon(tall))
    place = (tall + gap - left, (tall - bottom - top) / 2)
    ImageDraw.Draw(image).text(place, "WUTS", font=font, fill=ink)
    return image.resize((round(image.width / FINER), height), Image.Resampling.LANCZOS)


def write_images(folder: Path) -> None:
    """Write every image that Home Assistant asks for, in both sizes."""
    folder.mkdir(exist_ok=True)
    for suffix, times in (("", 1), ("@2x", 2)):
        images = {
            "icon": draw_icon(ICON * times),
            "logo": draw_logo(128 * times, INK),
            "dark_logo": draw_logo(128 * times, PALE),
        }
        for name, image in images.items():
            image.save(folder / f"{name}{suffix}.png", optimize=True)


if __name__ == "__main__":
    write_images(Path(sys.argv[1]))
