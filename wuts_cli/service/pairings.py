"""Pairs devices by a page that the service shows: ``POST /pair`` makes a link to it."""

import asyncio
import logging
import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from socket import gethostname
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from wuts import PairingSession, PairingSettings, WutsClient, find_device
from wuts.clock import steady_time
from wuts.errors import ErrorCode, WutsError
from wuts.metrics import PairingResult, pairing_result
from wuts.models import Device
from wuts.operations.background import Background
from wuts.page import PairingLink, PairingPages
from wuts.pairing import Outcome, Paired, PairingInProgressError, PairingRegistry
from wuts.phone_numbers import read_number
from wuts.supervisor import DeviceState
from wuts.supervisor.store import ClaimingStore, StoreOwnedError
from wuts_cli.country import assumed_country
from wuts_cli.errors import CliError, UsageError, failure_of
from wuts_cli.phones import LINKED, linked_number
from wuts_cli.text import printable, rfc3339, shown_name

from .access import Access, refusal
from .server import body_of
from .status import owns
from .supervision import Supervision

PATH = "/pair"

POLL_INTERVAL = 1.0
"""Seconds between two looks for a scan: a person is waiting."""

_LOGGER = logging.getLogger(__name__)

_STATUSES = {
    ErrorCode.UNKNOWN_DEVICE: HTTPStatus.NOT_FOUND,
    ErrorCode.USAGE: HTTPStatus.BAD_REQUEST,
    ErrorCode.INVALID_PHONE_NUMBER: HTTPStatus.BAD_REQUEST,
    ErrorCode.AMBIGUOUS_PHONE_NUMBER: HTTPStatus.BAD_REQUEST,
    ErrorCode.AMBIGUOUS_DEVICE: HTTPStatus.CONFLICT,
    ErrorCode.STORE_OWNED: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""What is answered where no link is made; everything else is the gateway's fault."""

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Wanted(BaseModel):
    """What a request for a link says.

    Attributes:
        device: The device's id or name.
        account: Its account; not needed if there is one.
        phone: The number to make a pair code for; a QR is shown unless given.
        expect: The number that must be linked, as people write it.
        note: A line for whoever holds the phone.
        minutes: How long the link is good.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    device: _Text
    account: _Text | None = None
    phone: _Text | None = Field(default=None, repr=False)
    expect: _Text | None = Field(default=None, repr=False)
    note: _Text | None = None
    minutes: int = Field(default=15, ge=1, le=24 * 60)


@dataclass(frozen=True, slots=True)
class _Pairing:
    account: str
    client: WutsClient
    device: Device
    settings: PairingSettings
    link: PairingLink


class Pairings:
    """Makes links, serves their pages, and pairs where somebody opens one.

    Args:
        supervision: Its supervisor knows which phone each device should have, and learns which was
            linked; its clients make the calls; its store may say who else pairs.
        access: Knows the token.
        pages: Serve the pages.
        background: Runs the pairings.
        on_end: Gets how each ended, and after how many seconds.
    """

    def __init__(
        self,
        supervision: Supervision,
        *,
        access: Access,
        pages: PairingPages,
        background: Background,
        on_end: Callable[[PairingResult, float], None],
    ) -> None:
        store = supervision.store
        claims = store.pairing_claims() if isinstance(store, ClaimingStore) else None
        self._supervisor = supervision.supervisor
        self._clients = supervision.clients
        self._registry = PairingRegistry(claims, on_trouble=_warn)
        self._access = access
        self._pages = pages
        self._background = background
        self._on_end = on_end
        self._running: dict[tuple[str, str], asyncio.Task[object]] = {}
        self._sessions: dict[tuple[str, str], PairingSession] = {}
        self.base_url: str | None = None

    def routes(self) -> list[web.RouteDef]:
        """Return what makes links, and the pages that they lead to; nothing without a token."""
        if not self._access.is_open:
            return []
        return [web.post(PATH, self._make), *self._pages.routes(PATH)]

    def hint(self, account: str, device_id: str, event: str) -> None:
        """Let whoever pairs a device look at once: a webhook reported something about it."""
        session = self._sessions.get((account, device_id))
        if session is not None:
            session.hint(event)

    async def close(self) -> None:
        """End all links and pairings."""
        self._pages.close()
        await _cancel(*self._running.values())

    async def _make(self, request: web.Request) -> web.Response:
        if not self._access.has_token(request):
            return refusal()
        try:
            wanted = Wanted.model_validate_json(await body_of(request))
            return await self._offer(wanted)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            field = ".".join(str(part) for part in first["loc"]) or "the body"
            return _refused(UsageError(f"{field}: {first['msg']}."))
        except (WutsError, CliError) as error:
            return _refused(error)

    async def _offer(self, wanted: Wanted) -> web.Response:
        if self.base_url is None:
            raise UsageError("The service does not know how browsers reach it: set public_url.")
        account = self._account(wanted)
        home = assumed_country(None, os.environ)
        phone = read_number(wanted.phone, home) if wanted.phone else None
        expected = read_number(wanted.expect, home) if wanted.expect else None
        if not owns(self._supervisor, account):
            raise StoreOwnedError(accounts=[account])
        client = self._clients[account]
        device = find_device(await client.list_devices(), wanted.device)
        if expected is not None:
            await self._supervisor.expect_number(account, device.id, expected)
        key = account, device.id
        await _cancel(*filter(None, [self._running.get(key)]))
        lifetime = 60.0 * wanted.minutes
        url, link = self._pages.offer(
            key,
            name=shown_name(device),
            note=printable(wanted.note or ""),
            base_url=f"{self.base_url}{PATH}",
            lifetime=lifetime,
        )
        settings = PairingSettings(
            phone=phone,
            expected_number=expected or phone or self._supervisor.expected_number(*key),
            poll_interval=POLL_INTERVAL,
        )
        pairing = _Pairing(account, client, device, settings, link)
        task = self._background.once("pairing", lambda: self._run(pairing))
        self._running[key] = task
        task.add_done_callback(lambda done: self._forget(key, done))
        until = datetime.now(UTC) + timedelta(seconds=lifetime)
        answer = {"url": url, "expires_at": rfc3339(until), "device_id": device.id}
        return web.json_response(answer, status=HTTPStatus.CREATED)

    def _account(self, wanted: Wanted) -> str:
        names = list(self._clients)
        account = names[0] if wanted.account is None and len(names) == 1 else wanted.account
        if account is None or account not in self._clients:
            raise UsageError(f"account: it must be one of {', '.join(names)}.")
        return account

    def _forget(self, key: tuple[str, str], task: asyncio.Task[object]) -> None:
        if self._running.get(key) is task:
            del self._running[key]

    async def _run(self, pairing: _Pairing) -> None:
        """Wait for the browser, then pair; the link ends with it, whatever happens."""
        async with AsyncExitStack() as stack:
            stack.callback(pairing.link.end)
            if not await pairing.link.opened():
                return
            begun, result = steady_time(), PairingResult.INTERRUPTED
            try:
                result = pairing_result(await self._pair(pairing))
            except PairingInProgressError as error:
                result = PairingResult.IN_PROGRESS
                pairing.link.end(error.code)
            except WutsError as error:
                result = PairingResult.FAILED
                _LOGGER.warning("A pairing could not be finished: %s", error.message)
                pairing.link.end(error.code)
            finally:
                self._on_end(result, steady_time() - begun)

    async def _pair(self, pairing: _Pairing) -> Outcome | None:
        key = pairing.account, pairing.device.id
        session = PairingSession(
            pairing.client,
            pairing.device.id,
            owner=f"wuts watch on {gethostname()}",
            settings=replace(pairing.settings, deadline=pairing.link.seconds_left),
            registry=self._registry,
        )
        async with session:
            self._sessions[key] = session
            try:
                async for view in session.views():
                    if view.outcome is not None:
                        await self._report(pairing, view.outcome)
                        pairing.link.show(view)
                        return view.outcome
                    pairing.link.show(view)
            finally:
                del self._sessions[key]
        return None

    async def _report(self, pairing: _Pairing, outcome: Outcome) -> None:
        """Tell the supervisor which phone was linked, before anybody learns of it.

        What the store or another process has against that changes nothing for whoever scanned.
        """
        _LOGGER.info("A pairing of %s ended: %s", pairing.device.id, type(outcome).__name__)
        try:
            await self._tell(pairing, outcome)
        except WutsError as error:
            _LOGGER.warning("Could not report a pairing to the supervisor: %s", error.message)

    async def _tell(self, pairing: _Pairing, outcome: Outcome) -> None:
        key = pairing.account, pairing.device.id
        if isinstance(outcome, LINKED):
            expected = pairing.settings.expected_number
            await self._supervisor.report_phone(*key, linked_number(outcome), expected=expected)
        device = self._supervisor.devices(pairing.account).get(pairing.device.id)
        is_paused = device is not None and device.state is DeviceState.PAUSED
        if is_paused and isinstance(outcome, Paired):
            # Who pairs a device no longer wants it left alone.
            await self._supervisor.resume(*key)
        else:
            self._supervisor.wake(*key)


def _refused(error: WutsError | CliError) -> web.Response:
    """Say why there is no link, by the same reasons as the command."""
    failure = failure_of(error)
    status = _STATUSES.get(getattr(error, "code", ErrorCode.USAGE), HTTPStatus.BAD_GATEWAY)
    return web.json_response({"reason": failure.reason, "message": failure.message}, status=status)


async def _cancel(*tasks: asyncio.Task[object]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)


def _warn(error: WutsError) -> None:
    _LOGGER.warning("Can't tell whether another process is pairing this device. %s", error.message)
