"""Starts the command: ``wuts`` or ``python -m wuts_cli``."""

import sys

INSTALL = 'Install the command: uv tool install "wuts[cli]"'
"""For whoever has the library alone; pipx and pip take the same name."""

USAGE = 2
"""`ExitCode.USAGE`, whose module needs what may be missing."""


def main() -> None:
    """Run the command and exit with its code."""
    try:
        code = _run()
    except KeyboardInterrupt:
        # While the modules are loaded: whatever runs later deals with it itself.
        code = 130
    except ImportError as error:
        print(f"wuts: {error.name} is missing. {INSTALL}", file=sys.stderr)  # noqa: T201
        code = USAGE
    sys.exit(code)


def _run() -> int:
    # httpx2 has to stand in for httpx before anything imports it, so no import may come first.
    import httpx2  # noqa: PLC0415

    httpx2.alias_httpx()

    from .app import run_app  # noqa: PLC0415

    return run_app(sys.argv[1:])


if __name__ == "__main__":
    main()
