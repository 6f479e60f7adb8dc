from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.core.wuts.values import CODE, DEVICE, PAYLOAD, PHONE, Json
from wuts.models import (
    CODE_DEFAULT_LIFETIME,
    QR_DEFAULT_LIFETIME,
    QR_LONGEST_LIFETIME,
    ConnectResult,
    ContactCheck,
    Device,
    Model,
    PairCode,
    QrCode,
    QrStatus,
    SentMessage,
    SessionStatus,
    Webhook,
)

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
JID = f"{PHONE}@s.whatsapp.net"


def status(**fields: Json) -> SessionStatus:
    return SessionStatus.model_validate({"connected": True, "is_logged_in": True, **fields})


def listed(**fields: Json) -> Device:
    return Device.model_validate({"id": DEVICE, "connected": False, **fields})


def test_a_model_cannot_be_changed() -> None:
    device = Device(id=DEVICE, connected=False)
    with pytest.raises(ValidationError, match="frozen"):
        device.name = "another"  # type: ignore[misc]


def test_an_unknown_field_is_ignored() -> None:
    device = Device.model_validate({"id": DEVICE, "connected": False, "battery": {"level": 80}})
    assert device == Device(id=DEVICE, connected=False)


@pytest.mark.parametrize(
    "moment", ["", None, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00", "soon", True]
)
def test_a_blank_null_zero_or_unreadable_time_is_no_time(moment: str | None) -> None:
    assert listed(last_seen=moment).last_seen is None


@pytest.mark.parametrize(
    "moment", ["2026-03-14T12:00:00Z", "2026-03-14T09:00:00-03:00", "2026-03-14T12:00:00"]
)
def test_a_time_is_one_moment_whatever_its_zone(moment: str) -> None:
    assert listed(last_seen=moment).last_seen == NOON


def test_null_and_blank_texts_are_read_as_nothing() -> None:
    assert listed(name=None, whatsapp_jid="") == Device(id=DEVICE, name="", connected=False)
    assert listed(whatsapp_jid=None) == Device(id=DEVICE, connected=False)


@pytest.mark.parametrize("device_id", ["", None, 7])
def test_a_device_without_an_id_is_none(device_id: object) -> None:
    with pytest.raises(ValidationError):
        Device.model_validate({"id": device_id, "connected": False})


def test_a_listing_that_does_not_say_whether_a_device_is_connected_is_not_believed() -> None:
    with pytest.raises(ValidationError):
        Device.model_validate({"id": DEVICE})


def test_a_device_knows_the_number_of_its_phone() -> None:
    assert Device(id=DEVICE, connected=True, whatsapp_jid=JID).phone_number == PHONE
    assert Device(id=DEVICE, connected=False).phone_number is None


@pytest.mark.parametrize(("jid", "linked"), [(JID, True), ("", False), (None, False)])
def test_a_device_is_linked_when_it_shows_a_phone(jid: str | None, *, linked: bool) -> None:
    assert Device(id=DEVICE, connected=False, whatsapp_jid=jid).linked is linked


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({"phone_number": PHONE}, PHONE),
        ({"phone_number": "+55 (11) 99999-9999"}, PHONE),
        ({"jid": JID}, PHONE),
        ({"phone_number": "", "jid": "5511999999999:7@s.whatsapp.net"}, PHONE),
        ({"phone_number": None, "jid": None}, None),
        ({"phone_number": "unknown"}, None),
        ({}, None),
    ],
)
def test_a_status_knows_the_number_of_the_linked_phone(fields: Json, number: str | None) -> None:
    assert status(**fields).phone_number == number


@pytest.mark.parametrize(
    ("connected", "logged_in", "ready"),
    [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
)
def test_a_device_is_ready_when_connected_and_logged_in(
    connected: bool, logged_in: bool, *, ready: bool
) -> None:
    assert status(connected=connected, is_logged_in=logged_in).ready is ready


def test_credentials_show_in_the_login_or_in_the_jid() -> None:
    assert status(connected=False).has_credentials
    assert status(connected=False, is_logged_in=False, jid=JID).has_credentials
    assert not status(connected=True, is_logged_in=False).has_credentials


def test_the_life_of_a_qr_is_its_ttl_first_of_all() -> None:
    qr = QrCode(ttl=60, expires_at=NOON + timedelta(seconds=20), answered_at=NOON)
    assert qr.lifetime == 60


@pytest.mark.parametrize("skew", [timedelta(0), timedelta(hours=1), timedelta(hours=-1)])
def test_without_a_ttl_it_is_read_from_the_gateways_own_clock(skew: timedelta) -> None:
    qr = QrCode(expires_at=NOON + skew + timedelta(seconds=20), answered_at=NOON + skew)
    assert qr.lifetime == 20


@pytest.mark.parametrize(
    "qr",
    [QrCode(), QrCode(expires_at=NOON), QrCode(answered_at=NOON)],
    ids=["nothing is said", "the answer has no date", "no end is said"],
)
def test_a_qr_of_unknown_life_lives_for_thirty_seconds(qr: QrCode) -> None:
    assert qr.lifetime == QR_DEFAULT_LIFETIME == 30


@given(
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(timezones=st.timezones()),
    st.datetimes(timezones=st.timezones()),
)
def test_no_qr_lives_less_than_nothing_or_for_ever(
    ttl: float | None, expires_at: datetime, answered_at: datetime
) -> None:
    qr = QrCode(ttl=ttl, expires_at=expires_at, answered_at=answered_at)
    assert 0 <= qr.lifetime <= QR_LONGEST_LIFETIME


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_pair_code_lives_less_than_nothing_or_for_ever(expires_in: float) -> None:
    assert 0 <= PairCode(code=CODE, expires_in=expires_in).lifetime <= CODE_DEFAULT_LIFETIME


def test_a_pair_code_of_unknown_life_lives_for_five_minutes() -> None:
    assert PairCode(code=CODE).lifetime == 300


@pytest.mark.parametrize(
    "model",
    [
        Device(id=DEVICE, connected=True, whatsapp_jid=JID),
        status(jid=JID, phone_number=PHONE),
        QrCode(qr_code=PAYLOAD, image="data:image/png;base64,hidden"),
        PairCode(code=CODE, phone=PHONE, instructions=f"Digite {CODE}."),
        ContactCheck(results={PHONE: True}),
        SentMessage(message_id="1", chat_jid=JID),
        Webhook(webhook_url="https://hooks.example.com/?key=hidden", headers={"X-Hook": "hidden"}),
    ],
    ids=lambda model: type(model).__name__,
)
def test_no_repr_shows_a_secret(model: Model) -> None:
    shown = f"{model!r} {model}"
    assert type(model).__name__ in shown
    for secret in (PHONE, PAYLOAD, CODE, "hidden"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (SessionStatus, {"connected": PHONE, "is_logged_in": True}),
        (QrStatus, {"exists": PAYLOAD}),
        (ConnectResult, {"needs_qr": PAYLOAD}),
        (PairCode, {"code": CODE * 10}),
    ],
)
def test_no_refused_value_is_repeated(model: type[Model], fields: Json) -> None:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(fields)
    for secret in (PHONE, PAYLOAD, CODE):
        assert secret not in str(caught.value)
