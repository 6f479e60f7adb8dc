import re
from pathlib import Path

import pytest

from tests.wuts_cli.command import TOKEN, Wuts
from wuts_simulator import Device, Simulator

THERE = "5511999999991"
NOT_THERE = "5511999999993"


async def test_each_number_is_answered_in_the_order_of_the_question(
    sim: Simulator, wuts: Wuts
) -> None:
    sim.world.known_numbers.add(THERE)
    checked = await wuts("check", "+55 (11) 99999-9993", THERE, f"+{THERE}")
    assert (checked.code, checked.err) == (0, "")
    assert [line.rstrip() for line in checked.out.splitlines()] == [
        "+55 11 99999-9993  not on WhatsApp",
        "+55 11 99999-9991  on WhatsApp",
    ]


async def test_scripts_get_one_line_a_number(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    sim.world.known_numbers.add(THERE)
    checked = await wuts("check", THERE, NOT_THERE, "--json", "--device", desk.name)
    assert checked.code == 0
    assert checked.events == [
        {"event": "number", "number": THERE, "on_whatsapp": True},
        {"event": "number", "number": NOT_THERE, "on_whatsapp": False},
    ]


async def test_a_number_that_is_none_is_refused_before_anything_is_sent(
    sim: Simulator, wuts: Wuts
) -> None:
    refused = await wuts("check", THERE, "0800", "--json")
    assert refused.code == 2
    assert [event["reason"] for event in refused.events] == ["invalid_phone_number"]
    assert refused.error.startswith("Number 2: ")
    assert sim.world.requests.total() == 0


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (("--country", "BR"), {}),
        (("--country", "br"), {"WUTS_COUNTRY": "US"}),
        ((), {"WUTS_COUNTRY": "BR", "LANG": "en_US.UTF-8"}),
        ((), {"LC_ALL": "", "LANG": "pt_BR.UTF-8"}),
        ((), {"LC_ALL": "pt_BR.UTF-8", "LANG": "en_US.UTF-8"}),
        ((), {"WUTS_COUNTRY": "", "LC_ALL": "", "LC_MESSAGES": "pt_BR", "LANG": "en_US"}),
    ],
)
async def test_a_number_without_a_country_code_is_one_of_the_country(
    sim: Simulator, arguments: tuple[str, ...], variables: dict[str, str]
) -> None:
    sim.world.known_numbers.add(THERE)
    wuts = Wuts(sim.url, **variables)
    checked = await wuts("check", "11 99999-9991", "--json", *arguments)
    assert checked.code == 0, checked.err
    assert checked.events == [{"event": "number", "number": THERE, "on_whatsapp": True}]


async def test_a_number_without_country_and_code_is_refused(sim: Simulator, wuts: Wuts) -> None:
    refused = await wuts("check", "11 99999-9991", "--json")
    assert (refused.code, refused.events[0]["reason"]) == (2, "invalid_phone_number")
    refused = await wuts("check", "9999-9991", "--json", "--country", "BR")
    assert (refused.code, refused.events[0]["reason"]) == (2, "invalid_phone_number")
    assert refused.error.endswith("For a number in BR, start with +55.")
    assert sim.world.requests.total() == 0


async def test_a_number_of_two_countries_is_asked_about(sim: Simulator, wuts: Wuts) -> None:
    refused = await wuts("check", THERE, "95 94159-9345", "--json", "--country", "BR")
    assert refused.code == 2
    assert [event["reason"] for event in refused.events] == ["ambiguous_phone_number"]
    assert refused.error.startswith("Number 2: ")
    assert refused.error.endswith("with + and the country code: +55 … or +95 ….")
    assert sim.world.requests.total() == 0


async def test_a_country_that_is_none_is_refused(sim: Simulator, wuts: Wuts) -> None:
    for refused in (
        await wuts("check", THERE, "--country", "Brazil"),
        await wuts("check", THERE, WUTS_COUNTRY="XX"),
    ):
        assert refused.code == 2
        assert "two letters (ISO 3166), such as BR" in refused.error
    assert sim.world.requests.total() == 0


NUMBERS = [f"55119999999{count:02}" for count in range(5)]


@pytest.fixture
def remembering(sim: Simulator, tmp_path: Path) -> Wuts:
    """Runs the command with a folder for the user's state."""
    return Wuts(sim.url, XDG_STATE_HOME=str(tmp_path / "state"))


async def test_no_more_numbers_are_checked_in_an_hour_than_the_limit(
    sim: Simulator, remembering: Wuts
) -> None:
    assert (await remembering("check", *NUMBERS[:3], "--limit", "4")).code == 0
    refused = await remembering("check", *NUMBERS[3:], "--limit", "4", "--json")
    assert refused.code == 1
    assert [event["reason"] for event in refused.events] == ["check_budget_used_up"]
    assert re.match(
        r"1 of 4 numbers per hour are left to check. Try again at \d\d:\d\d", refused.error
    )
    assert "WhatsApp has restricted numbers" in refused.error
    assert sim.world.requests.by_endpoint["POST /contact/check"] == 1
    assert (await remembering("check", NUMBERS[3], "--limit", "4")).code == 0


async def test_more_than_the_limit_at_once_is_refused_and_nothing_is_sent(
    sim: Simulator, wuts: Wuts
) -> None:
    refused = await wuts("check", *NUMBERS, WUTS_CHECK_LIMIT="4")
    assert refused.code == 1
    assert "Check fewer at once" in refused.error
    assert sim.world.requests.total() == 0


async def test_a_limit_of_0_is_none(remembering: Wuts) -> None:
    for _ in range(3):
        assert (await remembering("check", *NUMBERS, "--limit", "0")).code == 0


async def test_a_number_that_is_given_twice_counts_once(wuts: Wuts) -> None:
    assert (await wuts("check", NUMBERS[0], NUMBERS[0], "--limit", "1")).code == 0


async def test_each_account_has_a_budget_of_its_own(
    sim: Simulator, remembering: Wuts, tmp_path: Path
) -> None:
    sim.world.add_tenant("office", "another-token")
    for token in (TOKEN, "another-token"):
        checked = await remembering("check", *NUMBERS, "--limit", "5", WUTS_TOKEN=token)
        assert checked.code == 0
    (file,) = (tmp_path / "state").rglob("*.json")
    kept = file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert not any(secret in kept for secret in (TOKEN, "another-token", *NUMBERS))


async def test_a_store_remembers_it_too(sim: Simulator, wuts: Wuts, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/store.db"
    assert (await wuts("check", *NUMBERS, "--limit", "5", "--store", store)).code == 0
    refused = await wuts("check", NUMBERS[0], "--limit", "5", "--store", store)
    assert refused.code == 1
    assert "0 of 5 numbers" in refused.error
    assert sim.world.requests.by_endpoint["POST /contact/check"] == 1


async def test_a_state_that_is_damaged_is_begun_again(remembering: Wuts, tmp_path: Path) -> None:
    file = tmp_path / "state/wuts/check-budget.json"
    file.parent.mkdir(parents=True)
    file.write_text("[1, 2")
    assert (await remembering("check", *NUMBERS, "--limit", "5")).code == 0
    assert (await remembering("check", NUMBERS[0], "--limit", "5")).code == 1
