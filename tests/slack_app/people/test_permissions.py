from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from slack_app.messages import EN, PT_BR
from slack_app.people import permissions as remembered
from slack_app.people import users
from slack_app.people.permissions import Permissions, Verdict
from slack_app.people.users import Kind, Users, zone_of
from slack_app.settings import Settings
from slack_app.slack.errors import UnreadableError
from tests.slack_app.fake_slack import FakeSlack, fake_slack


def user(**more: Any) -> list[dict[str, Any] | int]:  # noqa: ANN401 - as Slack sends it
    return [{"user": {"id": "U1", "team_id": "T1", "locale": "pt-BR", **more}}]


def workspace(**answers: list[dict[str, Any] | int]) -> AbstractAsyncContextManager[FakeSlack]:
    """A Slack whose workspace is T1."""
    answers.setdefault("auth__test", [{"team_id": "T1"}])
    return fake_slack(**answers)


@pytest.mark.parametrize("role", ["is_admin", "is_owner", "is_primary_owner"])
async def test_without_lists_admins_and_owners_may(role: str) -> None:
    async with workspace(users__info=user(**{role: True})) as slack:
        assert await permissions(slack).allow("U1")


@pytest.mark.parametrize("more", [{}, {"is_admin": True, "deleted": True}, {"is_restricted": True}])
async def test_without_lists_nobody_else_may(more: dict[str, Any]) -> None:
    async with workspace(users__info=user(**more)) as slack:
        assert not await permissions(slack).allow("U1")


async def test_with_a_list_an_admin_who_is_not_on_it_may_not() -> None:
    async with workspace(users__info=user(is_admin=True)) as slack:
        assert not await permissions(slack, lists(allow_users=frozenset({"U2"}))).allow("U1")


async def test_the_members_of_an_allowed_user_group_may() -> None:
    lists_u1: list[dict[str, Any] | int] = [{"users": ["U1"]}]
    async with workspace(users__info=user(), usergroups__users__list=lists_u1) as slack:
        ours = permissions(slack, lists(allow_user_groups=frozenset({"S1"})))
        assert await ours.allow("U1")
        assert not await ours.allow("U2")


async def test_the_members_of_an_allowed_channel_may_on_whatever_page_they_are() -> None:
    pages: list[dict[str, Any] | int] = [
        {"members": ["U2"], "response_metadata": {"next_cursor": "more"}},
        {"members": ["U1"], "response_metadata": {"next_cursor": ""}},
    ]
    async with workspace(users__info=user(), conversations__members=pages) as slack:
        ours = permissions(slack, lists(allow_channels=frozenset({"C1"})))
        assert await ours.allow("U1")
        assert await ours.allow("U2")
        assert not await ours.allow("U3")
        assert len(slack.calls["conversations.members"]) == 2


@pytest.mark.parametrize(
    "fact",
    [
        {"is_restricted": True},
        {"is_ultra_restricted": True},
        {"is_stranger": True},
        {"is_bot": True},
        {"is_workflow_bot": True},
        {"deleted": True},
        {"team_id": "T2"},
        {"team_id": "T2", "enterprise_user": {"enterprise_id": "E2"}},
    ],
    ids=str,
)
async def test_who_is_no_full_member_may_only_by_an_id_of_their_own(fact: dict[str, Any]) -> None:
    answers: dict[str, list[dict[str, Any] | int]] = {
        "users__info": user(**fact, is_admin=True),
        "conversations__members": [{"members": ["U1"]}],
        "usergroups__users__list": [{"users": ["U1"]}],
        "auth__test": [{"team_id": "T1", "enterprise_id": "E1"}],
    }
    async with workspace(**answers) as slack:
        assert not await permissions(slack).allow("U1")
        listed = lists(allow_channels=frozenset({"C1"}), allow_user_groups=frozenset({"S1"}))
        assert not await permissions(slack, listed).allow("U1")
        by_id = lists(allow_users=frozenset({"U1"}), allow_channels=frozenset({"C1"}))
        assert await permissions(slack, by_id).allow("U1")


@pytest.mark.parametrize(
    "fact",
    [{"team_id": "T1"}, {"team_id": "T3", "enterprise_user": {"enterprise_id": "E1"}}],
    ids=["workspace", "organization"],
)
async def test_who_is_of_the_same_workspace_or_organization_may(fact: dict[str, Any]) -> None:
    home: list[dict[str, Any] | int] = [{"team_id": "T1", "enterprise_id": "E1"}]
    async with workspace(users__info=user(**fact, is_admin=True), auth__test=home) as slack:
        assert await permissions(slack).allow("U1")


