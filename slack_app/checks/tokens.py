"""Whether Slack takes the tokens, and whether the app may do what it does."""

from collections.abc import AsyncIterator

from slack_sdk.web.async_client import AsyncWebClient

from slack_app.settings import Mode, Settings
from slack_app.slack.errors import SLACK_TROUBLES, slack_code
from slack_app.slack.methods import SCOPES

from .finding import Finding

SCOPES_HEADER = "x-oauth-scopes"
"""Where Slack tells a token's scopes (Slack reference, OAuth scopes)."""

_BOT = "Slack's bot token"
_APP = "Slack's app-level token"
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
_OTHERWISE = "Look the code up in Slack's reference."


async def check_bot_token(slack: AsyncWebClient) -> AsyncIterator[Finding]:
    """See who the bot token belongs to, and its scopes."""
    try:
        answer = await slack.auth_test()
    except SLACK_TROUBLES as error:
        yield refused(_BOT, slack_code(error))
        return
    bot, team = answer.get("user", "?"), answer.get("team", "?")
    yield Finding(_BOT, f"{bot} in the workspace {team}")
    header = {name.lower(): value for name, value in answer.headers.items()}.get(SCOPES_HEADER)
    if header is None:
        yield Finding("Slack's scopes", "not told, as by no real Slack")
        return
    given = {scope.strip() for scope in header.split(",")}
    lacking = sorted(SCOPES - given)
    if not lacking:
        yield Finding("Slack's scopes", f"all {len(SCOPES)} that are needed")
        return
    fix = "Paste slack_app/manifest.yaml into the app's manifest, and install the app again."
    yield Finding("Slack's scopes", f"missing {', '.join(lacking)}", fix)


async def check_app_token(settings: Settings, slack: AsyncWebClient) -> AsyncIterator[Finding]:
    """See whether a socket may be opened; HTTP mode needs none."""
    if settings.mode is not Mode.SOCKET:
        return
    try:
        await slack.apps_connections_open(app_token=settings.app_token.get_secret_value())
    except SLACK_TROUBLES as error:
        yield refused(_APP, slack_code(error))
        return
    yield Finding(_APP, "a socket may be opened")


def refused(what: str, code: str) -> Finding:
    """Return what Slack's code means."""
    return Finding(what, code, _FIXES.get(code, _OTHERWISE))
