"""Which account a token opens, and when that is not the one in the store."""

import pytest

from wuts.models import Device
from wuts.supervisor.store import StoreOtherAccountError, check_identity


def device(device_id: str, user_id: str = "ana") -> Device:
    return Device(id=device_id, connected=True, user_id=user_id)


def check(
    *listing: Device, user_id: str | None = "ana", saved: tuple[str, ...] = ("1", "2")
) -> str | None:
    return check_identity("home", listing, user_id=user_id, device_ids=saved)


def test_another_user_with_none_of_the_devices_is_another_account() -> None:
    with pytest.raises(StoreOtherAccountError, match="under the name home") as caught:
        check(device("7", "rui"), device("8", "rui"))
    assert caught.value.account == "home"
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    "listing",
    [
        (device("1", "rui"), device("7", "rui")),
        (device("7"), device("8")),
        (device("7", "rui"), device("8")),
        (),
        (device("7", ""),),
    ],
    ids=["one device left", "the same user", "the user among others", "no device", "no user"],
)
def test_it_is_the_same_account_as_long_as_anything_may_be_the_same(
    listing: tuple[Device, ...],
) -> None:
    check(*listing)


def test_an_account_without_saved_devices_has_nothing_that_could_be_mixed_up() -> None:
    assert check(device("7", "rui"), saved=()) == "rui"


def test_a_store_that_knows_no_user_yet_learns_it() -> None:
    assert check(device("7", "rui"), user_id=None) == "rui"


def test_the_user_of_most_devices_stands_for_the_account() -> None:
    listing = (device("1", "rui"), device("2", "ana"), device("3", "ana"))
    assert check(*listing, user_id=None) == "ana"
    assert check(*listing[:2], user_id=None) == "ana"


def test_a_user_that_is_listed_still_is_kept_however_many_others_there_are() -> None:
    assert check(device("1", "rui"), device("2", "rui"), device("3"), user_id="ana") == "ana"


def test_a_new_token_of_another_user_of_the_same_devices_is_learnt() -> None:
    assert check(device("1", "rui"), device("2", "rui")) == "rui"


def test_what_says_nothing_changes_nothing() -> None:
    assert check() == "ana"
    assert check(user_id=None) is None


def test_a_user_id_of_any_kind_fails_no_listing() -> None:
    odd_ids: list[object] = [None, 7, [], {}, True]
    for odd in odd_ids:
        Device.model_validate({"id": "1", "connected": True, "user_id": odd})
    assert Device.model_validate({"id": "1", "connected": True}).user_id == ""
