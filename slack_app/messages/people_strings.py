"""Strings about who can do what, and about what is asked before it is done."""

from dataclasses import dataclass

from .slack_strings import SlackStrings


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleStrings(SlackStrings):
    """What the app says about permissions and confirmations."""

    refused: str
    refused_needs_id: str
    cannot_check_permission: str
    modal_loading: str
    button_close: str

    # Before something is taken away
    disconnect_question: str
    unlink_question: str
    delete_question: str
    delete_title: str
    delete_warning: str
    delete_unsure: str
    delete_ignored: str
    delete_blocked: str
    button_delete_anyway: str
    button_delete_yes: str
    confirm_until: str
    confirm_over: str
    confirm_other_phone: str
    confirm_dismissed: str
    phone_unknown: str
    unlinked: str
    deleted: str
