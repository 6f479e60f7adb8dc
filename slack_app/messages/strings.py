"""All that the app can say; `languages` holds the words."""

from dataclasses import dataclass

from .alert_strings import AlertStrings


@dataclass(frozen=True, slots=True, kw_only=True)
class Strings(AlertStrings):
    """What the app says in one language. ``str.format`` fills in ``{…}``."""

    # The commands, for the help
    help_title: str
    help_pair: str
    help_status: str
    help_list: str
    help_history: str
    help_check: str
    help_reconnect: str
    help_disconnect: str
    help_pause: str
    help_resume: str
    help_create: str
    help_rename: str
    help_unlink: str
    help_delete: str
    help_ack: str
    help_mute: str
    help_unmute: str
    help_subscribe: str
    help_unsubscribe: str
    help_subscriptions: str
    help_webhooks: str
    help_help: str
    argument_device: str
    argument_new_name: str
    argument_numbers: str
    argument_filter: str
    argument_name: str
    argument_alert: str

    # What was wrong with a command
    unknown_command: str
    did_you_mean: str
    see_help: str
    device_missing: str
    numbers_missing: str
    too_much: str
    no_such_device: str
    several_devices: str
    similar_devices: str
    button_choose: str

    # States
    state_connected: str
    state_reconnecting: str
    state_needs_pairing: str
    state_never_paired: str
    state_paused: str
    state_gone: str
    state_refused: str
    state_unknown: str
    state_checking: str
    state_was_connected: str
    since: str
    next_try: str
    attempt: str
    number: str
    in_account: str
    no_number: str

    # Status
    status_title: str
    status_summary: str
    status_page: str
    status_empty: str
    status_summary_as_of: str
    status_filtered: str
    status_no_match: str
    status_all: str
    as_of: str
    as_of_never: str
    filter_all: str
    filter_down: str
    filter_down_of: str
    filter_text: str
    filter_text_hint: str
    store_down: str
    account_unwatched: str
    account_gateway_down: str
    account_token_refused: str
    previous_page: str
    next_page: str

    # Buttons
    button_pair: str
    button_pair_device: str
    button_reconnect: str
    button_resume: str
    button_create: str
    button_new_code: str
    button_use_code: str
    button_cancel: str
    button_start_again: str
    button_unlink: str
    button_keep: str
    button_unlink_yes: str
    button_pair_now: str
    button_pair_next: str
    button_take: str
    button_take_all: str
    button_mute: str
    button_unmute: str
    button_unsubscribe: str
    button_send: str

    # The modals
    modal_title: str
    modal_device: str
    modal_new_name: str
    modal_account: str
    modal_method: str
    modal_method_qr: str
    modal_method_code: str
    modal_phone: str
    modal_phone_hint: str
    modal_choose_one: str
    modal_bad_name: str

    # What people do with a device
    reconnecting_now: str
    reconnect_paused: str
    reconnect_must_pair: str
    disconnected: str
    disconnect_title: str
    disconnect_warning: str
    disconnect_unsure: str
    disconnect_ignored: str
    button_disconnect_anyway: str
    button_disconnect_yes: str
    disconnect_blocked: str
    paused: str
    resumed: str
    created: str
    create_exists: str
    create_where: str
    rename_impossible: str
    mute_what_missing: str
    nothing_open: str
    nothing_open_of: str
    open_title: str
    taken_now: str
    history_title: str
    history_off: str
    history_none: str
    history_uptime: str
    history_no_uptime: str
    history_no_outage: str
    history_by: str
    line_raised: str
    line_resolved: str
    line_acknowledged: str
    line_muted: str
    line_unmuted: str
    everything: str
    check_needs_device: str
    no_number_there: str
    which_number: str
    number_forgotten: str
    button_check: str
    button_check_all: str
    webhooks_title: str
    webhooks_off: str
    webhooks_done: str
    webhooks_unsure: str
    webhooks_begun: str
    webhook_taken: str
    webhook_replaced: str
    webhook_not_replaced: str
    webhooks_ask: str
    button_register: str
    button_replace: str
    register_title: str
    register_warning: str
    replace_title: str
    replace_warning: str
    on_whatsapp: str
    not_on_whatsapp: str
    perhaps_on_whatsapp: str
    budget_spent: str
    budget_reason: str

    # Problems
    problem_unreachable: str
    problem_no_answer: str
    problem_name_not_found: str
    problem_port_closed: str
    problem_certificate_untrusted: str
    problem_certificate_expired: str
    problem_certificate_host: str
    problem_open_files: str
    problem_wrong_device: str
    problem_not_verified: str
    problem_unexpected: str
    problem_settings: str
    problem_usage: str
    problem_not_connected: str
    problem_not_ready: str
    problem_connected: str
    problem_paired: str
    problem_no_code: str
    problem_failed: str
    problem_store: str
    problem_store_owned: str
    problem_store_lost: str
    problem_store_other_account: str
    problem_budget: str
    problem_budget_never: str
    problem_busy: str
    problem_access: str
    problem_forbidden: str
    problem_device_gone: str
    problem_phone: str
    problem_phone_home: str
    problem_phone_twofold: str
    either: str
    problem_phone_at: str
    problem_other: str
    problem_app: str
    problem_slack: str

    def of(self, family: str, member: str) -> str:
        """Return the string of one member of an enumeration, such as ``of("state", "gone")``."""
        text: str = getattr(self, f"{family}_{member}")
        return text
