"""Take the README's picture: a real ``wuts pair`` in a pseudo terminal, against a simulator."""

import asyncio
import os
import shlex
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from wuts_simulator import Settings, Simulator

from .small_png import save_small
from .terminal import Terminal
from .terminal_picture import FONT, FONT_SIZE, INK, PAPER, draw_screen

NAME = "Front desk"
COLUMNS, ROWS = 112, 35
SEED = 7
A_SECOND_LATER = "good for 59 s"
BAR = 40
"""Pixels of the window's title bar."""

_BAR_PAPER = "#2c313a"
_BUTTONS = ("#e06c75", "#e5c07b", "#98c379")
_COLOURS = 32


async def take_picture() -> Image.Image:
    """Return a picture of the terminal while it shows a QR.

    Raises:
        OSError: The fonts are not installed.
    """
    token = "demo"  # noqa: S105 - it lives as long as the picture takes
    async with Simulator(Settings(tokens=(("home", token),), seed=SEED)) as simulator:
        simulator.world.add_device("home", NAME)
        environment = os.environ | {
            "WUTS_TOKEN": token,
            "WUTS_BASE_URL": simulator.url,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
        }
        command = (sys.executable, "-m", "wuts_cli", "pair", NAME)
        async with Terminal(command, environment, columns=COLUMNS, rows=ROWS) as terminal:
            # By then it has been drawn several times, so all of it is there.
            await terminal.until_it_says(A_SECOND_LATER)
            return frame(draw_screen(terminal.screen), f"$ {shlex.join(['wuts', 'pair', NAME])}")


def frame(screen: Image.Image, title: str) -> Image.Image:
    """Return the screen as a window with a title."""
    window = Image.new("RGB", (screen.width, screen.height + BAR), PAPER)
    window.paste(screen, (0, BAR))
    canvas = ImageDraw.Draw(window)
    canvas.rectangle((0, 0, window.width, BAR - 1), _BAR_PAPER)
    for place, colour in enumerate(_BUTTONS):
        canvas.circle((24 + 24 * place, BAR // 2), 7, colour)
    font = ImageFont.truetype(FONT, FONT_SIZE)
    canvas.text((window.width // 2, BAR // 2), title, INK, font, anchor="mm")
    return window


def main() -> None:
    """Write the picture to the path on the command line."""
    path = Path(sys.argv[1])
    try:
        picture = asyncio.run(take_picture())
    except OSError as error:
        sys.exit(f"error: {error}. The fonts are in Debian's package fonts-dejavu-core.")
    path.parent.mkdir(parents=True, exist_ok=True)
    save_small(picture, path, colours=_COLOURS)
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
