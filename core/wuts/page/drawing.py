"""Draws the page: all of it, or the part that changes."""

import base64
import math
import re
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from string import Template

from ..errors import ErrorCode, UnexpectedAnswerError
from ..pairing import Failed, Paired, PairedHow, PairingView, Stage, Unchecked, WrongAccount
from .policy import policy_of
from .state import Scene
from .words import Words

_PAGE = files(__package__).joinpath("page.html").read_text("utf-8")
_TEMPLATE = Template(_PAGE)

_PLACEHOLDER = re.compile(r"\{(\w+)\}")

RELOAD = 4
"""Seconds after which a browser without JavaScript loads the page again."""

RELOAD_CODE = 15
"""The same beside a code: it may just be being selected."""

LAST_DIGITS = 4
"""Digits of a phone number that the page shows: its reader may be anybody."""

LONGEST_TEXT = 200
"""Characters of a name or a note that the page shows, at most."""


_SAME_FAILURE: dict[str, str] = {
    ErrorCode.CERTIFICATE_EXPIRED: ErrorCode.CERTIFICATE_UNTRUSTED,
    ErrorCode.CERTIFICATE_WRONG_HOST: ErrorCode.CERTIFICATE_UNTRUSTED,
    ErrorCode.NAME_NOT_FOUND: ErrorCode.GATEWAY_UNREACHABLE,
    ErrorCode.CONNECTION_REFUSED: ErrorCode.GATEWAY_UNREACHABLE,
}
"""What is the same to a person with a phone."""

_BUSY = {ErrorCode.GATEWAY_BUSY, ErrorCode.RATE_LIMITED}

POLICY = policy_of(_TEMPLATE.safe_substitute())
"""What the browser lets the page do."""


def draw_page(words: Words, view: str, *, reload: int | None = None) -> str:
    """Return the whole page.

    Args:
        words: Its language.
        view: The part that changes.
        reload: Seconds after which it loads again without JavaScript, or None for never.
    """
    refresh = f'<noscript><meta http-equiv="refresh" content="{reload}"></noscript>'
    return _TEMPLATE.substitute(
        language=words.language,
        heading=escape(words.heading),
        refresh="" if reload is None else refresh,
        lost=escape(words.connection_lost),
        renewing=f"<h2>{escape(words.renewing)}</h2>",
        view=view,
    )


def reload_of(scene: Scene) -> int | None:
    """Return after how many seconds a scene is worth another look, or None for never."""
    if scene.is_final:
        return None
    return RELOAD_CODE if scene.view is not None and scene.view.code else RELOAD


def draw_cover(words: Words, scene: Scene) -> str:
    """Return what a browser sees that has not opened the link: no code, and no claim on it."""
    return _view(
        words,
        scene,
        f"<h2>{escape(words.cover)}</h2>",
        _text(words.cover_more, name=scene.name),
        _text(words.cover_warning, name=scene.name),
        _button(words.cover_button),
    )


def draw_taken(words: Words, scene: Scene) -> str:
    """Return what another browser sees than the one that owns the link."""
    body = [_text(words.taken), _text(words.ask_again), _button(words.taken_button)]
    return _view(words, scene, f"<h2>{escape(words.failed)}</h2>", *body)


def draw_refusal(words: Words, why: str) -> str:
    """Return what who has no good link sees."""
    return _view(words, None, f"<h2>{escape(words.over[why])}</h2>", _text(words.ask_again))


async def draw_scene(words: Words, scene: Scene) -> str:
    """Return what the browser that owns the link sees."""
    if scene.over is not None:
        return _view(words, scene, *_over(words, scene.over))
    view = scene.view or PairingView()
    attributes = "" if scene.is_final else " data-live"
    if (qr := await _png(view)) is not None:
        return _offer(words, scene, view, _picture(words, qr), _qr_words(words, view))
    if view.code is not None:
        return _offer(words, scene, view, "", _code_words(words, view, view.code))
    return _view(words, scene, *_state(words, scene.name, view), attributes=attributes)


async def _png(view: PairingView) -> bytes | None:
    """Return the QR, or None also if the gateway sent only an image that isn't a sane one."""
    try:
        return await view.png()
    except UnexpectedAnswerError:
        return None


def _view(words: Words, scene: Scene | None, *parts: str, attributes: str = "") -> str:
    title = _title(words, scene) if scene else f"<h1>{escape(words.heading)}</h1>"
    return f'<div id="view"{attributes}>{title}{"".join(parts)}</div>'


def _offer(
    words: Words, scene: Scene, view: PairingView, picture: str, parts: Iterator[str]
) -> str:
    return (
        f'<div id="view" data-live data-left="{view.seconds_left:.1f}"><div class="offer">'
        f"{_title(words, scene)}{picture}"
        f'<div class="words">{"".join(parts)}</div></div></div>'
    )


def _picture(words: Words, png: bytes) -> str:
    source = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    return f'<div class="qr"><img src="{source}" alt="{escape(words.qr_alt)}"></div>'


def _qr_words(words: Words, view: PairingView) -> Iterator[str]:
    yield f"<h2>{escape(words.qr)}</h2>"
    yield from _below(words, view, (words.step_link, words.step_scan))
    yield _text(words.qr_hint, css="soft")


