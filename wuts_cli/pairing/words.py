"""The sentences about a pairing."""

import shlex
from pathlib import Path

from wuts.models import Device
from wuts.pairing import Paired, PairedHow, StallReason, Unchecked, Waiting, WrongAccount
from wuts_cli.text import phone, printable, shown_name

_QR_STEPS = (
    "1. Open WhatsApp on the phone.",
    "2. Settings or menu → Linked devices.",
    "3. Link a device, and scan this QR.",
)
_CODE_STEPS = (
    "1. Open WhatsApp on the phone.",
    "2. Settings or menu → Linked devices → Link a device.",
    "3. Link with phone number instead, and type this code.",
)
QR_STEPS_IN_ONE_LINE = "On the phone: WhatsApp → Settings or menu → Linked devices → Link a device"

WHAT_TO_WRITE = (
    "You can send this to the gateway's operator: When we link a WhatsApp device, the "
    "phone says “Continue on your other device” or “Create a passkey to log in”. After "
    "that, we get neither a connection nor an error. WhatsApp has asked for a passkey at "
    "this step since June 2026. Does the gateway support it, and if not, when will it?"
)

_STALLED = {
    StallReason.PASSKEY_SUSPECTED: (
        "The phone used the QR or code, but was not linked. Check the phone.",
        (
            "If it says “Continue on your other device” or “Create a passkey to log in”, "
            "WhatsApp is asking for a passkey. A new QR, a code or another program won't "
            "help: the gateway has to support passkeys. Deleting the passkey on the phone "
            "has helped some people, but not all."
        ),
        WHAT_TO_WRITE,
        (
            "If it says that it can't link another device, remove one under Linked "
            "devices. Otherwise check that it is online. Then start again."
        ),
    ),
    StallReason.PHONE_OFFLINE: (
        "A phone used the code, but is not connected yet.",
        "Keep the phone online, with WhatsApp open.",
    ),
    StallReason.LINK_DROPPED: (
        "The phone was linked, but the connection dropped.",
        "Keep the phone online, with WhatsApp open.",
    ),
}


def steps(*, by_code: bool) -> tuple[str, ...]:
    """Return what to do on the phone, in order."""
    return _CODE_STEPS if by_code else _QR_STEPS


def scanned(phone_number: str | None) -> str:
    """Say that a phone took the QR or code."""
    who = f" by {phone(phone_number)}" if phone_number else ""
    return f"Scanned{who}. Checking that it stays connected…"


def stalled(reason: StallReason) -> tuple[str, ...]:
    """Say why nothing follows a scan, and what to do."""
    return (*_STALLED[reason], "Still checking…")


def waiting(event: Waiting) -> str:
    """Say what does not answer; the rest of the reason says what to do, which we do."""
    trouble, _, _ = printable(event.reason).partition(". ")
    return f"{trouble.rstrip('.')}. Trying again."


def other_ways(typed: str) -> str:
    """Say how to pair where no QR can be drawn."""
    name = shlex.quote(printable(typed))
    return f"Or stop with Ctrl-C and pair with a code: wuts pair {name} --code --phone NUMBER"


def where_the_picture_is(qr_file: Path | None) -> str:
    """Say how to see the QR as a picture."""
    if qr_file is not None:
        return f"Scan the picture: {printable(str(qr_file))}"
    return "To scan a picture instead, add: --qr-file qr.png"


def paired(outcome: Paired, name: str) -> str:
    """Say which phone a device is paired with."""
    who = phone(outcome.phone_number) if outcome.phone_number else "a phone"
    match outcome.how:
        case PairedHow.LINKED:
            return f"Paired “{name}” with {who}."
        case PairedHow.RECONNECTED:
            return f"“{name}” was still paired with {who}, and is connected again."
        case PairedHow.ALREADY_CONNECTED:
            return f"“{name}” is already connected with {who}. There is nothing to pair."


def wrong_account(outcome: WrongAccount, device: Device) -> str:
    """Say that another phone is linked than the expected one."""
    return (
        f"“{shown_name(device)}” is linked to {phone(outcome.phone_number)} instead of the "
        f"expected {phone(outcome.expected)}. To undo that: wuts logout "
        f"{printable(device.id)}"
    )


def unchecked(outcome: Unchecked, device: Device) -> str:
    """Say that a phone is linked, and that nobody knows whether it is the expected one."""
    return (
        f"“{shown_name(device)}” is linked to a phone, but the gateway does not say which. Check "
        f"on {phone(outcome.expected)}, under Linked devices, whether it is that one. To undo it: "
        f"wuts logout {printable(device.id)}"
    )
