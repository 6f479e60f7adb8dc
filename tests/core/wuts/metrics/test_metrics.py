"""What is counted, beginning at 0, with names and labels that stay."""

import platform
from datetime import UTC, datetime

import pytest

from tests.core.wuts.metrics.figures import figure, samples
from tests.core.wuts.supervisor.home import ACCOUNT, Home, until
from tests.core.wuts.values import DEVICE, TOKEN
from wuts import ErrorCode, WutsClient
from wuts.errors import DeviceNotFoundError, WutsError
from wuts.http.endpoints import ENDPOINTS
from wuts.metrics import CATALOGUE, Kind, Metrics, PairingResult, WebhookResult, pairing_result
from wuts.pairing import (
    Failed,
    FailureReason,
    Outcome,
    Paired,
    PairedHow,
    Unchecked,
    WrongAccount,
)
from wuts.supervisor import DeviceState, Reason, StateChanged, TaskTrouble
from wuts_simulator import Simulator

NOW = datetime(2026, 11, 23, tzinfo=UTC)
REQUESTS = "wuts_gateway_requests_total"
SECONDS = "wuts_gateway_request_duration_seconds"


def test_the_program_says_what_it_is(metrics: Metrics) -> None:
    python = platform.python_version()
    labels = {"program": "test", "version": "1.2.3", "python": python}
    assert figure(metrics, "wuts_build_info", **labels) == 1


async def test_requests_are_counted_by_endpoint_and_code(metrics: Metrics, sim: Simulator) -> None:
    async with WutsClient(TOKEN, base_url=sim.url, on_call=metrics.on_call) as client:
        await client.list_devices()
        await client.list_devices()
        with pytest.raises(DeviceNotFoundError):
            await client.get_status(DEVICE)
    assert figure(metrics, REQUESTS, endpoint="GET /devices", code="ok") == 2
    assert figure(metrics, REQUESTS, endpoint="GET /status", code="device_gone") == 1
    assert figure(metrics, REQUESTS, endpoint="GET /status", code="ok") == 0
    assert figure(metrics, f"{SECONDS}_count", endpoint="GET /devices") == 2
    assert figure(metrics, f"{SECONDS}_count", endpoint="POST /connect") == 0
    assert 0 < (figure(metrics, f"{SECONDS}_sum", endpoint="GET /devices") or 0) < 60
    assert DEVICE not in metrics.text().decode()


def test_a_request_can_end_in_no_way_that_does_not_begin_at_0(metrics: Metrics) -> None:
    begun = {
        (one.labels["endpoint"], one.labels["code"]): one.value
        for one in samples(metrics)
        if one.name == REQUESTS
    }
    codes = {"ok", *codes_of_calls()}
    assert begun == {(one.label, code): 0 for one in ENDPOINTS for code in codes}


def codes_of_calls() -> set[ErrorCode]:
    """Return the codes of what a single request can raise: all that answers and connections do."""
    modules = {"wuts.errors.answers", "wuts.errors.connection"}
    classes = [*subclasses(WutsError)]
    found = {one.code for one in classes if one.__module__ in modules}
    return found - {ErrorCode.NOT_VERIFIED} | {ErrorCode.USAGE, ErrorCode.INVALID_PHONE_NUMBER}


def subclasses(base: type[WutsError]) -> list[type[WutsError]]:
    return [one for child in base.__subclasses__() for one in (child, *subclasses(child))]


PHONE = "5511999999999"
OUTCOMES: list[tuple[Outcome | None, PairingResult]] = [
    (None, PairingResult.CANCELLED),
    (Paired(phone_number=PHONE, how=PairedHow.LINKED), PairingResult.PAIRED),
    (Paired(phone_number=PHONE, how=PairedHow.RECONNECTED), PairingResult.ALREADY_PAIRED),
    (Paired(phone_number=PHONE, how=PairedHow.ALREADY_CONNECTED), PairingResult.ALREADY_PAIRED),
    (WrongAccount(phone_number=PHONE, expected="5521988888888"), PairingResult.WRONG_ACCOUNT),
    (Unchecked(expected=PHONE, how=PairedHow.LINKED), PairingResult.UNCHECKED),
    (Failed(reason=FailureReason.DEADLINE_PASSED, message=""), PairingResult.FAILED),
    (Failed(reason=FailureReason.PAIRING_IN_PROGRESS, message=""), PairingResult.IN_PROGRESS),
]


