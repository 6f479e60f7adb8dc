"""What happens to a delivery with a message, whatever a stranger wrote into it."""

from typing import Any
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuts.incoming import LONGEST_TEXT, IncomingMessage, clean_text
from wuts.webhooks import Delivery

GROUP = "120363041234567890@g.us"
ANA = "5521988888888@s.whatsapp.net"
OWN = "5511999999999"
DOCUMENTED = {
    "message_id": "3EB0C431C26A1916E07A",
    "from": ANA,
    "to": f"{OWN}@s.whatsapp.net",
    "content": "Hello",
    "message_type": "text",
    "timestamp": "2026-03-14T12:05:30Z",
    "is_from_me": False,
    "push_name": "Ana",
}


def read(own_number: str | None = None, /, **told: Any) -> IncomingMessage | None:  # noqa: ANN401 - JSON
    delivery = Delivery(event="message.received", device_id="desk", data=DOCUMENTED | told)
    return IncomingMessage.of(delivery, own_number)


def certain(own_number: str | None = None, /, **told: Any) -> IncomingMessage:  # noqa: ANN401 - JSON
    message = read(own_number, **told)
    assert message is not None
    return message


def test_the_documented_message_is_read() -> None:
    message = certain()
    assert message.model_dump(mode="json") == {
        "device_id": "desk",
        "message_id": "3EB0C431C26A1916E07A",
        "sender": "+5521988888888",
        "name": "Ana",
        "text": "Hello",
        "type": "text",
        "chat": "5521988888888@s.whatsapp.net",
        "group": None,
        "sent_at": "2026-03-14T12:05:30Z",
    }


def test_who_wrote_and_what_is_shown_in_no_repr() -> None:
    shown = repr(certain(to=GROUP))
    assert "3EB0C431C26A1916E07A" in shown
    assert not any(secret in shown for secret in ("5521988888888", "Ana", "Hello", GROUP))


@pytest.mark.parametrize(
    "told",
    [
        {"from": ANA, "to": GROUP},
        {"from": GROUP, "participant": "5521988888888:7@s.whatsapp.net"},
    ],
    ids=["written to it", "from it"],
)
def test_a_message_in_a_group_is_answered_there(told: dict[str, str]) -> None:
    message = certain(**told)
    assert (message.group, message.chat, message.sender) == (GROUP, GROUP, "+5521988888888")


def test_a_group_that_does_not_tell_who_wrote_is_answered_all_the_same() -> None:
    message = certain(**{"from": GROUP})
    assert (message.chat, message.sender) == (GROUP, "")


@pytest.mark.parametrize(
    ("jid", "sender"),
    [
        (ANA, "+5521988888888"),
        ("5521988888888:12@s.whatsapp.net", "+5521988888888"),
        ("5521988888888.0:12@s.whatsapp.net", "+5521988888888"),
        ("5521988888888@c.us", "+5521988888888"),
        ("123456789012345@lid", "123456789012345@lid"),
        ("123456789012345:3@lid", "123456789012345@lid"),
        ("120363041234567890@newsletter", ""),
        ("", ""),
        (None, ""),
        ({"user": "ana"}, ""),
        ("1" * 10_000 + "@s.whatsapp.net", ""),
    ],
)
def test_a_sender_is_a_number_or_a_hidden_one(jid: object, sender: str) -> None:
    assert certain(**{"from": jid}).sender == sender


@pytest.mark.parametrize(
    "told",
    [
        {"is_from_me": True},
        {"from": "status@broadcast"},
        {"to": "status@broadcast"},
    ],
)
def test_what_the_device_sent_itself_and_a_status_are_no_messages(told: dict[str, Any]) -> None:
    assert read(**told) is None


@pytest.mark.parametrize("own", [OWN, "55119" + OWN[5:], "551199999999"])
def test_an_answer_of_our_own_is_known_though_the_gateway_does_not_say_so(own: str) -> None:
    told = {"from": f"{OWN}:3@s.whatsapp.net", "is_from_me": None}
    assert read(own, **told) is None


@pytest.mark.parametrize("event", ["message.sent", "device.connected", None])
def test_another_event_tells_of_no_message(event: str | None) -> None:
    delivery = Delivery(event=event, device_id="desk", data=DOCUMENTED)
    assert IncomingMessage.of(delivery) is None


def test_a_message_that_names_no_device_is_none() -> None:
    assert IncomingMessage.of(Delivery(event="message.received", data=DOCUMENTED)) is None


@pytest.mark.parametrize("data", [None, {}, {"content": {"url": "…"}}, {"message_type": ["x"]}])
def test_missing_fields_survive(data: dict[str, Any] | None) -> None:
    told = {"event": "message.received", "device_id": "desk", "data": data, "timestamp": 1773489930}
    delivery = Delivery.model_validate(told)
    message = IncomingMessage.of(delivery)
    assert message is not None
    assert (message.text, message.sender, message.type) == ("", "", "unknown")
    assert message.sent_at is not None


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("image", "image"),
        ("imageMessage", "imagemessage"),
        ("  Poll Update ", "poll_update"),
        ("__proto__", "proto"),
        ("\u202eevil\n", "evil"),
        ("x" * 10_000, "x" * 40),
        ("", "text"),
        (None, "text"),
        (7, "7"),
    ],
)
def test_an_unknown_type_is_one_short_word(told: object, expected: str) -> None:
    assert certain(message_type=told).type == expected


def test_a_caption_is_the_text_of_a_picture() -> None:
    assert certain(message_type="image", content="", caption="The door").text == "The door"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\tb\x00c\x1bd", "a bcd"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
    ],
)
def test_a_text_keeps_its_lines_and_its_emoji_and_nothing_that_deceives(
    told: str, kept: str
) -> None:
    assert certain(content=told).text == kept


def test_a_text_is_cut_where_it_is_too_long_to_be_sent() -> None:
    text = certain(content="x" * 60_000).text
    assert len(text) == LONGEST_TEXT
    assert text.endswith("…")


@pytest.mark.parametrize("told", ["3EB 0", "3EB\n", "é", "x" * 201, None, {}])
def test_an_id_that_no_message_has_is_left_out(told: object) -> None:
    assert certain(message_id=told).message_id == ""


@given(st.text(max_size=300), st.integers(1, 50))
def test_any_text_is_bounded_and_shows_no_control_characters(text: str, longest: int) -> None:
    kept = clean_text(text, longest)
    assert len(kept) <= longest
    assert not any(category(sign) in ("Cc", "Cs") for sign in kept if sign != "\n")
    assert not any(
        sign in kept for sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted({*DOCUMENTED, "participant", "caption"})), JSON))
def test_whatever_is_told_is_a_message_within_its_bounds_or_none(told: dict[str, Any]) -> None:
    message = read(OWN, **told)
    if message is None:
        return
    assert len(message.sender) <= 100
    assert len(message.name) <= 100
    assert len(message.type) <= 40
    number = message.sender.removeprefix("+")
    assert message.chat in (message.group, message.sender, f"{number}@s.whatsapp.net")
