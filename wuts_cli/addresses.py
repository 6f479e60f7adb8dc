"""Hosts to listen at: which are this machine's alone, and which stand for all of its addresses."""

from ipaddress import ip_address


def is_any(host: str) -> bool:
    """Return whether a host means every address of the machine, which no browser can open."""
    try:
        return not host or ip_address(host).is_unspecified
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def bracketed(host: str) -> str:
    """Return a host as it stands in an address of the web."""
    return f"[{host}]" if ":" in host else host
