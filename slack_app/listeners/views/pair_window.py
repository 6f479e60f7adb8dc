"""The window that asks what to pair and how."""

from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from slack_app.blocks.names import METHOD_CODE, Input, View
from slack_app.devices.device_ref import DeviceRef
from slack_app.listeners.middleware import ByDirectMessage, Visit, receive, user_of
from slack_app.listeners.start_pairing import create_and_pair, start_pairing
from slack_app.messages import EN, Words
from slack_app.operations.audit import Deed, Errand
from slack_app.services import Services
from wuts.errors import InvalidInputError, InvalidPhoneNumberError
from wuts.inputs import check_name
from wuts.phone import normalize_phone_number

from .inputs import choice_of, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was put into the window.

    Attributes:
        device: The chosen device as `DeviceRef` writes it, or empty.
        new_name: The name of a new one, or empty.
        account: The new one's account, or empty when there is only one.
        phone: The number to make a pair code for, or None to pair by QR.
    """

    device: str
    new_name: str
    account: str
    phone: str | None = field(repr=False)


def read_wish(view: dict[str, Any]) -> Wish:
    """Return what was put into the window."""
    by_code = choice_of(view, Input.METHOD) == METHOD_CODE
    return Wish(
        device=choice_of(view, Input.DEVICE),
        new_name=text_of(view, Input.NEW_NAME),
        account=choice_of(view, Input.ACCOUNT),
        phone=text_of(view, Input.PHONE) if by_code else None,
    )


def mistakes(wish: Wish, words: Words) -> dict[str, str]:
    """Return what is wrong, by the input that it is shown at."""
    found = {}
    if bool(wish.device) == bool(wish.new_name):
        found[Input.NEW_NAME.value] = words.modal_choose_one
    elif wish.new_name:
        try:
            check_name(wish.new_name)
        except InvalidInputError:
            found[Input.NEW_NAME.value] = words.modal_bad_name
    if wish.phone is not None:
        try:
            normalize_phone_number(wish.phone)
        except InvalidPhoneNumberError:
            found[Input.PHONE.value] = words.modal_bad_phone
    return found


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the window."""

    @app.view(View.PAIR.value)
    async def on_submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        user_id = user_of(body)
        wish = read_wish(view)
        if mistakes(wish, EN):
            wrong = mistakes(wish, await services.people.words(user_id))
            await ack(response_action="errors", errors=wrong)
            return
        await ack()

        async def work(visit: Visit) -> None:
            await _fulfil(services, visit, wish)

        answer = ByDirectMessage(services, user_id)
        ref = DeviceRef.parse(wish.device) if wish.device else None
        await receive(services, user_id, answer, work, Errand(Deed.PAIR, ref))


async def _fulfil(services: Services, visit: Visit, wish: Wish) -> None:
    if wish.new_name:
        account = wish.account or services.accounts.names[0]
        await create_and_pair(services, visit, account, wish.new_name, wish.phone)
        return
    line = services.accounts.line(DeviceRef.parse(wish.device))
    if line is None:
        await visit.say(visit.words.problem_device_gone)
        return
    await start_pairing(services, visit, line, wish.phone)
