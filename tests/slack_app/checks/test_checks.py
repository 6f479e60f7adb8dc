from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from slack_app.checks import check_all
from slack_app.settings import AccountSettings, Mode, RouteSettings, Settings
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.tls import Certificate
from tests.slack_app.strict_slack import ANA, OPS, StrictSlack
from wuts_simulator import Simulator

PLAIN_HTTP = (
    "note  The gateway of home: The gateway's address is plain http://, so others can read the "
    "token. That is fine only on this machine."
)


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return change(settings, store=SecretStr(f"sqlite:///{tmp_path / 'store.db'}"))


async def test_all_is_well_where_nothing_is_to_be_fixed(
    settings: Settings, gateway: Simulator
) -> None:
    gateway.world.add_device(state="connected")
    gateway.world.add_device()
    assert await lines(settings) == [
        "ok    Slack's bot token: wuts in the workspace Test",
        "ok    Slack's scopes: all 8 that are needed",
        "ok    Slack's app-level token: a socket can be opened",
        "ok    The alert channel: #ops",
        "ok    Who can use the app: admins and owners of the workspace, because no list is set",
        "ok    The gateway of home: 2 devices, 1 of them connected",
        "ok    The gateway of home: wuts doctor finds nothing to fix",
        PLAIN_HTTP,
        "ok    The store: can be written",
    ]


async def test_a_bot_token_that_is_refused(settings: Settings) -> None:
    wrong = change(settings, bot_token=SecretStr("xoxb-other"))
    assert "FIX   Slack's bot token: invalid_auth. Copy the token" in await text(wrong)


async def test_an_app_token_that_is_refused(settings: Settings) -> None:
    wrong = change(settings, app_token=SecretStr("xapp-other"))
    assert "FIX   Slack's app-level token: invalid_auth. Copy" in await text(wrong)


async def test_http_mode_needs_no_app_token(settings: Settings) -> None:
    assert "app-level" not in await text(change(settings, mode=Mode.HTTP))


async def test_scopes_that_are_missing_are_named(settings: Settings, strict: StrictSlack) -> None:
    strict.scopes -= {"files:read", "im:write"}
    told = await text(settings)
    assert (
        "FIX   Slack's scopes: missing files:read, im:write. "
        "Paste the output of wuts-slack manifest" in told
    )


async def test_a_channel_that_the_app_is_not_in(settings: Settings, strict: StrictSlack) -> None:
    strict.members.remove("U0BOT")
    told = await text(settings)
    assert (
        "FIX   The alert channel: the app is not in #ops. Write this there: /invite @WUTS." in told
    )


async def test_a_channel_that_is_archived(settings: Settings, strict: StrictSlack) -> None:
    strict.archived = True
    assert "FIX   The alert channel: #ops is archived. Unarchive it" in await text(settings)


async def test_a_channel_that_there_is_not(settings: Settings) -> None:
    told = await text(change(settings, alert_channel="C9"))
    assert "FIX   The alert channel: channel_not_found. Correct alert_channel" in told


async def test_without_a_channel_it_says_that_nobody_is_told(settings: Settings) -> None:
    assert "ok    The alert channel: none is set" in await text(change(settings, alert_channel=""))


async def test_routes_that_name_channels_and_people_whom_there_are_not(
    settings: Settings, strict: StrictSlack
) -> None:
    strict.user_groups["S1"] = [ANA]
    routes = (
        RouteSettings(channel=OPS, mention="S1", escalate_after=9, escalate_mention="U9"),
        RouteSettings(channel="C9", mention="S9"),
        RouteSettings(channel="C9", mention="here"),
    )
    told = await text(change(settings, routes=routes))
    assert "ok    The alert channel C1OPS: #ops" in told
    assert "FIX   The alert channel C9: channel_not_found. Correct alert_channel or the" in told
    assert "ok    Mentions in routes: S1" in told
    assert "FIX   Mentions in routes: Slack does not know S9. Correct its id in routes." in told
    assert "FIX   Mentions in routes: Slack does not know U9. Correct its id in routes." in told
    assert told.count("Mentions in routes") == 3


async def test_lists_that_name_whom_there_is_not(settings: Settings, strict: StrictSlack) -> None:
    strict.user_groups["S1"] = [ANA]
    told = await text(
        change(
            settings,
            allow_users=frozenset({ANA, "U9"}),
            allow_user_groups=frozenset({"S1", "S9"}),
            allow_channels=frozenset({"C1OPS", "C9"}),
        )
    )
    assert f"ok    Who can use the app: {ANA}" in told
    assert "ok    Who can use the app: S1" in told
    assert "ok    Who can use the app: C1OPS" in told
    assert (
        "FIX   Who can use the app: Slack does not know U9. Correct its id in allow_users." in told
    )
    assert "Slack does not know S9. Correct its id in allow_user_groups." in told
    assert "Slack does not know C9. Correct its id in allow_channels, and invite" in told


async def test_a_group_that_the_app_may_not_look_up(
    settings: Settings, strict: StrictSlack
) -> None:
    strict.scopes.remove("usergroups:read")
    told = await text(change(settings, allow_user_groups=frozenset({"S1"})))
    assert "FIX   Who can use the app, S1: missing_scope" in told


