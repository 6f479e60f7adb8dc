import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.wuts.pngs import IDAT, IEND, SIGNATURE, chunk, header, png
from wuts.qr import is_sane_png, render_png

WHOLE = png(8, 8)


def is_sane(data: bytes) -> bool:
    return is_sane_png(data, largest_side=100)


def test_a_rendered_qr_is_a_sane_png() -> None:
    assert is_sane_png(render_png("2@payload"), largest_side=1000)


def test_extra_chunks_do_no_harm() -> None:
    assert is_sane(SIGNATURE + header(8, 8) + chunk(b"tEXt", b"by\0us") + IDAT + IDAT + IEND)


@pytest.mark.parametrize("sides", [(100, 100), (1, 1), (1, 100)])
def test_a_png_of_up_to_the_largest_side_is_sane(sides: tuple[int, int]) -> None:
    assert is_sane(png(*sides))


@pytest.mark.parametrize("sides", [(101, 1), (1, 101), (0, 1), (1, 0), (2**31, 2**31)])
def test_a_png_without_size_or_with_too_much_of_it_is_refused(sides: tuple[int, int]) -> None:
    assert not is_sane(png(*sides))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(SIGNATURE, id="the signature alone"),
        pytest.param(b"GIF89a" + WHOLE, id="another signature"),
        pytest.param(SIGNATURE + IDAT + IEND, id="no header"),
        pytest.param(SIGNATURE + IDAT + header(8, 8) + IEND, id="the header behind the pixels"),
        pytest.param(SIGNATURE + header(8, 8) + IEND, id="no pixels"),
        pytest.param(SIGNATURE + header(8, 8) + IDAT, id="no end"),
        pytest.param(WHOLE + b"more", id="something behind the end"),
        pytest.param(WHOLE + chunk(b"tEXt", b"more"), id="a chunk behind the end"),
        pytest.param(
            SIGNATURE + header(8, 8) + header(99999, 99999) + IDAT + IEND, id="a second header"
        ),
        pytest.param(
            SIGNATURE + chunk(b"IHDR", struct.pack(">II", 8, 8)) + IDAT + IEND, id="a short header"
        ),
        pytest.param(WHOLE.replace(b"IDAT", b"IDOT"), id="a changed chunk"),
    ],
)
def test_what_is_not_one_whole_png_is_refused(data: bytes) -> None:
    assert not is_sane(data)


@given(st.integers(0, len(WHOLE) - 1))
def test_a_png_cut_anywhere_is_refused(length: int) -> None:
    assert not is_sane(WHOLE[:length])


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_png_with_one_changed_byte_is_refused(place: int, change: int) -> None:
    changed = bytearray(WHOLE)
    changed[place] ^= change
    assert not is_sane(bytes(changed))


@given(st.binary(), st.lists(st.tuples(st.binary(min_size=4, max_size=4), st.binary())))
def test_any_bytes_and_any_chunks_are_judged_without_a_fall(
    data: bytes, chunks: list[tuple[bytes, bytes]]
) -> None:
    assert not is_sane(data)
    assert not is_sane(SIGNATURE + data)
    assert not is_sane(SIGNATURE + b"".join(chunk(*parts) for parts in chunks) + data)
