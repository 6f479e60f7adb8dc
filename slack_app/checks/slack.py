"""Whether Slack takes the tokens, and knows the channel and the lists that the settings name."""

from collections.abc import AsyncIterator
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from ..settings import Mode, Settings
from ..slack.errors import SLACK_ERRORS, slack_code
from ..slack.scopes import SCOPES_HEADER, needed_scopes, scopes_in
from .finding import Finding

_BOT = "Slack's bot token"
_APP = "Slack's app-level token"
_SCOPES = "Slack's scopes"
_CHANNEL = "The alert channel"
_WHO = "Who can use the app"
_MENTIONED = "Mentions in routes"
_FIXES = {
    "invalid_auth": "Copy the token again from the app's page in Slack.",
    "not_authed": "Copy the token again from the app's page in Slack.",
    "token_revoked": "Reinstall the app in the workspace, and copy its new token.",
    "account_inactive": "Reinstall the app in the workspace, and copy its new token.",
    "token_expired": "Turn off token rotation in the app's manifest, and copy the new token.",
    "not_allowed_token_type": "This is another kind of token: see app_token in docs/slack.md.",
    "missing_scope": "Create an app-level token with the scope connections:write.",
    "connection_failed": "Make sure that this machine can reach Slack over HTTPS.",
    "timeout": "Make sure that this machine can reach Slack over HTTPS.",
}
_UNKNOWN = {
    "user_not_found": "Correct its id in allow_users.",
    "no_such_subteam": "Correct its id in allow_user_groups.",
    "channel_not_found": "Correct its id in allow_channels, and invite the app to it.",
}
_UNKNOWN_CHANNEL = (
    "Correct alert_channel or the route. In a private channel, invite the app first: /invite @WUTS."
)


async def check_bot_token(settings: Settings, slack: AsyncWebClient) -> AsyncIterator[Finding]:
    """See whose the bot token is, and its scopes."""
    try:
        answer = await slack.auth_test()
    except SLACK_ERRORS as error:
        yield _refused(_BOT, slack_code(error))
        return
    bot, team = answer.get("user", "?"), answer.get("team", "?")
    yield Finding(_BOT, f"{bot} in the workspace {team}")
    header = {name.lower(): value for name, value in answer.headers.items()}.get(SCOPES_HEADER)
    if header is None:
        yield Finding(_SCOPES, "not reported, so this is not Slack itself")
        return
    needed = needed_scopes(settings)
    lacking = sorted(needed - scopes_in(header))
    if lacking:
        fix = (
            "Paste the output of wuts-slack manifest into the app's manifest in Slack, and "
            "reinstall the app."
        )
        yield Finding(_SCOPES, f"missing {', '.join(lacking)}", fix)
    else:
        yield Finding(_SCOPES, f"all {len(needed)} that are needed")


async def check_app_token(settings: Settings, slack: AsyncWebClient) -> AsyncIterator[Finding]:
    """See whether a socket can be opened; HTTP mode needs none."""
    if settings.mode is not Mode.SOCKET:
        return
    try:
        await slack.apps_connections_open(app_token=settings.app_token.get_secret_value())
    except SLACK_ERRORS as error:
        yield _refused(_APP, slack_code(error))
    else:
        yield Finding(_APP, "a socket can be opened")


async def check_alert_channels(settings: Settings, slack: AsyncWebClient) -> AsyncIterator[Finding]:
    """See whether the app is in the channels that the settings send alerts to."""
    if not settings.alert_channels:
        yield Finding(_CHANNEL, "none is set, so only channels that people subscribe get alerts")
    several = len(settings.alert_channels) > 1
    for channel in settings.alert_channels:
        what = f"{_CHANNEL} {channel}" if several else _CHANNEL
        yield await _check_alert_channel(what, channel, slack)


async def check_mentions(settings: Settings, slack: AsyncWebClient) -> AsyncIterator[Finding]:
    """Look up every user group and user whom routes mention."""
    named = {one for route in settings.routes for one in (route.mention, route.escalate_mention)}
    for one in sorted(one for one in named if one[:1] in {"S", "U", "W"}):
        try:
            if one.startswith("S"):
                await slack.usergroups_users_list(usergroup=one)
            else:
                await slack.users_info(user=one)
        except SLACK_ERRORS as error:
            code = slack_code(error)
            if code not in _UNKNOWN:
                yield _refused(f"{_MENTIONED}, {one}", code)
                continue
            yield Finding(_MENTIONED, f"Slack does not know {one}", "Correct its id in routes.")
        else:
            yield Finding(_MENTIONED, one)


async def _check_alert_channel(what: str, named: str, slack: AsyncWebClient) -> Finding:
    try:
        answer = await slack.conversations_info(channel=named)
    except SLACK_ERRORS as error:
        code = slack_code(error)
        if code == "channel_not_found":
            return Finding(what, code, _UNKNOWN_CHANNEL)
        return _refused(what, code)
    channel = answer["channel"]
    name = f"#{channel.get('name', named)}"
    if channel.get("is_archived"):
        return Finding(what, f"{name} is archived", "Unarchive it, or choose another.")
    if channel.get("is_member") is False:
        return Finding(what, f"the app is not in {name}", "Write this there: /invite @WUTS.")
    return Finding(what, name)


async def check_lists(settings: Settings, slack: AsyncWebClient) -> AsyncIterator[Finding]:
    """Look up every user, user group and channel that is named."""
    lookups = {one: partial(slack.users_info, user=one) for one in settings.allow_users}
    for group in settings.allow_user_groups:
        lookups[group] = partial(slack.usergroups_users_list, usergroup=group)
    for channel in settings.allow_channels:
        lookups[channel] = partial(slack.conversations_members, channel=channel, limit=1)
    if not lookups:
        yield Finding(_WHO, "admins and owners of the workspace, because no list is set")
    for one, look_up in sorted(lookups.items()):
        try:
            await look_up()
        except SLACK_ERRORS as error:
            code = slack_code(error)
            if code in _UNKNOWN:
                yield Finding(_WHO, f"Slack does not know {one}", _UNKNOWN[code])
            else:
                yield _refused(f"{_WHO}, {one}", code)
        else:
            yield Finding(_WHO, one)


def _refused(what: str, code: str) -> Finding:
    """Return what Slack's code means."""
    return Finding(what, code, _FIXES.get(code, "Look up the code in Slack's reference."))
