from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.wuts_cli.command import TOKEN, Wuts
from wuts_simulator import Device, Settings, Simulator
from wuts_simulator.pytest_plugin import StartGateway

type Start = Callable[[Settings], Simulator]


@pytest.fixture
def start(start_wuts_gateway: StartGateway) -> Start:
    """Starts simulators that know the token."""
    return lambda settings: start_wuts_gateway(replace(settings, tokens=(("home", TOKEN),)))


@pytest.fixture
def sim(start: Start) -> Simulator:
    return start(Settings(connecting_for=0, qr_image=False))


@pytest.fixture
def wuts(sim: Simulator) -> Wuts:
    return Wuts(sim.url)


@pytest.fixture
def desk(sim: Simulator) -> Device:
    """A device that was never paired."""
    return sim.world.add_device("home", "Front desk")
