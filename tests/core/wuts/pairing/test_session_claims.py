"""Sessions that other processes may keep out, or take over from."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.core.wuts.pairing.sessions import FAST, OWNER, next_event
from wuts import WutsClient
from wuts.errors import WutsConnectionError, WutsError
from wuts.pairing import (
    Failed,
    FailureReason,
    PairingInProgressError,
    PairingRegistry,
    PairingSession,
    QrReady,
)
from wuts.supervisor.store.pairing_claims import StoreClaims
from wuts_simulator import Simulator


class Claims:
    """Claims that somebody else takes over when a test says so, or that cannot be made."""

    def __init__(self, refusal: WutsError | None = None) -> None:
        self.lost = asyncio.Event()
        self.held: list[str] = []
        self._refusal = refusal

    @asynccontextmanager
    async def hold(
        self, _base_url: str, device_id: str, _owner: str
    ) -> AsyncIterator[asyncio.Event]:
        if self._refusal is not None:
            raise self._refusal
        self.held.append(device_id)
        try:
            yield self.lost
        finally:
            self.held.remove(device_id)


async def test_a_session_of_another_process_is_told_as_one_of_this(
    client: WutsClient, sim: Simulator, tmp_path: Path
) -> None:
    device = sim.world.add_device()
    one, two = (StoreClaims(f"sqlite:///{tmp_path}/store.db") for _ in range(2))
    first = PairingSession(client, device.id, owner="One", registry=PairingRegistry(one))
    second = PairingSession(client, device.id, owner="Two", registry=PairingRegistry(two))
    async with first:
        with pytest.raises(PairingInProgressError, match="One is already pairing") as caught:
            await second.__aenter__()
        assert caught.value.since is not None
    async with second:
        pass


async def test_a_session_ends_with_the_reason_when_another_process_takes_over(
    client: WutsClient, sim: Simulator
) -> None:
    device, claims = sim.world.add_device(), Claims()
    session = PairingSession(
        client, device.id, owner=OWNER, settings=FAST, registry=PairingRegistry(claims)
    )
    async with session:
        await next_event(session, QrReady)
        claims.lost.set()
        failed = await next_event(session, Failed)
        assert failed.reason is FailureReason.PAIRING_IN_PROGRESS
        assert claims.held == [device.id]
    assert claims.held == []


async def test_what_cannot_be_known_ends_or_not_as_the_registry_says(
    client: WutsClient, sim: Simulator
) -> None:
    device, trouble = sim.world.add_device(), WutsConnectionError()
    strict, told = PairingRegistry(Claims(trouble)), list[WutsError]()
    lenient = PairingRegistry(Claims(trouble), on_trouble=told.append)
    with pytest.raises(WutsConnectionError):
        await PairingSession(client, device.id, owner=OWNER, registry=strict).__aenter__()
    assert strict.owner(client.base_url, device.id) is None
    session = PairingSession(client, device.id, owner=OWNER, settings=FAST, registry=lenient)
    async with session:
        await next_event(session, QrReady)
    assert told == [trouble]


async def test_a_claim_that_another_process_refuses_leaves_the_device_free_here(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    registry = PairingRegistry(
        Claims(PairingInProgressError("Bia")), on_trouble=lambda _error: pytest.fail("it is known")
    )
    with pytest.raises(PairingInProgressError, match="Bia"):
        await PairingSession(client, device.id, owner=OWNER, registry=registry).__aenter__()
    assert registry.owner(client.base_url, device.id) is None
