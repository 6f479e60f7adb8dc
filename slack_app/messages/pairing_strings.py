"""Strings about a pairing."""

from dataclasses import dataclass

from .people_strings import PeopleStrings


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingStrings(PeopleStrings):
    """What the app says about a pairing."""

    pairing_title: str
    pairing_preparing: str
    pairing_sent: str
    pairing_qr_alt: str
    pairing_step_open: str
    pairing_step_menu: str
    pairing_step_scan: str
    pairing_step_code: str
    pairing_until: str
    pairing_waiting: str
    waiting_busy: str
    waiting_limited: str
    waiting_no_answer: str
    waiting_unreachable: str
    waiting_unexpected: str
    waiting_code: str
    pairing_scanned: str
    paired: str
    paired_no_number: str
    paired_already: str
    paired_reconnected: str
    wrong_account: str
    wrong_account_question: str
    question_changed: str
    question_over: str
    unchecked: str
    unchecked_kept: str
    wrong_account_kept: str
    unlink_title: str
    unlink_warning: str
    unlink_unsure: str
    unlink_ignored: str
    button_unlink_anyway: str
    unlink_blocked: str
    pairing_cancelled: str
    pairing_timed_out: str
    pairing_dropped: str
    stalled_passkey: str
    stalled_offline: str
    stalled_dropped: str
    pairing_offline: str
    pairing_passkey: str
    pairing_refused: str
    pairing_account_removed: str
    pairing_account_changed: str
    pairing_elsewhere: str
    link_made: str
    link_waiting: str
    link_opened: str
    link_not_opened: str
    links_off: str
    button_send_link: str
    pairing_failed: str
    pairing_interrupted: str
    pairing_over: str
    in_progress: str
    in_progress_since: str
    somebody: str
    picture_not_taken: str
    offer_create: str
