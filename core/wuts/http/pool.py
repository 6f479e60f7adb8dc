"""The connections that all clients of an event loop share, so that open files stay bounded."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from urllib.request import getproxies
from weakref import WeakKeyDictionary

import httpx

from .tls import tls_context

CONNECT_TIMEOUT = 10.0
"""Seconds to reach the gateway."""

KEEP_ALIVE = 50.0
"""Seconds an idle connection is kept: below the gateway's 65 s (WUTS guide, Conventions)."""

LIMITS = httpx.Limits(
    max_connections=200, max_keepalive_connections=20, keepalive_expiry=KEEP_ALIVE
)
"""In all. No more idle connections than that: the pool looks at each of them at every request."""

type MakeTransport = Callable[[ssl.SSLContext], httpx.AsyncBaseTransport]
"""Makes what carries the requests, given which authorities are trusted."""

type _Key = tuple[Path | None, bool, MakeTransport | None]


_PROXIES = frozenset({"http", "https", "all"})
"""With one of these in the environment httpx's own transport is used: a transport that is handed
over would not know it, and might go past it."""


@dataclass(slots=True)
class _Shared:
    """An HTTP client, and how many hold it."""

    http: httpx.AsyncClient
    holders: int = 0


_POOLS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[_Key, _Shared]] = WeakKeyDictionary()


def acquire(
    ca_file: Path | None, *, trust_env: bool, make_transport: MakeTransport | None = None
) -> httpx.AsyncClient:
    """Return the running loop's HTTP client, to be given back by `release`.

    It keeps no cookies: a cookie for one account must not be sent for another.

    Args:
        ca_file: Authorities to trust besides the usual ones.
        trust_env: Whether a proxy that the environment names may be used.
        make_transport: Makes the transport; None for httpx's own.

    Raises:
        WutsConfigError: The CA file is not usable.
    """
    pools = _POOLS.setdefault(asyncio.get_running_loop(), {})
    key = (ca_file, trust_env, make_transport)
    if key not in pools:
        pools[key] = _Shared(_open(ca_file, trust_env=trust_env, make_transport=make_transport))
    pools[key].holders += 1
    return pools[key].http


def _open(
    ca_file: Path | None, *, trust_env: bool, make_transport: MakeTransport | None
) -> httpx.AsyncClient:
    context = tls_context(ca_file)
    if make_transport is None or (trust_env and _PROXIES & getproxies().keys()):
        transport = None
    else:
        transport = make_transport(context)
    return httpx.AsyncClient(
        verify=context,
        limits=LIMITS,
        trust_env=trust_env,
        transport=transport,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
    )


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
