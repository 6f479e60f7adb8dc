"""What stands on the screen, apart from any terminal."""

import pytest

from wuts.supervisor import Device, DeviceState
from wuts_cli.watching.screen import MOST_EVENTS, room_for_rows, summary, worst

NOW = 1_700_000_000.0


def device(
    name: str,
    state: DeviceState | None,
    *,
    since: float = NOW,
    attempt: int = 0,
    next_try: float | None = None,
) -> Device:
    return Device(f"id-{name}", name, state, since, attempt, next_try)


def test_devices_are_ordered_by_how_much_they_need_a_person() -> None:
    devices = [
        device("a", DeviceState.CONNECTED),
        device("b", DeviceState.PAUSED),
        device("c", DeviceState.NEVER_PAIRED),
        device("d", None),
        device("e", DeviceState.RECONNECTING, attempt=1),
        device("f", DeviceState.RECONNECTING, since=NOW - 60, attempt=7),
        device("g", DeviceState.NEEDS_PAIRING),
    ]
    rows = worst(devices, 10, NOW)
    assert [row.cells[0] for row in rows] == ["g", "f", "e", "d", "c", "b", "a"]


def test_only_so_many_devices_are_drawn_as_there_is_room() -> None:
    devices = [device(str(number), DeviceState.CONNECTED) for number in range(10_000)]
    assert len(worst(devices, 12, NOW)) == 12
    assert worst(devices, 0, NOW) == ()


def test_a_screen_that_shows_no_wait_does_not_change_with_time() -> None:
    devices = [device("a", DeviceState.CONNECTED), device("b", DeviceState.PAUSED)]
    assert worst(devices, 5, NOW) == worst(devices, 5, NOW + 3600)


def test_a_try_that_is_due_is_now() -> None:
    (row,) = worst([device("a", DeviceState.RECONNECTING, attempt=2, next_try=NOW - 5)], 1, NOW)
    assert row.cells[3:5] == ("2", "now")


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ([], "0 devices"),
        ([DeviceState.CONNECTED], "1 device: 1 connected"),
        (
            [DeviceState.CONNECTED] * 1500 + [None, DeviceState.NEEDS_PAIRING],
            "1,502 devices: 1 needs pairing, 1 not known yet, 1,500 connected",
        ),
    ],
)
def test_the_states_are_counted(states: list[DeviceState | None], words: str) -> None:
    assert summary([device(str(n), state) for n, state in enumerate(states)]) == words


@pytest.mark.parametrize("warnings", [0, 2])
@pytest.mark.parametrize("events", [0, 3, 8])
def test_nothing_is_given_room_that_is_not_there(warnings: int, events: int) -> None:
    for height in range(1, 100):
        rows, shown = room_for_rows(height, warnings, events)
        assert rows >= 0
        assert 0 <= shown <= min(events, MOST_EVENTS)
        # Title, summary, blank, headings, "and more", blank and the last line.
        used = warnings + 7 + rows + shown + bool(shown)
        assert used <= height or rows == shown == 0
