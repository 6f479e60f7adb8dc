"""Keeps other web pages from steering the simulator through the visitor's browser."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import hdrs, web


def is_from_elsewhere(request: web.Request, bound_host: str) -> bool:
    """Tell whether a page of another site sent this, or reached us under a name of its own."""
    host = request.headers.get(hdrs.HOST, "")
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and origin != f"{request.scheme}://{host}":
        return True
    return not _is_own_name(_hostname(host), bound_host)


def is_local(address: str) -> bool:
    """Tell whether a request from that address comes from this machine."""
    return _is_address(address) and ip_address(address).is_loopback


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_own_name(name: str, bound_host: str) -> bool:
    """Tell whether a name can be ours: an address, or one that no public site can have."""
    return name == bound_host or _is_address(name) or (bool(name) and "." not in name)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
