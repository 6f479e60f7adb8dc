"""Makes one call: sends the request, reads the answer, and tells success from failure.

Nothing of the HTTP library reaches a caller.
"""

import asyncio
import zlib
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

import httpx
from pydantic import SecretStr, ValidationError

from ..errors import (
    InvalidInputError,
    QrNotReadyError,
    UnexpectedAnswerError,
    WutsConnectionError,
    WutsError,
    WutsTimeoutError,
)
from ..inputs import check_base_url, check_token, is_plain_and_local
from .bodies import UploadBody, encode
from .classify import Answer, check_device, error_from
from .connection import connection_error
from .endpoints import Request
from .envelopes import Envelope
from .observer import CallObserver, OnCall
from .pool import CONNECT_TIMEOUT, MakeTransport, acquire, release
from .tls import tls_context

ACCEPTED_CODING = "gzip"
"""The one coding asked for. We unpack it ourselves: the HTTP library sets no bound to what a few
packed bytes may become, and packs within packs multiply."""


class Transport:
    """One gateway, one token, one HTTP client.

    Args:
        token: Sent as ``Authorization: Bearer``, and nowhere else.
        base_url: The gateway's address; see `check_base_url`.
        http: A client that somebody else owns and closes, or None for the one that all our clients
            of an event loop share, from the first call on.
        allow_insecure_http: Whether plain ``http://`` may leave this machine.
        ca_file: Authorities to trust besides the usual ones, where ``http`` is None.
        http_transport: Makes what carries the requests, where ``http`` is None; None for
            httpx's own.
        on_call: Gets the result of each call of `ask` and `ask_whole`, and its seconds.

    Raises:
        WutsConfigError: The token, the base URL or the CA file is not usable.
    """

    def __init__(  # noqa: PLR0913 - all but the token are named by the caller
        self,
        token: str,
        *,
        base_url: str,
        http: httpx.AsyncClient | None,
        allow_insecure_http: bool,
        ca_file: Path | None = None,
        http_transport: MakeTransport | None = None,
        on_call: OnCall | None = None,
    ) -> None:
        self._token = SecretStr(check_token(token))
        self.base_url = check_base_url(base_url, allow_insecure_http=allow_insecure_http)
        self._http = http
        self._owns_http = http is None
        self._is_closed = False
        self.ca_file = ca_file
        self._make_transport = http_transport
        self._observer = None if on_call is None else CallObserver(on_call)
        if ca_file is not None:
            tls_context(ca_file)

    @property
    def token(self) -> str:
        """The token in the clear, to be removed from what the gateway says."""
        return self._token.get_secret_value()

    async def aclose(self) -> None:
        """Let go of the HTTP client if it is ours."""
        if not self._owns_http or self._is_closed:
            return
        self._is_closed = True
        if self._http is not None:
            await release(self._http)

    async def ask[E: Envelope](self, request: Request, model: type[E]) -> E:
        """Make the call and return its answer as ``model``.

        Raises:
            WutsError: Whatever went wrong, as its own class.
        """
        content, _ = await self.ask_whole(request, model)
        return content

    async def ask_whole[E: Envelope](self, request: Request, model: type[E]) -> tuple[E, Answer]:
        """Do as `ask`, and return the answer's status and headers as well."""
        asking = self._ask(request, model)
        if self._observer is None:
            return await asking
        return await self._observer.watch(request.endpoint, asking)

    async def _ask[E: Envelope](self, request: Request, model: type[E]) -> tuple[E, Answer]:
        answer = await self.send(request)
        content = _read(answer, model)
        if isinstance(content, Envelope) and content.is_success:
            check_device(request, content.about, answer.status)
            return content, answer
        problems = content if isinstance(content, str) else ""
        raise error_from(answer, request, token=self.token, problems=problems)

    async def send(self, request: Request) -> Answer:
        """Send one request, without retries and redirects, and read its answer to the end.

        Raises:
            WutsConnectionError: The gateway could not be reached, or the connection broke.
            WutsTimeoutError: It did not answer within the endpoint's time.
            QrNotReadyError: The same, where the gateway waits for WhatsApp's QR.
            UnexpectedAnswerError: The answer is too long or not readable.
            InvalidInputError: The body is not text that can be sent.
        """
        outcome = await self._try_send(request)
        # Raised here, outside the handlers, so that no exception of the HTTP library (it holds the
        # request, and so the token) hangs on to ours as its context.
        if isinstance(outcome, WutsError):
            raise outcome
        return outcome

    async def _try_send(self, request: Request) -> Answer | WutsError:
        endpoint = request.endpoint
        if self._is_closed or (http := self._open_http()).is_closed:
            return WutsConnectionError(
                "The HTTP client was closed before the call. Open a new one."
            )
        try:
            async with asyncio.timeout(endpoint.timeout):
                return await _exchange(http, self._build(http, request), endpoint.max_bytes)
        except (httpx.HTTPError, OSError, UnicodeEncodeError) as error:
            return _explain(error, request)

    def _build(self, http: httpx.AsyncClient, request: Request) -> httpx.Request:
        content = None if request.body is None else encode(request.body, request.upload)
        return http.build_request(
            request.endpoint.method,
            _parse(self.base_url + request.target),
            content=content,
            headers={**request.headers, **self._headers(content)},
            timeout=httpx.Timeout(request.endpoint.timeout, connect=CONNECT_TIMEOUT),
        )

    def _open_http(self) -> httpx.AsyncClient:
        if self._http is None:
            # A proxy that the environment names is another machine, and could read the token.
            trust_env = not is_plain_and_local(self.base_url)
            self._http = acquire(
                self.ca_file, trust_env=trust_env, make_transport=self._make_transport
            )
        return self._http

    def _headers(self, content: bytes | UploadBody | None) -> dict[str, str]:
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": ACCEPTED_CODING,
            "Authorization": f"Bearer {self.token}",
        }
        if content is not None:
            headers["Content-Type"] = "application/json"
        if isinstance(content, UploadBody):
            headers["Content-Length"] = str(content.length)  # or it would be sent in chunks
        return headers


