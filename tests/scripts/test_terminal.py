from pathlib import Path

from scripts.lib.terminal import Terminal

ENVIRONMENT = {"PATH": "/usr/bin:/bin"}


async def test_a_command_that_is_left_running_can_end_what_it_started(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    script = f"trap 'touch {ended}; exit' INT; echo begun; while :; do sleep 0.1; done"
    async with Terminal(["bash", "-c", script], ENVIRONMENT) as terminal:
        await terminal.until_it_says("begun")
    assert ended.exists()
