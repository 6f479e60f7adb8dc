"""Writes pictures that are small enough for a repository."""

from pathlib import Path

from PIL import Image


def save_small(
    picture: Image.Image,
    path: Path,
    *,
    colours: int,
    method: Image.Quantize = Image.Quantize.MEDIANCUT,
) -> None:
    """Write a picture as PNG of so many colours at most.

    ``MEDIANCUT`` is true to what covers much, ``MAXCOVERAGE`` also to a spot of its own colour.
    """
    picture.quantize(colours, method=method, dither=Image.Dither.NONE).save(path, optimize=True)
