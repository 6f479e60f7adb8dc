"""Causes, from answers of the gateway and from webhooks, whose words are a stranger's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.wuts.supervisor.virtual import HOME, HOUR, World
from wuts.errors import GatewayBusyError
from wuts.supervisor import (
    Alert,
    AlertKind,
    AlertStatus,
    AlertStep,
    AlertUpdate,
    AlertUpdated,
    Cause,
    next_step,
)
from wuts.supervisor.account.work_queue import CallKind, Key
from wuts.supervisor.alerts import causes
from wuts.supervisor.alerts.causes import HintBook

NOW = 1_790_000_000.0
D0 = Key(HOME, "d0")
TOMORROW = datetime.fromtimestamp(NOW, UTC) + timedelta(days=1)


def alert(kind: AlertKind, cause: Cause | None = None, until: datetime | None = None) -> Alert:
    moment = datetime.fromtimestamp(NOW, UTC)
    return Alert(
        id="0" * 32,
        kind=kind,
        status=AlertStatus.RAISED,
        account=HOME,
        device_id="d0",
        device_name="D0",
        since=moment,
        at=moment,
        cause=cause,
        cause_until=until,
    )


@pytest.mark.parametrize("kind", AlertKind)
def test_every_kind_of_alert_has_a_next_step(kind: AlertKind) -> None:
    assert kind in causes._BY_KIND
    assert next_step(alert(kind)) in AlertStep


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_leads_to_a_next_step(cause: Cause) -> None:
    assert next_step(alert(AlertKind.NEEDS_PAIRING, cause, TOMORROW)) in AlertStep


def test_a_ban_is_to_be_waited_out() -> None:
    banned = alert(AlertKind.NEEDS_PAIRING, Cause.TEMPORARY_BAN, TOMORROW)
    assert next_step(banned) is AlertStep.WAIT_UNTIL
    assert next_step(replace(banned, cause_until=None)) is AlertStep.WAIT


@pytest.mark.parametrize(
    ("event", "kind", "cause"),
    [
        ("device.logged_out", AlertKind.NEEDS_PAIRING, Cause.UNLINKED),
        ("connection.pair_error", AlertKind.NEEDS_PAIRING, Cause.PAIR_ERROR),
        ("connection.temporary_ban", AlertKind.OFFLINE, Cause.TEMPORARY_BAN),
        ("connection.stream_replaced", AlertKind.FLAPPING, Cause.REPLACED),
        ("connection.keepalive_timeout", AlertKind.OFFLINE, Cause.KEEPALIVE_LOST),
    ],
)
def test_a_webhook_explains_what_follows_for_a_while(
    event: str, kind: AlertKind, cause: Cause
) -> None:
    hints = HintBook()
    assert hints.note(D0, event, {}, NOW)
    assert hints.explain(kind, D0, NOW + 60) == (cause, None)
    assert hints.explain(kind, Key(HOME, "d1"), NOW + 60) is None
    assert hints.explain(kind, D0, NOW + causes.BELIEVED_FOR) is None


@pytest.mark.parametrize("over", ["device.connected", "pair.success"])
def test_what_is_over_explains_nothing(over: str) -> None:
    hints = HintBook()
    hints.note(D0, "connection.stream_replaced", {}, NOW)
    assert not hints.note(D0, over, {}, NOW)
    assert hints.explain(AlertKind.OFFLINE, D0, NOW) is None


def test_a_webhook_explains_only_what_it_can() -> None:
    """That it was logged out says nothing of a device that is only offline."""
    hints = HintBook()
    hints.note(D0, "device.logged_out", {}, NOW)
    assert hints.explain(AlertKind.OFFLINE, D0, NOW) is None
    assert hints.explain(AlertKind.GATEWAY_DOWN, D0, NOW) is None


@pytest.mark.parametrize(
    "data",
    [
        {"expires_at": TOMORROW.isoformat()},
        {"expires_at": TOMORROW.isoformat().replace("+00:00", "Z")},
        {"until": TOMORROW.timestamp()},
        {"expires_in": 86_400},
        {"expires_at": "soon", "expire": 86_400.0},
    ],
)
def test_the_end_of_a_ban_is_read(data: dict[str, object]) -> None:
    hints = HintBook()
    hints.note(D0, "connection.temporary_ban", data, NOW)
    found = (Cause.TEMPORARY_BAN, TOMORROW)
    assert hints.explain(AlertKind.OFFLINE, D0, NOW + 23 * HOUR) == found
    assert hints.explain(AlertKind.OFFLINE, D0, NOW + 24 * HOUR) is None


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(
    event=st.sampled_from(["connection.temporary_ban", "connection.keepalive_timeout", "", "x"]),
    data=st.dictionaries(
        st.sampled_from(["expires_at", "until", "expires_in", "expire", "reason"]), _ANYTHING
    ),
)
def test_no_webhook_breaks_anything_or_is_believed_too_long(
    event: str, data: dict[str, object]
) -> None:
    hints = HintBook()
    hints.note(D0, event, data, NOW)
    found = hints.explain(AlertKind.OFFLINE, D0, NOW)
    if found is not None and found[1] is not None:
        assert NOW < found[1].timestamp() < NOW + causes.LONGEST_BAN.total_seconds()
    later = NOW + causes.LONGEST_BAN.total_seconds()
    assert hints.explain(AlertKind.OFFLINE, D0, later) is None


def test_a_flood_of_webhooks_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(causes, "MOST_HINTS", 10)
    hints = HintBook()
    for number in range(100):
        hints.note(Key(HOME, f"d{number}"), "connection.stream_replaced", {}, NOW)
    assert len(hints._hints) == 10
    assert hints.explain(AlertKind.OFFLINE, Key(HOME, "d99"), NOW) is not None


def world() -> World:
    found = World()
    found.gateway.add("d0", "d1", "d2")
    found.start()
    found.run(HOUR)
    return found


def test_needs_qr_proves_that_the_phone_unlinked_the_device() -> None:
    found = world()
    found.gateway.unlink("d0")
    found.run(60)
    [raised] = found.alerts(AlertKind.NEEDS_PAIRING)
    assert (raised.cause, raised.device_id) == (Cause.UNLINKED, "d0")


def test_a_gateway_whose_devices_drop_together_says_so() -> None:
    found = world()
    found.gateway.drop()
    found.gateway.hangs = lambda call: call.kind.value == "connect"
    found.run(300)
    [raised] = found.alerts(AlertKind.GATEWAY_DOWN)[:1]
    assert raised.cause is Cause.DROPPED_WITH_MOST
    assert next_step(raised) is AlertStep.WAIT


def test_a_gateway_that_is_only_away_has_no_cause_even_after_one_that_had() -> None:
    found = world()
    found.gateway.drop()
    found.gateway.fault = lambda call: GatewayBusyError() if call.kind is CallKind.CONNECT else None
    found.run(300)
    found.gateway.fault = lambda _: None
    found.run(HOUR)
    found.gateway.is_down = True
    found.run(HOUR)
    first, *_, last = found.alerts(AlertKind.GATEWAY_DOWN)
    assert (first.status, first.cause) == (AlertStatus.RAISED, Cause.DROPPED_WITH_MOST)
    assert (last.status, last.cause) == (AlertStatus.RAISED, None)


def test_a_webhook_that_comes_later_explains_an_open_alert() -> None:
    found = world()
    found.gateway.unlink("d0")
    found.run(60)
    found.controller.desk.hint(D0, "connection.temporary_ban", {"expires_in": 3_600}, found.now)
    found.dispatch()
    [update] = [one for one in found.events if isinstance(one, AlertUpdated)]
    assert (update.update, update.alert.cause) == (AlertUpdate.CAUSE, Cause.TEMPORARY_BAN)
    [kept] = found.controller.alerts.open_alerts()
    assert kept == update.alert
    assert next_step(kept) is AlertStep.WAIT_UNTIL
