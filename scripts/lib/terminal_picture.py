"""Draws a terminal's screen as a picture."""

from PIL import Image, ImageColor, ImageDraw, ImageFont
from pyte.screens import Char

from .terminal import Screen

CELL = (10, 20)
"""Pixels of a letter: a half block is a square of 10."""

INK = "#d7dae0"
PAPER = "#1e2127"

FONT = "DejaVuSansMono.ttf"
_BOLD_FONT = "DejaVuSansMono-Bold.ttf"
FONT_SIZE = 16
_HALVES = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1)}
_NAMED = {
    "default": INK,
    "black": "#000000",
    "green": "#8cc570",
    "brown": "#e5c07b",
    "cyan": "#56b6c2",
    "brightblack": "#7f848e",
    "brightwhite": "#ffffff",
}


def draw_screen(screen: Screen, *, with_letters: bool = True) -> Image.Image:
    """Return the screen as a person sees it in a dark terminal.

    Args:
        screen: What to draw.
        with_letters: Draw all text, which needs the DejaVu fonts; else only blocks.

    Raises:
        OSError: The fonts are not installed.
    """
    width, height = CELL
    image = Image.new("RGB", (screen.columns * width, screen.lines * height), PAPER)
    canvas = ImageDraw.Draw(image)
    fonts = _load_fonts() if with_letters else None
    for row in range(screen.lines):
        for column in range(screen.columns):
            letter = screen.buffer[row][column]
            place = (column * width, row * height)
            _draw_letter(canvas, place, letter)
            if fonts and letter.data not in _HALVES and letter.data.strip():
                font = fonts[bool(letter.bold)]
                canvas.text(place, letter.data, _ink(letter), font)
    return image


def _load_fonts() -> tuple[ImageFont.FreeTypeFont, ImageFont.FreeTypeFont]:
    return ImageFont.truetype(FONT, FONT_SIZE), ImageFont.truetype(_BOLD_FONT, FONT_SIZE)


def _draw_letter(canvas: ImageDraw.ImageDraw, place: tuple[int, int], letter: Char) -> None:
    """Draw the paper, and the half blocks as whole rectangles, so that no seam shows."""
    width, height = CELL
    left, top = place
    halves = _HALVES.get(letter.data, (0, 0))
    for half, inked in enumerate(halves):
        colour = _ink(letter) if inked else _paper(letter)
        upper = top + half * height // 2
        canvas.rectangle((left, upper, left + width - 1, upper + height // 2 - 1), colour)


def _ink(letter: Char) -> tuple[int, ...]:
    return _colour(letter.bg, PAPER) if letter.reverse else _colour(letter.fg, INK)


def _paper(letter: Char) -> tuple[int, ...]:
    return _colour(letter.fg, INK) if letter.reverse else _colour(letter.bg, PAPER)


def _colour(name: str, default: str) -> tuple[int, ...]:
    if name == "default":
        return ImageColor.getrgb(default)
    return ImageColor.getrgb(_NAMED.get(name, f"#{name}"))
