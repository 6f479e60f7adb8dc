"""Composes the README's picture of others in ``docs/images``, which must have been taken before."""

import sys
from pathlib import Path

from PIL import Image, ImageOps

from .small_png import save_small

WIDTH = 1200
GAP = 16
LEFT = "ha-qr.png"
RIGHT = ("slack-alert.png", "pairing.png")

_PAPER = "#d0d7de"
_COLOURS = 128
_SHARE_OF_THE_LEFT = 0.415


def compose(folder: Path) -> Image.Image:
    """Return the left picture beside the right ones, which stand one above the other.

    Raises:
        OSError: One of the pictures is missing.
    """
    inner = WIDTH - 3 * GAP
    left = _of_width(folder / LEFT, round(inner * _SHARE_OF_THE_LEFT))
    right = [_of_width(folder / name, inner - left.width) for name in RIGHT]
    height = sum(picture.height + GAP for picture in right) - GAP
    canvas = Image.new("RGB", (WIDTH, max(left.height, height) + 2 * GAP), _PAPER)
    canvas.paste(left, (GAP, (canvas.height - left.height) // 2))
    top = (canvas.height - height) // 2
    for picture in right:
        canvas.paste(picture, (2 * GAP + left.width, top))
        top += picture.height + GAP
    return canvas


def _of_width(path: Path, width: int) -> Image.Image:
    with Image.open(path) as picture:
        return ImageOps.contain(
            picture.convert("RGB"), (width, 10 * width), Image.Resampling.LANCZOS
        )


def main() -> None:
    """Write ``readme.png`` into the folder on the command line."""
    folder = Path(sys.argv[1])
    try:
        picture = compose(folder)
    except OSError as error:
        sys.exit(f"error: {error}")
    method = Image.Quantize.MAXCOVERAGE
    save_small(picture, folder / "readme.png", colours=_COLOURS, method=method)


if __name__ == "__main__":
    main()
