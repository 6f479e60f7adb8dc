from urllib.parse import parse_qsl, unquote, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from tests.core.wuts.values import DEVICE, PHONE
from wuts.http.endpoints import (
    CREATE_PAIR_CODE,
    DELETE_DEVICE,
    GET_QR,
    GET_STATUS,
    LIST_DEVICES,
    Request,
)


def test_a_call_about_nothing_goes_to_the_bare_path() -> None:
    assert Request(endpoint=LIST_DEVICES).target == "/devices"


def test_a_device_goes_into_the_query() -> None:
    assert Request(endpoint=GET_STATUS, device_id=DEVICE).target == f"/status?device_id={DEVICE}"


def test_a_device_goes_into_the_path_where_the_endpoint_says_so() -> None:
    assert Request(endpoint=DELETE_DEVICE, device_id=DEVICE).target == f"/devices/{DEVICE}"


def test_a_device_that_is_in_the_body_stays_out_of_the_query() -> None:
    body = {"phone": PHONE, "device_id": DEVICE}
    request = Request(endpoint=CREATE_PAIR_CODE, device_id=DEVICE, body=body)
    assert request.target == "/paircode"


def test_further_parameters_come_behind_the_device() -> None:
    request = Request(endpoint=GET_QR, device_id=DEVICE, params={"refresh": "true"})
    assert request.target == f"/qr?device_id={DEVICE}&refresh=true"


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
def test_any_device_id_arrives_as_it_is(device_id: str) -> None:
    in_query = urlsplit(Request(endpoint=GET_STATUS, device_id=device_id).target)
    assert dict(parse_qsl(in_query.query)) == {"device_id": device_id}
    in_path = urlsplit(Request(endpoint=DELETE_DEVICE, device_id=device_id).target)
    assert unquote(in_path.path.removeprefix("/devices/")) == device_id
    assert in_path.path.count("/") == 2
    assert not in_path.query


def test_a_request_shows_nothing_of_its_body() -> None:
    request = Request(endpoint=CREATE_PAIR_CODE, body={"phone": PHONE})
    assert PHONE not in repr(request)
