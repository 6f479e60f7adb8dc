"""English words about a pairing."""

from dataclasses import dataclass

from .en_people import PeopleStrings


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingStrings(PeopleStrings):
    """What the app says about a pairing."""

    pairing_title: str = "Pair {device}"
    pairing_preparing: str = "Getting a code from WhatsApp…"
    pairing_sent: str = "I sent you a direct message to pair *{device}*."
    pairing_qr_alt: str = "QR code to scan with WhatsApp"
    pairing_step_open: str = "Open WhatsApp on the phone."
    pairing_step_menu: str = "Tap *Settings* or *⋮*, then *Linked devices*, then *Link a device*."
    pairing_step_scan: str = "Point the phone at this code."
    pairing_step_code: str = "Tap *Link with phone number instead* and type this code."
    pairing_until: str = "Works until {time}. Then a new code follows."
    pairing_waiting: str = "The gateway is having trouble. I keep trying."
    waiting_busy: str = "The gateway is busy. I keep trying."
    waiting_limited: str = "The gateway is limiting my requests. I keep trying, more slowly."
    waiting_no_answer: str = "The gateway is not responding in time. I keep trying."
    waiting_unreachable: str = "I can't reach the gateway. I keep trying."
    waiting_unexpected: str = (
        "Something other than the gateway answers, such as a proxy or a login page. I keep trying."
    )
    waiting_code: str = "WhatsApp has not provided a code yet. I keep trying."
    pairing_scanned: str = "The phone accepted the code. Finishing the link…"
    paired: str = "Paired with {number}, by <@{user}>."
    paired_no_number: str = "Paired, by <@{user}>."
    paired_already: str = "Already connected with {number}. There is nothing to pair."
    paired_reconnected: str = "Reconnected with {number}. No need to pair it again."
    wrong_account: str = (
        "That is a different phone: {number} was linked, but {expected} was expected."
    )
    wrong_account_question: str = "Keep it?"
    question_changed: str = "Another phone was linked since you were asked."
    question_over: str = "That question has been answered."
    unchecked: str = (
        "A phone is linked, but I couldn't check which one: the gateway does not say. {expected} "
        "was expected. Check that phone's linked devices before you answer."
    )
    unchecked_kept: str = "The phone stays linked, by <@{user}>. Its number could not be checked."
    wrong_account_kept: str = "{number} stays linked, by <@{user}>."
    unlink_title: str = "Unlink the phone?"
    unlink_warning: str = "Its session ends, and the device must be paired again."
    unlink_unsure: str = (
        "*{account}* has {count} devices, and I can't tell whether its gateway unlinks the right "
        "one. It might unlink the phone of another device instead of *{device}*."
    )
    unlink_ignored: str = (
        "*{account}* has {count} devices, and its gateway seems to ignore which one is meant. It "
        "might unlink the phone of another device instead of *{device}*."
    )
    button_unlink_anyway: str = "Unlink anyway"
    unlink_blocked: str = (
        "I did not unlink *{device}*: the gateway of *{account}* answers about the wrong device, "
        "so another phone might be unlinked. Tell the gateway's operator, and try again once the "
        "alert is resolved."
    )
    pairing_cancelled: str = "Cancelled. No phone was linked."
    pairing_timed_out: str = "Time ran out before a phone was linked."
    pairing_dropped: str = "The phone accepted the code, but the link did not last."
    stalled_passkey: str = (
        "The phone used the code, but was not linked. If the phone says “Continue on your other "
        "device” or “Create a passkey”, WhatsApp is asking for a passkey, and a new code won't "
        "help. Ask the gateway's operator whether it supports passkeys. I keep checking in case "
        "the phone is linked after all."
    )
    stalled_offline: str = (
        "The phone used the code, but is not connected yet. Check that the phone is on and online. "
        "I keep checking."
    )
    stalled_dropped: str = (
        "The phone was linked, but the connection dropped. Keep the phone on and online. I keep "
        "checking."
    )
    pairing_offline: str = (
        "The phone used the code, but never connected. Check that the phone is online, then start "
        "again."
    )
    pairing_passkey: str = (
        "The phone used the code, but was not linked. If the phone said “Continue on your other "
        "device” or “Create a passkey”, WhatsApp is asking for a passkey, and a new code won't "
        "help. Ask the gateway's operator whether it supports passkeys."
    )
    pairing_refused: str = (
        "WhatsApp refused to link the phone. It may have four linked devices already: remove one "
        "under Linked devices, then start again."
    )
    pairing_account_removed: str = "The account was removed from the settings."
    pairing_account_changed: str = "The account's token or address was changed. Start again."
    pairing_elsewhere: str = "Somebody else is pairing this device. Wait until they are done."
    link_made: str = (
        "Send this link only to the person who has the phone. It works only in the first browser "
        "that opens it, and expires {time} at the latest."
    )
    link_waiting: str = (
        "I created a link. It shows the code once somebody opens it, until {time}. The outcome "
        "appears here."
    )
    link_opened: str = "The link is open. Waiting for the phone…"
    link_not_opened: str = "Nobody opened the link in time."
    links_off: str = (
        "This app has no public address, so it can't create links. Ask whoever runs it to set "
        "`public_url`."
    )
    button_send_link: str = "Send a link"
    pairing_failed: str = "No phone was linked. {problem}"
    pairing_interrupted: str = "Interrupted. Start again."
    pairing_over: str = "This pairing is over. Start again to get a fresh code."
    in_progress: str = "{owner} is already pairing this device. Wait until they are done."
    in_progress_since: str = (
        "{owner} is already pairing this device, since {time}. Wait until they are done."
    )
    somebody: str = "Somebody"
    picture_not_taken: str = (
        "Slack does not accept the picture of the QR code. I keep trying. A pair code needs no "
        "picture."
    )
    offer_create: str = "There is no device named *{name}*. Create it?"
