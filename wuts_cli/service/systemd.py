"""What systemd hears: that the service is ready, how it is, that it is alive (sd_notify(3))."""

import asyncio
import logging
import os
import socket
from collections.abc import Mapping

from .status import Status

_LOGGER = logging.getLogger(__name__)

EVERY = 10.0
"""Seconds from one look at the status to the next, at most."""

EARLY = 0.25
"""The same until the service is ready."""

_PINGS = 3
"""Signs of life for each time that systemd waits for one."""


class Notifier:
    """Sends datagrams to systemd, if it has started this process and wants them.

    Args:
        environment: Names its socket (``NOTIFY_SOCKET``) and how long it waits for a sign of life
            (``WATCHDOG_USEC``).
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self.patience = _patience(environment)
        self._is_heard = True

    @property
    def is_wanted(self) -> bool:
        """Whether systemd wants to hear of this process."""
        return bool(self._address)

    def tell(self, **words: str | int) -> None:
        """Tell systemd some words, such as ``READY=1``; what it does not take is lost."""
        if not self.is_wanted:
            return
        # A name that begins with @ stands for one that begins with a zero byte.
        address = f"\0{self._address[1:]}" if self._address[0] == "@" else self._address
        message = "".join(f"{word}={value}\n" for word, value in words.items())
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as door:
                door.setblocking(False)
                door.sendto(message.encode(), address)
        except OSError as error:
            level = logging.WARNING if self._is_heard else logging.DEBUG
            self._is_heard = False
            _LOGGER.log(level, "systemd could not be notified: %s", error.strerror)
        else:
            self._is_heard = True


async def keep_telling(notifier: Notifier, status: Status) -> None:
    """Tell systemd when the service is ready or stands by, how it is, and that it is alive.

    No sign of life is given while the supervision does not run: systemd restarts the process then.
    """
    pause = min(EVERY, notifier.patience / _PINGS)
    is_ready, said = False, ""
    while True:
        health = await status.health()
        if not is_ready and health.status.is_success:
            is_ready = True
            notifier.tell(READY=1)
        if is_ready and status.line() != said:
            said = status.line()
            notifier.tell(STATUS=said)
        if status.is_alive:
            notifier.tell(WATCHDOG=1)
        await asyncio.sleep(pause if is_ready else min(pause, EARLY))


def _patience(environment: Mapping[str, str]) -> float:
    """Return the seconds that systemd waits for a sign of life of this process."""
    told = environment.get("WATCHDOG_USEC", "")
    is_ours = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    return int(told) / 1e6 if is_ours and told.isdecimal() and int(told) else float("inf")
