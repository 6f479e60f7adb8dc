"""What supervision looks like: redrawn on a screen, line by line in a pipe, or as JSON lines.

`watch_account` supervises until it is stopped.
"""

from .watch_account import Request, watch_account

__all__ = ["Request", "watch_account"]
