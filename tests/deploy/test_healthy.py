"""The health check of the images, as Docker runs it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

HEALTHY = Path(__file__).parents[2] / "deploy" / "healthy.py"


@contextmanager
def serving(answer: bytes) -> Iterator[int]:
    """Answer every request with these bytes; yield the port."""

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            assert self.rfile.readline() == b"GET /healthz HTTP/1.1\r\n"
            self.wfile.write(answer)

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def look(address: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-IS", HEALTHY, "ADDRESS", "/healthz"],
        env=os.environ | {"ADDRESS": address},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("address", ["{}", "0.0.0.0:{}", "[::]:{}"])
def test_a_program_that_says_so_is_healthy(address: str) -> None:
    with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as port:
        told = look(address.format(port))
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


@pytest.mark.parametrize("status", [204, 302, 401, 500, 503])
def test_any_other_answer_is_not_healthy(status: int) -> None:
    with serving(b"HTTP/1.1 %d What\r\nContent-Length: 0\r\n\r\n" % status) as port:
        told = look(str(port))
    assert (told.returncode, told.stderr) == (1, f"/healthz answers {status}\n")


@pytest.mark.parametrize("answer", [b"", b"hello\r\n\r\n"])
def test_what_is_no_http_is_one_line_and_not_healthy(answer: bytes) -> None:
    with serving(answer) as port:
        told = look(str(port))
    assert told.returncode == 1
    assert len(told.stderr.splitlines()) == 1
    assert told.stderr.startswith(f"no answer at port {port}: ")


def test_where_nothing_listens_is_one_line_and_not_healthy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    told = look(f"0.0.0.0:{port}")
    assert told.returncode == 1
    assert len(told.stderr.splitlines()) == 1
