"""The page in English."""

from .words import Words

_INSECURE = (
    "The gateway that links phones cannot be reached securely. Nothing is wrong with your phone. "
    "Tell whoever sent you this link."
)
_UNREACHABLE = (
    "The gateway that links phones cannot be reached. Nothing is wrong with your phone. Tell "
    "whoever sent you this link."
)
_NO_PASSKEY = (
    "WhatsApp seems to ask for a passkey. If your phone says “Continue on your other device” or "
    "asks you to create a passkey, the link cannot be completed for now."
)

EN = Words(
    language="en",
    heading="Link a phone",
    title="Link a phone to {name}",
    cover="Have the phone at hand",
    cover_more="You were asked to link a phone to {name}. The code is shown in this browser "
    "only, and for a short time.",
    cover_warning="Linking gives whoever runs {name} access to the WhatsApp account on that "
    "phone: they can read its messages and send in its name. Continue only if you know who sent "
    "you this link.",
    cover_button="Show the code",
    preparing="Getting a code from WhatsApp…",
    renewing="That code has expired. Getting a new one…",
    waiting={
        "gateway_busy": "The gateway is busy. Trying again…",
        "rate_limited": "The gateway is busy. Trying again…",
    },
    waits="The gateway does not answer. Trying again…",
    trouble="The gateway has trouble answering. This may take a little longer.",
    connection_lost="This page has lost its connection. Trying again…",
    qr="Scan this code with WhatsApp",
    qr_alt="QR code to scan with WhatsApp",
    qr_hint="Is this the phone that you want to link? It cannot scan its own screen. Open this "
    "link on another screen, or ask for a link with a code to type.",
    code="Type this code in WhatsApp",
    code_for="It works only on the phone whose number ends in {phone}.",
    code_label="Code to type",
    copy="Copy",
    copied="Copied",
    time_left="Good for {time}",
    time_label="Time left",
    steps_android=(
        "Open WhatsApp.",
        "Tap ⋮, then Linked devices.",
    ),
    steps_iphone=(
        "Open WhatsApp.",
        "Tap Settings or You, then Linked devices.",
    ),
    step_link="Tap Link a device.",
    step_scan="Point the phone at this code.",
    step_number="Tap Link with phone number instead.",
    step_type="Type the code.",
    scanned="Your phone took the code",
    scanned_more="Leave the phone on and connected while the link is being checked. This takes "
    "about half a minute.",
    paired="Linked",
    paired_more="The phone is linked to {name}. You can close this page.",
    paired_already="{name} is linked already, so there is nothing to do. You can close this page.",
    wrong_account="Another phone was linked",
    wrong_account_more="The phone that was linked has a number ending in {phone}; the one "
    "expected ends in {other}. Tell whoever sent you this link. To undo it, remove the device in "
    "WhatsApp under Linked devices.",
    unchecked="A phone is linked, but not checked",
    unchecked_more="The gateway does not say which phone was linked. The one expected has a "
    "number ending in {other}. Look in WhatsApp on that phone, under Linked devices, and tell "
    "whoever sent you this link whether a new device is there.",
    stalled={
        "passkey_suspected": (
            "WhatsApp may be asking for a passkey",
            (
                "Look at your phone. If it says “Continue on your other device” or “Create a "
                "passkey to log in”, WhatsApp asks for a passkey. A new code or another way to "
                "link does not get around that. Deleting the passkey on the phone has helped "
                "some people, not all."
            ),
            (
                "Tell whoever sent you this link: the gateway has to support the passkey step, "
                "which only its operator can change."
            ),
            (
                "If the phone says nothing of the kind, check that it is online. This page keeps "
                "watching: if the phone is linked after all, you see it here."
            ),
        ),
        "phone_offline": (
            "Your phone took the code, but the link has not come up",
            "Keep the phone online, with WhatsApp open. This page keeps watching.",
        ),
        "link_dropped": (
            "The phone was linked, but the link is down again",
            "Keep the phone online, with WhatsApp open. This page keeps watching.",
        ),
    },
    failed="No phone was linked",
    reason="Reason: {reason}",
    ask_again="Ask whoever sent you this link for a new one.",
    over={
        "expired": "This link has expired.",
        "cancelled": "This link was ended, or replaced by a newer one.",
        "unknown": "This link does not work. It may be incomplete or have expired.",
        "too_many": "There were too many wrong links from your network. Wait a minute, then open "
        "your link again.",
    },
    failures={
        "deadline_passed": "The time was over before a phone was linked.",
        "link_dropped": "The phone took the code, but the link did not hold. Check that the "
        "phone is online, and that fewer than four devices are under Linked devices.",
        "passkey_suspected": _NO_PASSKEY + "A new code does not get around it. Tell whoever sent "
        "you this link: whoever runs the gateway has to support the passkey step.",
        "pair_error": "WhatsApp refused to link the phone. Perhaps four devices are linked "
        "already: look in WhatsApp under Linked devices, and remove one that you no longer use.",
        "phone_offline": "The phone went offline after it took the code. Check its connection.",
        "pairing_in_progress": "Somebody else is linking a phone to this device right now.",
        "account_changed": "The account of this device was changed meanwhile.",
        "account_removed": "The account of this device was removed meanwhile. Tell whoever sent "
        "you this link.",
        "token_refused": "The gateway no longer accepts the account of this device. Tell whoever "
        "sent you this link: the account's token has to be replaced.",
        "not_allowed": "The account may not link a phone to this device. Tell whoever sent you "
        "this link.",
        "device_gone": "This device no longer exists. Tell whoever sent you this link.",
        "invalid_phone_number": "The phone number for the code is not usable. Tell whoever sent "
        "you this link.",
        "wrong_device": "The gateway answered about another device. Tell whoever sent you this "
        "link; do not try again before they have looked at it.",
        "gateway_unreachable": _UNREACHABLE,
        "certificate_untrusted": _INSECURE,
        "certificate_expired": _INSECURE,
        "certificate_wrong_host": _INSECURE,
        "name_not_found": _UNREACHABLE,
        "connection_refused": _UNREACHABLE,
        "too_many_open_files": "The system that shows this page is overloaded. Tell whoever sent "
        "you this link.",
        "refused": "The gateway refused to link a phone. Tell whoever sent you this link.",
    },
    failure="Something went wrong. Nothing is wrong with your phone. Tell whoever sent you this "
    "link.",
    taken="This link was opened in another browser, and works only there. If it was not you who "
    "opened it, tell whoever sent it to you.",
    taken_button="It was this browser",
)
