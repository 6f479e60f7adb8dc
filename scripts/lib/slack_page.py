"""Draws a message of the Slack app as a page: as much of Block Kit as the app uses."""

import base64
import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

type Block = dict[str, Any]

_STYLE = """
body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.46 "DejaVu Sans", sans-serif; }
main { display: flex; gap: 10px; width: 640px; padding: 16px 20px; }
.face { flex: none; width: 36px; height: 36px; border-radius: 6px; background: #075e54; color: #fff;
  text-align: center; font-weight: bold; line-height: 36px; }
.who { font-weight: bold; }
.app { margin: 0 6px; padding: 1px 4px; border-radius: 3px; background: #ddd; font-size: 10px; }
.note, .context { color: #616061; font-size: 13px; }
.body { flex: 1; }
.drawn { margin-top: 10px; color: #8a8a8a; font-size: 11px; text-align: right; }
h1 { margin: 4px 0; font-size: 18px; }
.section { display: flex; justify-content: space-between; gap: 16px; margin: 6px 0; }
.actions { display: flex; gap: 8px; margin: 8px 0; }
.button { flex: none; align-self: start; padding: 4px 12px; border: 1px solid #bbb;
  border-radius: 8px; font-size: 13px; font-weight: bold; }
.primary { border-color: #007a5a; background: #007a5a; color: #fff; }
.danger { border-color: #e01e5a; color: #e01e5a; }
.dot { display: inline-block; width: 13px; height: 13px; border: 1px solid #8884;
  border-radius: 50%; vertical-align: -1px; }
code { padding: 1px 4px; border: 1px solid #ddd; border-radius: 3px; color: #c01343; }
img { display: block; width: 330px; border: 1px solid #ddd; border-radius: 8px; }
"""
_DOTS = {
    "large_green_circle": "#2eb67d",
    "large_orange_circle": "#ecb22e",
    "red_circle": "#e01e5a",
    "black_circle": "#1d1c1d",
    "white_circle": "#fff",
    "grey_question": "#bbb",
    "rotating_light": "#e01e5a",
}
DRAWN = "Drawn by WUTS from the app's message; not a screenshot of Slack"
"""What each picture says of itself."""

_SIGNS = {"white_check_mark": "✔", "warning": "⚠", "double_vertical_bar": "⏸", "no_entry": "⛔"}


def page(blocks: list[Block], note: str, pictures: Mapping[str, bytes]) -> str:
    """Return a page with one message.

    Args:
        blocks: The message.
        note: What stands beside the sender, such as who can see it.
        pictures: What the files hold that the blocks name.
    """
    body = "".join(_block(block, pictures) for block in blocks)
    return (
        f"<style>{_STYLE}</style><main><div class=face>W</div><div class=body><div>"
        f"<span class=who>WUTS</span><span class=app>APP</span>"
        f"<span class=note>{html.escape(note)}</span></div>{body}"
        f"<div class=drawn>{DRAWN}</div></div></main>"
    )


def _block(block: Block, pictures: Mapping[str, bytes]) -> str:
    match block["type"]:
        case "header":
            return f"<h1>{_text(block['text'])}</h1>"
        case "section":
            beside = _button(block["accessory"]) if "accessory" in block else ""
            return f"<div class=section><div>{_text(block['text'])}</div>{beside}</div>"
        case "context":
            texts = " ".join(_text(element) for element in block["elements"])
            return f"<div class=context>{texts}</div>"
        case "actions":
            return f"<div class=actions>{''.join(map(_button, block['elements']))}</div>"
        case "image":
            png = base64.b64encode(pictures[block["slack_file"]["id"]]).decode()
            return f'<img src="data:image/png;base64,{png}">'
    raise ValueError(f"A block of the type {block['type']} cannot be drawn yet")


def _button(button: Block) -> str:
    return f'<div class="button {button.get("style", "")}">{_text(button["text"])}</div>'


def _text(text: Block) -> str:
    """Return a text with what Slack's mark-up means; the text is escaped for HTML already."""
    shown = str(text["text"])
    if text["type"] == "plain_text":
        return _emoji(html.escape(shown))
    shown = re.sub(r"<!date\^(\d+)\^([^|>]*)[^>]*>", _moment, shown)
    shown = re.sub(r"<(?:@|!)(\w+)>", r"@\1", shown)
    shown = re.sub(r"\*([^*\n]+)\*", r"<b>\1</b>", shown)
    shown = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", shown)
    return _emoji(shown).replace("\n", "<br>")


def _moment(found: re.Match[str]) -> str:
    time = f"{datetime.fromtimestamp(int(found[1]), UTC):%H:%M}"
    return f"today at {time}" if "{date" in found[2] else time


def _emoji(text: str) -> str:
    return re.sub(r":(\w+):", lambda found: _sign(found[1]), text)


def _sign(name: str) -> str:
    if name in _DOTS:
        return f'<span class=dot style="background:{_DOTS[name]}"></span>'
    return _SIGNS.get(name, f":{name}:")
