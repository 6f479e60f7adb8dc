"""Supervision as JSON lines, as plain lines, or on a live screen, until it is stopped."""

from .watch_account import watch_account

__all__ = ["watch_account"]
