"""The commands of the pages that no test runs as they stand, and why."""

import re

_A_MACHINE = "it changes the machine it runs on"
_DOCKER = "it needs Docker; scripts/image builds and runs the same image"
_PACKAGES = "it downloads a release; tests/packages installs the same wheels"
_ELSEWHERE = "it works on a cluster, a repository or a clone of the reader"
_DOWNLOADED = "it checks what was downloaded; tests/packages/test_contents.py reads the sums"
_HOME = "tests/home_assistant installs dist/wuts.zip"
_SCRIPTS = "it is how this test is run, or takes minutes"
_READY = "every run of the tests has run it"
_SLACK = "it needs a workspace; tests/slack_app runs it against a local one"
_PHONE = "it needs a phone that changed; tests/wuts_cli/commands/test_keep_phone.py runs it"
_RECEIVERS = "it tells a public server; tests/wuts_cli/commands/test_receivers.py runs it"

REASONS = {
    r"(uv|uvx|pipx|pip|\S*/pip|python3? -m pip) ": _PACKAGES,
    r"docker ": _DOCKER,
    r"(sudo|systemctl|journalctl|apt-get|brew) ": _A_MACHINE,
    r"(kubectl|gh|cosign|git|cd|\S*pre-commit) ": _ELSEWHERE,
    r"sha256sum --check ": _DOWNLOADED,
    r"unzip wuts\.zip": _HOME,
    r"scripts/(demo|test|lint|release|build|image|picture|soak)\b": _SCRIPTS,
    r"scripts/(setup|docs)\b": _READY,
    r"(\S*/)?wuts-slack( check| run|$| +#)": _SLACK,
    r"wuts keep-phone ": _PHONE,
    r"wuts receivers .*--send-test": _RECEIVERS,
}
"""Patterns that a command begins with."""


def why_not_run(command: str) -> str | None:
    """Return why no test runs this command, or None where one must."""
    return next((why for start, why in REASONS.items() if re.match(start, command)), None)
