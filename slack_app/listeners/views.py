"""Modals that were filled in: what to pair and how, and the phone number for a pair code."""

from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from wuts.errors import InvalidInputError, InvalidPhoneNumberError
from wuts.inputs import check_name
from wuts.phone import normalize_phone_number

from ..blocks.names import METHOD_CODE, Input, Modal
from ..devices.device import DeviceRef
from ..messages import EN, Strings
from ..operations.audit import AuditAction
from ..pairing.pairing import UseCode
from .context import CommandContext, Services
from .middleware import serve
from .pairing_actions import ask_pairing, create_and_pair, start_pairing


@dataclass(frozen=True, slots=True, kw_only=True)
class PairForm:
    """What was put into the modal that asks what to pair.

    Attributes:
        new_name: The name of a new device, or empty.
        account: The new device's account, or empty when there is only one.
        phone: The number to make a pair code for, or None to pair by QR.
    """

    device: DeviceRef | None
    new_name: str
    account: str
    phone: str | None = field(repr=False)

    def mistakes(self, strings: Strings) -> dict[str, str]:
        """Return what is wrong, by the input that it is shown at."""
        found = {}
        if (self.device is None) == (not self.new_name):
            found[Input.NEW_NAME.value] = strings.modal_choose_one
        elif self.new_name:
            try:
                check_name(self.new_name)
            except InvalidInputError:
                found[Input.NEW_NAME.value] = strings.modal_bad_name
        if self.phone is not None:
            try:
                normalize_phone_number(self.phone)
            except InvalidPhoneNumberError:
                found[Input.PHONE.value] = strings.modal_bad_phone
        return found


def read_pair_form(view: dict[str, Any]) -> PairForm:
    """Return what was put into the modal."""
    device = _choice(view, Input.DEVICE)
    by_code = _choice(view, Input.METHOD) == METHOD_CODE
    return PairForm(
        device=DeviceRef.parse(device) if device else None,
        new_name=_text(view, Input.NEW_NAME),
        account=_choice(view, Input.ACCOUNT),
        phone=_text(view, Input.PHONE) if by_code else None,
    )


def register_views(app: AsyncApp) -> None:
    """Listen to the modals."""

    @app.view(Modal.PAIR.value)
    async def on_pair(ack: AsyncAck, context: AsyncBoltContext, view: dict[str, Any]) -> None:
        form = read_pair_form(view)
        if form.mistakes(EN):
            strings = await _strings(context)
            await ack(response_action="errors", errors=form.mistakes(strings))
            return
        await ack()

        async def handle(asked: CommandContext) -> None:
            await _pair(asked, form)

        await serve(context, handle, AuditAction.PAIR, form.device)

    @app.view(Modal.PHONE.value)
    async def on_phone(ack: AsyncAck, context: AsyncBoltContext, view: dict[str, Any]) -> None:
        try:
            phone = normalize_phone_number(_text(view, Input.PHONE))
        except InvalidPhoneNumberError:
            strings = await _strings(context)
            await ack(response_action="errors", errors={Input.PHONE.value: strings.modal_bad_phone})
            return
        await ack()

        async def handle(asked: CommandContext) -> None:
            await ask_pairing(asked, view["private_metadata"], UseCode(phone))

        await serve(context, handle, AuditAction.PAIR)


async def _pair(asked: CommandContext, form: PairForm) -> None:
    if form.device is None:
        account = form.account or asked.services.accounts.names[0]
        await create_and_pair(asked, account, form.new_name, form.phone)
        return
    line = await asked.services.accounts.look_up(form.device)
    if line is None:
        await asked.say(asked.strings.problem_device_gone)
    else:
        await start_pairing(asked, line, form.phone)


async def _strings(context: AsyncBoltContext) -> Strings:
    services: Services = context["services"]
    return await services.users.strings(str(context.user_id))


def _text(view: dict[str, Any], name: Input) -> str:
    """Return what was typed, or empty."""
    return str(_element(view, name).get("value") or "").strip()


def _choice(view: dict[str, Any], name: Input) -> str:
    """Return the value of what was chosen, or empty."""
    return str((_element(view, name).get("selected_option") or {}).get("value", ""))


def _element(view: dict[str, Any], name: Input) -> dict[str, Any]:
    element: dict[str, Any] = view["state"]["values"].get(name.value, {}).get(name.value, {})
    return element
