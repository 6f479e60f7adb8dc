"""Asks the gateway what it may be asked without changing anything, and judges the answers."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ..client import WutsClient
from ..errors import WutsConnectionError, WutsError
from ..http.endpoints import MIB, Endpoint, Request
from ..http.tls import tls_context
from ..signatures import Signature
from .certificate import check_certificate
from .contract import Schema, load_contract
from .findings import Finding, Report
from .judge import (
    Reply,
    judge_clock,
    judge_latency,
    judge_read,
    judge_role,
    judge_signatures,
    judge_status_device,
    judge_token,
    judge_webhook_scope,
)
from .receiver import check_receiver
from .vocabulary import FindingCode

TIMEOUT = 15.0
"""Seconds to wait for one answer."""

LONGEST_ANSWER = 64 * MIB

MOST_DEVICES = 5
"""Devices that are asked about at most: enough to find two with a webhook."""

LATENCY_SAMPLES = 3
"""Small reads that are timed, besides those that are checked."""

LISTING, OWN = "/devices", "/user/devices"
STATUS, QR_STATUS = "/status", "/qr/status"
WEBHOOK, EVENTS = "/webhook", "/webhook/events"


def _now() -> datetime:
    return datetime.now(UTC)


async def run_doctor(  # noqa: PLR0913 - each is a thing to check, or given by a test
    client: WutsClient,
    *,
    store: str | None = None,
    webhook_url: str | None = None,
    signatures: Mapping[Signature, int] | None = None,
    ssl_context: ssl.SSLContext | None = None,
    device_id: str | None = None,
    patience: float | None = None,
    now: Callable[[], datetime] = _now,
    clock: Callable[[], float] = time.monotonic,
) -> Report:
    """Check a gateway, a token and what belongs to them; nothing is changed anywhere.

    Only documented reads are sent: no QR is asked for, no code, no message, and nothing of what a
    token of an admin could see. What goes wrong is a finding, never an error.

    Args:
        client: Of the gateway and the token to check.
        store: The address of a supervisor's store, to be looked into.
        webhook_url: Where deliveries should go, to be tried from here.
        signatures: How many deliveries came, by what the check of their signatures said.
        ssl_context: Which authorities to trust; None for those that the client was given.
        device_id: The device to ask about first.
        patience: Seconds after which the report is what was found until then; None for no limit.
        now: The wall clock.
        clock: A steady clock, in seconds.
    """
    context = ssl_context
    if context is None:
        context = await asyncio.to_thread(tls_context, client.transport.ca_file)
    contract = await asyncio.to_thread(load_contract)
    examination = _Examination(client, contract, device_id, now, clock)
    findings: list[Finding] = []
    limit = asyncio.timeout(patience)
    try:
        async with limit:
            async for finding in examination.findings():
                findings.append(finding)  # noqa: PERF401 - what was found must outlast the limit
            findings.append(await check_certificate(client.base_url, context=context, now=now()))
            if store is not None:
                findings.append(await _check_store(store))
            if webhook_url is not None:
                findings.append(await check_receiver(webhook_url, context=context))
    except TimeoutError:
        if not limit.expired():
            raise
        findings.append(Finding(FindingCode.OUT_OF_TIME, {"seconds": patience}))
    if signatures is not None:
        findings.append(judge_signatures(signatures))
    return Report.of(findings, at=now(), secret=client.transport.token)


@dataclass(slots=True, repr=False)
class _Examination:
    """One look at a gateway, read after read."""

    client: WutsClient
    contract: Mapping[str, Schema]
    device_id: str | None
    now: Callable[[], datetime]
    clock: Callable[[], float]
    replies: list[Reply] = field(default_factory=list)

    async def findings(self) -> AsyncIterator[Finding]:
        """Yield what each check of the gateway found."""
        listing = await self._ask(LISTING)
        if isinstance(listing, WutsConnectionError):
            yield Finding(FindingCode.GATEWAY_UNREACHABLE, {"problem": listing.code})
            return
        if isinstance(listing, WutsError):
            yield self._judge(LISTING, listing)
            return
        token = judge_token(listing)
        yield token
        if token.code is FindingCode.TOKEN_ACCEPTED:
            own = await self._ask(OWN)
            yield judge_role(listing, own if isinstance(own, Reply) else None)
            yield self._judge(LISTING, listing)
            yield self._judge(OWN, own)
            async for finding in self._about_devices(listing):
                yield finding
            async for finding in self._events():
                yield finding
        else:
            yield self._judge(LISTING, listing)
        yield judge_clock(self.replies)

    async def _about_devices(self, listing: Reply) -> AsyncIterator[Finding]:
        ids = [row["id"] for row in listing.rows("devices") if _is_id(row.get("id"))]
        ids = sorted(ids, key=lambda one: one != self.device_id)[:MOST_DEVICES]
        if not ids:
            for path in (STATUS, QR_STATUS, WEBHOOK):
                yield Finding(FindingCode.READ_SKIPPED, {"read": f"GET {path}"})
            return
        statuses = {device_id: await self._ask(STATUS, device_id) for device_id in ids[:2]}
        yield self._judge(STATUS, statuses[ids[0]])
        named = judge_status_device(
            {device_id: reply for device_id, reply in statuses.items() if isinstance(reply, Reply)}
        )
        if named:
            yield named
        yield self._judge(QR_STATUS, await self._ask(QR_STATUS, ids[0]))
        webhooks = [await self._ask(WEBHOOK, device_id) for device_id in ids]
        yield self._judge(WEBHOOK, webhooks[0])
        yield judge_webhook_scope(reply for reply in webhooks if isinstance(reply, Reply))

    async def _events(self) -> AsyncIterator[Finding]:
        yield self._judge(EVENTS, await self._ask(EVENTS))
        samples = [await self._ask(EVENTS) for _ in range(LATENCY_SAMPLES)]
        yield judge_latency([reply.seconds for reply in samples if isinstance(reply, Reply)])

    def _judge(self, path: str, reply: Reply | WutsError) -> Finding:
        name = f"GET {path}"
        if isinstance(reply, WutsError):
            about = {"read": name, "status": reply.status, "problem": reply.code}
            return Finding(FindingCode.READ_FAILED, about)
        return judge_read(name, reply, self.contract[name])

    async def _ask(self, path: str, device_id: str | None = None) -> Reply | WutsError:
        endpoint = Endpoint(method="GET", path=path, timeout=TIMEOUT, max_bytes=LONGEST_ANSWER)
        sent_at, began = self.now(), self.clock()
        try:
            answer = await self.client.transport.send(Request(endpoint, device_id))
        except WutsError as error:
            return error
        seconds = self.clock() - began
        reply = Reply.of(answer.status, answer.body, answer.answered_at, sent_at, seconds)
        self.replies.append(reply)
        return reply


def _is_id(value: object) -> bool:
    return isinstance(value, str) and bool(value)


async def _check_store(address: str) -> Finding:
    try:
        from ..supervisor.store.inspection import (  # noqa: PLC0415 - needs what not all install
            inspect_store,
        )
    except ImportError:
        return Finding(FindingCode.STORE_UNCHECKED)
    try:
        contents = await inspect_store(address)
    except WutsError as error:
        # Its advice names no path and no password.
        return Finding(FindingCode.STORE_FAILED, {"problem": error.advice})
    about = {"database": contents.database}
    if contents.version is None:
        return Finding(FindingCode.STORE_EMPTY, about)
    code = FindingCode.STORE_READY if contents.is_current else FindingCode.STORE_OUTDATED
    return Finding(code, {**about, "version": contents.version, **contents.rows})
