"""Writes pictures that are small enough for a repository."""

from pathlib import Path

from PIL import Image


def save_small(picture: Image.Image, path: Path, *, colours: int) -> None:
    """Write a picture as PNG of so many colours at most."""
    picture.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
