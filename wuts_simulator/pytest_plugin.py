"""The pytest plugin: fixtures that give a running gateway, in tests with or without asyncio.

It is there wherever `wuts` and pytest are installed, and imports nothing until a test asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from . import Clock, Settings, Simulator


class StartGateway(Protocol):
    """Starts a gateway that runs until the test ends."""

    def __call__(self, settings: Settings | None = None, clock: Clock | None = None) -> Simulator:
        """Return the gateway, running."""
        ...


@pytest.fixture
def start_wuts_gateway() -> Iterator[StartGateway]:
    """Start gateways with settings of your own; they run until the test ends."""
    from . import Simulator  # noqa: PLC0415 - heavy

    with ExitStack() as stack:

        def start(settings: Settings | None = None, clock: Clock | None = None) -> Simulator:
            return stack.enter_context(Simulator(settings, clock))

        yield start


@pytest.fixture
def wuts_gateway(start_wuts_gateway: StartGateway) -> Simulator:
    """A running gateway: connect to its ``url`` with its ``token``, and steer its ``world``."""
    return start_wuts_gateway()
