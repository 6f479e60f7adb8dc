"""An HTTP server that notifications are posted to, and that can misbehave."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self, override

# What json.loads returns.
type Json = Any


class _Server(ThreadingHTTPServer):
    request_queue_size = 100
    daemon_threads = True


@dataclass(frozen=True)
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Json:
        return json.loads(self.body)

    @property
    def login(self) -> str:
        """User and password."""
        return base64.b64decode(self.headers["authorization"].removeprefix("Basic ")).decode()


@dataclass
class Listening:
    """A server, and how it behaves from now on.

    Attributes:
        requests: What was posted.
        status: What it answers.
        location: Where it sends whoever asks, if anywhere.
        hangs: Whether it takes requests and never answers.
    """

    requests: list[Received] = field(default_factory=list)
    status: int = 200
    location: str | None = None
    hangs: bool = False
    _released: Event = field(default_factory=Event)

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def place(self) -> str:
        """The host and the port."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def documents(self) -> list[Json]:
        return [one.document for one in list(self.requests)]

    def release(self) -> None:
        """Answer all that hang."""
        self.hangs = False
        self._released.set()

    def _take(self, received: Received) -> None:
        self.requests.append(received)
        if self.hangs:
            self._released.wait()

    def _handler(listening) -> Callable[..., BaseHTTPRequestHandler]:  # noqa: N805 - two selves
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                listening._take(Received(self.path, headers, body))
                self.send_response(listening.status)
                if listening.location is not None:
                    self.send_header("Location", listening.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            @override
            def log_message(self, format: str, *args: object) -> None:
                return

            @override
            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:
                    self.close_connection = True  # whoever hung up did not wait

        return Handler
