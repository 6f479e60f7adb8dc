"""The commands of the pages do what they say: each block is typed, against the simulator."""

import shutil
from pathlib import Path

import pytest

from tests.docs.not_run import why_not_run
from tests.docs.shell import Block, blocks
from tests.docs.stage import Stage
from tests.wuts_cli.command import TOKEN
from wuts_simulator import Settings
from wuts_simulator.pytest_plugin import StartGateway

pytestmark = [pytest.mark.slow, pytest.mark.one_python]

BLOCKS = [block for block in blocks() if None in map(why_not_run, block.commands)]


@pytest.mark.parametrize("block", BLOCKS, ids=str)
async def test_a_reader_types_what_a_page_shows(
    block: Block, tmp_path: Path, start_wuts_gateway: StartGateway
) -> None:
    if "jq " in block.text and not shutil.which("jq"):
        pytest.skip("there is no jq")
    tokens = (("home", TOKEN),)
    sim = start_wuts_gateway(Settings(connecting_for=0, qr_image=False, tokens=tokens))
    stage = Stage(sim, tmp_path)
    async with stage.prepared_for(block.text):
        for command in block.commands:
            if not why_not_run(command):
                await stage.type(command)