@pytest.mark.parametrize(
    ("fact", "kind"),
    [
        ({}, Kind.MEMBER),
        ({"is_restricted": True}, Kind.GUEST),
        ({"is_restricted": True, "is_ultra_restricted": True}, Kind.GUEST),
        ({"is_stranger": True, "team_id": "T1"}, Kind.STRANGER),
        ({"team_id": "T2"}, Kind.STRANGER),
        ({"team_id": None}, Kind.STRANGER),
        ({"is_bot": True}, Kind.PROGRAM),
        ({"is_workflow_bot": True}, Kind.PROGRAM),
        ({"is_bot": True, "deleted": True}, Kind.DEACTIVATED),
        ({"team_id": "T3", "enterprise_user": {"teams": ["T9", "T1"]}}, Kind.MEMBER),
        ({"team_id": "T3", "enterprise_user": {"teams": ["T9"]}}, Kind.STRANGER),
    ],
    ids=str,
)
async def test_what_slack_says_of_somebody_tells_who_they_are(
    fact: dict[str, Any], kind: Kind
) -> None:
    async with workspace(users__info=user(**fact)) as slack:
        assert (await Users(slack.client).get("U1")).kind is kind


async def test_who_is_of_no_workspace_that_slack_names_may_not() -> None:
    nowhere: list[dict[str, Any] | int] = [{"user": {"id": "U1", "is_admin": True}}]
    async with workspace(users__info=nowhere) as slack:
        assert not await permissions(slack).allow("U1")


async def test_nobody_may_while_slack_does_not_say_which_workspace_is_ours() -> None:
    answers: list[dict[str, Any] | int] = [{"error": "internal_error"}, {"team_id": "T1"}]
    async with workspace(users__info=user(is_admin=True), auth__test=answers) as slack:
        ours = permissions(slack)
        with pytest.raises(SlackApiError):
            await ours.allow("U1")
        assert await ours.allow("U1")


@pytest.mark.parametrize(
    "odd",
    [
        {"users__info": [{}]},
        {"users__info": [{"user": []}]},
        {"auth__test": [{}]},
        {"auth__test": [{"team_id": None, "enterprise_id": "E1"}]},
        {"usergroups__users__list": [{}]},
        {"usergroups__users__list": [{"users": [None, "U1"]}]},
    ],
    ids=str,
)
async def test_nobody_may_by_an_answer_that_lacks_what_was_asked_for(
    odd: dict[str, list[dict[str, Any] | int]],
) -> None:
    members: list[dict[str, Any] | int] = [{"users": ["U1"]}]
    answers = {"users__info": user(), "usergroups__users__list": members, **odd}
    async with workspace(**answers) as slack:
        ours = permissions(slack, lists(allow_user_groups=frozenset({"S1"})))
        for _ in range(2):
            with pytest.raises(UnreadableError):
                await ours.allow("U1")


async def test_why_somebody_may_not_is_known() -> None:
    async with workspace(users__info=user()) as slack:
        assert await permissions(slack).decide("U1") is Verdict.NOT_LISTED
    async with workspace(users__info=user(is_restricted=True)) as slack:
        assert await permissions(slack).decide("U1") is Verdict.NEEDS_OWN_ID
        listed = lists(allow_users=frozenset({"U1"}))
        assert await permissions(slack, listed).decide("U1") is Verdict.MAY


async def test_what_is_remembered_is_asked_again_where_that_counts() -> None:
    members: list[dict[str, Any] | int] = [{"users": ["U1"]}, {"users": []}]
    async with workspace(users__info=user(), usergroups__users__list=members) as slack:
        ours = permissions(slack, lists(allow_user_groups=frozenset({"S1"})))
        assert ours.known("U1") is None
        assert await ours.decide("U1") is Verdict.MAY
        assert (ours.known("U1"), await ours.decide("U1")) == (Verdict.MAY, Verdict.MAY)
        assert await ours.decide("U1", fresh=True) is Verdict.NOT_LISTED
        assert ours.known("U1") is Verdict.NOT_LISTED


async def test_a_guest_who_was_made_one_just_now_is_one_where_that_counts() -> None:
    now: list[dict[str, Any] | int] = [*user(), *user(is_restricted=True)]
    members: list[dict[str, Any] | int] = [{"users": ["U1"]}]
    async with workspace(users__info=now, usergroups__users__list=members) as slack:
        ours = permissions(slack, lists(allow_user_groups=frozenset({"S1"})))
        assert await ours.allow("U1")
        assert await ours.decide("U1", fresh=True) is Verdict.NEEDS_OWN_ID


