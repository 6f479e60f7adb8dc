"""Whether Slack takes the tokens, and knows the channel and the lists that the settings name."""

from collections.abc import AsyncIterator
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from ..settings import Mode, Settings
from ..slack.errors import SLACK_ERRORS, slack_code
from ..slack.methods import SCOPES
from .finding import Finding

SCOPES_HEADER = "x-oauth-scopes"
"""Where Slack tells a token's scopes (Slack reference, OAuth scopes)."""

_BOT = "Slack's bot token"
_APP = "Slack's app-level token"
_SCOPES = "Slack's scopes"
_CHANNEL = "The alert channel"
_WHO = "Who may use the app"
_FIXES = {
    "invalid_auth": "Copy the token from the app's page in Slack again.",
    "not_authed": "Copy the token from the app's page in Slack again.",
    "token_revoked": "Install the app into the workspace again, and copy its new token.",
    "account_inactive": "Install the app into the workspace again, and copy its new token.",
    "token_expired": "Turn token rotation off in the app's manifest, and copy its new token.",
    "not_allowed_token_type": "This is another kind of token: see app_token in docs/slack.md.",
    "missing_scope": "Create an app-level token with the scope connections:write.",
    "connection_failed": "Let this machine reach Slack by HTTPS.",
    "timeout": "Let this machine reach Slack by HTTPS.",
}
_UNKNOWN = {
    "user_not_found": "Correct its id in allow_users.",
    "no_such_subteam": "Correct its id in allow_user_groups.",
    "channel_not_found": "Correct its id in allow_channels, and invite the app into it.",
}
_UNKNOWN_CHANNEL = (
    "Correct alert_channel; into a private channel invite the app first: /invite @WUTS."
)


async def check_bot_token(slack: AsyncWebClient) -> AsyncIterator[Finding]:
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
        yield Finding(_SCOPES, "not told, as by no real Slack")
        return
    lacking = sorted(SCOPES - {scope.strip() for scope in header.split(",")})
    if lacking:
        fix = "Paste slack_app/manifest.yaml into the app's manifest, and install the app again."
        yield Finding(_SCOPES, f"missing {', '.join(lacking)}", fix)
    else:
        yield Finding(_SCOPES, f"all {len(SCOPES)} that are needed")


async def check_app_token(settings: Settings, slack: AsyncWebClient) -> AsyncIterator[Finding]:
    """See whether a socket may be opened; HTTP mode needs none."""
    if settings.mode is not Mode.SOCKET:
        return
    try:
        await slack.apps_connections_open(app_token=settings.app_token.get_secret_value())
    except SLACK_ERRORS as error:
        yield _refused(_APP, slack_code(error))
    else:
        yield Finding(_APP, "a socket may be opened")


async def check_alert_channel(settings: Settings, slack: AsyncWebClient) -> AsyncIterator[Finding]:
    """See whether the app is in the channel that it is to write to."""
    if not settings.alert_channel:
        yield Finding(_CHANNEL, "none is set, so nobody gets alerts")
        return
    try:
        answer = await slack.conversations_info(channel=settings.alert_channel)
    except SLACK_ERRORS as error:
        code = slack_code(error)
        if code == "channel_not_found":
            yield Finding(_CHANNEL, code, _UNKNOWN_CHANNEL)
        else:
            yield _refused(_CHANNEL, code)
        return
    channel = answer["channel"]
    name = f"#{channel.get('name', settings.alert_channel)}"
    if channel.get("is_archived"):
        yield Finding(_CHANNEL, f"{name} is archived", "Unarchive it, or choose another.")
    elif channel.get("is_member") is False:
        yield Finding(_CHANNEL, f"the app is not in {name}", "Write there: /invite @WUTS.")
    else:
        yield Finding(_CHANNEL, name)


async def check_lists(settings: Settings, slack: AsyncWebClient) -> AsyncIterator[Finding]:
    """Look up every user, user group and channel that is named."""
    lookups = {one: partial(slack.users_info, user=one) for one in settings.allow_users}
    for group in settings.allow_user_groups:
        lookups[group] = partial(slack.usergroups_users_list, usergroup=group)
    for channel in settings.allow_channels:
        lookups[channel] = partial(slack.conversations_members, channel=channel, limit=1)
    if not lookups:
        yield Finding(_WHO, "admins and owners of the workspace, as no list is set")
    for one, look_up in sorted(lookups.items()):
        try:
            await look_up()
        except SLACK_ERRORS as error:
            code = slack_code(error)
            if code in _UNKNOWN:
                yield Finding(_WHO, f"Slack knows no {one}", _UNKNOWN[code])
            else:
                yield _refused(f"{_WHO}, {one}", code)
        else:
            yield Finding(_WHO, one)


def _refused(what: str, code: str) -> Finding:
    """Return what Slack's code means."""
    return Finding(what, code, _FIXES.get(code, "Look the code up in Slack's reference."))
