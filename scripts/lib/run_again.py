"""Say whether few enough of a suite's tests failed to run them again by pytest's --last-failed.

usage: python scripts/lib/run_again.py CACHE_FOLDER
The tests of a file in tests/home_assistant tell one story, so all of a file are run again and count
as one. Ends with 1 if too many failed, or none did.
"""

import json
import sys
from pathlib import Path

MOST = 5
"""More that fail are no accident of a busy machine."""

STORIES = "tests/home_assistant/"


def chosen(failed: list[str], known: list[str]) -> list[str]:
    """Return the tests to run again, none if too many failed.

    Args:
        failed: Those that failed, as pytest names them.
        known: All that ran; none where several processes ran them, as pytest-xdist notes none.
    """
    if not all("::" in test for test in failed):
        return []  # what failed was no test: the tests could not be collected
    told = {_file(test) for test in failed if test.startswith(STORIES)}
    alone = [test for test in failed if _file(test) not in told]
    if len(told) + len(alone) > MOST:
        return []
    return [*alone, *(test for test in known if _file(test) in told)]


def _file(test: str) -> str:
    return test.partition("::")[0]


def main(folder: Path) -> int:
    """Write down for pytest what to run again, and return the exit code."""
    failed, known = folder / "v/cache/lastfailed", folder / "v/cache/nodeids"
    if not failed.exists():
        return 1
    tests = chosen(list(json.loads(failed.read_text())), json.loads(known.read_text()))
    failed.write_text(json.dumps(dict.fromkeys(tests, True)))
    return 0 if tests else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
