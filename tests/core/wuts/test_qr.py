import asyncio
import base64
import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.core.wuts.outcomes import outcome
from tests.core.wuts.pngs import data_url, png
from tests.core.wuts.qr_reader import modules_of, paint, read_image, read_png
from tests.core.wuts.values import PAYLOAD, documented
from wuts.errors import UnexpectedAnswerError
from wuts.models import QrCode
from wuts.qr import (
    LARGEST_IMAGE,
    LARGEST_SIDE,
    LONGEST_PAYLOAD,
    check_qr,
    decode_image,
    render_png,
    render_png_async,
    render_text,
)

QUIET_ZONE = 4
WIDTH = 57 + 2 * QUIET_ZONE
"""A side of a version 10 QR, in modules (ISO/IEC 18004)."""


def base64_of(size: int) -> st.SearchStrategy[str]:
    return st.binary(min_size=size, max_size=size).map(lambda raw: base64.b64encode(raw).decode())


KEYS = st.tuples(base64_of(77), base64_of(32), base64_of(32), base64_of(32))
PAYLOADS = KEYS.map(lambda keys: "2@" + ",".join(keys))


@settings(max_examples=30)
@given(PAYLOADS)
def test_a_reader_sees_in_the_png_what_was_put_in(payload: str) -> None:
    assert read_png(render_png(payload)) == payload


@settings(max_examples=30)
@given(PAYLOADS)
def test_a_reader_sees_in_the_half_blocks_what_was_put_in(payload: str) -> None:
    assert read_image(paint(modules_of(render_text(payload)))) == payload


@pytest.mark.parametrize("payload", ["0", "A", "x" * LONGEST_PAYLOAD, "~!@#$%^&*()_+{}|<>?"])
def test_payloads_of_any_length_and_kind_are_read_back(payload: str) -> None:
    assert read_png(render_png(payload)) == payload
    assert read_image(paint(modules_of(render_text(payload)))) == payload


def test_a_png_is_pure_black_on_white() -> None:
    with Image.open(io.BytesIO(render_png(PAYLOAD))) as image:
        colours = {colour for _, colour in image.convert("RGB").getcolors() or ()}
    assert colours == {(0, 0, 0), (255, 255, 255)}


@pytest.mark.parametrize("module_pixels", [1, 4, 8])
def test_a_png_has_whole_modules_and_a_white_quiet_zone_of_four(module_pixels: int) -> None:
    with Image.open(io.BytesIO(render_png(PAYLOAD, module_pixels=module_pixels))) as opened:
        image = opened.convert("L")
    assert image.size == (WIDTH * module_pixels, WIDTH * module_pixels)
    modules = image.resize((WIDTH, WIDTH), Image.Resampling.NEAREST)
    assert modules.resize(image.size, Image.Resampling.NEAREST).tobytes() == image.tobytes()
    inner = (QUIET_ZONE, QUIET_ZONE, WIDTH - QUIET_ZONE, WIDTH - QUIET_ZONE)
    assert modules.point(lambda shade: 255 - shade).getbbox() == inner


def test_half_blocks_have_a_quiet_zone_of_four() -> None:
    rows = modules_of(render_text(PAYLOAD))
    black_rows = [place for place, row in enumerate(rows) if any(row)]
    black_columns = [place for row in rows for place, black in enumerate(row) if black]
    assert {len(row) for row in rows} == {WIDTH}
    assert (min(black_rows), max(black_rows)) == (QUIET_ZONE, WIDTH - QUIET_ZONE - 1)
    assert (min(black_columns), max(black_columns)) == (QUIET_ZONE, WIDTH - QUIET_ZONE - 1)
    assert len(rows) in (WIDTH, WIDTH + 1)


def test_half_blocks_hold_nothing_but_blocks() -> None:
    assert set(render_text(PAYLOAD)) == set(" ▀▄█\n")


async def test_a_png_is_rendered_off_the_event_loop() -> None:
    release = threading.Event()
    worker = ThreadPoolExecutor(1)
    asyncio.get_running_loop().set_default_executor(worker)
    blocker = worker.submit(release.wait)
    try:
        rendering = asyncio.create_task(render_png_async("2@rendered elsewhere"))
        for _ in range(10):
            await asyncio.sleep(0)
        assert not rendering.done()
    finally:
        release.set()
    assert read_png(await rendering) == "2@rendered elsewhere"
    assert blocker.done()


async def test_the_same_payload_is_rendered_once() -> None:
    first = await render_png_async("2@rendered once")
    assert await render_png_async("2@rendered once") is first
    assert render_text("2@rendered once") is render_text("2@rendered once")


def test_few_payloads_are_kept() -> None:
    for number in range(100):
        render_png(f"2@{number}", module_pixels=1)
    assert render_png.cache_info().currsize == 32


def test_the_gateways_own_image_is_passed_on_as_it_is() -> None:
    image = documented("qr_reference")["data"]["image"]
    passed_on = decode_image(image)
    assert data_url(passed_on) == image
    assert read_png(passed_on) == PAYLOAD


@pytest.mark.parametrize("sides", [(LARGEST_SIDE, 1), (1, LARGEST_SIDE)])
def test_an_image_of_the_largest_side_is_passed_on(sides: tuple[int, int]) -> None:
    assert decode_image(data_url(png(*sides))) == png(*sides)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("", id="nothing"),
        pytest.param("https://example.com/qr.png", id="a link"),
        pytest.param("data:image/svg+xml;base64,PHN2Zy8+", id="an SVG"),
        pytest.param("data:image/png,raw", id="no base64"),
        pytest.param("data:image/png;base64,", id="no content"),
        pytest.param("data:image/png;base64,%%%%", id="broken base64"),
        pytest.param("data:image/png;base64,abc", id="cut base64"),
        pytest.param(data_url(b"<html>"), id="a page inside"),
        pytest.param(data_url(png(8, 8)[:-6]), id="a cut PNG"),
        pytest.param(data_url(png(LARGEST_SIDE + 1, 8)), id="too wide"),
        pytest.param(data_url(png(10_000, 10_000)), id="a decompression bomb"),
        pytest.param(data_url(bytes(LARGEST_IMAGE + 10)), id="too many bytes"),
    ],
)
def test_any_other_image_is_refused_in_words(url: str) -> None:
    with pytest.raises(UnexpectedAnswerError, match="QR image") as caught:
        decode_image(url)
    assert caught.value.message.endswith("Try again.")


@given(st.text().map(lambda text: "data:image/png;base64," + text) | st.text())
def test_any_text_as_an_image_is_refused(url: str) -> None:
    assert isinstance(outcome(lambda: decode_image(url)), UnexpectedAnswerError)


def test_a_qr_with_a_payload_needs_no_image() -> None:
    qr = QrCode(qr_code=PAYLOAD, image="broken")
    assert check_qr(qr) is qr


def test_a_qr_may_be_an_image_alone() -> None:
    qr = QrCode(image=data_url(render_png(PAYLOAD)))
    assert check_qr(qr) is qr


@pytest.mark.parametrize(
    ("qr", "words"),
    [
        (QrCode(), "neither a QR nor an image"),
        (QrCode(image="data:image/png;base64,%%%%"), "damaged"),
        (QrCode(qr_code="x" * (LONGEST_PAYLOAD + 1)), "not one of WhatsApp's"),
        (QrCode(qr_code="2@ação"), "not one of WhatsApp's"),
    ],
)
def test_a_qr_that_cannot_be_shown_is_refused_in_words(qr: QrCode, words: str) -> None:
    with pytest.raises(UnexpectedAnswerError, match=words):
        check_qr(qr)
