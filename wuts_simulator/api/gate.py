"""The way every request of the contract goes: counted, perhaps spoiled, answered."""

import asyncio
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler as WebHandler

from wuts_simulator.answers import Answer
from wuts_simulator.endpoint_names import EndpointName
from wuts_simulator.error_answers import error_answer
from wuts_simulator.errors import ApiError
from wuts_simulator.faults import Fault, FaultKind
from wuts_simulator.spoiling import spoil, substitute, with_headers
from wuts_simulator.wire import abort, reset, to_response
from wuts_simulator.world import World

from .call import Call
from .endpoints import ENDPOINTS, Handler


class Gate:
    """Answers the contract out of a world.

    Args:
        world: The gateway's state.
        closing: Set when the server stops, so that hanging requests let go.
    """

    def __init__(self, world: World, closing: asyncio.Event) -> None:
        self._world = world
        self._closing = closing

    def add_routes(self, app: web.Application) -> None:
        """Put every call of the contract into an application."""
        for endpoint, handler in ENDPOINTS.items():
            app.router.add_route(endpoint.method, endpoint.path, self._route(endpoint, handler))

    def _route(self, endpoint: EndpointName, handler: Handler) -> WebHandler:
        async def route(request: web.Request) -> web.StreamResponse:
            return await self._answer(Call(request, endpoint, self._world), handler)

        return route

    async def _answer(self, call: Call, handler: Handler) -> web.StreamResponse:
        """Answer one request, in good order or as a fault asks."""
        self._world.sessions.settle()
        device_id = await self._device_id_if_it_matters(call)
        with self._world.requests.counted(call.endpoint, device_id):
            await call.take(self._world.settings.latency)
            if self._world.is_down:
                return to_response(_render(call, _down()))
            fault = self._take_fault(call, device_id)
            if fault is None:
                return to_response(await _right_answer(call, handler))
            return await self._spoiled(call, handler, fault)

    async def _device_id_if_it_matters(self, call: Call) -> str | None:
        """Spare most requests the search: only faults and ``/connect`` are kept by device."""
        if self._world.faults or call.endpoint is EndpointName.CONNECT:
            return await call.meant_device_id()
        return None

    def _take_fault(self, call: Call, device_id: str | None) -> Fault | None:
        if not self._world.faults:
            return None
        user = call.sender()
        tenant = user.tenant.name if user else None
        return self._world.faults.take(call.endpoint, device_id, tenant)

    async def _spoiled(self, call: Call, handler: Handler, fault: Fault) -> web.StreamResponse:
        if fault.kind is FaultKind.HANG:
            return await self._hang(call.request)
        instead = substitute(fault, call.endpoint)
        if instead is not None:
            return to_response(with_headers(instead, fault))
        if fault.kind is FaultKind.LATENCY:
            await call.take(fault.seconds)
        answer = with_headers(spoil(await _right_answer(call, handler), fault), fault)
        if fault.kind is FaultKind.RESET:
            return await reset(call.request, answer)
        return to_response(answer)

    async def _hang(self, request: web.Request) -> web.StreamResponse:
        """Never answer. aiohttp cancels this when the client leaves."""
        await self._closing.wait()
        abort(request)
        return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)


async def _right_answer(call: Call, handler: Handler) -> Answer:
    try:
        return await handler(call)
    except ApiError as error:
        return _render(call, error)


def _down() -> ApiError:
    return ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "service unavailable", "SERVICE_UNAVAILABLE")


def _render(call: Call, error: ApiError) -> Answer:
    with_code = not call.endpoint.is_about_session
    return error_answer(error, with_code=with_code, at=call.world.sessions.calendar())
