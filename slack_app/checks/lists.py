"""Whether the allow-lists name what there is."""

from collections.abc import AsyncIterator
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from slack_app.settings import Settings
from slack_app.slack.errors import SLACK_TROUBLES, slack_code

from .finding import Finding
from .tokens import refused

_WHO = "Who may use the app"
_UNKNOWN = {
    "user_not_found": "Correct its id in allow_users.",
    "no_such_subteam": "Correct its id in allow_user_groups.",
    "channel_not_found": "Correct its id in allow_channels, and invite the app into it.",
}


async def check_lists(settings: Settings, slack: AsyncWebClient) -> AsyncIterator[Finding]:
    """Look up every user, user group and channel that is named."""
    lookups = {
        **{one: partial(slack.users_info, user=one) for one in settings.allow_users},
        **{
            one: partial(slack.usergroups_users_list, usergroup=one)
            for one in settings.allow_user_groups
        },
        **{
            one: partial(slack.conversations_members, channel=one, limit=1)
            for one in settings.allow_channels
        },
    }
    if not lookups:
        yield Finding(_WHO, "admins and owners of the workspace, as no list is set")
    for one, look_up in sorted(lookups.items()):
        try:
            await look_up()
        except SLACK_TROUBLES as error:
            code = slack_code(error)
            if code in _UNKNOWN:
                yield Finding(_WHO, f"Slack knows no {one}", _UNKNOWN[code])
            else:
                yield refused(f"{_WHO}, {one}", code)
        else:
            yield Finding(_WHO, one)
