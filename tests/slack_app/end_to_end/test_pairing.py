from tests.slack_app.slack_server import ANA, CARLA, OPS, buttons, picture_id, text_of
from tests.slack_app.team import Team

PHONE = "5511912344321"


async def test_a_scanned_qr_pairs_the_device_and_leaves_no_picture(team: Team) -> None:
    device = team.sim.world.add_device(name="Front desk")
    await team.slack.command(ANA, "pair Front desk")
    shown = await team.qr_message(ANA)
    await team.scan(shown, PHONE)
    paired = await team.slack.says(shown["channel"], "Paired with +55 11 … 4321, by <@U1ANA>.")
    assert paired["ts"] == shown["ts"]
    assert team.sim.world.device(device.id).is_connected
    assert picture_id(paired) is None
    await no_files(team)


async def test_a_new_code_replaces_the_qr_in_place_and_its_picture_is_deleted(team: Team) -> None:
    team.sim.world.add_device(name="Front desk")
    await team.slack.command(ANA, "pair Front desk")
    first = await team.qr_message(ANA)
    await team.slack.click(ANA, first, "pairing_new_code")
    second = await team.qr_message(ANA, other_than=picture_id(first))
    assert second["ts"] == first["ts"]
    image = [block["block_id"] for block in second["blocks"] if block["type"] == "image"]
    assert image != [block["block_id"] for block in first["blocks"] if block["type"] == "image"]
    await team.scan(second, PHONE)
    await team.slack.says(second["channel"], "Paired with")
    await no_files(team)


async def test_a_cancelled_pairing_says_so_and_leaves_no_picture(team: Team) -> None:
    team.sim.world.add_device(name="Front desk")
    await team.slack.command(ANA, "pair Front desk")
    shown = await team.qr_message(ANA)
    await team.slack.click(ANA, shown, "pairing_cancel")
    over = await team.slack.says(shown["channel"], "Cancelled.")
    assert over["ts"] == shown["ts"]
    assert set(buttons(over)) == {"pair"}
    await no_files(team)


async def test_a_pairing_can_be_started_again_from_its_message(team: Team) -> None:
    team.sim.world.add_device(name="Front desk")
    await team.slack.command(ANA, "pair Front desk")
    shown = await team.qr_message(ANA)
    await team.slack.click(ANA, shown, "pairing_cancel")
    over = await team.slack.says(shown["channel"], "Cancelled.")
    await team.slack.click(ANA, over, "pair")
    again = await team.qr_message(ANA)
    assert again["ts"] != shown["ts"]


async def test_a_pair_code_is_shown_in_the_direct_messages_alone(team: Team) -> None:
    device = team.sim.world.add_device(name="Front desk")
    await team.slack.command(ANA, "pair Front desk code +55 11 91234-4321")
    direct = await team.slack.direct_channel(ANA)
    shown = await team.slack.says(direct, '"header"')
    present = team.sim.world.device(device.id).code
    assert present is not None
    assert present.code in text_of(shown)
    assert present.code not in shown["text"]
    assert all(present.code not in text_of(one) for one in await team.slack.messages(OPS))
    team.sim.world.enter_code(device.id, present.code)
    paired = await team.slack.says(direct, "Paired with +55 11 … 4321")
    assert present.code not in text_of(paired)


async def test_a_qr_can_be_changed_for_a_pair_code(team: Team) -> None:
    device = team.sim.world.add_device(name="Front desk")
    await team.slack.command(ANA, "pair Front desk")
    shown = await team.qr_message(ANA)
    await team.slack.click(ANA, shown, "pairing_use_code")
    await team.slack.says(shown["channel"], "Front desk")
    while await team.slack.window() is None:
        pass
    value = {"type": "plain_text_input", "value": "+55 11 91234-4321"}
    await team.slack.submit(ANA, {"phone": {"phone": value}})
    await team.slack.says(shown["channel"], '"header"')
    present = team.sim.world.device(device.id).code
    assert present is not None
    team.sim.world.enter_code(device.id, present.code)
    await team.slack.says(shown["channel"], "Paired with")
    await no_files(team)


async def test_another_phone_than_the_expected_one_is_told_and_can_be_unlinked(team: Team) -> None:
    device = team.sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    await team.slack.command(ANA, "status")
    await team.slack.says(OPS, "+55 11 … 4321")
    await team.expects(device.id, PHONE)
    team.sim.world.unlink(device.id)
    await team.slack.command(ANA, "pair Front desk")
    shown = await team.qr_message(ANA)
    await team.scan(shown, "5511987659999")
    wrong = await team.slack.says(shown["channel"], "+55 11 … 9999 was linked, but +55 11 … 4321")
    await team.slack.click(ANA, wrong, "unlink_and_pair")
    again = await team.qr_message(ANA)
    await team.scan(again, PHONE)
    await team.slack.says(shown["channel"], "Paired with +55 11 … 4321")


