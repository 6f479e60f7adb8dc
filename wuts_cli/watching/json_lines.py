"""Supervision for programs: one JSON line an event."""

import json

from wuts.supervisor import AccountChanged, Alert, Event, EventsLost, StateChanged, StoreTrouble
from wuts_cli.text import rfc3339


def json_line(event: Event) -> str:
    """Return an event as a line of JSON, without its end."""
    return json.dumps(_fields(event))


def _fields(event: Event) -> dict[str, str | int | None]:
    match event:
        case StateChanged():
            return {
                "event": "state",
                "device_id": event.device_id,
                "name": event.device_name,
                "old": event.old,
                "new": event.new,
                "reason": event.reason,
                "attempt": event.attempt,
                "next_try": rfc3339(event.next_try),
                "at": rfc3339(event.at),
            }
        case Alert():
            return {
                "event": "alert",
                "kind": event.kind,
                "device_id": event.device_id,
                "name": event.device_name,
                "status": event.status,
                "id": event.id,
                "since": rfc3339(event.since),
                "at": rfc3339(event.at),
            }
        case AccountChanged():
            return {
                "event": "tenant",
                "old": event.old,
                "new": event.new,
                "reason": event.reason,
                "problem": event.problem,
                "at": rfc3339(event.at),
            }
        case StoreTrouble():
            return {"event": "store", "problem": event.problem, "at": rfc3339(event.at)}
        case EventsLost():
            return {"event": "lost", "count": event.count}
