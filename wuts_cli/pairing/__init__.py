"""What a pairing looks like: redrawn on a screen, line by line in a pipe, or as JSON lines.

`pair_device` carries a `Request` out and tells how it ended.
"""

from .pair_device import Request, pair_device

__all__ = ["Request", "pair_device"]
