"""Print what an environment depends on, as a hash and the groups' names, on one line.

It runs with the environment's own interpreter, so it also fails where that is broken or too old.
The environments for an older Python are named for it: .venv-3.12.
"""

import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
OLDEST = (3, 14, 2)
OLDEST_OF_LIBRARY = (3, 12)


def stamp(groups: list[str]) -> str:
    """Return a hash of all that the environment is made from, followed by its groups."""
    digest = hashlib.sha256(f"{ROOT}\n{sys.version}\n".encode())
    for group in ("build", *groups):
        digest.update((ROOT / f"requirements/{group}.txt").read_bytes())
    for project in (".", "slack_app"):
        digest.update((ROOT / project / "pyproject.toml").read_bytes())
    return " ".join([digest.hexdigest(), *groups])


if __name__ == "__main__":
    is_older = Path(sys.prefix).name.startswith(".venv-3.")
    if sys.version_info < (OLDEST_OF_LIBRARY if is_older else OLDEST):
        sys.exit(1)
    print(stamp(sys.argv[1:]))
