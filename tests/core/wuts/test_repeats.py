"""Which deliveries came before."""

from wuts.repeats import Repeats
from wuts.webhooks import Delivery


def delivery(delivery_id: str | None = "1", **told: object) -> Delivery:
    return Delivery(id=delivery_id, event="message.received", device_id="desk", data=told)


def test_a_delivery_with_the_same_id_is_a_repeat() -> None:
    repeats = Repeats()
    assert [repeats.is_repeat(delivery(one)) for one in "1121"] == [False, True, False, True]


def test_an_id_that_is_used_again_for_something_else_is_none() -> None:
    repeats = Repeats()
    assert not repeats.is_repeat(delivery(message_id="A"))
    assert not repeats.is_repeat(delivery(message_id="B"))
    assert not repeats.is_repeat(Delivery(id="1", event="device.connected", device_id="desk"))
    assert not repeats.is_repeat(Delivery(id="1", event="device.connected", device_id="shop"))
    assert repeats.is_repeat(delivery(message_id="A"))


def test_a_delivery_without_an_id_never_came_before() -> None:
    repeats = Repeats()
    assert not any(repeats.is_repeat(delivery(None, message_id="A")) for _ in range(3))


def test_only_the_latest_are_remembered() -> None:
    repeats = Repeats(most=100)
    for one in range(1000):
        assert not repeats.is_repeat(delivery(f"{one}"))
    assert repeats.is_repeat(delivery("900"))
    assert not repeats.is_repeat(delivery("899"))
    assert len(repeats.latest(1000)) == 100


def test_what_is_remembered_outlives_a_restart_and_tells_nothing() -> None:
    before = Repeats()
    for one in ("first", "second", "third"):
        before.is_repeat(delivery(one))
    kept = before.latest(2)
    assert not any("second" in one for one in kept)
    after = Repeats(kept)
    assert after.is_repeat(delivery("second"))
    assert after.is_repeat(delivery("third"))
    assert not after.is_repeat(delivery("first"))