async def test_another_phone_than_the_expected_one_may_stay(team: Team) -> None:
    device = team.sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    await team.slack.command(ANA, "status")
    await team.slack.says(OPS, "+55 11 … 4321")
    await team.expects(device.id, PHONE)
    team.sim.world.unlink(device.id)
    await team.slack.command(ANA, "pair Front desk")
    await team.scan(await team.qr_message(ANA), "5511987659999")
    direct = await team.slack.direct_channel(ANA)
    asked = await team.slack.says(direct, "Keep it?")
    assert set(buttons(asked)) == {"keep_phone", "unlink_and_pair"}
    await team.slack.click(ANA, asked, "keep_phone")
    kept = await team.slack.says(direct, "+55 11 … 9999 stays linked, by <@U1ANA>.")
    assert kept["ts"] == asked["ts"]
    assert team.sim.world.device(device.id).is_connected


async def test_a_device_that_was_left_alone_is_taken_care_of_once_it_is_paired(team: Team) -> None:
    team.sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    await team.seen(1)
    await team.slack.command(ANA, "disconnect Front desk")
    question = await team.slack.says(OPS, "Disconnect *Front desk*")
    await team.slack.click(ANA, question, "disconnect_anyway")
    await team.slack.says(OPS, "is disconnected until you resume it")
    await team.slack.command(ANA, "pair Front desk")
    direct = await team.slack.direct_channel(ANA)
    await team.slack.says(direct, "Reconnected with +55 11 … 4321.")
    await team.seen(1)


async def test_the_second_to_pair_a_device_is_told_who_is_first(team: Team) -> None:
    team.sim.world.add_device(name="Front desk")
    await team.slack.command(ANA, "pair Front desk")
    await team.qr_message(ANA)
    await team.slack.command(CARLA, "pair Front desk")
    told = await team.slack.says(OPS, "<@U1ANA> is already pairing this device")
    assert told["ephemeral_to"] == CARLA


async def test_an_unknown_name_is_offered_to_be_created_and_then_paired(team: Team) -> None:
    await team.slack.command(ANA, "pair Warehouse")
    offer = await team.slack.says(OPS, "There is no device named *Warehouse*")
    assert offer["ephemeral_to"] == ANA
    await team.slack.click(ANA, offer, "create_and_pair_home")
    shown = await team.qr_message(ANA)
    await team.scan(shown, PHONE)
    await team.slack.says(shown["channel"], "Paired with")
    assert [one.name for one in team.sim.world.registry.devices.values()] == ["Warehouse"]


async def test_a_new_name_with_a_phone_is_created_and_paired_by_a_pair_code(team: Team) -> None:
    await team.slack.command(ANA, "pair Warehouse code +55 11 91234-4321")
    offer = await team.slack.says(OPS, "There is no device named *Warehouse*")
    assert "4321" not in text_of(offer)
    await team.slack.click(ANA, offer, "create_and_pair_home")
    direct = await team.slack.direct_channel(ANA)
    await team.slack.says(direct, '"header"')
    (device,) = team.sim.world.registry.devices.values()
    assert device.code is not None
    assert device.code.phone == PHONE


async def test_of_two_devices_of_one_name_the_chosen_one_is_paired_by_the_code(team: Team) -> None:
    first = team.sim.world.add_device(name="Twin")
    second = team.sim.world.add_device(name="Twin")
    await team.slack.command(ANA, "pair Twin code +55 11 91234-4321")
    choice = await team.slack.says(OPS, "Several devices are named *Twin*")
    assert "4321" not in text_of(choice)
    pair = next(
        block["accessory"]
        for block in choice["blocks"]
        if second.id in str(block.get("accessory", ""))
    )
    await team.slack.click_value(ANA, OPS, choice["ts"], pair)
    await team.slack.says(await team.slack.direct_channel(ANA), '"header"')
    assert team.sim.world.device(second.id).code is not None
    assert team.sim.world.device(first.id).code is None


async def test_a_pairing_without_a_name_asks_in_a_window(team: Team) -> None:
    await team.slack.command(ANA, "pair")
    while await team.slack.window() is None:
        pass
    name = {"type": "plain_text_input", "value": "Warehouse"}
    method = {"type": "radio_buttons", "selected_option": {"value": "qr"}}
    values = {"new_name": {"new_name": name}, "method": {"method": method}}
    await team.slack.submit(ANA, values)
    shown = await team.qr_message(ANA)
    await team.scan(shown, PHONE)
    await team.slack.says(shown["channel"], "Paired with")


async def no_files(team: Team) -> None:
    """The last picture goes right behind the last update of the message."""
    while await team.slack.files():
        pass
