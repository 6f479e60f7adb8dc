from aiohttp import ClientSession

from slack_app.devices.webhooks import HEADER
from slack_app.settings import Mode
from tests.slack_app.slack_server import ANA, BOB, CARLA, OPS, buttons, text_of
from tests.slack_app.team import Team
from tests.slack_app.telltales import WEBHOOK_SECRET
from wuts_simulator import Fault, FaultKind

PHONE = "5511912344321"


async def test_an_unlinked_device_is_alerted_paired_from_the_alert_and_resolved(team: Team) -> None:
    device = team.sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    await team.seen(1)
    team.sim.world.unlink(device.id)
    alert = await team.slack.says(OPS, "was unlinked by its phone")
    assert "ephemeral_to" not in alert
    assert set(buttons(alert)) == {"pair", "alert_take", "alert_mute"}
    await team.slack.click(ANA, alert, "pair")
    shown = await team.qr_message(ANA)
    pairing = await team.slack.says(OPS, "<@U1ANA> is pairing it now.")
    assert pairing["ts"] == alert["ts"]
    await team.scan(shown, PHONE)
    over = await team.slack.says(OPS, "Resolved <")
    assert over["ts"] == alert["ts"]
    assert buttons(over) == {}


async def test_an_alert_says_again_what_to_do_when_its_pairing_was_cancelled(team: Team) -> None:
    device = team.sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    await team.seen(1)
    team.sim.world.unlink(device.id)
    alert = await team.slack.says(OPS, "was unlinked by its phone")
    await team.slack.click(CARLA, alert, "pair")
    shown = await team.qr_message(CARLA)
    await team.slack.says(OPS, "<@U3CARLA> is pairing it now.")
    await team.slack.click(CARLA, shown, "pairing_cancel")
    again = await team.slack.says(OPS, "someone must pair it again")
    assert again["ts"] == alert["ts"]


async def test_pair_now_is_refused_to_who_may_not(team: Team) -> None:
    device = team.sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    await team.seen(1)
    team.sim.world.unlink(device.id)
    alert = await team.slack.says(OPS, "was unlinked by its phone")
    await team.slack.click(BOB, alert, "pair")
    answer = await team.slack.says(OPS, "You don't have permission to do that")
    assert answer["ephemeral_to"] == BOB


async def test_a_gateway_that_is_down_is_one_message_not_one_a_device(team: Team) -> None:
    team.sim.world.add_devices("home", 30, state="connected")
    await team.seen(30)
    team.sim.world.break_for(3600)
    down = await team.slack.says(OPS, "The gateway of *home* is down")
    team.sim.world.break_for(0)
    over = await team.slack.says(OPS, "Resolved <")
    assert over["ts"] == down["ts"]
    assert len(await team.slack.messages(OPS)) == 1


async def test_an_offline_device_is_told_with_what_is_being_tried(team: Team) -> None:
    device = team.sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    await team.seen(1)
    team.sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="POST /connect", status=503))
    team.sim.world.drop(device.id)
    alert = await team.slack.says(OPS, "I am reconnecting it: try")
    assert PHONE not in text_of(alert)
    team.sim.world.restore(device.id)
    over = await team.slack.says(OPS, "Resolved <")
    assert over["ts"] == alert["ts"]


async def test_a_webhook_with_the_secret_wakes_the_supervisor(team: Team, mode: Mode) -> None:
    if mode is Mode.SOCKET:
        assert team.app.port is None
        return
    url = f"http://127.0.0.1:{team.app.port}/wuts/webhook/"
    async with ClientSession() as http:
        good = {HEADER: WEBHOOK_SECRET}
        async with http.post(url + "home", headers=good) as answer:
            assert answer.status == 204
        async with http.post(url + "home", headers={HEADER: "wrong"}) as answer:
            assert answer.status == 401
        async with http.post(url + "nobody", headers=good) as answer:
            assert answer.status == 404
