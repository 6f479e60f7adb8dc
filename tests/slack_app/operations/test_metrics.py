import re
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

import slack_app.pairing
from slack_app.operations.audit import AuditOutcome
from slack_app.operations.metrics import Metrics
from tests.slack_app.conftest import GATEWAY_TOKEN
from wuts import WutsClient
from wuts.metrics import PairingResult
from wuts.supervisor import DeviceState, Reason, StateChanged, Supervisor
from wuts_simulator import Simulator

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PHONE = "5511912344321"


async def test_devices_are_counted_by_their_state(gateway: Simulator) -> None:
    gateway.world.add_device(name="Front desk", state="connected", phone=PHONE)
    gateway.world.add_device(name="Back office")
    metrics = Metrics()
    async with WutsClient(GATEWAY_TOKEN, base_url=gateway.url) as client, Supervisor() as watcher:
        watcher.add_account("home", client)
        with metrics.watching(watcher, ["home"]):
            while figure(metrics, "wuts_devices", account="home", state="connected") != 1:
                await client.list_devices()
            assert figure(metrics, "wuts_devices", account="home", state="never_paired") == 1
            assert figure(metrics, "wuts_devices", account="home", state="needs_pairing") == 0
            assert figure(metrics, "wuts_account_state", account="home", state="healthy") == 1
            assert figure(metrics, "wuts_account_state", account="home", state="gateway_down") == 0
            assert figure(metrics, "wuts_alerts_open", account="home", kind="offline") == 0
            shown = metrics.text().decode()
    assert "Front desk" not in shown
    assert PHONE not in shown
    assert b"wuts_devices" not in metrics.text()


async def test_tries_to_reconnect_are_counted_by_what_came_of_them() -> None:
    metrics = Metrics()
    for old, reason in (
        (DeviceState.CONNECTED, Reason.DROPPED),
        (DeviceState.RECONNECTING, Reason.RETRY),
        (DeviceState.RECONNECTING, Reason.RETRY),
        (DeviceState.RECONNECTING, Reason.RECONNECTED),
    ):
        await metrics.on_event(changed(old, reason))
    attempts = "wuts_connect_attempts_total"
    assert figure(metrics, attempts, account="home", outcome="failed") == 2
    assert figure(metrics, attempts, account="home", outcome="reconnected") == 1


def test_pairings_are_counted_by_how_they_ended() -> None:
    metrics = Metrics()
    metrics.pairing_ended(PairingResult.PAIRED, 12.0)
    assert figure(metrics, "wuts_pairings_total", outcome="paired") == 1


def test_every_end_that_a_pairing_of_the_app_has_is_counted_as_such() -> None:
    sources = (Path(slack_app.pairing.__file__).parent).glob("*.py")
    named = re.compile(r"(?:Ending\(|outcome = |outcome, started_at = )(?:AuditOutcome\.(\w+))")
    ends = {name for path in sources for name in named.findall(path.read_text())}
    ends |= {"ALREADY_PAIRED"}
    assert len(ends) == len(PairingResult)
    assert {PairingResult(AuditOutcome[name]) for name in ends} == {*PairingResult}


def changed(old: DeviceState, reason: Reason) -> StateChanged:
    return StateChanged(
        account="home",
        device_id="d1",
        device_name="Front desk",
        old=old,
        new=DeviceState.RECONNECTING,
        reason=reason,
        attempt=1,
        next_try=None,
        at=NOW,
    )


def figure(metrics: Metrics, name: str, **labels: str) -> float | None:
    """Return one figure, read as Prometheus would."""
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return sample.value
    return None
