"""Strings about alerts: what is open, who has it, and who hears of it."""

from dataclasses import dataclass

from .pairing_strings import PairingStrings


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertStrings(PairingStrings):
    """What the app says about alerts."""

    # What is open, and what is done about it
    alert_needs_pairing: str
    alert_offline: str
    alert_flapping: str
    alert_device_gone: str
    alert_gateway_down: str
    alert_token_refused: str
    alert_device_refused: str
    alert_wrong_phone: str
    alert_phone_unchecked: str
    alert_wrong_device: str
    alert_devices_missing: str
    doing_needs_pairing: str
    doing_pairing: str
    doing_offline: str
    doing_offline_next: str
    doing_flapping: str
    doing_device_gone: str
    doing_gateway_down: str
    doing_token_refused: str
    doing_device_refused: str
    doing_wrong_phone: str
    doing_phone_unchecked: str
    doing_wrong_device: str
    doing_devices_missing: str
    alert_resolved: str
    alert_reminder: str
    alert_again: str
    alert_more: str
    alert_others: str
    alert_left: str

    # The same of many devices
    many_needs_pairing: str
    many_offline: str
    many_flapping: str
    many_device_gone: str
    many_device_refused: str
    many_wrong_phone: str
    many_phone_unchecked: str

    all_needs_pairing: str
    all_offline: str
    all_flapping: str
    all_device_gone: str
    all_device_refused: str
    all_wrong_phone: str
    all_phone_unchecked: str

    # Why, if that is known, and what to do about it
    alert_must_pair: str
    because_unlinked: str
    because_temporary_ban: str
    because_banned_until: str
    because_replaced: str
    because_keepalive_lost: str
    because_pair_error: str
    because_dropped_with_most: str

    # Who has it, and who does not want to hear of it
    alert_taken: str
    alert_taken_already: str
    alert_nobody: str
    alert_account_removed: str
    alert_over: str
    nothing_to_pair: str
    muted_until: str
    muted_for_now: str
    mute_over: str
    mute_ended: str
    unmuted: str
    not_muted: str
    row_pairing: str
    row_taken: str
    row_muted: str

    # The modal that mutes
    mute_title: str
    mute_submit: str
    mute_what: str
    mute_device: str
    mute_kind: str
    mute_kind_of_account: str
    mute_account: str
    mute_until: str
    mute_an_hour: str
    mute_morning: str
    mute_recovered: str
    mute_reason: str
    mute_reason_hint: str
    kind_needs_pairing: str
    kind_offline: str
    kind_flapping: str
    kind_device_gone: str
    kind_device_refused: str
    kind_wrong_phone: str
    kind_phone_unchecked: str
    kind_devices_missing: str
    kind_wrong_device: str
    kind_gateway_down: str
    kind_token_refused: str

    # Who hears of alerts
    subscriptions_title: str
    subscriptions_none: str
    subscribed: str
    subscribed_already: str
    unsubscribed: str
    unsubscribed_elsewhere: str
    not_subscribed: str
    alerts_all: str
    alerts_of_device: str
    alerts_of_account: str
    alerts_of_kind: str
    subscribed_by: str
    route_of_settings: str
    route_next: str
    no_such_kind: str
    no_such_account: str
    subscribe_where: str

    # Channels that take no alerts
    unwritable_channel_not_found: str
    unwritable_not_in_channel: str
    unwritable_is_archived: str
    unwritable_missing_scope: str
    unwritable_other: str
