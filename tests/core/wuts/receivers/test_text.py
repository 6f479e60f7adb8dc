"""What people read: short, complete in both languages, and without what a service would draw."""

from dataclasses import replace
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.wuts.receivers.notified import LATER, device_alert, notification, over, taken
from tests.core.wuts.supervisor.store.values import MOMENT, alert
from wuts.errors import InvalidInputError
from wuts.receivers import LANGUAGES, Words, text_of, words_of
from wuts.receivers.names import plain_name
from wuts.supervisor import AlertKind, AlertStep, Cause, Mute, MuteScope, News

ENGLISH, PORTUGUESE = LANGUAGES["en"], LANGUAGES["pt-BR"]
BOTH = pytest.mark.parametrize("words", LANGUAGES.values(), ids=list(LANGUAGES))
TABLES = {"kinds": AlertKind, "news": News, "causes": Cause, "steps": AlertStep}


@BOTH
def test_every_code_has_words(words: Words) -> None:
    for name, codes in TABLES.items():
        assert set(getattr(words, name)) == set(codes), name


@BOTH
def test_what_a_device_can_have_has_a_plural(words: Words) -> None:
    for kind, one in words.kinds.items():
        assert bool(one.many) == bool(one.many_over) == ("{device}" in one.one), kind


def test_a_language_that_there_is_not_is_refused() -> None:
    assert words_of("pt-BR") is PORTUGUESE
    with pytest.raises(InvalidInputError, match="en and pt-BR"):
        words_of("fr")


def test_one_alert() -> None:
    text = text_of(notification(), ENGLISH, zone=UTC)
    assert text.title == "WUTS: Desk 1 must be paired again"
    assert text.body.splitlines() == [
        "Since 2026-11-01 12:30 UTC, account home.",
        "The phone unlinked it.",
        "Pair it again.",
    ]


def test_one_alert_in_portuguese_and_in_another_zone() -> None:
    zone = timezone(timedelta(hours=-3), "-03")
    text = text_of(notification(), PORTUGUESE, zone=zone, url="https://wuts.example")
    assert text.title == "WUTS: Desk 1 precisa ser vinculado de novo"
    assert text.body.splitlines() == [
        "Desde 01/11/2026 09:30 -03, conta home.",
        "O celular o desvinculou.",
        "Vincule-o de novo.",
        "Veja https://wuts.example",
    ]


def test_one_alert_that_somebody_has_and_that_waits_for_a_time() -> None:
    banned = replace(taken(device_alert(cause=Cause.TEMPORARY_BAN)), cause_until=LATER)
    text = text_of(notification(banned, news=News.ACKNOWLEDGED), ENGLISH, zone=UTC)
    assert text.title == "WUTS: Acknowledged: Desk 1 must be paired again"
    assert text.body.splitlines()[1:] == [
        "WhatsApp has temporarily banned its number. Until 2026-11-01 13:30 UTC.",
        "Wait until then: pairing it again earlier does not help.",
        "Acknowledged by Ana: on my way",
    ]


def test_one_alert_that_is_over() -> None:
    text = text_of(notification(over(device_alert()), news=News.RESOLVED), ENGLISH, zone=UTC)
    assert text.title == "WUTS: Desk 1 is linked again"
    assert text.body == "From 2026-11-01 12:30 UTC to 2026-11-01 13:30 UTC, account home."


def test_an_account() -> None:
    text = text_of(notification(alert(device_id=None)), ENGLISH, zone=UTC)
    assert text.title == "WUTS: The gateway refuses the token of home"


def test_many_alerts_are_a_list_that_ends() -> None:
    alerts = [device_alert(number) for number in range(1, 1001)]
    alerts[0] = taken(alerts[0])
    text = text_of(notification(*alerts), ENGLISH, zone=UTC)
    assert text.title == "WUTS: 1000 devices must be paired again"
    lines = text.body.splitlines()
    assert lines[0] == "Account home:"
    assert lines[1] == "• Desk 1 (2026-11-01 12:30 UTC). Acknowledged by Ana: on my way"
    assert lines[20:] == [
        "• Desk 20 (2026-11-01 12:30 UTC)",
        "• and 980 more",
        "The phone unlinked it.",
        "Pair it again.",
    ]


def test_many_alerts_some_of_which_are_over() -> None:
    alerts = [over(device_alert(1)), device_alert(2), device_alert(3, cause=None)]
    text = text_of(notification(*alerts, news=News.UPDATED), ENGLISH, zone=UTC)
    assert text.title == "WUTS: Update: 2 devices must be paired again"
    assert text.body.splitlines()[-2:] == ["Pair it again.", "Resolved: Desk 1."]
    assert "unlinked" not in text.body, "it is true of one only"


def test_many_alerts_that_are_all_over() -> None:
    alerts = [over(device_alert(number)) for number in range(3)]
    text = text_of(notification(*alerts, news=News.RESOLVED), ENGLISH, zone=UTC)
    assert text.title == "WUTS: 3 devices are linked again"
    assert text.body.splitlines() == ["Account home:", "Resolved: Desk 0, Desk 1, Desk 2."]


def test_a_mute_that_ended() -> None:
    mute = Mute(
        scope=MuteScope("home"), until=None, by="Rui", reason="moving", at=MOMENT, ended=LATER
    )
    told = replace(notification(news=News.MUTE_ENDED), mute=mute)
    text = text_of(told, ENGLISH, zone=UTC)
    assert text.title == "WUTS: No longer muted: Desk 1 must be paired again"
    assert text.body.splitlines()[-1] == "It was muted by Rui: moving"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Front desk", "Front desk"),
        ("front_desk_2", "front_desk_2"),
        ("Café São João", "Café São João"),
        ("_loud_ __very__", "loud very"),
        ("<!channel> @everyone", "‹!channel› ＠everyone"),  # noqa: RUF001
        ("<b>x</b> &amp; *y*", "‹b›x‹/b› ＆amp; ∗y∗"),  # noqa: RUF001
        ("[click](https://evil.example)", "(click)(https: //evil.example)"),
        ("# heading\n- item\x1b[2J\u202e", "heading - item (2J"),
        ("Sales +55 11 99999-1234", "Sales …1234"),
        ("5511999991234", "…1234"),
        ("x" * 100, "x" * 59 + "…"),
    ],
)
def test_a_name_is_only_a_name(name: str, shown: str) -> None:
    assert plain_name(name).split() == shown.split()


@BOTH
@given(
    st.sampled_from(AlertKind),
    st.sampled_from(News),
    st.one_of(st.none(), st.sampled_from(Cause)),
    st.text(max_size=300),
    st.text(max_size=300),
    st.integers(1, 30),
)
def test_any_notification_has_a_title_of_one_line(  # noqa: PLR0913, PLR0917
    words: Words,
    kind: AlertKind,
    news: News,
    cause: Cause | None,
    name: str,
    note: str,
    count: int,
) -> None:
    alerts = [
        taken(device_alert(number, kind, name, cause), name, note) for number in range(1, count + 1)
    ]
    text = text_of(notification(*alerts, news=news), words, zone=UTC)
    assert text.title.isprintable()
    assert len(text.title) < 250
    assert len(text.body.splitlines()) <= 30
    drawn = f"{text.title}{text.body}"
    assert not set("<>&@*`~|[]\\") & set(drawn)
    assert "{" not in drawn or "{" in name + note