async def test_webhooks_need_http_mode(settings: Settings) -> None:
    secret = SecretStr("webhook-secret-8888")
    assert "FIX   The gateway's webhooks" in await text(change(settings, webhook_secret=secret))
    http = change(settings, webhook_secret=secret, mode=Mode.HTTP)
    assert "ok    The gateway's webhooks: accepted at /wuts/webhook/{account}" in await text(http)


async def test_each_account_is_asked_for_itself(settings: Settings, gateway: Simulator) -> None:
    accounts = {
        **settings.accounts,
        "revoked": AccountSettings(token=SecretStr("other"), url=gateway.url),
        "gone": AccountSettings(token=SecretStr("other"), url="http://127.0.0.1:1"),
        "wrong": AccountSettings(token=SecretStr("other"), url="gateway"),
    }
    told = await text(change(settings, accounts=accounts))
    assert "ok    The gateway of home: 0 devices" in told
    assert "FIX   The gateway of revoked: " in told
    assert "Replace the account's token." in told
    assert "FIX   The gateway of gone: " in told
    assert "make sure that this machine can reach it." in told
    assert "FIX   The gateway of wrong: " in told


@pytest.mark.parametrize(
    ("certificate", "line"),
    [
        (
            Certificate(),
            "does not trust the gateway's certificate. If your own certificate authority",
        ),
        (Certificate(days=-1), "has expired or is not valid yet. Check this machine's clock"),
        (
            Certificate(host="other.example"),
            "was issued for another host. Use the certificate's host",
        ),
    ],
    ids=["untrusted", "expired", "wrong host"],
)
async def test_a_certificate_says_what_is_wrong_with_it(
    certificate: Certificate, line: str, settings: Settings, tmp_path: Path
) -> None:
    is_untrusted = "trust" in line
    ca_file = None if is_untrusted else certificate.write_authority(tmp_path / "ca.pem")
    async with certificate.served() as url:
        told = await text(of_account(settings, url, ca_file))
    assert "FIX   The gateway of home: " in told
    assert line in told


async def test_a_ca_file_lets_an_authority_of_ones_own_be_trusted(
    settings: Settings, tmp_path: Path
) -> None:
    certificate = Certificate()
    ca_file = certificate.write_authority(tmp_path / "ca.pem")
    async with certificate.served({"success": True, "devices": []}) as url:
        told = await text(of_account(settings, url, ca_file))
    assert "ok    The gateway of home: 0 devices" in told


@pytest.mark.parametrize(
    ("url", "line"),
    [
        (
            "https://no-such-host.invalid",
            "Its host name was not found. Correct it in the account's",
        ),
        (
            "http://127.0.0.1:1",
            "Nothing is listening at its port. Correct the port in the",
        ),
    ],
)
async def test_a_gateway_that_is_not_there_says_which_part_is_wrong(
    url: str, line: str, settings: Settings
) -> None:
    assert line in await text(of_account(settings, url, None))


async def test_a_page_of_a_proxy_is_no_refused_token(settings: Settings) -> None:
    async with RawGateway() as raw:
        raw.answers(b"<html>Blocked</html>", 403, content_type="text/html")
        told = await text(of_account(settings, raw.url, None))
    assert "Replace the account's token" not in told
    assert (
        "FIX   The gateway of home: The response does not look like one from a WUTS gateway" in told
    )


async def test_what_deviates_from_the_contract_is_told_field_by_field(
    settings: Settings,
) -> None:
    async with RawGateway() as raw:
        raw.answers({"success": True, "devices": [{"id": "d1", "connected": {}, "name": "A"}]})
        told = await text(of_account(settings, raw.url, None))
    assert "note  The gateway of home: rows that cannot be read are left out: d1" in told
    assert "FIX   The gateway of home: GET /devices is not as documented" in told
    assert "devices[].connected should be boolean, is object" in told


async def test_a_store_that_cannot_be_written(settings: Settings, tmp_path: Path) -> None:
    for address in (f"sqlite:///{tmp_path / 'no' / 'store.db'}", "mysql://x:secret@host/db"):
        told = await text(change(settings, store=SecretStr(address)))
        assert "FIX   The store: " in told
        assert "secret" not in told


@pytest.mark.slow
async def test_a_slack_that_cannot_be_reached(settings: Settings) -> None:
    told = await text(change(settings, slack_url="http://127.0.0.1:1/api/"))
    assert (
        "FIX   Slack's bot token: connection_failed. Make sure that this machine can reach Slack"
        in told
    )


async def test_no_secret_is_in_any_line(settings: Settings, strict: StrictSlack) -> None:
    strict.scopes.clear()
    told = await text(settings)
    assert all(secret not in told for secret in settings.secrets())


def change(settings: Settings, **update: Any) -> Settings:  # noqa: ANN401 - any setting
    return settings.model_copy(update=update)


def of_account(settings: Settings, url: str, ca_file: Path | None) -> Settings:
    account = AccountSettings(token=SecretStr("gateway-token-9999"), url=url, ca_file=ca_file)
    return change(settings, accounts={"home": account})


async def lines(settings: Settings) -> list[str]:
    return [str(finding) async for finding in check_all(settings)]


async def text(settings: Settings) -> str:
    return "\n".join(await lines(settings))
