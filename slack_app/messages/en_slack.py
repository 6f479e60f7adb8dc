"""English words about Slack: what it did not take, and what to do about that."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackStrings:
    """What the app says when Slack does not do what it was asked for."""

    slack_transient: str = "Slack is not responding as it should ({error}). Try again in a moment."
    slack_ratelimited: str = "Slack asks this app to slow down. Try again in a minute."
    slack_user_disabled: str = (
        "Slack does not let me send you direct messages ({error}): your account there is "
        "deactivated, or is not a person's. Ask a workspace admin to activate it."
    )
    slack_messages_tab_disabled: str = (
        "This app's direct messages are turned off. Ask whoever runs this app to paste its "
        "manifest again, or to turn on the Messages Tab under App Home in Slack."
    )
    slack_channel_not_found: str = (
        "I can't see that channel: it does not exist, or is private and I am not in it. Write "
        "`/invite @WUTS` there, or choose another channel."
    )
    slack_is_archived: str = "That channel is archived. Unarchive it, or choose another channel."
    slack_not_in_channel: str = "I am not in that channel. Write `/invite @WUTS` there."
    slack_restricted: str = (
        "Your workspace does not let me post there ({error}). Ask a workspace admin to allow it, "
        "or choose another channel."
    )
    slack_missing_scope: str = (
        "This app lacks a permission in Slack ({scopes}). Ask whoever runs this app to paste the "
        "output of `wuts-slack manifest` into its manifest, and to reinstall it."
    )
    slack_token: str = (
        "Slack refuses this app's token ({error}). Ask whoever runs this app to reinstall it in "  # noqa: S105 - a sentence
        "the workspace, and to set its new bot token."
    )
    slack_no_pictures: str = (
        "Your workspace does not let me upload the picture of the QR code ({error}). Use a pair "
        "code instead."
    )
    slack_too_late: str = "I was too slow to open that window. Try again."
    unwritable_token: str = (
        "I can't post alerts in <#{channel}>: Slack refuses this app's token ({error}). Reinstall "  # noqa: S105 - a sentence
        "the app, and set its new bot token."
    )
    unwritable_restricted: str = (
        "I can't post alerts in <#{channel}>: the workspace does not let me ({error}). Ask a "
        "workspace admin to allow it, or choose another channel."
    )
