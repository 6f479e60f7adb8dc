"""The status, the home, lists, histories and choices in both languages, within Slack's limits."""

from datetime import timedelta

import pytest

from slack_app.blocks.choices import choose_device, where_to_create, which_number
from slack_app.blocks.device_list import list_message
from slack_app.blocks.history import device_history, history_list
from slack_app.blocks.home import home_view
from slack_app.blocks.open_alerts import open_alerts
from slack_app.blocks.status import detail_message, status_message
from slack_app.blocks.webhooks import webhook_message
from slack_app.devices.accounts import Overview
from slack_app.devices.device import Line
from slack_app.devices.filters import LONGEST, Filter
from slack_app.devices.history import DeviceHistory
from slack_app.devices.registration import Registered, Taken
from slack_app.messages import Strings
from slack_app.messages.parser import Command
from tests.slack_app.blocks.limits import check, check_home
from tests.slack_app.blocks.snapshots import matches
from tests.slack_app.blocks.test_messages import ENDLESS, LANGUAGES, LINES, NOON, alert, shown
from wuts.errors import WutsTimeoutError
from wuts.supervisor import AccountState, AlertKind, Device, DeviceState
from wuts.supervisor.alerts.history import HistoryKind, HistoryLine, Uptime

DOUBTED = Line("office", Device("d9", "Doubted", state=DeviceState.CONNECTED, needs_check=True))
STALE = Overview(
    lines=[*LINES, DOUBTED],
    gateways=[("office", AccountState.GATEWAY_DOWN)],
    unlisted=[("home", WutsTimeoutError())],
    stale={"home": NOON, "office": None},
    several_accounts=True,
    has_questions=True,
    is_store_down=True,
)
MANY = [
    Line(f"account-{n % 2}{'x' * 30}", Device("d" * 90 + str(n), f"{ENDLESS}{n}", state=None))
    for n in range(301)
]
ENDLESS_FILTER = Filter(is_down=True, account="account-1" + "x" * 30, text="<&>" * (LONGEST // 3))

UPTIME = Uptime(
    device_id="d1",
    connected=timedelta(days=6, hours=23, minutes=10),
    counted=timedelta(days=7),
    drops=2,
    longest_outage=timedelta(minutes=45, seconds=3),
)
NEVER = Uptime(
    device_id="d2",
    connected=timedelta(0),
    counted=timedelta(0),
    drops=0,
    longest_outage=timedelta(0),
)


@LANGUAGES
def test_a_status_of_before_says_as_of_when(strings: Strings) -> None:
    content = status_message(STALE, 0, strings)
    shown("status_stale", strings, content)
    assert ":large_green_circle:" not in str(content.blocks)
    assert f"<!date^{int(NOON.timestamp())}^" in content.text
    shown("detail_stale", strings, detail_message(LINES[0], STALE, strings))


@LANGUAGES
def test_a_filtered_status_and_home_look_as_they_did(strings: Strings) -> None:
    chosen = Filter(is_down=True, text="s")
    shown("status_filtered", strings, status_message(Overview(lines=LINES), 0, strings, chosen))
    view = home_view(STALE, 0, strings, Filter(account="home"))
    check_home(view)
    matches(f"home_filtered.{'en' if strings.status_all == 'Show all' else 'pt_br'}", view)
    none = status_message(Overview(lines=LINES), 0, strings, Filter(text="nobody"))
    shown("status_no_match", strings, none)


@LANGUAGES
def test_a_list_looks_as_it_did(strings: Strings) -> None:
    shown("device_list", strings, list_message(STALE, 0, strings))


@LANGUAGES
@pytest.mark.parametrize("page", range(16))
def test_any_page_of_hundreds_is_one_that_slack_takes(strings: Strings, page: int) -> None:
    overview = Overview(lines=MANY, several_accounts=True, has_questions=True)
    for chosen in (Filter(), ENDLESS_FILTER, Filter(text="x" * LONGEST)):
        check(status_message(overview, page, strings, chosen).blocks)
        check(list_message(overview, page, strings, chosen).blocks)
        check_home(home_view(overview, page, strings, chosen))


@LANGUAGES
def test_a_history_looks_as_it_did(strings: Strings) -> None:
    rows = [(LINES[0], UPTIME), (LINES[1], NEVER)]
    shown("history", strings, history_list(rows, 7, strings))
    shown("history_none", strings, history_list([], 7, strings))
    kinds = {
        HistoryKind.STATE: "reconnecting",
        HistoryKind.RAISED: "offline",
        HistoryKind.RESOLVED: "offline",
        HistoryKind.ACKNOWLEDGED: "needs_pairing",
        HistoryKind.MUTED: "",
        HistoryKind.UNMUTED: "",
    }
    lines = [
        HistoryLine(
            account="home",
            device_id="d1",
            kind=kind,
            detail=detail,
            at=NOON + timedelta(hours=hour),
            by="Ana <!channel> (Slack)" if detail != "offline" else "",
        )
        for hour, (kind, detail) in enumerate(kinds.items())
    ]
    found = DeviceHistory(UPTIME, lines)
    shown("history_of_one", strings, device_history(LINES[0], found, 30, strings))
    unknown = DeviceHistory(None, lines * 20)
    check(device_history(MANY[0], unknown, 30, strings).blocks)
    check(history_list([(line, UPTIME) for line in MANY], 7, strings).blocks)


@LANGUAGES
def test_every_kind_of_line_has_words(strings: Strings) -> None:
    for kind in set(HistoryKind) - {HistoryKind.STATE, HistoryKind.WATCHED}:
        assert strings.of("line", kind)


@LANGUAGES
def test_open_alerts_look_as_they_did(strings: Strings) -> None:
    shown("open_alerts", strings, open_alerts([alert(kind) for kind in AlertKind], strings))
    check(open_alerts([alert(AlertKind.OFFLINE, name=ENDLESS)] * 300, strings).blocks)


@LANGUAGES
def test_choices_look_as_they_did(strings: Strings) -> None:
    text = strings.several_devices.format(name="Shop")
    shown("choose", strings, choose_device(text, LINES[:2], Command.PAUSE, "", strings))
    check(choose_device(text, MANY, Command.SUBSCRIBE, "needs_pairing", strings).blocks)
    keys = {"+55 11 98888-0002": "k1", "+55 11 98888-0003": "k2"}
    shown("which_number", strings, which_number(keys, "k3", strings))
    check(where_to_create("x" * 100, [f"a{n}" for n in range(50)], strings).blocks)


@LANGUAGES
def test_webhooks_look_as_they_did(strings: Strings) -> None:
    states = {
        "home": Registered(done={"d1"}, taken={"d2": Taken("hooks.example.com", "0123")}),
        "office": Registered(needs_consent=True),
        "shop": Registered(problem=WutsTimeoutError(), is_stopped=True),
    }
    shown("webhooks", strings, webhook_message(states, Overview(lines=LINES), strings))
    many = {
        f"a{n}": Registered(
            taken={line.id: Taken("h" * 300, "k") for line in MANY}, needs_consent=True
        )
        for n in range(30)
    }
    check(webhook_message(many, Overview(lines=MANY), strings).blocks)
