"""English, and with it the list of all that the app can say."""

from dataclasses import dataclass

from .en_alerts import AlertStrings


@dataclass(frozen=True, slots=True, kw_only=True)
class Strings(AlertStrings):
    """What the app says in one language: English unless given. ``str.format`` fills in ``{…}``."""

    # The commands, for the help
    help_title: str = "What I can do"
    help_pair: str = (
        "Link a phone: by QR code or pair code in a direct message, or by a link for somebody else."
    )
    help_status: str = (
        "Check now, and show all devices, worst first; only those that are `down`, of an account, "
        "or that match a text; or one in detail."
    )
    help_list: str = "List devices with their IDs."
    help_history: str = "Show the uptime, drops and longest outage of devices."
    help_check: str = "Check which numbers are on WhatsApp."
    help_reconnect: str = "Reconnect a device now."
    help_disconnect: str = "Disconnect a device until you resume it."
    help_pause: str = "Stop reconnecting a device until you resume it."
    help_resume: str = "Reconnect a paused device and keep it connected."
    help_create: str = "Create a device. You pair it next."
    help_rename: str = "Explain how to give a device another name."
    help_unlink: str = "Unlink a device's phone, and check that it worked."
    help_delete: str = "Delete a device."
    help_ack: str = "Acknowledge an alert, which stops its reminders, or list the open alerts."
    help_mute: str = "Mute the alerts of a device, an account or a kind for a while."
    help_unmute: str = "Unmute them again."
    help_subscribe: str = "Post alerts in this channel: all of them, or those of a device."
    help_unsubscribe: str = (
        "Stop posting alerts in this channel: all of them, or those that you name."
    )
    help_subscriptions: str = "Show which channels get which alerts."
    help_webhooks: str = (
        "Show which devices report changes to me at once, and register webhooks for the rest."
    )
    help_help: str = "Show this help."
    argument_device: str = "device"
    argument_new_name: str = "device or new name"
    argument_numbers: str = "numbers"
    argument_filter: str = "down | account | text"
    argument_name: str = "name"
    argument_alert: str = "device or alert"

    # What was wrong with a command
    unknown_command: str = "I don't know `{word}`."
    did_you_mean: str = "Did you mean `{command}`?"
    see_help: str = "`{command}` shows what I can do."
    device_missing: str = "Which device? Write: `{usage}`"
    numbers_missing: str = "Which numbers? Write: `{usage}`"
    too_much: str = "That is more than this command takes. Write: `{usage}`"
    no_such_device: str = "There is no device named *{name}*."
    several_devices: str = "Several devices are named *{name}*. Which one?"
    similar_devices: str = "There is no device named *{name}*. Did you mean one of these?"
    button_choose: str = "This one"

    # States
    state_connected: str = "connected"
    state_reconnecting: str = "reconnecting"
    state_needs_pairing: str = "must be paired again"
    state_never_paired: str = "never paired"
    state_paused: str = "paused"
    state_gone: str = "gone from the gateway"
    state_refused: str = "refused by the gateway"
    state_unknown: str = "not known yet"
    state_checking: str = "being checked"
    state_was_connected: str = "was connected"
    since: str = "since {time}"
    next_try: str = "next try {time}"
    attempt: str = "try {count}"
    number: str = "number {number}"
    in_account: str = "account {name}"
    no_number: str = "no number"

    # Status
    status_title: str = "WhatsApp devices"
    status_summary: str = "{good} of {total} connected"
    status_page: str = "page {page} of {pages}"
    status_empty: str = "No devices yet. Create one with `{command}`."
    status_summary_as_of: str = "as of {time}: {good} of {total} connected"
    status_filtered: str = "{count} match “{what}”"
    status_no_match: str = "No device matches “{what}”."
    status_all: str = "Show all"
    as_of: str = "This is as of {time}."
    as_of_never: str = "I have not reached it since I started."
    filter_all: str = "All devices"
    filter_down: str = "Not connected"
    filter_down_of: str = "Not connected, account {account}"
    filter_text: str = "Find a device"
    filter_text_hint: str = "Name, ID or the end of a number, then Enter"
    store_down: str = (
        "This app can't use its store. I still watch the devices, but alerts are delayed, and a "
        "restart may undo what you do now. Tell whoever runs this app."
    )
    account_unwatched: str = "I'm not watching *{account}*: {problem}"
    account_gateway_down: str = (
        "The gateway of *{account}* is down. Its devices reconnect once it is back."
    )
    account_token_refused: str = (
        "The gateway refuses the token of *{account}*. If this continues, replace the token in the "  # noqa: S105 - a sentence
        "settings."
    )
    previous_page: str = "Previous"
    next_page: str = "Next"

    # Buttons
    button_pair: str = "Pair"
    button_pair_device: str = "Pair a device"
    button_reconnect: str = "Reconnect"
    button_resume: str = "Resume"
    button_create: str = "Create and pair"
    button_new_code: str = "New code"
    button_use_code: str = "Use a pair code"
    button_cancel: str = "Cancel"
    button_start_again: str = "Start again"
    button_unlink: str = "Unlink and start again"
    button_keep: str = "Keep this phone"
    button_unlink_yes: str = "Unlink"
    button_pair_now: str = "Pair now"
    button_pair_next: str = "Pair next"
    button_take: str = "Take it"
    button_take_all: str = "Take all"
    button_mute: str = "Mute…"
    button_unmute: str = "Unmute"
    button_unsubscribe: str = "Unsubscribe"
    button_send: str = "Start"

    # The modals
    modal_title: str = "Pair a device"
    modal_device: str = "Device"
    modal_new_name: str = "Or a name for a new device"
    modal_account: str = "Account for the new device"
    modal_method: str = "How to link the phone"
    modal_method_qr: str = "Scan a QR code"
    modal_method_code: str = "Type a pair code"
    modal_phone: str = "Phone number"
    modal_phone_hint: str = "For a pair code: with country code, such as +55 11 99999-9999"
    modal_choose_one: str = "Choose a device or name a new one, not both."
    modal_bad_name: str = "A name must have 1 to 100 printable characters."

    # What people do with a device
    reconnecting_now: str = "Checking *{device}* now."
    reconnect_paused: str = "*{device}* is paused. Resume it first."
    reconnect_must_pair: str = "*{device}* has no linked phone. Pair it first."
    disconnected: str = "*{device}* is disconnected until you resume it."
    disconnect_title: str = "Disconnect anyway?"
    disconnect_warning: str = "Another device of this account may stop sending and receiving."
    disconnect_unsure: str = (
        "*{account}* has {count} devices, and I can't tell whether its gateway disconnects the "
        "right one. It might disconnect another device instead of *{device}*."
    )
    disconnect_ignored: str = (
        "*{account}* has {count} devices, and its gateway seems to ignore which one is meant. It "
        "might disconnect another device instead of *{device}*."
    )
    button_disconnect_anyway: str = "Disconnect anyway"
    button_disconnect_yes: str = "Disconnect"
    disconnect_blocked: str = (
        "I paused *{device}* but did not disconnect it: the gateway of *{account}* answers about "
        "the wrong device, so another one might be disconnected. Tell the gateway's operator, and "
        "try again once the alert is resolved."
    )
    paused: str = "*{device}* is paused until you resume it."
    resumed: str = "*{device}* is no longer paused."
    created: str = "I created *{device}*. Pair it next."
    create_exists: str = (
        "There is already a device named *{device}*. Pair it, or choose another name."
    )
    create_where: str = "Which account should I create *{name}* in?"
    rename_impossible: str = (
        "The gateway can't rename a device. Create one with the new name, pair the phone with it, "
        "and delete the old one: `{create}`"
    )
    mute_what_missing: str = "What should I mute? Write: `{usage}`"
    nothing_open: str = "No alert is open."
    nothing_open_of: str = "No open alert matches “{name}”."
    open_title: str = "Open alerts"
    taken_now: str = "You acknowledged it: {what}."
    history_title: str = "The last {days} days"
    history_off: str = (
        "I keep no history: this app's store is in memory. Set `store` in its settings."
    )
    history_none: str = "I have no history of that time yet."
    history_uptime: str = (
        "connected {share} of the time · drops: {drops} · longest outage: {outage}"
    )
    history_no_uptime: str = "not watched in that time"
    history_no_outage: str = "none"
    history_by: str = "by {by}"
    line_raised: str = "alert: {what}"
    line_resolved: str = "resolved: {what}"
    line_acknowledged: str = "acknowledged: {what}"
    line_muted: str = "muted: {what}"
    line_unmuted: str = "no longer muted: {what}"
    everything: str = "all alerts"
    check_needs_device: str = "Connect a device first: only a connected device can check numbers."
    no_number_there: str = "I can't find a phone number in that message."
    which_number: str = "Which number should I check?"
    number_forgotten: str = "I no longer remember that number. Use the shortcut again."
    button_check: str = "Check"
    button_check_all: str = "Check all"
    webhooks_title: str = "Webhooks"
    webhooks_off: str = (
        "Gateways can't report changes to me: set `public_url` and `webhook_secret` in my "
        "settings. Until then, I check every half minute."
    )
    webhooks_done: str = "*{account}*: {count} of {total} devices report changes to me at once."
    webhooks_unsure: str = (
        "I have not registered: I can't tell whether this gateway keeps the webhooks of its "
        "devices apart. It might change the webhook of another device."
    )
    webhooks_begun: str = "I'm registering with the gateway of *{account}*, and check each webhook."
    webhook_taken: str = "*{device}* reports to `{host}`. I did not change that."
    webhook_replaced: str = "It reports to me now."
    webhook_not_replaced: str = (
        "Nothing was changed: it has another webhook by now, or the gateway answers about the "
        "wrong device. Check again with `/wuts webhooks`."
    )
    webhooks_ask: str = "Some webhooks need your answer: `/wuts webhooks`"
    button_register: str = "Register"
    button_replace: str = "Replace"
    register_title: str = "Register webhooks?"
    register_warning: str = "Another device of this account may lose its webhook."
    replace_title: str = "Replace the webhook?"
    replace_warning: str = "Whoever uses the current one no longer hears about this device."
    on_whatsapp: str = "{number} is on WhatsApp"
    not_on_whatsapp: str = "{number} is not on WhatsApp"
    perhaps_on_whatsapp: str = "{number}: the gateway did not say"
    budget_spent: str = "That was the last of the {limit} numbers that can be checked per hour."
    budget_reason: str = (
        "I count them because WhatsApp has restricted numbers that looked up many others."
    )

    # Problems
    problem_unreachable: str = "I can't reach the gateway. Try again in a moment."
    problem_no_answer: str = "The gateway is not responding in time. Try again in a moment."
    problem_name_not_found: str = (
        "The gateway's host name was not found. Check the account's url in the settings, "
        "and this app's DNS."
    )
    problem_port_closed: str = (
        "Nothing is listening at the gateway's address. Check that the gateway is running, and "
        "check the port in the account's url in the settings."
    )
    problem_certificate_untrusted: str = (
        "I don't trust the gateway's certificate. If your own certificate authority signed it, set "
        "the account's ca_file in the settings."
    )
    problem_certificate_expired: str = (
        "The gateway's certificate has expired or is not valid yet. Check this app's clock, then "
        "ask the gateway's operator to renew the certificate."
    )
    problem_certificate_host: str = (
        "The gateway's certificate was issued for another host. Use that host in the account's url "
        "in the settings."
    )
    problem_open_files: str = (
        "This app has too many open files, so it can't open another connection. Raise its limit of "
        "open files (ulimit -n)."
    )
    problem_wrong_device: str = (
        "The gateway answered about another device, so I ignored its answer. Check both devices "
        "before you change anything, and tell the gateway's operator."
    )
    problem_not_verified: str = (
        "The gateway reported success, but the device did not change. Another device may have been "
        "changed instead: check all devices before you continue."
    )
    problem_unexpected: str = (
        "Something other than the gateway answered, such as a proxy or a login page. Try again. If "
        "this continues, check the account's url in the settings."
    )
    problem_settings: str = "The account's settings don't work. Check its token, url and ca_file."
    problem_usage: str = "The gateway does not accept that. Check what you typed."
    problem_not_connected: str = "The device is not connected, so there is nothing to disconnect."
    problem_not_ready: str = "The device is not connected. Reconnect it or pair it first."
    problem_connected: str = "The device is already connected. There is nothing to pair."
    problem_paired: str = "A phone is already linked to the device. Reconnect it."
    problem_no_code: str = "WhatsApp did not provide a code in time. Start again."
    problem_failed: str = "The gateway failed. Try again. If it keeps failing, tell its operator."
    problem_store: str = "This app can't use its store. Tell whoever runs this app."
    problem_store_owned: str = (
        "Another process is watching this account now. Try again in a moment."
    )
    problem_store_lost: str = (
        "Another process has taken over this account, so nothing was saved. Try again in a moment."
    )
    problem_store_other_account: str = (
        "This app's store holds another account under this name. "
        "Check the account's token in the settings, or give the account another name."
    )
    problem_budget: str = (
        "Only {left} of the {limit} numbers per hour are left. You can check these {time}."
    )
    problem_budget_never: str = (
        "You can check at most {limit} numbers per hour, and {left} are left. Check fewer."
    )
    problem_busy: str = "The gateway is busy. Try again in a moment."
    problem_access: str = "The gateway refuses this app's token. Replace it in the settings."
    problem_forbidden: str = (
        "The gateway does not allow this app to do that. If the device belongs to another user, "
        "use that user's token."
    )
    problem_device_gone: str = "The gateway no longer has this device."
    problem_phone: str = "That is not a valid phone number. Include the country code: +55 11 …"
    problem_phone_home: str = (
        "That is not a valid phone number. For a number in {country}, start with {code}."
    )
    problem_phone_twofold: str = (
        "That number exists in two countries. Write it with + and the country code: {codes}."
    )
    either: str = " or "
    problem_phone_at: str = "Number {place}: {problem}"
    problem_other: str = "The gateway could not do that. Try again in a moment."
    problem_app: str = "Something in this app failed. Try again, or tell whoever runs this app."
    problem_slack: str = "Slack could not do that ({error}). Tell whoever runs this app."

    def of(self, family: str, member: str) -> str:
        """Return the string of one member of an enumeration, such as ``of("state", "gone")``."""
        text: str = getattr(self, f"{family}_{member}")
        return text


EN = Strings()
