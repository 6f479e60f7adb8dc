"""English words about alerts: what is open, who has it, and who hears of it."""

from dataclasses import dataclass

from .en_pairing import PairingStrings


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertStrings(PairingStrings):
    """What the app says about alerts."""

    # What is open, and what is done about it
    alert_needs_pairing: str = "*{device}* was unlinked by its phone"
    alert_offline: str = "*{device}* is offline"
    alert_flapping: str = "*{device}* keeps dropping"
    alert_device_gone: str = "*{device}* is gone from the gateway"
    alert_gateway_down: str = "The gateway of *{account}* is down"
    alert_token_refused: str = "The gateway refuses the token of *{account}*"  # noqa: S105
    alert_device_refused: str = "The gateway refuses *{device}*"
    alert_wrong_phone: str = "*{device}* is linked to an unexpected phone"
    alert_phone_unchecked: str = "I can't tell which phone is linked to *{device}*"
    alert_wrong_device: str = "The gateway of *{account}* answers about the wrong device"
    alert_devices_missing: str = "Many devices of *{account}* are missing from the gateway's list"
    doing_needs_pairing: str = "I can't reconnect it: someone must pair it again."
    doing_pairing: str = "{owner} is pairing it now."
    doing_offline: str = "I am reconnecting it."
    doing_offline_next: str = "I am reconnecting it: try {count}, {time}."
    doing_flapping: str = "I reconnect it every time. Check the phone's network and battery."
    doing_device_gone: str = (
        "Someone deleted it. If that was a mistake, create it and pair it again."
    )
    doing_gateway_down: str = "I keep checking. Its devices reconnect once it is back."
    doing_token_refused: str = (
        "I try again every few minutes. If this continues, replace the token in the settings: "  # noqa: S105 - a sentence
        "nothing works until the gateway accepts it."
    )
    doing_device_refused: str = (
        "It may belong to another user: check its owner. The other devices are not affected, and I "
        "check this one again every few minutes."
    )
    doing_wrong_phone: str = "Someone must keep this phone, or unlink it."
    doing_phone_unchecked: str = (
        "The gateway does not report its number. Check the phone, then keep it or unlink it."
    )
    doing_wrong_device: str = (
        "I ignore these answers. Don't unlink or disconnect anything there, and tell the gateway's "
        "operator."
    )
    doing_devices_missing: str = (
        "I keep checking, and I have removed none of them. If nobody deleted them, tell the "
        "gateway's operator."
    )
    alert_resolved: str = "Resolved {time}."
    alert_reminder: str = "Still open: {what}."
    alert_again: str = "Open again: {what}."
    alert_more: str = "{count} more: {names}"
    alert_others: str = "… and {count} more"
    alert_left: str = "{count} of {most} still open"

    # The same of many devices
    many_needs_pairing: str = "{count} devices of *{account}* were unlinked by their phones"
    many_offline: str = "{count} devices of *{account}* are offline"
    many_flapping: str = "{count} devices of *{account}* keep dropping"
    many_device_gone: str = "{count} devices of *{account}* are gone from the gateway"
    many_device_refused: str = "The gateway refuses {count} devices of *{account}*"
    many_wrong_phone: str = "{count} devices of *{account}* are linked to unexpected phones"
    many_phone_unchecked: str = (
        "I can't tell which phones are linked to {count} devices of *{account}*"
    )

    all_needs_pairing: str = "I can't reconnect them: someone must pair each of them again."
    all_offline: str = "I am reconnecting them."
    all_flapping: str = "I reconnect them every time. Check the phones' network and battery."
    all_device_gone: str = (
        "Someone deleted them. If that was a mistake, create and pair them again."
    )
    all_device_refused: str = (
        "They may belong to another user: check their owner. I check them again every few minutes."
    )
    all_wrong_phone: str = "Someone must keep these phones, or unlink them: see `/wuts status`."
    all_phone_unchecked: str = (
        "The gateway does not report their numbers. Check the phones, then keep or unlink each: "
        "see `/wuts status`."
    )

    # Why, if that is known, and what to do about it
    alert_must_pair: str = "*{device}* must be paired again"
    because_unlinked: str = "The phone unlinked it: someone must pair it again."
    because_temporary_ban: str = (
        "WhatsApp has temporarily banned its number. Wait: pairing it again won't help until the "
        "ban is over."
    )
    because_banned_until: str = (
        "WhatsApp has banned its number until {time}. Pairing it again won't help before then."
    )
    because_replaced: str = (
        "Another program is using its session. Stop that program, then reconnect the device."
    )
    because_keepalive_lost: str = (
        "WhatsApp does not respond for it. Check that the phone is on and online."
    )
    because_pair_error: str = (
        "A pairing failed at the gateway. Pair it again: the phone shows what is wrong."
    )
    because_dropped_with_most: str = "Most of its devices dropped at once: it may have restarted."

    # Who has it, and who does not want to hear of it
    alert_taken: str = "{by} acknowledged this {time}."
    alert_taken_already: str = "{by} already acknowledged this {time}."
    alert_nobody: str = "Nobody has acknowledged this yet."
    alert_account_removed: str = (
        "*{account}* was removed from this app's settings, so I no longer watch it."
    )
    alert_over: str = "That alert is over."
    nothing_to_pair: str = (
        "Nothing is left to pair there, or somebody is pairing each of them already."
    )
    muted_until: str = "Muted until {time} by {by}: {reason}"
    muted_for_now: str = "Muted by {by} until it recovers: {reason}"
    mute_over: str = "{by} had muted this: {reason}"
    mute_ended: str = "No longer muted, and still open: {what}. {by} had muted it: {reason}"
    unmuted: str = "No longer muted."
    not_muted: str = "That was no longer muted."
    row_pairing: str = "{owner} is pairing it"
    row_taken: str = "acknowledged by {by}"
    row_muted: str = "muted"

    # The modal that mutes
    mute_title: str = "Mute alerts"
    mute_submit: str = "Mute"
    mute_what: str = "What to mute"
    mute_device: str = "All alerts of {device}"
    mute_kind: str = "“{kind}” of all devices of {account}"
    mute_kind_of_account: str = "“{kind}” of {account}"
    mute_account: str = "All alerts of {account}"
    mute_until: str = "How long"
    mute_an_hour: str = "For an hour"
    mute_morning: str = "Until tomorrow, 9:00"
    mute_recovered: str = "Until it recovers"
    mute_reason: str = "Why"
    mute_reason_hint: str = "Everybody who gets these alerts can read it."
    kind_needs_pairing: str = "must be paired again"
    kind_offline: str = "offline"
    kind_flapping: str = "keeps dropping"
    kind_device_gone: str = "gone from the gateway"
    kind_device_refused: str = "refused by the gateway"
    kind_wrong_phone: str = "linked to an unexpected phone"
    kind_phone_unchecked: str = "phone not known"
    kind_devices_missing: str = "many devices missing"
    kind_wrong_device: str = "answers about the wrong device"
    kind_gateway_down: str = "gateway down"
    kind_token_refused: str = "token refused"  # noqa: S105 - a kind

    # Who hears of alerts
    subscriptions_title: str = "Who gets alerts"
    subscriptions_none: str = (
        "No channel gets alerts. Write `{command}` in the channel that should get them."
    )
    subscribed: str = "<@{user}> subscribed this channel to {what}."
    subscribed_already: str = "This channel already gets {what}."
    unsubscribed: str = "<@{user}> unsubscribed this channel from {what}."
    unsubscribed_elsewhere: str = "<#{channel}> no longer gets {what}."
    not_subscribed: str = (
        "This channel is not subscribed to that. `{command}` lists the subscriptions."
    )
    alerts_all: str = "all alerts"
    alerts_of_device: str = "the alerts of *{device}*"
    alerts_of_account: str = "the alerts of the account *{account}*"
    alerts_of_kind: str = "{what}: only “{kind}”"
    subscribed_by: str = "by <@{user}>, {time}"
    route_of_settings: str = "from the settings"
    route_next: str = "then <#{channel}>, if nobody takes it for {minutes} min"
    no_such_kind: str = "There is no such kind of alert. Choose one of these: {kinds}"
    no_such_account: str = "There is no account with that name. Choose one of these: {accounts}"
    subscribe_where: str = "I can't write here ({error}). Invite me first: `/invite @WUTS`"

    # Channels that take no alerts
    unwritable_channel_not_found: str = (
        "I can't post alerts in <#{channel}>: it no longer exists, or is private and I am not in "
        "it. Write `/invite @WUTS` there, or choose another channel."
    )
    unwritable_not_in_channel: str = (
        "I can't post alerts in <#{channel}>: I am not in it. Write `/invite @WUTS` there."
    )
    unwritable_is_archived: str = (
        "I can't post alerts in <#{channel}>: it is archived. Unarchive it, or choose another."
    )
    unwritable_missing_scope: str = (
        "I can't post alerts in <#{channel}>: this app lacks a permission in Slack. Ask whoever "
        "runs this app to paste its manifest again, and to reinstall it."
    )
    unwritable_other: str = (
        "I can't post alerts in <#{channel}>: Slack says {error}. Tell whoever runs this app."
    )
