"""What is wrong with the fields of a JSON body, and who is meant by a number or a JID in one."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping

from wuts_simulator.errors import Violation
from wuts_simulator.phone_numbers import is_group_jid, is_phone_number, strip_punctuation, user_jid

# Returns what is wrong with a value, to be read after the field's name; None for nothing.
type Check = Callable[[object], str | None]

_SHOWN = 200
_OTHER_JID = re.compile(r"[0-9]+@(lid|newsletter)")


def violations(body: Mapping[str, object], checks: Mapping[str, Check]) -> list[Violation]:
    """Return what is wrong with a body, in the order of the checks."""
    found = ((name, check(body.get(name))) for name, check in checks.items())
    return [
        Violation(name, f"{name} {problem}", _shortened(body.get(name)))
        for name, problem in found
        if problem
    ]


def required(check: Check) -> Check:
    """Refuse what is missing or empty, and then what the check refuses."""
    return lambda value: "is required" if value in ([], {}, "", None) else check(value)


def optional(check: Check) -> Check:
    """Accept what is missing or empty, and then what the check accepts."""
    return lambda value: None if value in ("", None) else check(value)


def text(longest: int = 4096) -> Check:
    """Accept a text that is not too long."""
    return lambda value: (
        "must be a text"
        if not isinstance(value, str)
        else f"must have at most {longest} characters"
        if len(value) > longest
        else None
    )


def number(low: float, high: float) -> Check:
    """Accept a number between two others."""
    return lambda value: (
        None
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
        else f"must be a number from {low:g} to {high:g}"
    )


def flag(value: object) -> str | None:
    """Accept an optional yes or no."""
    return None if value is None or isinstance(value, bool) else "must be true or false"


def jids(value: object) -> str | None:
    """Accept an optional list of JIDs."""
    fits = isinstance(value, list) and all(isinstance(one, str) and "@" in one for one in value)
    return None if value is None or fits else "must be a list of JIDs"


def quoted(value: object) -> str | None:
    """Accept an optional message to reply to."""
    return None if value is None or isinstance(value, dict) else "must be an object"


def quoted_id(value: object) -> str | None:
    """Return the id of the message that is replied to, if the request says so."""
    key = value.get("key") if isinstance(value, dict) else None
    told = key.get("id") if isinstance(key, dict) else None
    return told if isinstance(told, str) else None


def duration(value: object) -> str | None:
    """Accept an optional length of time."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return None
    return "must be a whole number, 0 or more"


def recipient(value: object) -> str | None:
    """Accept a phone number or a JID."""
    return None if chat_jid(value) else "must be a phone number or a group JID"


def chat_jid(value: object) -> str | None:
    """Return the JID that is meant by a phone number or a JID."""
    if not isinstance(value, str):
        return None
    if is_group_jid(value) or _OTHER_JID.fullmatch(value):
        return value
    digits = strip_punctuation(value.removesuffix("@s.whatsapp.net"))
    return user_jid(digits) if is_phone_number(digits) else None


def a_list(low: int, high: int, **checks: Check) -> Check:
    """Accept a list of so many objects whose fields pass the checks."""

    def check(value: object) -> str | None:
        if not isinstance(value, list) or not low <= len(value) <= high:
            return f"must have between {low} and {high} entries"
        problems = (_object_problem(entry, checks) for entry in value)
        return next((problem for problem in problems if problem), None)

    return check


def an_object(**checks: Check) -> Check:
    """Accept an object whose fields pass the checks."""
    return lambda value: _object_problem(value, checks)


def _object_problem(value: object, checks: Mapping[str, Check]) -> str | None:
    if not isinstance(value, dict):
        return "must be an object"
    wrong = violations(value, checks)
    return f"is wrong: {wrong[0].message}" if wrong else None


def decoded(value: object) -> bytes | None:
    """Return the file of a base64 text or a ``data:`` address; None for anything else."""
    if not isinstance(value, str):
        return None
    encoded = value.partition(",")[2] if value.startswith("data:") else value
    try:
        return base64.b64decode(encoded, validate=True) or None
    except (binascii.Error, ValueError):
        return None


def told_type(value: object) -> str | None:
    """Return the type that a ``data:`` address tells, without parameters."""
    if not isinstance(value, str) or not value.startswith("data:"):
        return None
    return value.removeprefix("data:").partition(",")[0].partition(";")[0] or None


def base64_file(kind: str) -> Check:
    """Accept a file as base64, if it is of a kind, so far as the request names its type."""

    def check(value: object) -> str | None:
        if decoded(value) is None:
            return "must be base64"
        told = told_type(value)
        fits = told is None or kind == "document" or told.startswith(f"{_MAJOR[kind]}/")
        return None if fits else f"must be of a type that is {_MAJOR[kind]}/…"

    return check


_MAJOR = {"image": "image", "sticker": "image", "video": "video", "audio": "audio"}


def address(value: object) -> str | None:
    """Accept an address that could be downloaded."""
    is_one = isinstance(value, str) and value.startswith(("https://", "http://"))
    return None if is_one else "must be a valid URL"


def _shortened(value: object) -> object:
    """Return a value without the length of a picture."""
    return value[:_SHOWN] if isinstance(value, str) else value
