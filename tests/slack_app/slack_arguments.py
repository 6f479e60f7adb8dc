"""What a call of a method of Slack's hands over: JSON, a form, or a query."""

import json
from collections.abc import Collection

from aiohttp import web

from tests.slack_app.strict_files import Sent


async def arguments_of(request: web.Request) -> Sent:
    """Return what a method was called with."""
    if request.content_type == "application/json":
        return dict(await request.json())
    sent = {**request.query, **await request.post()}
    return {name: _read(str(value)) for name, value in sent.items()}


def _read(value: str) -> object:
    return json.loads(value) if value[:1] in {"[", "{"} else value


def a_page(members: Collection[str], sent: Sent) -> Sent:
    """Return the page of a channel's members that was asked for: a thousand at most."""
    at = int(sent.get("cursor") or 0)
    end = at + min(int(sent.get("limit") or 100), 1000)
    cursor = str(end) if end < len(members) else ""
    return {"members": sorted(members)[at:end], "response_metadata": {"next_cursor": cursor}}
