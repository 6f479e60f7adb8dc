"""Tells a whole PNG of a sane size from anything else, without decoding a pixel of it.

An image library would decode hostile input, and warns or trips over some of it.
"""

import struct
import zlib
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEAD = struct.Struct(">I4s")
_CHECKSUM = struct.Struct(">I")
_HEADER = struct.Struct(">II5x")
_DAMAGED = (b"", b"")


def is_sane_png(data: bytes, *, largest_side: int) -> bool:
    """Tell whether ``data`` is one undamaged PNG.

    Args:
        data: The whole file.
        largest_side: Pixels it may measure at most, each way.
    """
    if not data.startswith(_SIGNATURE):
        return False
    chunks = list(_chunks(data))
    kinds = [kind for kind, _ in chunks]
    whole = kinds[:1] == [b"IHDR"] and kinds[-1] == b"IEND" and b"IDAT" in kinds
    header = chunks[0][1] if whole else b""
    if kinds.count(b"IHDR") != 1 or len(header) != _HEADER.size:
        return False
    return all(1 <= side <= largest_side for side in _HEADER.unpack(header))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield each chunk's kind and content, and `_DAMAGED` at the end of what can be read."""
    place = len(_SIGNATURE)
    while place < len(data):
        kind, content, place = _chunk_at(data, place)
        yield kind, content


def _chunk_at(data: bytes, place: int) -> tuple[bytes, bytes, int]:
    """Return the chunk at ``place`` and the place behind it."""
    start = place + _HEAD.size
    if start > len(data):
        return *_DAMAGED, len(data)
    length, kind = _HEAD.unpack_from(data, place)
    end = start + length
    if end + _CHECKSUM.size > len(data):
        return *_DAMAGED, len(data)
    if zlib.crc32(data[start - len(kind) : end]) != _CHECKSUM.unpack_from(data, end)[0]:
        return *_DAMAGED, len(data)
    return kind, data[start:end], end + _CHECKSUM.size
