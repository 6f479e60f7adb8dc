"""The vocabulary: every text that a person can read, without a language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The texts of one language. ``{…}`` is filled in by ``str.format``."""

    # The commands, for the help
    help_title: str
    help_pair: str
    help_status: str
    help_check: str
    help_reconnect: str
    help_disconnect: str
    help_pause: str
    help_resume: str
    help_help: str
    argument_device: str
    argument_new_name: str
    argument_numbers: str

    # What was wrong with a command
    unknown_command: str
    did_you_mean: str
    see_help: str
    device_missing: str
    numbers_missing: str
    too_much: str
    refused: str
    cannot_check_permission: str
    no_such_device: str
    several_devices: str

    # States
    state_connected: str
    state_reconnecting: str
    state_needs_pairing: str
    state_never_paired: str
    state_paused: str
    state_gone: str
    state_unknown: str
    since: str
    next_try: str
    attempt: str
    number: str
    account: str
    no_number: str

    # Status
    status_title: str
    status_summary: str
    status_page: str
    status_empty: str
    numbers_unavailable: str
    gateway_down: str
    access_refused: str
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
    button_send: str

    # Pairing
    pairing_title: str
    pairing_preparing: str
    pairing_sent: str
    pairing_qr_alt: str
    pairing_step_open: str
    pairing_step_menu: str
    pairing_step_scan: str
    pairing_step_code: str
    pairing_time_left: str
    pairing_waiting: str
    pairing_scanned: str
    paired: str
    paired_no_number: str
    paired_already: str
    paired_reconnected: str
    wrong_account: str
    wrong_account_question: str
    wrong_account_kept: str
    unlink_title: str
    unlink_warning: str
    pairing_cancelled: str
    pairing_timed_out: str
    pairing_dropped: str
    pairing_failed: str
    pairing_interrupted: str
    pairing_over: str
    in_progress: str
    picture_not_taken: str
    offer_create: str

    # The windows
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
    modal_bad_phone: str

    # What people ask of a device
    reconnecting_now: str
    reconnect_left_alone: str
    reconnect_must_pair: str
    disconnected: str
    paused: str
    resumed: str
    check_needs_device: str
    on_whatsapp: str
    not_on_whatsapp: str

    # Alerts
    alert_needs_pairing: str
    alert_offline: str
    alert_flapping: str
    alert_device_gone: str
    alert_gateway_down: str
    alert_access_refused: str
    doing_needs_pairing: str
    doing_pairing: str
    doing_offline: str
    doing_offline_next: str
    doing_flapping: str
    doing_device_gone: str
    doing_gateway_down: str
    doing_access_refused: str
    alert_resolved: str
    alert_reminder: str

    # Problems
    problem_unreachable: str
    problem_busy: str
    problem_access: str
    problem_forbidden: str
    problem_device_gone: str
    problem_phone: str
    problem_phone_at: str
    problem_other: str
    problem_slack: str