@lru_cache(maxsize=1024)
def _parse(url: str) -> httpx.URL:
    """Parse an address once: calls repeat, and parsing was their largest single cost."""
    return httpx.URL(url)


def _read[E: Envelope](answer: Answer, model: type[E]) -> E | str:
    """Return the answer as ``model``, or in words what is wrong with it."""
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return ""
    try:
        return model.model_validate_json(answer.body)
    except ValidationError as error:
        return model.salvage(answer.body) or _describe(error)


def _describe(error: ValidationError) -> str:
    """Name the first few fields that are wrong; their values stay out of it."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, p['loc'])) or 'body'}: {p['msg']}" for p in problems[:3])


def _explain(error: httpx.HTTPError | OSError | UnicodeEncodeError, request: Request) -> WutsError:
    match error:
        case UnicodeEncodeError():
            return InvalidInputError("The text contains half of a character. Enter it again.")
        case httpx.ConnectTimeout():
            return WutsTimeoutError()
        case TimeoutError() | httpx.TimeoutException():
            return QrNotReadyError() if request.endpoint.makes_code else WutsTimeoutError()
        case httpx.ConnectError() | httpx.UnsupportedProtocol() | OSError():
            return connection_error(error)
    return WutsConnectionError("The connection to the gateway broke. Try again in a moment.")


async def _exchange(
    http: httpx.AsyncClient, request: httpx.Request, max_bytes: int
) -> Answer | WutsError:
    """Send and read.

    ``auth=None`` keeps a ``.netrc`` or the client's own auth from replacing our header.
    """
    response = await http.send(request, stream=True, auth=None, follow_redirects=False)
    try:
        body = await _read_body(response, max_bytes)
    finally:
        await response.aclose()
    if isinstance(body, WutsError):
        return body
    return Answer(
        status=response.status_code,
        body=body,
        date=response.headers.get("date"),
        retry_after=response.headers.get("retry-after"),
    )


async def _read_body(response: httpx.Response, max_bytes: int) -> bytes | UnexpectedAnswerError:
    """Return the whole body, or why it cannot be read, as soon as that is known.

    Raises:
        httpx.HTTPError: The connection broke or took too long.
    """
    status = response.status_code
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", ACCEPTED_CODING}:
        return UnexpectedAnswerError(status=status)
    try:
        body = await _unpack(response, max_bytes, packed=coding == ACCEPTED_CODING)
    except zlib.error:
        return UnexpectedAnswerError(status=status)
    return body if len(body) <= max_bytes else _too_long(status, max_bytes)


async def _unpack(response: httpx.Response, max_bytes: int, *, packed: bool) -> bytes:
    """Return the body up to one byte more than is allowed."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16) if packed else None
    body = bytearray()
    async for chunk in response.aiter_raw():
        room = max_bytes + 1 - len(body)
        body += unpacker.decompress(chunk, room) if unpacker else chunk[:room]
        if len(body) > max_bytes:
            break
    return bytes(body)


def _too_long(status: int, max_bytes: int) -> UnexpectedAnswerError:
    return UnexpectedAnswerError(
        f"The gateway's answer is longer than {max_bytes // 1024} KiB, so it was not read. "
        "Check the gateway's address.",
        status=status,
    )
