"""Answers that are not a success, made and classified in one step."""

from tests.core.wuts.raw_gateway import http_answer
from tests.core.wuts.values import DEVICE, TOKEN, Json
from wuts.errors import WutsError
from wuts.http import endpoints
from wuts.http.classify import Answer, error_from
from wuts.http.endpoints import Endpoint, Request

DATE = "Sat, 14 Mar 2026 12:00:00 GMT"


def classify(
    status: int,
    body: Json = "",
    *,
    request: Request | None = None,
    date: str | None = DATE,
    retry_after: str | None = None,
) -> WutsError:
    _, _, content = http_answer(body).partition(b"\r\n\r\n")
    answer = Answer(status=status, body=content, date=date, retry_after=retry_after)
    asked = request or about_device(endpoints.GET_STATUS)
    return error_from(answer, asked, token=TOKEN, problems="")


def about_device(endpoint: Endpoint) -> Request:
    return Request(endpoint=endpoint, device_id=DEVICE)


def refusal(error: str, **fields: Json) -> Json:
    return {"success": False, "error": error, **fields}
