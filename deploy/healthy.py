"""Tell whether the program in this container is healthy: exit with 0 if it says so, else with 1.

usage: python healthy.py VARIABLE PATH   VARIABLE holds the address, or only the port

It uses the standard library alone, so that a look every half a minute costs next to nothing.
"""

import os
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

TIMEOUT = 4.0
"""Seconds; the image's HEALTHCHECK gives up after five."""


def main(address: str, path: str) -> int:
    """Ask for the path; print why the program is not healthy, if it is not."""
    port = int(address.rpartition(":")[2])
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.request("GET", path)
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        print(f"no answer at port {port}: {error!r}", file=sys.stderr)
        return 1
    finally:
        connection.close()
    if status != HTTPStatus.OK:
        print(f"{path} answers {status}", file=sys.stderr)
    return int(status != HTTPStatus.OK)


if __name__ == "__main__":
    sys.exit(main(os.environ[sys.argv[1]], sys.argv[2]))
