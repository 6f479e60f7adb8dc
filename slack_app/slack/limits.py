"""How often Slack lets an app call each method, as its pages say.

Limits count for a method, an app and a workspace, by the minute (Slack docs, "Rate limits"). The
tier of each method is from its reference page and from the table of Slack's own Java SDK
(slackapi/java-slack-sdk, ``MethodsRateLimits``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

MINUTE = 60.0

POSTS_EACH = 1.0
"""Seconds from one message to the next in a channel (Slack docs, "Rate limits")."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many calls there may be in any span of that many seconds.

    Attributes:
        calls: How many.
        seconds: How long the span is.
        is_per_channel: Whether each channel has a budget of its own.
    """

    calls: int
    seconds: float = MINUTE
    is_per_channel: bool = False


TIER_2, TIER_3, TIER_4 = Limit(20), Limit(50), Limit(100)
"""What Slack promises: it may allow more, and bursts, but does not say how many."""

POSTS = Limit(240)
"""Messages in a workspace: Slack says "several hundred" a minute (chat.postMessage)."""

type Limits = Mapping[str, tuple[Limit, ...]]

LIMITS: Limits = {
    "chat.delete": (TIER_3,),
    "chat.postMessage": (POSTS, Limit(1, POSTS_EACH, is_per_channel=True)),
    "chat.update": (TIER_3,),
    "conversations.info": (TIER_3,),
    "conversations.members": (TIER_4,),
    "conversations.open": (TIER_3,),
    "files.completeUploadExternal": (TIER_4,),
    "files.delete": (TIER_3,),
    "files.getUploadURLExternal": (TIER_4,),
    "files.info": (TIER_4,),
    "usergroups.users.list": (TIER_2,),
    "users.info": (TIER_4,),
    "users.list": (TIER_2,),
    "views.open": (TIER_4,),
    "views.publish": (TIER_4,),
    "views.update": (TIER_4,),
}
"""Any other method is called as it comes, and stopped by what Slack says alone.

Among them are auth.test, which Slack allows hundreds of times a minute, and apps.connections.open,
without which the app hears nothing: its own pause is between two tries.
"""


def limits_with(posts_each: float = POSTS_EACH, minute: float = MINUTE) -> Limits:
    """Return the limits for a Slack in a hurry, for tests.

    Args:
        posts_each: Seconds from one message to the next in a channel.
        minute: Seconds in what Slack calls a minute.
    """
    return {
        method: tuple(
            replace(one, seconds=posts_each if one.is_per_channel else minute) for one in limits
        )
        for method, limits in LIMITS.items()
    }