def _code_words(words: Words, view: PairingView, code: str) -> Iterator[str]:
    yield f"<h2>{escape(words.code)}</h2>"
    yield f'<p class="code" role="group" aria-label="{escape(words.code_label)}">{escape(code)}</p>'
    done = escape(words.copied)
    yield f'<button type="button" data-done="{done}" hidden>{escape(words.copy)}</button>'
    if view.phone_number:
        yield _text(words.code_for, phone=view.phone_number[-LAST_DIGITS:])
    yield from _below(words, view, (words.step_link, words.step_number, words.step_type))


def _below(words: Words, view: PairingView, last_steps: tuple[str, ...]) -> Iterator[str]:
    """Draw what stands below a QR or a code: its time, trouble if there is any, and the steps."""
    lifetime = view.offer.lifetime if view.offer else 0.0
    time = words.time_left.replace("{time}", _minutes(view.seconds_left))
    yield (
        f'<div class="time"><progress max="{lifetime:.1f}" value="{view.seconds_left:.1f}" '
        f'aria-label="{escape(words.time_label)}"></progress>'
        f'<span role="timer" data-time="{escape(words.time_left)}">{escape(time)}</span></div>'
    )
    if view.notice is not None:
        yield _text(words.trouble, css="warn")
    yield '<div class="steps">'
    for phone, menu in (("Android", words.step_android), ("iPhone", words.step_iphone)):
        steps = (words.step_open, menu, *last_steps)
        items = "".join(f"<li>{escape(step)}</li>" for step in steps)
        yield f"<section><h3>{phone}</h3><ol>{items}</ol></section>"
    yield "</div>"


def _state(words: Words, name: str, view: PairingView) -> Iterator[str]:
    """Draw a pairing that shows no QR and no code."""
    match view.outcome:
        case Paired(how=PairedHow.LINKED):
            yield f'<div class="good"><h2>{escape(words.paired)}</h2></div>'
            yield _text(words.paired_more, name=name)
        case Paired():
            yield f'<div class="good"><h2>{escape(words.paired)}</h2></div>'
            yield _text(words.paired_already, name=name)
        case WrongAccount(phone_number=linked, expected=expected):
            yield f"<h2>{escape(words.wrong_account)}</h2>"
            numbers = {"phone": linked[-LAST_DIGITS:], "other": expected[-LAST_DIGITS:]}
            yield _text(words.wrong_account_more, **numbers)
        case Unchecked(expected=expected):
            yield f"<h2>{escape(words.unchecked)}</h2>"
            yield _text(words.unchecked_more, other=expected[-LAST_DIGITS:])
        case Failed(reason=reason, cause=cause):
            yield from _failure(words, reason, cause)
        case None:
            yield from _under_way(words, view)


def _under_way(words: Words, view: PairingView) -> Iterator[str]:
    if view.stage is Stage.SCANNED:
        yield f"<h2>{escape(words.scanned)}</h2>"
        yield _text(words.scanned_more)
    elif view.stalled is not None:
        halt = words.stalled[view.stalled.reason]
        yield f"<h2>{escape(halt.title)}</h2>"
        yield from map(_text, halt.text.split("\n\n"))
        yield _text(words.reason, css="soft", reason=view.stalled.reason)
    elif view.notice is not None:
        what = words.waits_busy if view.notice.code in _BUSY else words.waits
        yield f"<h2>{escape(what)}</h2>"
        yield _text(words.reason, css="soft", reason=view.notice.code)
    elif view.offer is not None:  # a picture that nobody can draw
        yield f"<h2>{escape(words.waits)}</h2>"
    else:
        yield f"<h2>{escape(words.renewing if view.is_expired else words.preparing)}</h2>"


def _over(words: Words, over: str) -> Iterator[str]:
    """Draw why a link ended without an outcome."""
    if over not in words.over:
        yield from _failure(words, over)
        return
    yield f"<h2>{escape(words.over[over])}</h2>"
    yield _text(words.ask_again)


def _failure(words: Words, reason: str, cause: str | None = None) -> Iterator[str]:
    yield f"<h2>{escape(words.failed)}</h2>"
    yield _text(failure_text(words, reason))
    yield _text(words.ask_again)
    yield _text(words.reason, css="soft", reason=f"{reason} ({cause})" if cause else reason)


def failure_text(words: Words, reason: str) -> str:
    """Return why no phone was linked, by its code."""
    return words.failures.get(_SAME_FAILURE.get(reason, reason), words.failure)


def _title(words: Words, scene: Scene) -> str:
    title = escape(_filled(words.title, name=_shown(scene.name)))
    note = _text("{note}", note=scene.note) if scene.note else ""
    return f"<header><h1>{title}</h1>{note}</header>"


def _text(text: str, css: str = "", **values: str) -> str:
    attribute = f' class="{css}"' if css else ""
    values = {key: _shown(value) for key, value in values.items()}
    return f"<p{attribute}>{escape(_filled(text, **values))}</p>"


def _filled(text: str, **values: str) -> str:
    """Fill placeholders in; what a value holds is never taken for one."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def _shown(text: str) -> str:
    """Return a text in one line of a bearable length: names come from outside."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= LONGEST_TEXT else f"{line[: LONGEST_TEXT - 1]}…"


def _button(label: str) -> str:
    return f'<form method="post"><button>{escape(label)}</button></form>'


def _minutes(seconds: float) -> str:
    whole = math.ceil(seconds)
    return f"{whole // 60}:{whole % 60:02}"
