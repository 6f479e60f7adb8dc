"""A pairing as JSON lines, as plain lines, or on a live screen.

`pair_device` carries out a `Request` and reports how it ended.
"""

from .pair_device import Request, pair_device

__all__ = ["Request", "pair_device"]
