from dataclasses import dataclass

import pytest

from wuts.errors import AmbiguousDeviceError, UnknownDeviceError
from wuts.finder import find_device, search_devices


@dataclass(frozen=True)
class Slot:
    id: str
    name: str


HALL, KITCHEN, TWIN, LOUD, NAMELESS = DEVICES = (
    Slot("d1", "Hall"),
    Slot("d2", "Front  Desk"),
    Slot("d3", "Hall two"),
    Slot("d4", "HALL TWO"),
    Slot("d5", ""),
)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("d1", HALL),
        (" d1 ", HALL),
        ("Hall", HALL),
        ("hall", HALL),
        (" front desk\n", KITCHEN),
        ("Hall two", TWIN),
        ("HALL TWO", LOUD),
        ("d5", NAMELESS),
    ],
)
def test_a_device_is_found_by_id_then_name_then_name_in_any_case(wanted: str, found: Slot) -> None:
    assert find_device(DEVICES, wanted) is found


def test_an_id_counts_before_a_name() -> None:
    named_like_an_id = Slot("d9", "d1")
    assert find_device((named_like_an_id, HALL), "d1") is HALL


@pytest.mark.parametrize("wanted", ["hall  TWO", "hall two"])
def test_several_devices_of_a_name_are_told(wanted: str) -> None:
    with pytest.raises(AmbiguousDeviceError) as caught:
        find_device(DEVICES, wanted)
    assert caught.value.candidates == (TWIN, LOUD)
    assert caught.value.wanted == wanted


@pytest.mark.parametrize("wanted", ["", "  ", "D1", "Garden", "+55 11 99999-9999"])
def test_what_is_not_there_is_not_found_and_not_repeated(wanted: str) -> None:
    with pytest.raises(UnknownDeviceError) as caught:
        find_device(iter(DEVICES), wanted)
    assert caught.value.wanted == wanted
    assert wanted.strip() == "" or wanted not in str(caught.value)


def test_a_search_finds_parts_of_names_in_their_order() -> None:
    assert search_devices(DEVICES, " hall") == [HALL, TWIN, LOUD]
    assert search_devices(DEVICES, "T D") == [KITCHEN]
    assert search_devices(DEVICES, "") == [NAMELESS, KITCHEN, HALL, TWIN, LOUD]
    assert search_devices(DEVICES, "garden") == []
