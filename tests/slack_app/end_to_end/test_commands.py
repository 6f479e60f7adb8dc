from tests.slack_app.slack_server import ANA, BOB, OPS, buttons, text_of
from tests.slack_app.team import Team

PHONE = "5511912344321"


async def test_help_is_shown_to_the_asker_alone(team: Team) -> None:
    await team.slack.command(ANA, "help")
    answer = await team.slack.says(OPS, "/wuts pair")
    assert answer["ephemeral_to"] == ANA


async def test_an_unknown_word_gets_the_nearest_command(team: Team) -> None:
    await team.slack.command(ANA, "statsu")
    answer = await team.slack.says(OPS, "Did you mean `/wuts status")
    assert answer["ephemeral_to"] == ANA


async def test_status_names_the_worst_first_with_its_fix(team: Team) -> None:
    team.sim.world.add_device(name="Good", state="connected", phone=PHONE)
    team.sim.world.add_device(name="Fresh")
    while len(team.app.services.supervisor.devices("home")) < 2:
        await team.slack.messages(OPS)
    await team.slack.command(ANA, "status")
    answer = await team.slack.says(OPS, "1 of 2 connected")
    said = text_of(answer)
    assert answer["ephemeral_to"] == ANA
    assert said.index("*Fresh*") < said.index("*Good*")
    assert "+55 11 … 4321" in said
    assert PHONE not in said
    assert set(buttons(answer)) == {"pair"}


async def test_status_is_shared_only_when_asked_to(team: Team) -> None:
    team.sim.world.add_device(name="Good", state="connected", phone=PHONE)
    await team.slack.command(ANA, "status Good --share")
    answer = await team.slack.says(OPS, "*Good*")
    assert "ephemeral_to" not in answer


async def test_status_is_turned_page_by_page(team: Team) -> None:
    team.sim.world.add_devices("home", 45)
    await team.slack.command(ANA, "status")
    first = await team.slack.says(OPS, "page 1 of 3")
    await team.slack.click(ANA, first, "status_next")
    second = await team.slack.says(OPS, "page 2 of 3")
    assert set(buttons(second)) >= {"status_previous", "status_next"}


async def test_a_device_can_be_disconnected_and_resumed(team: Team) -> None:
    device = team.sim.world.add_device(name="Good", state="connected", phone=PHONE)
    await team.slack.command(ANA, "disconnect Good")
    question = await team.slack.says(OPS, "Disconnect *Good* (number +55 11 … 4321)?")
    assert question["ephemeral_to"] == ANA
    assert team.sim.world.device(device.id).is_connected
    await team.slack.click(ANA, question, "disconnect_anyway")
    await team.slack.says(OPS, "*Good* is disconnected until you resume it")
    assert not team.sim.world.device(device.id).is_connected
    await team.slack.command(ANA, "resume Good")
    await team.slack.says(OPS, "*Good* is no longer paused")
    while not team.sim.world.device(device.id).is_connected:
        await team.slack.messages(OPS)


async def test_a_reconnect_that_cannot_help_is_answered_with_what_can(team: Team) -> None:
    team.sim.world.add_device(name="Fresh")
    await team.slack.command(ANA, "status")
    await team.slack.says(OPS, "never paired")
    await team.slack.command(ANA, "reconnect Fresh")
    answer = await team.slack.says(OPS, "Pair it first")
    assert set(buttons(answer)) == {"pair"}
    await team.slack.command(ANA, "pause Fresh")
    await team.slack.says(OPS, "is paused until you resume it")
    await team.slack.command(ANA, "reconnect Fresh")
    answer = await team.slack.says(OPS, "Resume it first")
    assert set(buttons(answer)) == {"resume"}


async def test_check_tells_the_asker_which_numbers_are_on_whatsapp(team: Team) -> None:
    team.sim.world.add_device(name="Good", state="connected", phone=PHONE)
    while not any(line.is_connected for line in team.app.services.accounts.lines()):
        await team.slack.messages(OPS)
    await team.slack.command(ANA, "check +55 11 98888-0002, 5511988880003")
    answer = await team.slack.says(OPS, "+55 11 98888-0002 is on WhatsApp")
    assert "+55 11 98888-0003 is not on WhatsApp" in text_of(answer)
    assert answer["ephemeral_to"] == ANA


async def test_a_number_that_is_none_is_explained(team: Team) -> None:
    await team.slack.command(ANA, "check 5511988880003 12345")
    await team.slack.says(OPS, "Number 2: That is not a valid phone number")


async def test_who_may_not_is_refused_at_the_command(team: Team) -> None:
    team.sim.world.add_device(name="Front desk")
    await team.slack.command(BOB, "pair Front desk")
    answer = await team.slack.says(OPS, "You don't have permission to do that")
    assert answer["ephemeral_to"] == BOB
    assert await team.slack.calls("files.getUploadURLExternal") == []


async def test_who_may_not_is_refused_at_a_click(team: Team) -> None:
    team.sim.world.add_device(name="Front desk")
    await team.slack.command(ANA, "status --share")
    shared = await team.slack.says(OPS, "*Front desk*")
    await team.slack.click(BOB, shared, "pair")
    answer = await team.slack.says(OPS, "You don't have permission to do that")
    assert answer["ephemeral_to"] == BOB
    assert await team.slack.calls("files.getUploadURLExternal") == []


async def test_who_may_not_is_refused_at_a_window(team: Team) -> None:
    await team.slack.command(ANA, "pair")
    while await team.slack.window() is None:
        pass
    name = {"type": "plain_text_input", "value": "Warehouse"}
    method = {"type": "radio_buttons", "selected_option": {"value": "qr"}}
    values = {"new_name": {"new_name": name}, "method": {"method": method}}
    await team.slack.submit(BOB, values)
    await team.slack.says(
        await team.slack.direct_channel(BOB), "You don't have permission to do that"
    )
    assert not team.sim.world.registry.devices
