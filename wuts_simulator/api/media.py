"""``/send/image`` and its kin (WUTS reference, Messages). No address is ever downloaded."""

import base64
import binascii
from collections.abc import Mapping
from pathlib import PurePosixPath

from wuts_simulator.answers import Answer
from wuts_simulator.contract import EndpointName

from .call import Call
from .messaging import Draft, send

_MAX_CAPTION = 1024

SENDS = (
    EndpointName.SEND_IMAGE,
    EndpointName.SEND_VIDEO,
    EndpointName.SEND_AUDIO,
    EndpointName.SEND_DOCUMENT,
    EndpointName.SEND_STICKER,
)


async def send_media(call: Call) -> Answer:
    """Send a file, given as base64 or by its address, and keep its caption for tests to read."""
    device = await call.device()
    body = await call.json_object()
    kind = PurePosixPath(call.endpoint).name
    content, address = body.get(kind), body.get(f"{kind}_url")
    data = _decoded(content)
    problems = {
        kind: _content_problem(kind, content, address, data),
        "caption": _text_problem(body.get("caption"), "caption", _MAX_CAPTION),
        "file_name": _file_name_problem(kind, body),
        "mime_type": _text_problem(body.get("mime_type"), "mime_type", _MAX_CAPTION),
    }
    size = {} if data is None else {f"{kind}_size_bytes": len(data)}
    draft = Draft(
        device=device,
        body=body,
        problems=problems,
        kind=kind,
        text=body.get("caption") or "",
        metadata=size,
    )
    return send(call, draft)


def _decoded(content: object) -> bytes | None:
    """Return the file of a base64 text or a ``data:`` address; None for anything else."""
    if not isinstance(content, str):
        return None
    text = content.partition(",")[2] if content.startswith("data:") else content
    try:
        return base64.b64decode(text, validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _content_problem(kind: str, content: object, address: object, data: bytes | None) -> str | None:
    if _is_given(content) == _is_given(address):
        return f"exactly one of {kind} and {kind}_url is required"
    if _is_given(address):
        is_address = isinstance(address, str) and address.startswith(("https://", "http://"))
        return None if is_address else f"{kind}_url must be a valid URL"
    return f"{kind} must be base64" if data is None else None


def _is_given(value: object) -> bool:
    return value is not None and value != ""


def _text_problem(value: object, name: str, longest: int) -> str | None:
    if value is None or (isinstance(value, str) and len(value) <= longest):
        return None
    return f"{name} must be a text of at most {longest} characters"


def _file_name_problem(kind: str, body: Mapping[str, object]) -> str | None:
    name = body.get("file_name")
    if kind == "document" and body.get("document_url") and not name:
        return "file_name is required"
    return _text_problem(name, "file_name", 255)
