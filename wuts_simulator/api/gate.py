"""What every request of the contract goes through: it is counted, perhaps spoiled, answered."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler as WebHandler

from wuts_simulator.answers import Answer, abort, reset
from wuts_simulator.contract import EndpointName
from wuts_simulator.errors import ApiError
from wuts_simulator.faults import Fault, FaultKind
from wuts_simulator.spoiling import spoil, substitute, with_headers
from wuts_simulator.world import World

from . import contacts, devices, pairing, sending, session, webhooks
from .call import Call

type Handler = Callable[[Call], Awaitable[Answer]]

_HANDLERS: dict[EndpointName, Handler] = {
    EndpointName.CREATE_DEVICE: devices.create_device,
    EndpointName.LIST_DEVICES: devices.list_devices,
    EndpointName.USER_DEVICES: devices.list_own_devices,
    EndpointName.DELETE_DEVICE: devices.delete_device,
    EndpointName.QR: pairing.get_qr,
    EndpointName.QR_STATUS: pairing.get_qr_status,
    EndpointName.PAIR_CODE: pairing.create_pair_code,
    EndpointName.STATUS: session.get_status,
    EndpointName.CONNECT: session.connect,
    EndpointName.DISCONNECT: session.disconnect,
    EndpointName.LOGOUT: session.logout,
    EndpointName.CHECK_CONTACTS: contacts.check_contacts,
    EndpointName.CONTACTS: contacts.list_contacts,
    EndpointName.GROUPS: contacts.list_groups,
    **dict.fromkeys(sending.SENDS, sending.send),
    EndpointName.GET_WEBHOOK: webhooks.get_webhook,
    EndpointName.SET_WEBHOOK: webhooks.set_webhook,
    EndpointName.DELETE_WEBHOOK: webhooks.delete_webhook,
    EndpointName.SET_USER_WEBHOOK: webhooks.set_user_webhook,
    EndpointName.WEBHOOK_EVENTS: webhooks.list_events,
}


_DOWN = ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "service unavailable", "SERVICE_UNAVAILABLE")


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
        """Add every call of the contract to an application."""
        for endpoint, handler in _HANDLERS.items():
            method, path = endpoint.split()
            app.router.add_route(method, path, self._route(endpoint, handler))

    def _route(self, endpoint: EndpointName, handler: Handler) -> WebHandler:
        async def route(request: web.Request) -> web.StreamResponse:
            return await self._answer(Call(request, endpoint, self._world), handler)

        return route

    async def _answer(self, call: Call, handler: Handler) -> web.StreamResponse:
        """Answer one request, correctly or as a fault asks."""
        self._world.sessions.settle()
        device_id = await self._device_id_if_it_matters(call)
        with self._world.requests.counted(call.endpoint, device_id):
            await call.take(self._world.settings.latency)
            if self._world.is_down:
                return _render(call, _DOWN).to_response()
            fault = self._take_fault(call, device_id)
            if fault is None:
                return (await _right_answer(call, handler)).to_response()
            return await self._spoiled(call, handler, fault)

    async def _device_id_if_it_matters(self, call: Call) -> str | None:
        """Return the device's id, but only if faults or ``/connect`` counters need it."""
        if self._world.faults or self._world.adversary or call.endpoint is EndpointName.CONNECT:
            return await call.meant_device_id()
        return None

    def _take_fault(self, call: Call, device_id: str | None) -> Fault | None:
        fault = None
        if self._world.faults:
            user = call.sender()
            tenant = user.tenant.name if user else None
            fault = self._world.faults.take(call.endpoint, device_id, tenant)
        if fault is None and self._world.adversary is not None:
            fault = self._world.adversary.strike(call.endpoint, device_id)
        return fault

    async def _spoiled(self, call: Call, handler: Handler, fault: Fault) -> web.StreamResponse:
        if fault.kind is FaultKind.HANG:
            return await self._hang(call.request)
        instead = substitute(fault, call.endpoint)
        if instead is not None:
            return with_headers(instead, fault).to_response()
        if fault.kind is FaultKind.LATENCY:
            await call.take(fault.seconds)
        answer = with_headers(spoil(await _right_answer(call, handler), fault), fault)
        if fault.kind is FaultKind.RESET:
            return await reset(call.request, answer)
        return answer.to_response()

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


def _render(call: Call, error: ApiError) -> Answer:
    with_code = not call.endpoint.is_about_session
    return Answer.of_error(error, with_code=with_code, at=call.world.sessions.calendar())
