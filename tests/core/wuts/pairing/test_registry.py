import pickle

import pytest

from wuts.pairing import PAIRINGS, PairingInProgressError, PairingRegistry

URL = "https://api.wuts.com.br"


def test_a_device_is_held_by_its_first_claim_only() -> None:
    registry = PairingRegistry()
    with registry.claim(URL, "1", "Home Assistant"):
        assert registry.owner(URL, "1") == "Home Assistant"
        with pytest.raises(PairingInProgressError) as caught, registry.claim(URL, "1", "Slack"):
            pytest.fail("the second claim was granted")
    assert caught.value.owner == "Home Assistant"
    assert caught.value.message == (
        "Home Assistant is already pairing this device. Wait until that is done."
    )


def test_a_refused_claim_does_not_free_the_device() -> None:
    registry = PairingRegistry()
    with registry.claim(URL, "1", "Home Assistant"):
        with pytest.raises(PairingInProgressError), registry.claim(URL, "1", "Slack"):
            pytest.fail("the second claim was granted")
        assert registry.owner(URL, "1") == "Home Assistant"


def test_a_device_is_free_after_its_claim_however_that_ends() -> None:
    registry = PairingRegistry()
    with pytest.raises(LookupError), registry.claim(URL, "1", "Home Assistant"):
        raise LookupError
    assert registry.owner(URL, "1") is None
    with registry.claim(URL, "1", "Slack"):
        assert registry.owner(URL, "1") == "Slack"


def test_other_devices_and_other_gateways_are_free() -> None:
    registry = PairingRegistry()
    with (
        registry.claim(URL, "1", "Home Assistant"),
        registry.claim(URL, "2", "Slack"),
        registry.claim("http://127.0.0.1:8471", "1", "a terminal"),
    ):
        assert registry.owner(URL, "2") == "Slack"


def test_one_registry_serves_the_process() -> None:
    assert isinstance(PAIRINGS, PairingRegistry)
    assert PairingRegistry().owner(URL, "1") is PAIRINGS.owner(URL, "1") is None


def test_the_error_survives_pickling() -> None:
    copy = pickle.loads(pickle.dumps(PairingInProgressError("Slack")))  # noqa: S301 - our own bytes
    assert copy.owner == "Slack"
    assert str(copy) == str(PairingInProgressError("Slack"))
