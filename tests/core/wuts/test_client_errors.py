from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.core.wuts.calls import (
    CALLS_ABOUT_A_DEVICE,
    CALLS_THAT_MAKE_CODES,
    DELETE_DEVICE,
    DISCONNECT,
    EVERY_CALL,
    OTHER_CALLS,
    PAIR_CODE,
    STATUS,
    Call,
)
from tests.core.wuts.conftest import MakeClient, StartSimulator
from tests.core.wuts.outcomes import error_of
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.values import DEVICE, TOKEN
from wuts import WutsClient
from wuts.errors import (
    DeviceNotConnectedError,
    DeviceNotFoundError,
    ForbiddenError,
    GatewayBusyError,
    GatewayError,
    InvalidTokenError,
    PortClosedError,
    QrNotReadyError,
    RateLimitedError,
    RequestRefusedError,
    WutsConnectionError,
    WutsError,
    WutsTimeoutError,
)
from wuts.http import endpoints
from wuts_simulator import DialectName, Fault, FaultKind, Settings, Simulator

every_call = pytest.mark.parametrize("call", EVERY_CALL, ids=str)


async def failure(call: Call, client: WutsClient, sim: Simulator, fault: Fault) -> WutsError:
    """Make a call that a fault strikes, and return the error."""
    device = call.device(sim)
    sim.world.faults.add(fault)
    return await error_of(call.make(client, device.id))


