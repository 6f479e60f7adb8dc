"""Check what no linter does: a clone stands on its own, and files stay short.

The files are those that git tracks or would add. What is wrong is printed as PATH:LINE: REASON.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.lib.git_files import regular

ROOT = Path(__file__).parents[2]
LONGEST = 340  # most are under 250; a client, a machine or a suite of sentences may take more
SOURCES = {".js", ".py", ".sh"}

# Written as patterns, so that this file does not hold what it forbids.
FORBIDDEN = {
    "names the host of a package registry": re.compile(
        r"\b(?:pypi|pythonhosted|(?:deb|security|snapshot)\.debian)\.org\b|\bnpmjs\.(?:com|org)\b"
    ),
    "names a path of one machine": re.compile(
        r"(?<![\w.*}])/(?:home|root|tmp|work)/|\.\./shared\b"
    ),
    "names an issue, which a clone does not have": re.compile(r"\bissue #?\d", re.IGNORECASE),
}


def complaints(name: Path, content: bytes) -> Iterator[str]:
    """Yield what is wrong with one file."""
    try:
        lines = content.decode().splitlines()
    except UnicodeDecodeError:
        return  # an image, or another file that is not text
    if name.suffix in SOURCES and len(lines) > LONGEST:
        yield f"{name}:{len(lines)}: is longer than {LONGEST} lines"
    for number, line in enumerate(lines, start=1):
        for reason, pattern in FORBIDDEN.items():
            if pattern.search(line):
                yield f"{name}:{number}: {reason}"


def main(root: Path) -> int:
    """Print every complaint about the files under root; return the exit code."""
    found = [
        complaint
        for name in regular(root)
        for complaint in complaints(Path(name), (root / name).read_bytes())
    ]
    print("\n".join(found) or "No complaints.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT))
