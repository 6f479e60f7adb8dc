"""The doctor's visit over real HTTP: at the simulator, and at a server that deviates."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.core.wuts.conftest import MakeClient, StartSimulator
from tests.core.wuts.raw_gateway import RawGateway, http_answer
from tests.core.wuts.values import DEVICE, PHONE, TOKEN, Json, documented
from wuts import WebhookConfig, WutsClient
from wuts.doctor import Finding, FindingCode, Level, Problem, Report, run_doctor
from wuts.doctor.doctor import MOST_DEVICES
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import DeviceState, DialectName, Fault, FaultKind, Settings, Simulator

OTHER = "9b7d5e02-1f3a-4e86-8c2d-7a6f4b0e9d35"
GOOD: Mapping[str, Json] = {
    "/devices": documented("devices_reference"),
    "/user/devices": {
        "success": True,
        "data": {
            "devices": [
                {
                    "id": DEVICE,
                    "name": "Reception",
                    "connected": True,
                    "last_seen": None,
                    "created_at": "2026-03-14T12:00:00Z",
                }
            ],
            "count": 1,
            "user_id": "c0ffee00-5a1d-4b2e-8f3c-6d7e8f901234",
        },
    },
    "/status": documented("status_connected"),
    "/qr/status": documented("qr_status_gone"),
    "/webhook": documented("webhook"),
    "/webhook/events": documented("webhook_events"),
}
READS = [f"GET {path}" for path in GOOD]


def serve(raw: RawGateway, **changed: Json) -> None:
    """Answer every read as documented, except some: ``user_devices=…`` for ``/user/devices``."""
    now = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    for path, good in GOOD.items():
        content = changed.get(path.strip("/").replace("/", "_"), good)
        raw.by_path[path] = (
            content if isinstance(content, bytes) else http_answer(content, date=now)
        )
    raw.answers("no such page", 404)


def codes(report: Report) -> set[FindingCode]:
    return {finding.code for finding in report.findings}


def read(report: Report, name: str) -> Finding:
    (finding,) = (one for one in report.findings if one.parameters.get("read") == name)
    return finding


async def test_a_gateway_as_documented_has_nothing_to_be_warned_of_but_plain_http(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    serve(raw, webhook=documented("webhook_none"))
    report = await run_doctor(raw_client)
    bad = [one for one in report.findings if one.level in (Level.WARN, Level.FAIL)]
    # The one server gives one answer about every device.
    assert {one.code for one in bad} == {FindingCode.PLAIN_HTTP, FindingCode.STATUS_OTHER_DEVICE}
    assert all(read(report, name).code is FindingCode.READ_MATCHES for name in READS)


async def test_only_documented_reads_are_sent(raw: RawGateway, raw_client: WutsClient) -> None:
    serve(raw)
    await run_doctor(raw_client)
    assert {request.method for request in raw.requests} == {"GET"}
    assert {request.path for request in raw.requests} == set(GOOD)
    assert len(raw.requests) <= 16


@pytest.mark.parametrize("dialect", DialectName)
async def test_the_simulator_answers_as_documented_in_every_dialect(
    start_simulator: StartSimulator, make_client: MakeClient, dialect: DialectName
) -> None:
    sim = await start_simulator(Settings(dialect=dialect))
    sim.world.add_device(state=DeviceState.CONNECTED)
    sim.world.add_device(state=DeviceState.NEVER_PAIRED)
    report = await run_doctor(make_client(sim.url))
    for name in set(READS) - {"GET /user/devices"}:
        assert read(report, name).code is FindingCode.READ_MATCHES, read(report, name)
        assert read(report, name).deviations == ()
    assert {
        FindingCode.TOKEN_ACCEPTED,
        FindingCode.STATUS_RIGHT_DEVICE,
        FindingCode.CLOCK_AGREES,
        FindingCode.LATENCY_GOOD,
    } <= codes(report)


async def test_nothing_changes_at_the_gateway(sim: Simulator, client: WutsClient) -> None:
    device = sim.world.add_device(state=DeviceState.NEVER_PAIRED)
    before = await client.list_devices(), await client.get_qr_status(device.id)
    await run_doctor(client)
    assert (await client.list_devices(), await client.get_qr_status(device.id)) == before


async def test_webhooks_of_two_devices_are_compared(sim: Simulator, client: WutsClient) -> None:
    front = sim.world.add_device(state=DeviceState.CONNECTED)
    sim.world.add_device(state=DeviceState.CONNECTED)
    assert FindingCode.WEBHOOK_SCOPE_UNKNOWN in codes(await run_doctor(client))
    config = WebhookConfig(url="https://hooks.example.com/wuts", events=("device.connected",))
    await client.set_webhook(config, front.id)
    assert FindingCode.WEBHOOK_PER_DEVICE in codes(await run_doctor(client))


async def test_a_gateway_that_shows_every_device_the_same_webhook_is_warned_of(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    serve(raw)
    assert FindingCode.WEBHOOK_SHARED in codes(await run_doctor(raw_client))


async def test_a_read_that_deviates_is_told_field_by_field(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    row = {**GOOD["/devices"]["devices"][0], "connected": None, "battery": 80, "last_seen": "soon"}
    serve(raw, devices={"success": True, "devices": [row]})
    finding = read(await run_doctor(raw_client), "GET /devices")
    assert finding.code is FindingCode.READ_BROKEN
    assert [(one.field, one.problem) for one in finding.deviations] == [
        ("devices[].connected", Problem.WRONG_TYPE),
        ("devices[].last_seen", Problem.WRONG_VALUE),
        ("devices[].battery", Problem.UNKNOWN_FIELD),
    ]


async def test_a_read_that_is_not_offered_is_told_from_one_that_fails(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    serve(
        raw,
        user_devices=http_answer("no such page", 404),
        webhook=http_answer("<html>Sign in</html>"),
        qr_status=http_answer({"success": False, "error": "oops"}, 500),
    )
    report = await run_doctor(raw_client)
    assert read(report, "GET /user/devices").code is FindingCode.READ_NOT_OFFERED
    assert read(report, "GET /webhook").parameters["problem"] == "not_json"
    assert read(report, "GET /qr/status").parameters["problem"] == "refused"


async def test_a_refused_token_ends_the_visit(raw: RawGateway, raw_client: WutsClient) -> None:
    serve(raw, devices=http_answer(documented("error_401"), 401))
    report = await run_doctor(raw_client)
    assert FindingCode.TOKEN_REFUSED in codes(report)
    assert len(raw.requests) == 1


async def test_a_page_of_a_firewall_says_nothing_of_the_token(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    serve(raw, devices=http_answer("<html>Blocked</html>", 403))
    report = await run_doctor(raw_client)
    assert FindingCode.TOKEN_UNKNOWN in codes(report)
    assert read(report, "GET /devices").code is FindingCode.READ_FAILED


async def test_a_gateway_that_cannot_be_reached_is_a_finding(
    make_client: MakeClient, closed_port: int
) -> None:
    report = await run_doctor(make_client(f"http://127.0.0.1:{closed_port}"))
    assert FindingCode.GATEWAY_UNREACHABLE in codes(report)
    assert report.worst is Level.FAIL


@pytest.mark.slow
async def test_a_gateway_that_hangs_ends_the_visit_in_time_with_what_was_found(
    sim: Simulator, client: WutsClient
) -> None:
    sim.world.add_device(state=DeviceState.CONNECTED)
    sim.world.faults.add(Fault(kind=FaultKind.HANG, endpoint="GET /status"))
    report = await run_doctor(client, patience=4.0)
    assert FindingCode.TOKEN_ACCEPTED in codes(report)
    assert read(report, "GET /devices").code is FindingCode.READ_MATCHES
    last = report.findings[-1]
    assert (last.code, last.level) == (FindingCode.OUT_OF_TIME, Level.UNKNOWN)
    assert "The rest was not checked" in report.lines()[-1]


async def test_a_device_that_is_named_is_asked_about_first(
    sim: Simulator, client: WutsClient
) -> None:
    devices = sim.world.add_devices("home", MOST_DEVICES + 2, state=DeviceState.CONNECTED)
    last = devices[-1].id
    fault = Fault(kind=FaultKind.STATUS, endpoint="GET /status", status=500, device_id=last)
    sim.world.faults.add(fault)
    assert read(await run_doctor(client), "GET /status").code is FindingCode.READ_MATCHES
    named = await run_doctor(client, device_id=last)
    assert read(named, "GET /status").code is FindingCode.READ_FAILED


async def test_a_clock_that_is_off_is_warned_of(
    start_simulator: StartSimulator, make_client: MakeClient
) -> None:
    sim = await start_simulator(Settings(clock_skew=-90.0))
    report = await run_doctor(make_client(sim.url))
    (finding,) = (one for one in report.findings if one.code is FindingCode.CLOCK_SKEWED)
    assert finding.parameters["skew"] in (-91, -90, -89)


async def test_an_account_without_devices_is_no_fault(client: WutsClient) -> None:
    report = await run_doctor(client)
    assert read(report, "GET /status").code is FindingCode.READ_SKIPPED
    assert report.worst is not Level.FAIL


async def test_an_id_that_cannot_be_one_breaks_nothing(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    row = GOOD["/devices"]["devices"][0] | {"id": "../a b"}
    serve(raw, devices={"success": True, "devices": [row]})
    assert read(await run_doctor(raw_client), "GET /status").code is FindingCode.READ_FAILED


async def test_no_secret_of_any_answer_gets_into_the_report(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    odd = {"success": True, "devices": [{TOKEN: TOKEN, PHONE: PHONE, "id": PHONE}], TOKEN: PHONE}
    serve(
        raw,
        devices=odd,
        status={"success": False, "error": f"{TOKEN} {PHONE}"},
        webhook={"success": True, "webhook": {"id": TOKEN, "webhook_url": f"https://h/{TOKEN}"}},
    )
    report = await run_doctor(raw_client, webhook_url=f"{raw.url}/hook/{TOKEN}")
    page = json.dumps(report.as_json()) + "\n".join(report.lines()) + repr(report)
    assert TOKEN not in page
    assert PHONE not in page


async def test_a_webhook_address_is_tried_from_here(
    raw: RawGateway, raw_client: WutsClient, closed_port: int
) -> None:
    serve(raw)
    there = await run_doctor(raw_client, webhook_url=f"{raw.url}/webhook/events?key=s3cret")
    assert FindingCode.RECEIVER_ANSWERS in codes(there)
    assert raw.requests[-1].method == "HEAD"
    assert "authorization" not in raw.requests[-1].headers
    nobody = await run_doctor(raw_client, webhook_url=f"http://127.0.0.1:{closed_port}/hook")
    assert FindingCode.RECEIVER_UNREACHABLE in codes(nobody)
    wrong = await run_doctor(raw_client, webhook_url="https://[")
    assert FindingCode.RECEIVER_UNREACHABLE in codes(wrong)


async def test_a_store_is_looked_into_and_left_as_it_is(client: WutsClient, tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    address = f"sqlite:///{file}"
    report = await run_doctor(client, store=address)
    assert FindingCode.STORE_FAILED in codes(report)
    assert not file.exists()

    file.touch()
    assert FindingCode.STORE_EMPTY in codes(await run_doctor(client, store=address))

    store = SqlStore(address)
    await store.put("topic", "name", "text")
    before = file.read_bytes()
    # Another process has it open.
    report = await run_doctor(client, store=address)
    (finding,) = (one for one in report.findings if one.code is FindingCode.STORE_READY)
    assert finding.parameters["notes"] == 1
    assert finding.parameters["devices"] == 0
    assert file.read_bytes() == before
    assert str(tmp_path) not in "\n".join(report.lines())
    await store.close()


async def test_what_is_no_store_is_told(client: WutsClient, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam, this is no database." * 100)
    for address in (f"sqlite:///{file}", "mysql://root:hunter2@db/x"):
        report = await run_doctor(client, store=address)
        assert FindingCode.STORE_FAILED in codes(report)
        assert "hunter2" not in "\n".join(report.lines())


async def test_without_the_extras_the_store_is_left_unchecked(
    client: WutsClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "wuts.supervisor.store.inspection", None)
    assert FindingCode.STORE_UNCHECKED in codes(await run_doctor(client, store="sqlite:///any"))
