"""Asks before a gateway is sent what it may do to another device, or what cannot be undone."""

import sys

from wuts import WutsClient, find_device, verified
from wuts.models import Device

from .errors import ConfirmationNeededError, DeclinedError
from .output import Output


async def find_with_caution(
    client: WutsClient, wanted: str, harm: str, *, asks: bool
) -> tuple[Device, str]:
    """Return the device, and what a person must know besides before it is changed.

    Args:
        client: Of the account.
        wanted: The device's id or name.
        harm: What the gateway may do to another device, such as ``log out another one``.
        asks: Whether anybody is asked at all.
    """
    listed = await client.list_devices()
    found = find_device(listed, wanted)
    if not asks or len(listed) == 1:
        return found, ""
    heeds = await verified.heeds_device_id(client, [device.id for device in listed])
    if not verified.needs_confirmation(len(listed), heeds=heeds):
        return found, ""
    ignores = "ignores" if heeds is False else "may ignore"
    return found, (
        f"This gateway {ignores} which of your {len(listed)} devices you mean: it might {harm}."
    )


def need_somebody_to_ask(output: Output, reason: str) -> None:
    """Make sure that a question reaches a person.

    Raises:
        ConfirmationNeededError: There is nobody, so ``--yes`` must say it.
    """
    somebody = sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
    if output.json or not somebody:
        raise ConfirmationNeededError(f"{reason} Confirm it with: --yes")


def confirm(question: str, refusal: str, *, caution: str = "") -> None:
    """Ask on stderr, so that a pipe gets nothing of it.

    Raises:
        DeclinedError: The person said no.
    """
    sys.stderr.write(f"{caution}\n" if caution else "")
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().casefold() not in {"y", "yes"}:
        raise DeclinedError(refusal)
