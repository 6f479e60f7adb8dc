"""An observer of calls learns the result of each, and can harm none."""

import asyncio
import logging

import pytest

from tests.core.wuts.values import DEVICE, TOKEN
from wuts import ErrorCode, WutsClient
from wuts.errors import DeviceNotFoundError, GatewayBusyError, UnexpectedAnswerError, WutsError
from wuts.http import endpoints
from wuts.http.endpoints import ENDPOINTS, Endpoint
from wuts_simulator import EndpointName, Fault, FaultKind, Simulator


class Observer:
    """Keeps what it gets."""

    def __init__(self) -> None:
        self.calls: list[tuple[Endpoint, ErrorCode | None]] = []
        self.seconds: list[float] = []

    def __call__(self, endpoint: Endpoint, code: ErrorCode | None, seconds: float) -> None:
        self.calls.append((endpoint, code))
        self.seconds.append(seconds)


async def test_each_call_is_told_with_what_came_of_it(sim: Simulator) -> None:
    seen = Observer()
    sim.world.faults.add(
        Fault(kind=FaultKind.HTML, endpoint=EndpointName.STATUS, status=200, times=1)
    )
    sim.world.faults.add(
        Fault(kind=FaultKind.STATUS, endpoint=EndpointName.CONNECT, status=503, times=1)
    )
    async with WutsClient(TOKEN, base_url=sim.url, on_call=seen) as client:
        await client.list_devices()
        with pytest.raises(UnexpectedAnswerError):
            await client.get_status(DEVICE)
        with pytest.raises(GatewayBusyError):
            await client.connect(DEVICE)
        with pytest.raises(DeviceNotFoundError):
            await client.get_status(DEVICE)
    assert seen.calls == [
        (endpoints.LIST_DEVICES, None),
        (endpoints.GET_STATUS, ErrorCode.UNEXPECTED_ANSWER),
        (endpoints.CONNECT, ErrorCode.GATEWAY_BUSY),
        (endpoints.GET_STATUS, ErrorCode.DEVICE_GONE),
    ]
    assert all(0 < one < 60 for one in seen.seconds)


async def test_a_gateway_that_cannot_be_reached_is_told_too(unused_tcp_port: int) -> None:
    seen = Observer()
    url = f"http://127.0.0.1:{unused_tcp_port}"
    async with WutsClient(TOKEN, base_url=url, on_call=seen) as client:
        with pytest.raises(WutsError):
            await client.list_devices()
    assert seen.calls == [(endpoints.LIST_DEVICES, ErrorCode.CONNECTION_REFUSED)]


async def test_what_the_observer_raises_reaches_no_caller_and_is_logged_once_as_an_error(
    sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_endpoint: Endpoint, _code: ErrorCode | None, _seconds: float) -> None:
        raise RuntimeError("no room")

    caplog.set_level(logging.DEBUG, "wuts.http.observer")
    async with WutsClient(TOKEN, base_url=sim.url, on_call=breaks) as client:
        await client.list_devices()
        with pytest.raises(DeviceNotFoundError):
            await client.get_status(DEVICE)
    records = [one for one in caplog.records if one.name == "wuts.http.observer"]
    assert [one.levelname for one in records] == ["ERROR", "DEBUG"]
    assert TOKEN not in caplog.text


async def test_a_call_that_is_cancelled_has_no_result_to_tell(sim: Simulator) -> None:
    seen = Observer()
    sim.world.faults.add(Fault(kind=FaultKind.HANG, endpoint=EndpointName.LIST_DEVICES))
    async with WutsClient(TOKEN, base_url=sim.url, on_call=seen) as client:
        call = asyncio.create_task(client.list_devices())
        async with asyncio.timeout(200):
            while not sim.world.requests.by_endpoint[EndpointName.LIST_DEVICES]:  # noqa: ASYNC110
                await asyncio.sleep(0.002)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    assert seen.calls == []


def test_every_endpoint_has_a_label_of_its_own_that_names_no_device() -> None:
    labels = [one.label for one in ENDPOINTS]
    assert endpoints.DELETE_DEVICE.label == "DELETE /devices/{id}"
    assert len(set(labels)) == len(labels) >= 16
