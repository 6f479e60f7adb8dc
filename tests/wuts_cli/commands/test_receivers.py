"""``wuts receivers``, and whom ``wuts watch`` tells."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.core.wuts.receivers.listening import Json, Listening
from tests.wuts_cli.command import TOKEN, Wuts, ended, next_event, until
from wuts.settings_file import SettingsError
from wuts.supervisor import AlertKind
from wuts_cli.alerting import told_of_all
from wuts_cli.config import read_config
from wuts_simulator import Device, Simulator

QUICK = ("--interval", "0.2", "--base", "0.05", "--cap", "0.2", "--debounce", "0")
SECRET = "s3cret-s3cret-s3cret"
NOWHERE = Wuts("http://127.0.0.1:1")


def written(path: Path, text: str, **places: str) -> str:
    accounts = f'[accounts.home]\ntoken = "{TOKEN}"\n'
    path.write_text(accounts + text.format(secret=SECRET, **places))
    return str(path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "wuts.toml"


TWO = """
[receivers.hook]
url = "wuts+http://{hook}/s3cret"
secret = "{secret}"
[receivers.other]
url = "{other}"
"""


async def test_receivers_are_listed_with_the_routes_that_name_them(file: Path) -> None:
    routes = '[[routes]]\nreceivers = ["other"]\n[[routes]]\nreceivers = ["other"]\n'
    path = written(file, TWO + routes, hook="h.example", other="alertmanager+https://am.example")
    done = await NOWHERE("receivers", "--config", path, "--json")
    assert done.code == 0
    assert done.events == [
        {"event": "receiver", "name": "hook", "service": "Webhook", "routes": []},
        {"event": "receiver", "name": "other", "service": "Alertmanager", "routes": [1, 2]},
    ]
    done = await NOWHERE("receivers", "--config", path)
    assert done.out.splitlines() == ["hook: Webhook. No route names it.", "other: Alertmanager"]


async def test_a_test_says_who_took_it(file: Path) -> None:
    with Listening() as hook, Listening() as other:
        hook.status = 403
        url = f"alertmanager+http://s3cret:s3cret@{other.place}"
        path = written(file, TWO, hook=hook.place, other=url)
        done = await NOWHERE("receivers", "--config", path, "--send-test", "--json")
        assert done.code == 1
        tested = {one.pop("name"): one for one in done.events if one["event"] == "tested"}
        assert tested == {
            "other": {"event": "tested", "taken": True, "problem": None},
            "hook": {
                "event": "tested",
                "taken": False,
                "problem": "It answered with status 403.",
            },
        }
        assert "s3cret" not in done.out + done.err
        hook.status = 204
        done = await NOWHERE("receivers", "--config", path, "--send-test")
        assert done.code == 0
        assert sorted(done.out.splitlines()[2:]) == [
            "hook: accepted the test.",
            "other: accepted the test.",
        ]
        assert "hook" in hook.documents[-1]["text"]


async def test_a_test_of_one_that_hangs_can_be_interrupted(file: Path) -> None:
    with Listening() as hook, Listening() as other:
        other.hangs = True
        path = written(file, TWO, hook=hook.place, other=f"json://{other.place}/?rto=3600")
        async with NOWHERE.started(
            "receivers", "--config", path, "--send-test", "--json"
        ) as process:
            while (await next_event(process))["event"] != "tested":
                pass
            await until(lambda: bool(other.requests))
            process.send_signal(signal.SIGINT)
            assert (await ended(process)).code == 130


async def test_addresses_are_enough(listening: Listening) -> None:
    address = f"json://{listening.place}/s3cret"
    done = await NOWHERE("receivers", "--send-test", WUTS_NOTIFY=f"{address}1 {address}2")
    assert done.code == 0
    assert sorted(done.out.splitlines()[2:]) == [
        "notify-1: accepted the test.",
        "notify-2: accepted the test.",
    ]
    assert sorted(one.path for one in listening.requests) == ["/s3cret1", "/s3cret2"]


@pytest.mark.parametrize("command", ["receivers", "watch"])
async def test_a_wrong_address_is_refused_and_not_repeated(command: str) -> None:
    done = await NOWHERE(command, "--notify", "s3cret://s3cret")
    assert done.code == 2
    assert done.error.startswith("Apprise does not recognize this address")
    assert "s3cret" not in done.out + done.err


async def test_nobody_is_told() -> None:
    done = await NOWHERE("receivers")
    assert (done.code, done.out) == (2, "")
    assert done.error.startswith("Nobody gets alerts.")


@pytest.fixture
def desk(sim: Simulator) -> Device:
    """A device that is connected."""
    return sim.world.add_device("home", "Front desk", state="connected")


@pytest.fixture
def listening() -> Json:
    with Listening() as server:
        yield server


async def next_alert(listening: Listening) -> Json:
    await until(lambda: bool(listening.requests))
    return listening.documents[-1]


async def test_watch_tells_the_addresses_of_notify_side_by_side(
    sim: Simulator, wuts: Wuts, desk: Device, listening: Listening
) -> None:
    with Listening() as other:
        options = ("--notify", f"json://{listening.place}/", "--notify", f"json://{other.place}/")
        async with wuts.started("watch", "--json", *QUICK, *options) as process:
            await next_event(process)
            sim.world.unlink(desk.id)
            for one in (listening, other):
                told = await next_alert(one)
                assert told["title"] == "WUTS: Front desk must be paired again"
                assert told["message"].splitlines()[0].endswith(", account account.")


ROUTES = """
[[routes]]
receivers = ["other"]
kinds = ["offline"]
[[routes]]
receivers = ["hook"]
group_wait = 0
"""


async def test_watch_tells_by_the_routes_of_a_configuration(
    sim: Simulator, wuts: Wuts, desk: Device, listening: Listening, file: Path
) -> None:
    with Listening() as other:
        path = written(file, TWO + ROUTES, hook=listening.place, other=f"json://{other.place}")
        async with wuts.started(
            "watch", "--json", *QUICK, "--config", path, WUTS_BASE_URL="", WUTS_TOKEN="",
            WUTS_ACCOUNTS__HOME__URL=sim.url, WUTS_LANGUAGE="pt-BR",
        ) as process:  # fmt: skip
            await next_event(process)
            sim.world.unlink(desk.id)
            told = await next_alert(listening)
        assert told["title"] == "WUTS: Front desk precisa ser vinculado de novo"
        assert (told["receiver"], told["account"]) == ("hook", "home")
        assert other.requests == []


async def test_watch_says_who_cannot_be_told_and_ends_at_once_while_one_hangs(
    sim: Simulator, wuts: Wuts, desk: Device, listening: Listening
) -> None:
    listening.status = 500
    with Listening() as hanging:
        hanging.hangs = True
        addresses = f"json://{listening.place}/ json://{hanging.place}/?rto=3600"
        async with wuts.started("watch", *QUICK, WUTS_NOTIFY=addresses) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            await process.stdout.readline()
            sim.world.unlink(desk.id)
            async with asyncio.timeout(200):
                while b"notify-1 cannot be notified" not in await process.stderr.readline():
                    pass
            await until(lambda: bool(hanging.requests))
            process.send_signal(signal.SIGINT)
            # What hangs is released after the end only, so it must have come without.
            assert (await ended(process)).code == 130


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[receivers.A]\nurl = 's3cret'", ["receivers (WUTS_RECEIVERS): A: "]),
        ("[receivers.a]\nsecret = 's3cret'\nuri = 's3cret'", [
            "receivers (WUTS_RECEIVERS): a.url is missing.",
            "receivers (WUTS_RECEIVERS): a: there is no uri in it.",
        ]),
        ("[receivers.a]\nurl = 's3cret'", ["receivers (WUTS_RECEIVERS): a: A receiver's address"]),
        ("[[routes]]\nreceivers = []\nkinds = ['ofline']\n[[routes]]\ngroup_wait = -1\nescalate_after = 'soon'\nreceivers = ['a', 'a']\ncontinues = true", [  # noqa: E501
            "routes (WUTS_ROUTES): 1.receivers: ",
            "routes (WUTS_ROUTES): 1.kinds: there is no such kind of alert. Did you mean offline?",
            "routes (WUTS_ROUTES): 2.receivers: a receiver is named twice.",
            "routes (WUTS_ROUTES): 2.group_wait: ",
            "routes (WUTS_ROUTES): 2.escalate_after: it must be a time span",
            "routes (WUTS_ROUTES): 2: there is no continues in it.",
        ]),
        ("[receivers.mail]\nurl = 'ntfy://topic'\n[[routes]]\nreceivers = ['mial']\n[[routes]]\nreceivers = ['mailto://s3cret']\naccounts = ['hom']", [  # noqa: E501
            "routes (WUTS_ROUTES): 1.receivers: there is none with that name. Did you mean mail?",
            "routes (WUTS_ROUTES): 2.receivers: there is none with that name.",
            "routes (WUTS_ROUTES): 2.accounts: there is none with that name. Did you mean home?",
        ]),
    ],
)  # fmt: skip
def test_each_line_that_is_wrong_is_told_with_its_place(
    file: Path, text: str, lines: list[str]
) -> None:
    with pytest.raises(SettingsError) as refused:
        read_config(Path(written(file, text)))
    told = refused.value.message
    for line, part in zip(told.splitlines(), lines, strict=True):
        assert line.startswith(part)
    assert "s3cret" not in told


async def test_a_wrong_address_of_notify_is_told(file: Path) -> None:
    path = written(file, "")
    done = await NOWHERE("receivers", "--config", path, WUTS_NOTIFY="s3cret")
    assert done.code == 2
    assert done.error.startswith("notify (WUTS_NOTIFY): A receiver's address must be one of")


def test_routes_take_alertmanager_s_words_and_spans(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WUTS_RECEIVERS__CALL__URL", "ntfy://topic")
    text = "[[routes]]\nreceivers = ['call']\ncontinue = true\nkinds = ['offline']\n"
    times = "escalate_after = '1h30m'\nrepeat_interval = 60\ndevices = ['d1']\naccounts=['home']"
    config = read_config(Path(written(file, text + times)))
    [route] = config.alerting().routes
    assert (route.receivers, route.continues) == (("call",), True)
    assert route.kinds == {AlertKind.OFFLINE}
    assert (route.devices, route.accounts) == (frozenset({"d1"}), frozenset({"home"}))
    assert (route.escalate_after, route.repeat_interval) == (5400, 60)


def test_without_routes_each_receiver_is_told_of_all(file: Path) -> None:
    config = read_config(Path(written(file, TWO, hook="h.example", other="ntfy://topic")))
    alerting = config.alerting(["ntfy://topic"])
    assert list(alerting.receivers) == ["notify-1", "hook", "other"]
    assert [one.receivers for one in alerting.routes] == [("notify-1",), ("hook",), ("other",)]
    assert all(one.continues for one in alerting.routes)


def test_a_name_that_is_taken_stays_whose_it_is() -> None:
    first = told_of_all(["ntfy://one"])
    both = told_of_all(["ntfy://two"], first)
    assert list(both.receivers) == ["notify-1-", "notify-1"]
    assert both.receivers["notify-1"] is first.receivers["notify-1"]
