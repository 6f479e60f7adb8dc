"""Who pairs which device, known to all processes that open one store.

A claim is a lock of the operating system or of the server, so it ends with the process that holds
it, however that ends. A note beside it says who that is, for people.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, override
from uuid import UUID

from sqlalchemy import delete, select

from ...pairing.registry import PairingInProgressError
from .address import database_at
from .base import NO_ACCOUNT
from .errors import StoreError, StoreLockedError, StoreOwnedError
from .ownership import DEFAULT_LEASE
from .pairing_locks import TOPIC
from .rows import entry_row
from .schema import NOTES
from .sql_session import SqlSession, begin

_LOGGER = logging.getLogger(__name__)

MOST = 200
"""Characters of a name that are kept."""

GOODBYE = 2.0
"""Seconds to give a claim back properly; after that the connection ends, and it with it."""

AGAIN = 1.0
"""Seconds until a claim is taken again that the database could not be asked for."""

LOOKS = 10
"""How often a claim is tried whose holder has no name yet."""

LOCKED_LOOKS = 2
"""How often a claim is tried again that could not be written down."""

_PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class _Claim:
    """What this process holds.

    Attributes:
        text: Says whose it is, and who pairs.
        lost: Is set once another process has it.
    """

    text: str
    lost: asyncio.Event = field(default_factory=asyncio.Event)


class StoreClaims:
    """Claims in a store, on a connection of their own that is open while there are any.

    A PostgreSQL server takes a claim from a process that it does not hear from for the lease; a
    file's claims last as long as the process. Processes must reach a gateway by the same address
    unless its devices have UUIDs for ids.

    Args:
        address: As `SqlStore` takes it.
        lease: Seconds, for PostgreSQL.
        now: Returns the time of day, in UTC.

    Raises:
        StoreAddressError: The address names no store.
    """

    def __init__(
        self,
        address: str,
        *,
        lease: float = DEFAULT_LEASE,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._claims: dict[str, _Claim] = {}
        self._session = _Session(database_at(address, lease, for_pairings=True), lease, self._text)
        self._now = now
        self._turn = asyncio.Lock()
        self._watch: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def hold(self, base_url: str, device_id: str, owner: str) -> AsyncIterator[asyncio.Event]:
        """Hold a device of a gateway for as long as the context lasts.

        Args:
            base_url: The gateway's address.
            device_id: The device.
            owner: Who pairs, for people.

        Yields:
            What is set once another process has taken the claim over.

        Raises:
            PairingInProgressError: Another process holds it.
            StoreError: The store does not work.
        """
        name = _name(base_url, device_id)
        if name in self._claims:
            raise _in_progress(self._claims[name].text)
        claim = self._claims[name] = _Claim(self._written(owner))
        try:
            await self._take(name)
            yield claim.lost
        finally:
            del self._claims[name]
            await self._give_back(name)

    def _written(self, owner: str) -> str:
        since = self._now().isoformat(timespec="seconds")
        content = {"process": self._session.owner, "owner": owner[:MOST], "since": since}
        return json.dumps(content, ensure_ascii=False)

    def _text(self, name: str) -> str:
        return self._claims[name].text

    async def _take(self, name: str) -> None:
        text, locked = None, 0
        for _ in range(LOOKS):
            try:
                async with self._turn:
                    await self._session.claim([name])
            except StoreLockedError:
                # Those who begin together on an empty database make its tables, one after another.
                locked += 1
                if locked > LOCKED_LOOKS:
                    raise
            except StoreOwnedError:
                # Whoever was faster a moment ago has not signed yet, or is about to end.
                with suppress(StoreLockedError):
                    text = await self._session.note(name)
                if text is not None:
                    break
                await asyncio.sleep(_PAUSE)
            else:
                if self._watch is None or self._watch.done():
                    self._watch = asyncio.create_task(self._take_again(), name="wuts claims")
                return
        raise _in_progress(text or "")

    async def _give_back(self, name: str) -> None:
        """Release a claim, and close the connection behind the last; neither can fail."""
        async with self._turn:
            try:
                async with asyncio.timeout(GOODBYE):
                    if name in self._session.owned:
                        await self._session.drop_note(name)
                    await self._session.release([name])
            except (TimeoutError, StoreError) as error:
                _LOGGER.debug("A pairing's claim ends with its connection: %s", error)
            if not self._claims:
                await self._close()

    async def _close(self) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()
            await asyncio.wait([watch])
        await self._session.close()

    async def _take_again(self) -> None:
        """Find out which claims are lost when the server has taken all of them away."""
        while names := {name for name, claim in self._claims.items() if not claim.lost.is_set()}:
            await self._session.until_lost()
            for name in names - self._session.owned:
                await self._retake(name)

    async def _retake(self, name: str) -> None:
        while name in self._claims:
            try:
                async with self._turn:
                    if name in self._claims:
                        await self._session.claim([name])
            except StoreOwnedError:
                self._claims[name].lost.set()
                return
            except StoreError as error:
                _LOGGER.debug("The store cannot say who pairs: %s", error.message)
                await asyncio.sleep(AGAIN)
            else:
                return


class _Session(SqlSession):
    """Writes notes instead of owners: what it claims are devices that are being paired."""

    def __init__(self, database: Any, lease: float, text: Callable[[str], str]) -> None:  # noqa: ANN401
        super().__init__(database, lease)
        self._text = text

    async def note(self, name: str) -> str | None:
        wanted = select(NOTES.c.text).where(*_is_it(name))
        async with self.transaction(writes=False) as connection:
            found: str | None = (await connection.execute(wanted)).scalar_one_or_none()
        return found

    async def drop_note(self, name: str) -> None:
        async with self.transaction(writes=True) as connection:
            await connection.execute(delete(NOTES).where(*_is_it(name)))

    @override
    async def _sign(self, accounts: Any) -> None:
        rows = [entry_row(NO_ACCOUNT, TOPIC, name, self._text(name)) for name in accounts]
        async with begin(await self._open(), writes=True) as connection:
            await self.put(connection, NOTES, rows)
        self._database.locks.confirm(accounts, self.owner)


def _is_it(name: str) -> tuple[Any, ...]:
    return NOTES.c.account == NO_ACCOUNT, NOTES.c.topic == TOPIC, NOTES.c.name == name


def _name(base_url: str, device_id: str) -> str:
    """A UUID is the same device, whichever address its gateway has for a process."""
    try:
        known = str(UUID(device_id))
    except ValueError:
        known = f"{base_url}\0{device_id}"
    return sha256(known.encode(errors="surrogatepass")).hexdigest()


def _in_progress(text: str) -> PairingInProgressError:
    """Read what `_written` wrote, in this or another version."""
    try:
        content = json.loads(text)
        return PairingInProgressError(
            str(content["owner"])[:MOST], datetime.fromisoformat(content["since"]).astimezone(UTC)
        )
    except (ValueError, TypeError, KeyError, OverflowError):
        return PairingInProgressError("")
