"""The body of a request: small ones as JSON at once, one with a file piece by piece.

A file is base64 on the wire. Encoding 16 MiB in one go would hold the event loop for a tenth of a
second and take twice the file's memory again; a piece at a time takes neither.
"""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass

PIECE = 192 * 1024
"""Bytes of a file that are encoded at a time: a multiple of three, so that pieces join."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Upload:
    """A file in a request; it has no repr of its own.

    Attributes:
        field: The field of the body that holds it.
        mime_type: Its type.
        content: The file.
    """

    field: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True, repr=False)
class UploadBody:
    """A body with a file, as httpx takes it; it can be read again.

    Attributes:
        head: The JSON up to the file's base64.
        content: The file.
        tail: The JSON behind it.
    """

    head: bytes
    content: bytes
    tail: bytes

    @property
    def length(self) -> int:
        """Bytes on the wire."""
        return len(self.head) + 4 * -(-len(self.content) // 3) + len(self.tail)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the body; others get their turn between two pieces."""
        yield self.head
        view = memoryview(self.content)
        for begin in range(0, len(view), PIECE):
            yield b64encode(view[begin : begin + PIECE])
            await asyncio.sleep(0)
        yield self.tail


def encode(body: object, upload: Upload | None = None) -> bytes | UploadBody:
    """Return what is sent for a JSON object, with a file as one more field if there is one.

    Raises:
        UnicodeEncodeError: A text in it has half of a character.
    """
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    if upload is None:
        return text.encode()
    separator = "," if body else ""
    head = f'{text[:-1]}{separator}"{upload.field}":"data:{upload.mime_type};base64,'
    return UploadBody(head.encode(), upload.content, b'"}')
