"""How a pairing ended: in words, as an event, and as an exit code."""

import typer

from wuts.models import Device
from wuts.pairing import Failed, Outcome, Paired, PairedHow, WrongAccount
from wuts_cli.exit_codes import ExitCode
from wuts_cli.failures import failure_of_pairing
from wuts_cli.find_device import shown_name
from wuts_cli.output import Output, complain
from wuts_cli.text import phone, printable


def tell_outcome(outcome: Outcome, device: Device, output: Output) -> None:
    """Tell how it ended.

    Raises:
        typer.Exit: The device is not paired with the phone that was wanted.
    """
    match outcome:
        case Paired():
            output.event("paired", phone_number=outcome.phone_number, how=outcome.how)
            output.say(_paired(outcome, shown_name(device)))
        case WrongAccount():
            output.event(
                "wrong_account", phone_number=outcome.phone_number, expected=outcome.expected
            )
            complain(_wrong_account(outcome, device))
            raise typer.Exit(ExitCode.REFUSED)
        case Failed():
            failure = failure_of_pairing(outcome)
            output.fail(failure)
            raise typer.Exit(failure.exit_code)


def _paired(paired: Paired, name: str) -> str:
    who = phone(paired.phone_number) if paired.phone_number else "a phone"
    match paired.how:
        case PairedHow.LINKED:
            return f"Paired “{name}” with {who}."
        case PairedHow.RECONNECTED:
            return f"“{name}” was still paired with {who}, and is connected again."
        case PairedHow.ALREADY_CONNECTED:
            return f"“{name}” is already connected with {who}. There is nothing to pair."


def _wrong_account(wrong: WrongAccount, device: Device) -> str:
    return (
        f"“{shown_name(device)}” is linked to {phone(wrong.phone_number)}, not to the expected "
        f"{phone(wrong.expected)}. To undo that: wuts logout {printable(device.id)}"
    )
