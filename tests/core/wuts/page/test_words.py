"""Every language says everything, whatever is asked for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.wuts.page.serving import PAIRED, SCANNED, UNCHECKED, WRONG, code, qr
from tests.core.wuts.values import OTHER_PHONE, PHONE
from wuts.errors import ErrorCode
from wuts.page.drawing import draw_scene, failure_text
from wuts.page.state import Scene
from wuts.page.words import LANGUAGES, Words, words_for
from wuts.pairing import (
    Failed,
    FailureReason,
    Paired,
    PairedHow,
    PairingEvent,
    PairingView,
    Stage,
    Stalled,
    StallReason,
    Waiting,
)

EN, PT_BR = LANGUAGES["en"], LANGUAGES["pt-BR"]
BOTH = pytest.mark.parametrize("words", LANGUAGES.values(), ids=list(LANGUAGES))
WAITING = Waiting(code=ErrorCode.GATEWAY_BUSY, reason="It is busy.", retry_in=5)
STALLED = Stalled(reason=StallReason.PASSKEY_SUSPECTED)
KNOWN = PairedHow.ALREADY_CONNECTED
SCENES: dict[Stage, tuple[PairingEvent, ...]] = {
    Stage.PREPARING: (),
    Stage.WAITING: (WAITING,),
    Stage.QR: (qr(), WAITING),
    Stage.CODE: (code(),),
    Stage.SCANNED: (qr(), SCANNED),
    Stage.STALLED: (qr(), SCANNED, STALLED),
    Stage.PAIRED: (Paired(phone_number=PHONE, how=KNOWN),),
    Stage.WRONG_ACCOUNT: (WRONG,),
    Stage.UNCHECKED: (UNCHECKED,),
    Stage.FAILED: (Failed(reason=FailureReason.REFUSED, message="No."),),
}


async def drawn(words: Words, *events: PairingEvent) -> str:
    view = PairingView()
    for event in events:
        view = view.after(event, 0.0)
    return await draw_scene(words, Scene(name="Front desk", view=view, over=None))


@BOTH
def test_every_reason_has_words_and_no_other(words: Words) -> None:
    assert all(failure_text(words, reason) != words.failure for reason in FailureReason)
    assert words.failures.keys() <= set(FailureReason)
    assert words.stalled.keys() == set(StallReason)


@BOTH
@pytest.mark.parametrize("stage", Stage)
async def test_every_stage_is_drawn_and_names_no_number(words: Words, stage: Stage) -> None:
    page = await drawn(words, *SCENES[stage])
    assert "<h2>" in page
    assert not re.search(r"{\w+}", page.replace(words.time_left, ""))
    assert PHONE not in page
    assert OTHER_PHONE not in page


@BOTH
async def test_a_linked_phone_and_a_device_that_needs_none_differ(words: Words) -> None:
    assert words.paired_more.replace("{name}", "Front desk") in await drawn(words, PAIRED)
    assert words.paired_more.replace("{name}", "Front desk") not in await drawn(
        words, *SCENES[Stage.PAIRED]
    )


async def test_a_wrong_phone_is_named_by_its_last_digits() -> None:
    page = await drawn(EN, WRONG)
    assert "phone that was linked ends in 8888" in page
    assert "the expected one ends in 9999" in page


async def test_an_unknown_reason_is_still_a_reason() -> None:
    page = await draw_scene(EN, Scene(name="Desk", view=None, over="<new>"))
    assert EN.failure in page
    assert "Reason: &lt;new&gt;" in page


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("", EN),
        ("pt-BR,pt;q=0.9,en-US;q=0.8", PT_BR),
        ("pt-PT", PT_BR),
        ("en-US,en;q=0.9,pt;q=0.8", EN),
        ("de, pt;q=0.5, en;q=0.4", PT_BR),
        ("en;q=0.1, PT ; q=0.2", PT_BR),
        ("pt;q=0", EN),
        ("pt;q=nan", EN),
        ("fr", EN),
        ("*", EN),
    ],
)
def test_the_browser_s_language_is_spoken(header: str, words: Words) -> None:
    assert words_for(header) is words


@given(st.text())
def test_any_header_gives_a_language(header: str) -> None:
    assert words_for(header) in LANGUAGES.values()
