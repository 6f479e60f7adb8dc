"""The sentences that both views for people use."""

import shlex

from wuts.pairing import Scanned, Waiting
from wuts_cli.text import phone, printable

from .view import Subject

QR_STEPS = (
    "Open WhatsApp on the phone.",
    "Settings or menu → Linked devices.",
    "Link a device, and scan this QR.",
)
CODE_STEPS = (
    "Open WhatsApp on the phone.",
    "Settings or menu → Linked devices → Link a device.",
    "Link with phone number instead, and type this code.",
)


def steps(subject: Subject) -> tuple[str, ...]:
    """Return what to do on the phone, in order."""
    return CODE_STEPS if subject.by_code else QR_STEPS


def steps_in_one_line(subject: Subject) -> str:
    """Return what to do on the phone, where there is little room."""
    last = " → Link with phone number" if subject.by_code else ""
    return f"On the phone: WhatsApp → Settings or menu → Linked devices → Link a device{last}"


def scanned(event: Scanned) -> str:
    """Return that a phone took the QR or code."""
    who = f" by {phone(event.phone_number)}" if event.phone_number else ""
    return f"Scanned{who}. Making sure that the link holds…"


def waiting(event: Waiting) -> str:
    """Return what does not answer; what to do about it is done here, so it is left out."""
    trouble, _, _ = printable(event.reason).partition(". ")
    return f"{trouble.rstrip('.')}. Trying again by itself."


def other_ways(subject: Subject) -> str:
    """Return how to pair where no QR can be drawn."""
    return (
        f"Or stop with Ctrl-C and pair with a code: "
        f"wuts pair {shlex.quote(printable(subject.typed))} --code --phone NUMBER"
    )


def where_the_picture_is(subject: Subject) -> str:
    """Return how to see the QR as a picture."""
    if subject.qr_file is not None:
        return f"Scan the picture: {printable(str(subject.qr_file))}"
    return "Or let it write a picture to scan: add --qr-file qr.png"