async def test_one_list_that_fails_does_not_hide_who_is_on_another() -> None:
    answers: dict[str, list[dict[str, Any] | int]] = {
        "users__info": user(),
        "usergroups__users__list": [{"error": "no_such_subteam"}],
        "conversations__members": [{"members": ["U1"]}],
    }
    both = lists(allow_user_groups=frozenset({"S1"}), allow_channels=frozenset({"C1"}))
    async with workspace(**answers) as slack:
        assert await permissions(slack, both).allow("U1")
        with pytest.raises(SlackApiError):
            await permissions(slack, both).allow("U2")


def test_a_role_and_a_list_are_believed_for_a_minute_at_most() -> None:
    assert users.REMEMBERED <= 60
    assert remembered.REMEMBERED <= 60


async def test_a_language_outlives_a_slack_that_does_not_answer() -> None:
    answers: list[dict[str, Any] | int] = [*user(is_admin=True), {"error": "internal_error"}]
    async with workspace(users__info=answers) as slack:
        ours = Users(slack.client)
        assert ours.language("U1") is None
        await ours.get("U1")
        with pytest.raises(SlackApiError):
            await ours.get("U1", fresh=True)
        assert (await ours.strings("U1"), ours.language("U1")) == (PT_BR, PT_BR)
        assert (await ours.person_soon("U1")).strings is PT_BR
        assert ours.known("U1") is None
        with pytest.raises(SlackApiError):
            await permissions(slack).allow("U1")


async def test_a_look_up_that_fails_is_no_permission_and_is_asked_again() -> None:
    answers: list[dict[str, Any] | int] = [{"error": "missing_scope"}, {"users": ["U1"]}]
    async with workspace(users__info=user(), usergroups__users__list=answers) as slack:
        ours = permissions(slack, lists(allow_user_groups=frozenset({"S1"})))
        with pytest.raises(SlackApiError):
            await ours.allow("U1")
        assert await ours.allow("U1")


async def test_a_rate_limit_is_waited_out() -> None:
    answers: list[dict[str, Any] | int] = [429, {"users": ["U1"]}]
    async with workspace(users__info=user(), usergroups__users__list=answers) as slack:
        assert await permissions(slack, lists(allow_user_groups=frozenset({"S1"}))).allow("U1")
        assert len(slack.calls["usergroups.users.list"]) == 2


async def test_a_person_is_spoken_to_in_their_language() -> None:
    async with workspace(users__info=user()) as slack:
        assert await Users(slack.client).strings("U1") is PT_BR
        assert slack.calls["users.info"][0]["include_locale"] == "1"


async def test_a_person_slack_does_not_know_is_spoken_to_in_english() -> None:
    async with workspace(users__info=[{"error": "user_not_found"}]) as slack:
        assert await Users(slack.client).strings("U1") is EN


def lists(**allowed: frozenset[str]) -> Settings:
    return Settings.model_construct(**allowed)  # type: ignore[arg-type]


def permissions(slack: FakeSlack, settings: Settings | None = None) -> Permissions:
    return Permissions(slack.client, Users(slack.client), settings or lists())


async def test_those_in_charge_are_the_listed_users_or_members_of_lists_who_may() -> None:
    members: list[dict[str, Any] | int] = [{"users": ["U3", "U1", "U2"]}]
    async with workspace(users__info=user(), usergroups__users__list=members) as slack:
        both = lists(allow_users=frozenset({"U9"}), allow_user_groups=frozenset({"S1"}))
        assert await permissions(slack, both).in_charge() == ["U9", "U1", "U2", "U3"]
        assert await permissions(slack, both).in_charge(most=2) == ["U9", "U1"]


async def test_without_lists_those_in_charge_are_admins_on_whatever_page_they_are() -> None:
    pages: list[dict[str, Any] | int] = [
        {"members": [{"id": "U2"}], "response_metadata": {"next_cursor": "more"}},
        {"members": [{"id": "U1", "is_owner": True}], "response_metadata": {"next_cursor": ""}},
    ]
    async with workspace(users__info=user(is_admin=True), users__list=pages) as slack:
        assert await permissions(slack).in_charge() == ["U1"]


@pytest.mark.parametrize(
    ("known", "offset"),
    [
        ({"tz": "America/Sao_Paulo", "tz_offset": 0}, -3),
        ({"tz": "Nowhere/Atlantis", "tz_offset": 7_200}, 2),
        ({"tz": "../../etc/passwd", "tz_offset": 7_200}, 2),
        ({"tz": None, "tz_offset": -3_600}, -1),
        ({"tz_offset": 10**9}, 0),
        ({"tz": "", "tz_offset": "soon"}, 0),
        ({}, 0),
    ],
)
def test_a_time_zone_is_known_by_its_name_or_its_offset(known: dict[str, Any], offset: int) -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=zone_of(known))
    assert noon.utcoffset() == timedelta(hours=offset)