@pytest.mark.parametrize(("outcome", "result"), OUTCOMES)
def test_pairings_are_counted_by_how_they_ended_and_how_long_they_took(
    metrics: Metrics, outcome: Outcome | None, result: PairingResult
) -> None:
    assert figure(metrics, "wuts_pairings_total", outcome=result) == 0
    metrics.pairing_ended(pairing_result(outcome), 42.0)
    seconds = "wuts_pairing_duration_seconds"
    assert figure(metrics, "wuts_pairings_total", outcome=result) == 1
    assert figure(metrics, f"{seconds}_sum", outcome=result) == 42
    assert figure(metrics, f"{seconds}_bucket", outcome=result, le="30.0") == 0
    assert figure(metrics, f"{seconds}_bucket", outcome=result, le="60.0") == 1


def test_every_end_of_a_pairing_begins_at_0(metrics: Metrics) -> None:
    for result in PairingResult:
        assert figure(metrics, "wuts_pairings_total", outcome=result) == 0
        assert figure(metrics, "wuts_pairing_duration_seconds_count", outcome=result) == 0


def test_deliveries_of_webhooks_are_counted(metrics: Metrics) -> None:
    metrics.webhook(WebhookResult.TAKEN)
    assert figure(metrics, "wuts_webhooks_total", outcome="taken") == 1
    assert figure(metrics, "wuts_webhooks_total", outcome="refused") == 0


async def test_what_fails_inside_the_supervisor_is_counted(metrics: Metrics) -> None:
    await metrics.on_event(TaskTrouble(task="outbox", problem="KeyError", at=NOW))
    metrics.task_failed("homes")
    assert figure(metrics, "wuts_task_failures_total", task="supervisor outbox") == 1
    assert figure(metrics, "wuts_task_failures_total", task="homes") == 1


async def test_tries_to_reconnect_begin_at_0_for_an_account_that_is_looked_after(
    metrics: Metrics, home: Home
) -> None:
    attempts = "wuts_connect_attempts_total"
    assert figure(metrics, attempts, account="home", outcome="failed") is None
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        supervisor.subscribe(metrics.on_event)
        with metrics.watching(supervisor):
            for outcome in ("reconnected", "failed", "unlinked"):
                assert figure(metrics, attempts, account="home", outcome=outcome) == 0
            home.world.drop(device_id)
            await home.until_told(device_id, DeviceState.RECONNECTING)
            await until(
                lambda: figure(metrics, attempts, account=ACCOUNT, outcome="reconnected") == 1
            )


def reconnected(account: str) -> StateChanged:
    return StateChanged(
        account=account,
        device_id="d1",
        device_name="Front desk",
        old=DeviceState.RECONNECTING,
        new=DeviceState.CONNECTED,
        reason=Reason.RECONNECTED,
        attempt=0,
        next_try=None,
        at=NOW,
    )


async def test_no_series_tells_when_it_began(metrics: Metrics) -> None:
    await metrics.on_event(reconnected("home"))
    assert b"_created" not in metrics.text()


def test_names_say_their_type_and_labels_are_in_order() -> None:
    endings = {Kind.COUNTER: "_total", Kind.HISTOGRAM: "_seconds"}
    names = [one.name for one in CATALOGUE]
    assert len(set(names)) == len(names)
    for one in CATALOGUE:
        assert one.name.startswith("wuts_")
        assert one.name.endswith(endings.get(one.kind, ""))
        assert one.labels == tuple(sorted(one.labels))
        assert one.kind is Kind.COUNTER or not one.name.endswith("_total")
