from collections.abc import AsyncIterator

import pytest

from slack_app.operations.metrics import Metrics
from tests.core.wuts.metrics.full_page import TOKEN, full_page
from wuts_simulator import Settings
from wuts_simulator.pytest_plugin import StartGateway


@pytest.fixture
async def shown(start_wuts_gateway: StartGateway) -> AsyncIterator[Metrics]:
    """The metrics of a program with something in each of them."""
    settings = Settings(tokens=(("home", TOKEN),), qr_image=False, connecting_for=0)
    async with full_page(start_wuts_gateway(settings)) as metrics:
        yield metrics
