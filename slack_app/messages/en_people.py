"""English words about who may do what, and about what is asked before it is done."""

from dataclasses import dataclass

from .en_slack import SlackStrings


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleStrings(SlackStrings):
    """What the app says about permissions and confirmations."""

    refused: str = (
        "You don't have permission to do that. Ask a workspace admin to add you in this app's "
        "settings."
    )
    refused_needs_id: str = (
        "Guests, people from other companies, bots and deactivated users need their own ID in "
        "`allow_users`. Yours is `{user}`."
    )
    cannot_check_permission: str = "I couldn't check whether you have permission to do that."
    modal_loading: str = "One moment…"
    button_close: str = "Close"

    # Before something is taken away
    disconnect_question: str = (
        "Disconnect *{device}* ({phone})? It can't send or receive until you resume it."
    )
    unlink_question: str = (
        "Unlink the phone of *{device}* ({phone})? The device can't send or receive until you pair "
        "it again."
    )
    delete_question: str = (
        "Delete *{device}* ({phone})? The gateway disconnects it, and I stop watching it. The "
        "gateway may keep it in its list."
    )
    delete_title: str = "Delete anyway?"
    delete_warning: str = "Another device of this account may be deleted."
    delete_unsure: str = (
        "*{account}* has {count} devices, and I can't tell whether its gateway deletes the right "
        "one. It might delete another device instead of *{device}*."
    )
    delete_ignored: str = (
        "*{account}* has {count} devices, and its gateway seems to ignore which one is meant. It "
        "might delete another device instead of *{device}*."
    )
    delete_blocked: str = (
        "I did not delete *{device}*: the gateway of *{account}* answers about the wrong device, "
        "so another one might be deleted. Tell the gateway's operator, and try again once the "
        "alert is resolved."
    )
    button_delete_anyway: str = "Delete anyway"
    button_delete_yes: str = "Delete"
    confirm_until: str = "Only you can answer, within {minutes} minutes."
    confirm_over: str = "That question has expired, and nothing was changed. Start again."
    confirm_other_phone: str = (
        "Another phone is linked to *{device}* by now, so nothing was changed. Start again."
    )
    confirm_dismissed: str = "Nothing was changed."
    phone_unknown: str = "phone number unknown"
    unlinked: str = "The phone of *{device}* is unlinked. Pair the device to use it again."
    deleted: str = "*{device}* is deleted, and I no longer watch it."
