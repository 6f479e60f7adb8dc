"""The ids of buttons, inputs and modals: what a builder writes, a listener hears.

Messages in Slack hold them for years, so a value never changes.
"""

from enum import StrEnum

from ..messages.parser import Command


class Action(StrEnum):
    """The ids of buttons and menus."""

    STATUS_PREVIOUS = "status_previous"
    STATUS_NEXT = "status_next"
    STATUS_ALL = "status_all"
    LIST_PREVIOUS = "list_previous"
    LIST_NEXT = "list_next"
    HOME_FILTER = "home_filter"
    HOME_SEARCH = "home_search"
    PAIR = "pair"
    RECONNECT = "reconnect"
    RESUME = "resume"
    CREATE = "create_and_pair"
    CREATE_ONLY = "create_only"
    CHOOSE = "choose"
    CHECK_NUMBER = "check_number"
    WEBHOOK_AGREE = "webhook_agree"
    WEBHOOK_REPLACE = "webhook_replace"
    NEW_CODE = "pairing_new_code"
    USE_CODE = "pairing_use_code"
    CANCEL = "pairing_cancel"
    SEND_LINK = "pairing_send_link"
    UNLINK = "unlink_and_pair"
    UNLINK_ANYWAY = "unlink_anyway"
    DISCONNECT_ANYWAY = "disconnect_anyway"
    UNLINK_ONLY = "unlink_only"
    DELETE_ANYWAY = "delete_anyway"
    DISMISS = "dismiss"
    KEEP = "keep_phone"
    CHOOSE_DEVICE = "choose_device"
    OPEN_PAIR_MODAL = "open_pair_window"
    PAIR_NEXT = "alert_pair_next"
    TAKE = "alert_take"
    TAKE_ALL = "alert_take_all"
    MUTE = "alert_mute"
    UNMUTE = "alert_unmute"
    UNSUBSCRIBE = "unsubscribe"


def chosen_by(command: Command) -> str:
    """Return the id of the button that chooses a device for a command."""
    return f"{Action.CHOOSE}_{command}"


class Shortcut(StrEnum):
    """The ids of shortcuts; the manifest names them."""

    PAIR = "pair_a_number"
    CHECK = "check_this_number"


class Modal(StrEnum):
    """The ids of modals."""

    PAIR = "pair_window"
    PHONE = "phone_window"
    MUTE = "mute_window"


class Input(StrEnum):
    """The ids of a modal's inputs, each in a block of the same id."""

    DEVICE = "choose_device"
    NEW_NAME = "new_name"
    ACCOUNT = "account"
    METHOD = "method"
    PHONE = "phone"
    MUTE_WHAT = "mute_what"
    MUTE_UNTIL = "mute_until"
    MUTE_REASON = "mute_reason"


METHOD_QR = "qr"
METHOD_CODE = "code"


class MuteUntil(StrEnum):
    """How long a mute lasts."""

    AN_HOUR = "1h"
    MORNING = "morning"
    RECOVERED = "recovered"
