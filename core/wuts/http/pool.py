"""The connections that all clients of an event loop share, so that open files stay bounded."""

import asyncio
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from weakref import WeakKeyDictionary

import httpx

from .tls import tls_context

KEEP_ALIVE = 50.0
"""Seconds an idle connection is kept: below the gateway's 65 s (WUTS guide, Conventions)."""

LIMITS = httpx.Limits(
    max_connections=200, max_keepalive_connections=20, keepalive_expiry=KEEP_ALIVE
)
"""In all. No more idle connections than that: the pool looks at each of them at every request."""

type _Key = tuple[Path | None, bool]


@dataclass(slots=True)
class _Shared:
    """An HTTP client, and how many hold it."""

    http: httpx.AsyncClient
    holders: int = 0


_POOLS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[_Key, _Shared]] = WeakKeyDictionary()


def acquire(ca_file: Path | None, *, trust_env: bool) -> httpx.AsyncClient:
    """Return the running loop's HTTP client, to be given back by `release`.

    It keeps no cookies: what one account is told must not be sent for another.

    Args:
        ca_file: Authorities to trust besides the usual ones.
        trust_env: Whether a proxy that the environment names may be used.

    Raises:
        WutsConfigError: The CA file is not usable.
    """
    pools = _POOLS.setdefault(asyncio.get_running_loop(), {})
    key = (ca_file, trust_env)
    if key not in pools:
        pools[key] = _Shared(
            httpx.AsyncClient(
                verify=tls_context(ca_file),
                limits=LIMITS,
                trust_env=trust_env,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            )
        )
    pools[key].holders += 1
    return pools[key].http


async def release(http: httpx.AsyncClient) -> None:
    """Give an HTTP client back; the last to do so closes it."""
    pools = _POOLS.get(asyncio.get_running_loop(), {})
    for key, shared in pools.items():
        if shared.http is http:
            shared.holders -= 1
            if shared.holders == 0:
                del pools[key]
                await http.aclose()
            return
    await http.aclose()
