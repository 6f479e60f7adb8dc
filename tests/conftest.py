"""What all tests share, whatever is installed beside pytest."""

import signal
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

SLOW = (
    "docs/test_library_example.py",
    "wuts_cli",
    "core/wuts/page/test_browser.py",
    "core/wuts/page/test_courses_in_browser.py",
    "core/wuts/page/test_accessibility.py",
    "core/wuts/supervisor/store/test_postgresql.py",
    "core/wuts/supervisor/store/test_processes.py",
    "core/wuts/http/test_pool.py",
    "core/wuts/supervisor/test_adversary.py",
    "core/wuts/supervisor/test_any_sequence_over_http.py",
    "core/wuts/test_httpx2.py",
    "home_assistant",
    "wuts_simulator/phone",
    "wuts_simulator/test_adversary.py",
    "scripts/test_soak.py",
    "slack_app/end_to_end",
)
"""What starts other processes, or takes long by its nature: scripts/test --fast leaves it out."""

PATIENCE = 600
"""Seconds that a slow test may take, unless it says otherwise itself."""

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell without job control lets what it starts in the background ignore Ctrl-C, and so would
    # all processes that tests start and interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)

if find_spec("hypothesis"):
    from hypothesis import HealthCheck, settings

    # A fixture that holds no state of the example may serve all of them.
    settings.register_profile(
        "wuts",
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    # Looks for what the fixed examples miss: pytest --hypothesis-profile=explore
    settings.register_profile(
        "explore", settings.get_profile("wuts"), derandomize=False, max_examples=2000
    )
    # A few of the same, for the second and third Python: pytest --hypothesis-profile=quick
    settings.register_profile("quick", settings.get_profile("wuts"), max_examples=5)
    settings.load_profile("wuts")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a test be run with one of its sets of arguments: enough for a second or third Python."""
    parser.addoption(
        "--arguments",
        choices=("all", "first", "last"),
        default="all",
        help="run each test with all its sets of arguments, or with the first or last one only",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is slow, and have patience with it: a busy machine starts processes slowly."""
    if (which := config.getoption("--arguments")) != "all":
        _leave_one_of_each(config, items, first=which == "first")
    for item in items:
        if _is_slow(item.path):
            item.add_marker(pytest.mark.slow)
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(PATIENCE))


def _leave_one_of_each(config: pytest.Config, items: list[pytest.Item], *, first: bool) -> None:
    chosen: dict[str, pytest.Item] = {}
    for item in items if first else reversed(items):
        chosen.setdefault(item.nodeid.partition("[")[0], item)
    kept = set(chosen.values())
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]


@cache  # a path is looked up as often as its file has tests
def _is_slow(path: Path) -> bool:
    return any(path.is_relative_to(Path(__file__).parent / name) for name in SLOW)
