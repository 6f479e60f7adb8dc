"""How many numbers ``wuts check`` may still look up; kept between two commands."""

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from wuts import WutsClient
from wuts.check_budget import CheckBudget

from .store import open_store

TOPIC = "check_budget"
"""Where budgets are in a store."""

STATE = Path("wuts", "check-budget.json")
"""Where they are without one, in the folder for a user's state (XDG Base Directory)."""


async def spend(client: WutsClient, count: int, limit: int, address: str | None) -> None:
    """Note that ``count`` numbers are looked up, before they are.

    Args:
        client: Of the account.
        count: How many numbers.
        limit: How many an hour may be; 0 for any number.
        address: The store that remembers it, or None for a file of this user's.

    Raises:
        CheckBudgetUsedUpError: So many are not left.
        UsageError: There is no such store.
        StoreError: It does not work.
    """
    if not limit:
        return
    now, account = datetime.now(UTC), _account(client)
    if address is None:
        texts = _read()
        texts[account] = _spent(texts.get(account), count, limit, now)
        _write(texts)
        return
    store = open_store(address)
    try:
        text = (await store.entries(TOPIC)).get(account)
        await store.put(TOPIC, account, _spent(text, count, limit, now))
    finally:
        await store.close()


def _spent(text: str | None, count: int, limit: int, now: datetime) -> str:
    return CheckBudget.from_text(text, limit=limit).spend(count, now).as_text()


def _account(client: WutsClient) -> str:
    """Return a name for the account that gives nothing away."""
    secret = f"{client.base_url} {client.transport.token}"
    return hashlib.sha256(secret.encode()).hexdigest()[:16]


def _path() -> Path:
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / STATE


def _read() -> dict[str, str]:
    try:
        texts = json.loads(_path().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    known = texts.items() if isinstance(texts, dict) else ()
    return {account: text for account, text in known if isinstance(text, str)}


def _write(texts: Mapping[str, str]) -> None:
    """Replace the file as a whole; if none can be written, each command counts for itself."""
    path = _path()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            json.dump(texts, file)
        Path(file.name).replace(path)
    except (OSError, RuntimeError):
        return