def break_off_soon(monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    """Let a call wait for a moment only; nothing real hangs for less than its usual time."""
    patient = getattr(endpoints, call.constant)
    monkeypatch.setattr(endpoints, call.constant, replace(patient, timeout=0.05))


@every_call
async def test_no_connection(call: Call, make_client: MakeClient, closed_port: int) -> None:
    client = make_client(f"http://127.0.0.1:{closed_port}")
    error = await error_of(call.make(client, DEVICE))
    assert type(error) is PortClosedError
    assert error.status is None
    assert "cannot be reached" in error.message


@pytest.mark.parametrize("call", OTHER_CALLS, ids=str)
async def test_a_gateway_that_never_answers_is_a_time_out(
    call: Call, client: WutsClient, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_off_soon(monkeypatch, call)
    error = await failure(call, client, sim, Fault(kind=FaultKind.HANG))
    assert type(error) is WutsTimeoutError


async def test_a_gateway_that_never_comes_to_the_end_of_its_answer_is_a_time_out(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_off_soon(monkeypatch, STATUS)
    async with RawGateway(endless=True) as gateway:
        error = await error_of(STATUS.make(make_client(gateway.url), DEVICE))
    assert type(error) is WutsTimeoutError


@pytest.mark.parametrize("call", CALLS_THAT_MAKE_CODES, ids=str)
async def test_a_time_out_of_a_call_that_waits_for_whatsapp_is_a_qr_not_ready(
    call: Call, client: WutsClient, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_off_soon(monkeypatch, call)
    error = await failure(call, client, sim, Fault(kind=FaultKind.HANG))
    assert type(error) is QrNotReadyError
    assert error.status is None


@pytest.mark.parametrize("call", CALLS_THAT_MAKE_CODES, ids=str)
async def test_a_504_of_a_call_that_waits_for_whatsapp_is_a_qr_not_ready(
    call: Call, client: WutsClient, sim: Simulator
) -> None:
    error = await failure(call, client, sim, Fault(kind=FaultKind.STATUS, status=504))
    assert type(error) is QrNotReadyError
    assert error.status == 504


async def test_a_500_that_tells_of_the_same_is_a_qr_not_ready_too(
    client: WutsClient, sim: Simulator
) -> None:
    error = await failure(PAIR_CODE, client, sim, Fault(kind=FaultKind.STATUS, status=500))
    assert type(error) is QrNotReadyError


@every_call
@pytest.mark.parametrize("dialect", DialectName)
async def test_a_wrong_token(
    call: Call, dialect: DialectName, start_simulator: StartSimulator, make_client: MakeClient
) -> None:
    sim = await start_simulator(Settings(dialect=dialect))
    device = call.device(sim)
    sim.world.revoke_token(TOKEN)
    error = await error_of(call.make(make_client(sim.url), device.id))
    assert type(error) is InvalidTokenError
    assert error.status == 401


async def test_a_device_of_another_user(client: WutsClient, sim: Simulator) -> None:
    sim.world.add_tenant("home/eve", "token-of-eve")
    device = sim.world.add_device("home/eve")
    error = await error_of(DELETE_DEVICE.make(client, device.id))
    assert type(error) is ForbiddenError
    assert (error.status, error.error_code) == (403, "FORBIDDEN")


@every_call
async def test_whatever_is_not_ours(call: Call, client: WutsClient, sim: Simulator) -> None:
    error = await failure(call, client, sim, Fault(kind=FaultKind.STATUS, status=403))
    assert type(error) is ForbiddenError


@pytest.mark.parametrize("call", CALLS_ABOUT_A_DEVICE, ids=str)
async def test_no_such_device(call: Call, client: WutsClient) -> None:
    error = await error_of(call.make(client, DEVICE))
    expected = DeviceNotConnectedError if call is DISCONNECT else DeviceNotFoundError
    assert type(error) is expected
    assert error.status == 404


@pytest.mark.parametrize("call", CALLS_ABOUT_A_DEVICE, ids=str)
async def test_a_device_of_another_account_is_none(
    call: Call, client: WutsClient, sim: Simulator
) -> None:
    sim.world.add_tenant("office")
    device = sim.world.add_device("office", state=call.state)
    error = await error_of(call.make(client, device.id))
    assert isinstance(error, DeviceNotFoundError | DeviceNotConnectedError)


@every_call
@pytest.mark.parametrize("status", [502, 503])
async def test_a_busy_gateway_says_how_long_to_wait(
    call: Call, status: int, client: WutsClient, sim: Simulator
) -> None:
    fault = Fault(kind=FaultKind.STATUS, status=status, retry_after="7")
    error = await failure(call, client, sim, fault)
    assert isinstance(error, GatewayBusyError)
    assert (error.status, error.retry_after) == (status, 7)


@every_call
async def test_a_gateway_that_is_down_is_busy(
    call: Call, client: WutsClient, sim: Simulator
) -> None:
    device = call.device(sim)
    sim.world.break_for(60)
    error = await error_of(call.make(client, device.id))
    assert isinstance(error, GatewayBusyError)
    assert error.retry_after is None


@every_call
async def test_too_many_requests(call: Call, client: WutsClient, sim: Simulator) -> None:
    fault = Fault(kind=FaultKind.STATUS, status=429, retry_after="30")
    error = await failure(call, client, sim, fault)
    assert isinstance(error, RateLimitedError)
    assert (error.status, error.retry_after) == (429, 30)


@pytest.mark.parametrize("skew", [0.0, 3600.0, -3600.0])
async def test_a_date_to_wait_for_is_read_by_the_gateways_own_clock(
    skew: float, start_simulator: StartSimulator, make_client: MakeClient
) -> None:
    sim = await start_simulator(Settings())
    now = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=skew)
    fault = Fault(
        kind=FaultKind.STATUS,
        status=429,
        retry_after=format_datetime(now + timedelta(seconds=30), usegmt=True),
        headers={"Date": format_datetime(now, usegmt=True)},
    )
    error = await failure(STATUS, make_client(sim.url), sim, fault)
    assert isinstance(error, RateLimitedError)
    assert error.retry_after == 30


@pytest.mark.parametrize("call", OTHER_CALLS, ids=str)
async def test_a_gateway_that_fails(call: Call, client: WutsClient, sim: Simulator) -> None:
    fault = Fault(kind=FaultKind.STATUS, status=500, error="database gone", error_code="DB")
    error = await failure(call, client, sim, fault)
    assert type(error) is GatewayError
    assert (error.status, error.error_code) == (500, "DB")
    assert "database gone" in error.message


@every_call
@pytest.mark.parametrize("status", [200, 400, 422])
async def test_an_answer_that_says_it_is_no_success(
    call: Call, status: int, client: WutsClient, sim: Simulator
) -> None:
    body = {"success": False, "error": "not today", "error_code": "NOT_TODAY"}
    error = await failure(call, client, sim, Fault(kind=FaultKind.BODY, status=status, body=body))
    assert type(error) is RequestRefusedError
    assert (error.status, error.error_code) == (status, "NOT_TODAY")
    assert "not today" in error.message


@every_call
async def test_a_connection_that_breaks_in_the_middle_of_an_answer(
    call: Call, client: WutsClient, sim: Simulator
) -> None:
    error = await failure(call, client, sim, Fault(kind=FaultKind.RESET))
    assert type(error) is WutsConnectionError
    assert "broke" in error.message


@every_call
async def test_nothing_is_tried_twice(call: Call, client: WutsClient, sim: Simulator) -> None:
    await failure(call, client, sim, Fault(kind=FaultKind.STATUS, status=503))
    assert sim.world.requests.by_endpoint == {call.endpoint: 1}
