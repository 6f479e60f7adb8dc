from datetime import UTC, datetime
from itertools import product

import pytest

from slack_app.blocks import pairing
from slack_app.blocks.alert import alert_content, headline, reminder
from slack_app.blocks.choices import offer_to_create, which_device
from slack_app.blocks.help import help_message, mistake_message
from slack_app.blocks.home import closed_home, home_view
from slack_app.blocks.modals import device_options, pair_modal, phone_modal
from slack_app.blocks.pairing import LastMessage, PairingHead, last_message
from slack_app.blocks.parts import Content, escape
from slack_app.blocks.phone_question import asked_again
from slack_app.blocks.status import PAGE, detail_message, status_message
from slack_app.devices.accounts import Overview
from slack_app.devices.device import DeviceRef, Line
from slack_app.messages import EN, PT_BR, Strings
from slack_app.messages.parser import Mistake, parse
from tests.slack_app.blocks.limits import check, check_home, check_option, check_window
from tests.slack_app.blocks.snapshots import matches
from wuts.errors import WutsTimeoutError
from wuts.pairing import Stage
from wuts.supervisor import (
    AccountState,
    Alert,
    AlertKind,
    AlertStatus,
    Device,
    DeviceState,
    Phone,
    PhoneQuestion,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AT = NOON.timestamp()
ENDLESS = "<!channel> *" + "x" * 5000
LANGUAGES = pytest.mark.parametrize("strings", [EN, PT_BR], ids=["en", "pt_br"])

LINES = [
    Line("home", Device("d1", "Good", state=DeviceState.CONNECTED, since=AT), "5511912344321"),
    Line("home", Device("d2", "Fresh", state=DeviceState.NEVER_PAIRED, since=AT)),
    Line("home", Device("d3", "Lost", state=DeviceState.NEEDS_PAIRING, since=AT)),
    Line("home", Device("d4", "Rest", state=DeviceState.PAUSED, since=AT)),
    Line(
        "home",
        Device("d5", "Shaky", state=DeviceState.RECONNECTING, since=AT, attempt=3, next_try=AT + 9),
    ),
    Line("home", Device("d6", "", state=None)),
    Line("home", Device("d7", "Deleted", state=DeviceState.GONE, since=AT)),
    Line("home", Device("d8", "Foreign", state=DeviceState.REFUSED, since=AT)),
]

WRONG = Phone("5511912344321", "5511987659999", PhoneQuestion.WRONG_PHONE, "0123abcd")
UNCHECKED = Phone("5511912344321", None, PhoneQuestion.UNCHECKED, "4567cdef")
ASKED = [
    Line("home", Device("d9", "Taken", state=DeviceState.CONNECTED, since=AT, phone=WRONG)),
    Line("home", Device("d10", "Hidden", state=DeviceState.PAUSED, since=AT, phone=UNCHECKED)),
]


def head(strings: Strings, name: str = "Front desk") -> PairingHead:
    return PairingHead(id="0123", ref=DeviceRef("home", "d1"), device_name=name, strings=strings)


def alert(kind: AlertKind, status: AlertStatus = AlertStatus.RAISED, name: str = "Lost") -> Alert:
    about_device = kind not in {
        AlertKind.GATEWAY_DOWN,
        AlertKind.TOKEN_REFUSED,
        AlertKind.WRONG_DEVICE,
        AlertKind.DEVICES_MISSING,
    }
    return Alert(
        id="a1",
        kind=kind,
        status=status,
        account="home",
        device_id="d3" if about_device else None,
        device_name=name if about_device else None,
        since=NOON,
        at=NOON,
    )


def shown(name: str, strings: Strings, content: Content) -> None:
    """A content that Slack takes, and that looks as it did."""
    assert content.text
    check(content.blocks)
    matches(f"{name}.{'en' if strings is EN else 'pt_br'}", content.blocks)


@LANGUAGES
def test_help_looks_as_it_did(strings: Strings) -> None:
    shown("help", strings, help_message(strings))


@LANGUAGES
@pytest.mark.parametrize("text", ["statsu", "xyzzy", "pause", "check", "help me"])
def test_a_mistake_is_one_line_that_slack_takes(strings: Strings, text: str) -> None:
    mistake = parse(text)
    assert isinstance(mistake, Mistake)
    check(mistake_message(mistake, strings).blocks)


@LANGUAGES
def test_status_looks_as_it_did(strings: Strings) -> None:
    shown("status", strings, status_message(Overview(lines=LINES), 0, strings))


@LANGUAGES
def test_a_device_in_detail_looks_as_it_did(strings: Strings) -> None:
    shown("detail", strings, detail_message(LINES[4], Overview(lines=LINES), strings))


def test_the_worst_come_first() -> None:
    blocks = status_message(Overview(lines=LINES), 0, EN).blocks
    texts = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    names = [text.partition("\n")[0].split("*")[1] for text in texts]
    assert names == ["Lost", "Foreign", "Deleted", "Shaky", "d6", "Fresh", "Rest", "Good"]


def test_every_device_of_hundreds_is_on_one_page_and_slack_takes_each() -> None:
    lines = [Line("home", Device(f"d{n}", f"{ENDLESS}{n}", state=None)) for n in range(501)]
    gateways = [(f"account{n}", AccountState.GATEWAY_DOWN) for n in range(30)]
    overview = Overview(lines=lines, gateways=gateways, several_accounts=True)
    told = 0
    for page in range(-(-501 // PAGE)):
        content = status_message(overview, page, EN)
        check(content.blocks)
        told += sum(
            "account home" in block.get("text", {}).get("text", "") for block in content.blocks
        )
    assert told == 501


@pytest.mark.parametrize("page", [-1, 99])
def test_a_page_that_is_not_there_is_mended(page: int) -> None:
    check(status_message(Overview(lines=LINES), page, EN).blocks)


def test_a_status_without_devices_says_how_to_make_one() -> None:
    content = status_message(Overview(lines=[]), 0, EN)
    check(content.blocks)
    assert "/wuts pair" in str(content.blocks)


@LANGUAGES
def test_a_pairing_looks_as_it_did(strings: Strings) -> None:
    front = head(strings)
    shown("preparing", strings, pairing.progress(front, Stage.PREPARING))
    shown("qr", strings, pairing.showing_qr(front, "F1", NOON))
    shown("code", strings, pairing.showing_code(front, "ABCD-1234", NOON))
    shown("waiting", strings, pairing.progress(front, Stage.WAITING))
    shown("scanned", strings, pairing.progress(front, Stage.SCANNED))
    shown("ended", strings, last_message(front, strings.pairing_cancelled, LastMessage.START_AGAIN))
    asked = last_message(front, "…", LastMessage.KEEP_OR_UNLINK, "0123abcd")
    shown("wrong_account", strings, asked)
    shown("asked_again", strings, asked_again(ASKED[0], strings))
    shown("kept", strings, pairing.kept(front.device_name, "…", strings))


@LANGUAGES
def test_a_status_asks_about_phones(strings: Strings) -> None:
    shown("status_asking", strings, status_message(Overview(lines=ASKED), 0, strings))
    detail = detail_message(ASKED[0], Overview(lines=ASKED), strings)
    shown("detail_asking", strings, detail)
    assert "0123abcd" in str(detail.blocks)


def test_a_page_on_which_every_phone_is_asked_about_is_one_that_slack_takes() -> None:
    device = Device("d", ENDLESS, phone=WRONG)
    overview = Overview(
        lines=[Line("home", device) for _ in range(PAGE * 3)],
        unlisted=[("home", WutsTimeoutError())] * 20,
    )
    check(status_message(overview, 1, EN).blocks)
    check_home(home_view(overview, 1, EN))


def test_a_whole_number_is_in_no_question() -> None:
    contents = [
        status_message(Overview(lines=ASKED), 0, EN),
        asked_again(ASKED[0], EN),
        alert_content(alert(AlertKind.WRONG_PHONE), ASKED[0].device, EN),
    ]
    assert not any(number in str(contents) for number in ("5511912344321", "5511987659999"))


def test_a_pair_code_is_not_in_the_notification() -> None:
    assert "ABCD" not in pairing.showing_code(head(EN), "ABCD-1234", NOON).text


def test_until_when_a_code_works_is_shown_by_each_readers_own_clock() -> None:
    shown = str(pairing.showing_qr(head(EN), "F1", NOON).blocks)
    assert f"<!date^{int(AT)}^{{time_secs}}|12:00:00 UTC>" in shown


def test_a_qrs_block_changes_only_with_its_picture() -> None:
    first, second = (pairing.showing_qr(head(EN), name, NOON).blocks[2] for name in ("F1", "F2"))
    assert first["block_id"] != second["block_id"]
    assert first == pairing.showing_qr(head(EN), "F1", NOON).blocks[2]


@LANGUAGES
@pytest.mark.parametrize("kind", AlertKind)
def test_an_alert_looks_as_it_did_and_is_resolved(strings: Strings, kind: AlertKind) -> None:
    devices = {
        AlertKind.OFFLINE: LINES[4].device,
        AlertKind.WRONG_PHONE: ASKED[0].device,
        AlertKind.PHONE_UNCHECKED: ASKED[1].device,
    }
    device = devices.get(kind)
    shown(f"alert_{kind}", strings, alert_content(alert(kind), device, strings))
    if kind is AlertKind.NEEDS_PAIRING:
        paired = alert_content(alert(kind), device, strings, "<@U1>")
        shown("alert_being_paired", strings, paired)
    over = alert_content(alert(kind, AlertStatus.RESOLVED), None, strings)
    check(over.blocks)
    assert all(block["type"] != "actions" for block in over.blocks)
    check(reminder(headline(alert(kind), strings), strings).blocks)


@LANGUAGES
def test_the_home_looks_as_it_did(strings: Strings) -> None:
    view = home_view(Overview(lines=LINES), 0, strings)
    check_home(view)
    matches(f"home.{'en' if strings is EN else 'pt_br'}", view)
    check_home(closed_home(strings.refused))


def test_a_home_of_hundreds_is_within_the_limits() -> None:
    lines = [Line("home", Device(f"d{n}", f"{ENDLESS}{n}", state=None)) for n in range(501)]
    check_home(
        home_view(Overview(lines=lines, unlisted=[("home", WutsTimeoutError())] * 20), 3, EN)
    )


@LANGUAGES
def test_the_windows_look_as_they_did(strings: Strings) -> None:
    for name, view in (
        ("pair_window", pair_modal(["home", "office"], strings)),
        ("phone_window", phone_modal("0123", strings)),
    ):
        check_window(view)
        matches(f"{name}.{'en' if strings is EN else 'pt_br'}", view)


def test_a_menu_has_no_more_options_than_slack_takes() -> None:
    lines = [Line("a" * 40, Device("d" * 100, ENDLESS)) for _ in range(150)]
    options = device_options(lines, name_account=True)
    assert len(options) == 100
    for option in options:
        check_option(option)


@LANGUAGES
def test_choices_are_within_the_limits(strings: Strings) -> None:
    check(offer_to_create("x" * 1900, [f"a{n}" for n in range(30)], strings).blocks)
    check(which_device(ENDLESS, LINES * 10, strings).blocks)


@pytest.mark.parametrize(("name", "strings"), list(product(["<!channel>", "<@U1>", "a & b"], [EN])))
def test_a_name_is_never_read_as_a_mention_or_a_link(name: str, strings: Strings) -> None:
    lines = [Line("home", Device("d1", name, state=None))]
    said = str(status_message(Overview(lines=lines), 0, strings).blocks)
    assert name not in said
    assert escape(name) in said


def test_a_name_cannot_end_the_bold_it_is_in() -> None:
    assert set(escape("*`~")).isdisjoint("*`~")
