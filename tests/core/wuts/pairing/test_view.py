"""What a pairing looks like, moment by moment, without a clock of its own."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.wuts.qr_reader import read_png
from tests.core.wuts.values import CODE, OTHER_PHONE, PAYLOAD, PHONE
from wuts.errors import ErrorCode
from wuts.models import QrCode
from wuts.pairing import (
    CodeReady,
    Failed,
    FailureReason,
    NextStep,
    Paired,
    PairedHow,
    PairingEvent,
    PairingView,
    QrReady,
    Scanned,
    Stage,
    Stalled,
    StallReason,
    Waiting,
    WrongAccount,
)

START = 1000.0
EPOCH = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
VIEW = PairingView(owner="a test", now=START)


def qr(payload: str | None = PAYLOAD, lifetime: float = 60.0, number: int = 1) -> QrReady:
    content = QrCode(qr_code=payload)
    return QrReady(qr=content, expires_at=EPOCH, lifetime=lifetime, number=number)


CODE_READY = CodeReady(
    code=CODE, phone=PHONE, expires_at=EPOCH, lifetime=300, instructions=None, number=1
)
WAITING = Waiting(code=ErrorCode.GATEWAY_BUSY, reason="The gateway is busy.", retry_in=2.0)
SCANNED = Scanned(phone_number=PHONE)
PAIRED = Paired(phone_number=PHONE, how=PairedHow.LINKED)
WRONG = WrongAccount(phone_number=OTHER_PHONE, expected=PHONE)


def failed(reason: FailureReason) -> Failed:
    return Failed(reason=reason, message="Why.")


def test_a_pairing_begins_by_preparing() -> None:
    assert (VIEW.stage, VIEW.next_step) == (Stage.PREPARING, NextStep.WAIT)
    assert (VIEW.owner, VIEW.seconds_left, VIEW.is_expired) == ("a test", 0.0, False)
    assert VIEW.changes_at is None


async def test_a_qr_is_shown_with_the_time_it_has_left() -> None:
    view = VIEW.after(qr(), START + 1)
    assert (view.stage, view.next_step) == (Stage.QR, NextStep.SCAN_QR)
    assert view.qr_payload == PAYLOAD
    assert read_png(await view.png() or b"") == PAYLOAD
    assert "█" in (view.qr_text() or "")
    assert view.seconds_left == 60
    assert view.at(START + 41).seconds_left == 20
    assert view.changes_at == START + 61


def test_a_code_is_shown_with_the_phone_it_is_for() -> None:
    view = VIEW.after(CODE_READY, START)
    assert (view.stage, view.next_step) == (Stage.CODE, NextStep.TYPE_CODE)
    assert (view.code, view.phone_number, view.seconds_left) == (CODE, PHONE, 300)
    assert view.qr_payload is None


@pytest.mark.parametrize("offer", [qr(), CODE_READY])
async def test_an_expired_offer_is_taken_down(offer: QrReady | CodeReady) -> None:
    view = VIEW.after(offer, START)
    assert not view.at(START + offer.lifetime - 0.1).is_expired
    view = view.at(START + offer.lifetime)
    assert (view.stage, view.next_step) == (Stage.PREPARING, NextStep.WAIT)
    assert (view.is_expired, view.seconds_left, view.changes_at) == (True, 0.0, None)
    assert (view.code, view.qr_payload, view.qr_text(), await view.png()) == (None,) * 4
    assert not view.after(qr(number=2), START + 999).is_expired


def test_a_fresh_qr_takes_the_place_of_the_one_before() -> None:
    view = VIEW.after(qr(), START).after(qr("another", number=2), START + 30)
    assert (view.qr_payload, view.seconds_left) == ("another", 60)


def test_an_offer_that_is_dead_on_arrival_is_never_shown() -> None:
    assert VIEW.after(qr(lifetime=0), START).stage is Stage.PREPARING


async def test_a_qr_without_a_payload_has_no_text() -> None:
    view = VIEW.after(qr(payload=None), START)
    assert (view.stage, view.qr_payload, view.qr_text()) == (Stage.QR, None, None)


def test_a_trouble_is_told_for_as_long_as_there_is_nothing_to_show() -> None:
    view = VIEW.after(WAITING, START)
    assert (view.stage, view.next_step) == (Stage.WAITING, NextStep.WAIT)
    assert (view.notice, view.retry_in, view.changes_at) == (WAITING, 2.0, None)
    assert view.at(START + 100).notice == WAITING
    assert view.at(START + 100).retry_in == 0.0
    assert view.after(qr(), START + 100).notice is None


@pytest.mark.parametrize("shown", [qr(), SCANNED])
def test_a_trouble_beside_something_else_is_told_for_a_while(shown: PairingEvent) -> None:
    view = VIEW.after(shown, START).after(WAITING, START + 1)
    assert view.stage is VIEW.after(shown, START).stage
    assert view.notice == WAITING
    assert view.changes_at == START + 11
    view = view.at(START + 11)
    assert view.notice is None
    assert view.waiting == WAITING


def test_a_long_wait_is_told_to_its_end() -> None:
    view = VIEW.after(qr(), START).after(
        Waiting(code=ErrorCode.RATE_LIMITED, reason="Slow down.", retry_in=30.0), START
    )
    assert view.changes_at == START + 30


def test_an_expired_qr_uncovers_a_trouble() -> None:
    view = VIEW.after(qr(), START).after(WAITING, START + 1).at(START + 60)
    assert (view.stage, view.notice, view.is_expired) == (Stage.WAITING, WAITING, True)


def test_a_scan_takes_the_qr_down() -> None:
    view = VIEW.after(qr(), START).after(SCANNED, START + 5)
    assert (view.stage, view.next_step) == (Stage.SCANNED, NextStep.KEEP_PHONE_ONLINE)
    assert (view.qr_payload, view.phone_number, view.changes_at) == (None, PHONE, None)
    assert not view.is_expired


@pytest.mark.parametrize(
    ("reason", "next_step"),
    [
        (StallReason.PASSKEY_SUSPECTED, NextStep.LOOK_AT_PHONE),
        (StallReason.PHONE_OFFLINE, NextStep.KEEP_PHONE_ONLINE),
        (StallReason.LINK_DROPPED, NextStep.KEEP_PHONE_ONLINE),
    ],
)
def test_while_it_is_stalled_nothing_can_be_scanned(
    reason: StallReason, next_step: NextStep
) -> None:
    stalled = Stalled(reason=reason)
    view = VIEW.after(qr(), START).after(SCANNED, START + 5).after(stalled, START + 20)
    assert (view.stage, view.next_step, view.stalled) == (Stage.STALLED, next_step, stalled)
    assert (view.offer, view.phone_number, view.is_expired) == (None, PHONE, False)


@pytest.mark.parametrize("event", [SCANNED, qr(), CODE_READY, PAIRED])
def test_what_follows_a_stall_takes_it_back(event: PairingEvent) -> None:
    stalled = VIEW.after(Stalled(reason=StallReason.PASSKEY_SUSPECTED), START)
    view = stalled.after(event, START + 1)
    assert view == VIEW.after(event, START + 1)


def test_beside_a_stall_a_trouble_is_shown_for_a_while() -> None:
    stalled = VIEW.after(Stalled(reason=StallReason.PHONE_OFFLINE), START)
    view = stalled.after(WAITING, START + 1)
    assert (view.stage, view.notice) == (Stage.STALLED, WAITING)
    assert view.at(START + 30).notice is None


@pytest.mark.parametrize(
    ("outcome", "stage", "next_step", "number"),
    [
        (PAIRED, Stage.PAIRED, NextStep.NOTHING, PHONE),
        (WRONG, Stage.WRONG_ACCOUNT, NextStep.KEEP_OR_UNLINK, OTHER_PHONE),
        (failed(FailureReason.LINK_DROPPED), Stage.FAILED, NextStep.CHECK_PHONE, None),
    ],
)
def test_an_outcome_is_the_end(
    outcome: Paired | WrongAccount | Failed, stage: Stage, next_step: NextStep, number: str | None
) -> None:
    view = VIEW.after(qr(), START).after(WAITING, START).after(outcome, START + 5)
    assert (view.stage, view.next_step, view.phone_number) == (stage, next_step, number)
    assert (view.outcome, view.offer, view.notice, view.changes_at) == (outcome, None, None, None)


@pytest.mark.parametrize("reason", list(FailureReason))
def test_every_failure_has_a_next_step(reason: FailureReason) -> None:
    stalled = VIEW.after(Stalled(reason=StallReason.PHONE_OFFLINE), START)
    view = stalled.after(failed(reason), START)
    assert view.next_step is VIEW.after(failed(reason), START).next_step
    assert view.next_step not in {NextStep.WAIT, NextStep.NOTHING}


def test_the_repr_keeps_what_is_shown_to_itself() -> None:
    for event in (qr(), CODE_READY, SCANNED, PAIRED, WRONG):
        shown = repr(VIEW.after(event, START))
        for secret in (PAYLOAD, CODE, PHONE, OTHER_PHONE):
            assert secret not in shown


EVENTS = st.sampled_from((qr(), qr(lifetime=1.0), CODE_READY, WAITING, SCANNED))


@given(st.lists(st.tuples(EVENTS, st.floats(0, 100))), st.floats(0, 1000))
def test_a_view_is_the_same_however_often_it_is_looked_at(
    course: list[tuple[PairingEvent, float]], later: float
) -> None:
    view, looked, now = VIEW, VIEW, START
    for event, pause in course:
        while looked.changes_at is not None and looked.changes_at <= now + pause:
            assert looked.at(looked.changes_at) != looked
            looked = looked.at(looked.changes_at)
        now += pause
        view, looked = view.after(event, now), looked.after(event, now)
        assert looked == view
        assert (view.seconds_left > 0) is (view.stage in {Stage.QR, Stage.CODE})
        assert view.changes_at is None or view.changes_at > now
    assert looked.at(now + later) == view.at(now + later)
