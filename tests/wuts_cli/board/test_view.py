"""What the board gets: worst first, in one line, and no phone number of anybody."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuts.supervisor import (
    AccountState,
    Alert,
    AlertKind,
    AlertStatus,
    Device,
    DeviceState,
    Mute,
    MuteScope,
)
from wuts_cli.board.view import LONGEST_TEXT, AccountView, Role, View, fields_of, in_one_line, shown

NOW = datetime(2026, 11, 20, tzinfo=UTC)
PHONE = "5511987654321"


def view(*devices: Device, alerts: tuple[tuple[Alert, Mute | None], ...] = ()) -> View:
    other = AccountView("work", Role.OWNER, AccountState.HEALTHY, (Device("w", "Zed"),))
    home = AccountView("home", Role.OWNER, AccountState.HEALTHY, devices)
    return View((home, other), alerts, has_history=False, store_works=True)


def alert(id_: str, **details: object) -> Alert:
    plain = Alert(
        id=id_,
        kind=AlertKind.OFFLINE,
        status=AlertStatus.RAISED,
        account="home",
        device_id="d0",
        device_name="Desk",
        since=NOW,
        at=NOW,
    )
    return replace(plain, **details)  # type: ignore[arg-type]


def test_the_worst_comes_first_whichever_account_it_is_of() -> None:
    devices = [
        Device("a", "A", state=DeviceState.CONNECTED, since=1.0),
        Device("b", "B", state=DeviceState.NEEDS_PAIRING, since=9.0),
        Device("c", "C", state=DeviceState.NEEDS_PAIRING, since=5.0),
        Device("d", "D", state=DeviceState.RECONNECTING, since=2.0, attempt=3, next_try=77.6),
    ]
    said = json.loads(json.dumps(fields_of(view(*devices))))
    assert [one["id"] for one in said["devices"]] == ["c", "b", "d", "w", "a"]
    assert said["devices"][2] == {
        "account": 0,
        "id": "d",
        "label": "d",
        "name": "D",
        "state": "reconnecting",
        "since": 2,
        "attempt": 3,
        "next_try": 78,
    }
    assert (said["devices"][3]["state"], said["devices"][3]["since"]) == (None, None)


def test_what_nobody_has_comes_first() -> None:
    mute = Mute(scope=MuteScope("home"), until=None, by="Bo", reason="", at=NOW)
    alerts = (
        (alert("taken", acknowledged_by="Ana", acknowledged_at=NOW), None),
        (alert("muted", since=NOW - timedelta(days=3)), mute),
        (alert("late"), None),
        (alert("early", since=NOW - timedelta(days=1)), None),
        (alert("account", device_id=None, device_name=None), None),
        (alert("another's", account="not here"), None),
    )
    said = fields_of(view(alerts=alerts))
    found = json.loads(json.dumps(said))["alerts"]
    assert [one["id"] for one in found] == ["account", "early", "late", "muted", "taken"]


@pytest.mark.parametrize(
    ("text", "is_shown"),
    [
        (f"Desk {PHONE}", "Desk …4321"),
        ("+55 (11) 98765-4321", "…4321"),
        ("a\u202eb\u2066c\nd\x1b[2J\u200b", "a b c d [2J"),
        ("  two   blanks ", "two blanks"),
        ("Room 101, floor 12", "Room 101, floor 12"),
        ("\u0665" * 11, "…" + "\u0665" * 4),
        ("x" * 500, "x" * (LONGEST_TEXT - 1) + "…"),
    ],
)
def test_a_text_of_other_people_is_tamed(text: str, is_shown: str) -> None:
    assert shown(text) == is_shown


def test_a_number_where_a_text_is_cut_is_hidden_too() -> None:
    for length in range(LONGEST_TEXT - 20, LONGEST_TEXT + 5):
        assert "5511" not in shown("x" * length + PHONE)


@given(st.text(max_size=400))
def test_any_text_is_one_short_line_without_a_number(text: str) -> None:
    found = shown(text)
    assert found.isprintable()
    assert len(found) <= LONGEST_TEXT
    assert not re.search(r"\d[ ()./-]{0,2}\d[ ()./-]{0,2}\d{5}", found)
    assert shown(found) == found


@given(st.text(max_size=400))
def test_any_id_is_one_short_line(text: str) -> None:
    assert in_one_line(text).isprintable()
    assert len(in_one_line(text)) <= LONGEST_TEXT


def test_nothing_in_it_names_a_phone() -> None:
    device = Device(
        "a",
        f"Phone {PHONE}",
        state=DeviceState.CONNECTED,
        phone_number=PHONE,
    )
    mute = Mute(scope=MuteScope("home"), until=NOW, by=PHONE, reason=PHONE, at=NOW)
    open_alert = alert("1", device_name=PHONE, acknowledged_by=PHONE, note=f"call {PHONE}")
    text = json.dumps(fields_of(view(device, alerts=((open_alert, mute),))))
    assert PHONE[-8:] not in text
