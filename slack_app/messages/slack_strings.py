"""Strings about Slack: what it did not take, and what to do about that."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackStrings:
    """What the app says when Slack does not do what it was asked for."""

    slack_transient: str
    slack_ratelimited: str
    slack_user_disabled: str
    slack_messages_tab_disabled: str
    slack_channel_not_found: str
    slack_is_archived: str
    slack_not_in_channel: str
    slack_restricted: str
    slack_missing_scope: str
    slack_token: str
    slack_no_pictures: str
    slack_too_late: str
    unwritable_token: str
    unwritable_restricted: str
