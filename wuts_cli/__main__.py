"""Starts the command: ``wuts`` or ``python -m wuts_cli``."""

import sys


def main() -> None:
    """Run the command and exit with its code."""
    try:
        code = _run()
    except KeyboardInterrupt:
        # While the modules are loaded: whatever runs later deals with it itself.
        code = 130
    except ImportError as error:
        sys.exit(
            f"wuts: {error.name} is missing. Install the command with: pip install 'wuts[cli]'"
        )
    sys.exit(code)


def _run() -> int:
    # httpx2 has to stand in for httpx before anything imports it, so no import may come first.
    import httpx2  # noqa: PLC0415

    httpx2.alias_httpx()

    from .app import run_app  # noqa: PLC0415

    return run_app(sys.argv[1:])


if __name__ == "__main__":
    main()
