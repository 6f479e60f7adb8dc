"""Modals that are filled in: what to pair and how, and the phone number for a pair code."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from wuts.errors import InvalidInputError, InvalidPhoneNumberError
from wuts.inputs import check_name
from wuts.phone_numbers import read_number

from ..blocks.alert_people import read_scope
from ..blocks.errors import error_text
from ..blocks.modals import device_options, read_metadata
from ..blocks.mute import chosen
from ..blocks.names import METHOD_CODE, Action, Input, Modal, MuteUntil
from ..devices.device import DeviceRef
from ..messages import EN, Strings
from ..operations.audit import AuditAction
from ..pairing.pairing import UseCode
from ..people.permissions import Verdict
from ..people.users import PATIENCE, User
from ..slack.errors import SLACK_ERRORS
from .alert_actions import mute
from .context import CommandContext, rails
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

    def mistakes(self, strings: Strings, country: str | None) -> dict[str, str]:
        """Return what is wrong, by the input that it is shown at.

        Args:
            strings: The person's language.
            country: The person's country, or None.
        """
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
                read_number(self.phone, country)
            except InvalidPhoneNumberError as error:
                found[Input.PHONE.value] = error_text(error, strings)
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
    """Listen to the modals, and to the menu of devices in one of them."""
    _listen_to_mutes(app)

    @app.options(Action.CHOOSE_DEVICE.value)
    async def on_typing(ack: AsyncAck, context: AsyncBoltContext, payload: dict[str, Any]) -> None:
        accounts = rails(context)["services"].accounts
        # Who may not use the app is shown nothing.
        allowed = await _may_soon(context)
        lines = accounts.matching(str(payload.get("value", ""))) if allowed else []
        several = len(accounts.names) > 1
        await ack(options=device_options(lines, name_account=several))

    @app.view(Modal.PAIR.value)
    async def on_pair(ack: AsyncAck, context: AsyncBoltContext, view: dict[str, Any]) -> None:
        form = read_pair_form(view)
        # Without a number and a mistake, nobody need be looked up before the answer.
        if form.phone is not None or form.mistakes(EN, None):
            person = await _person(context)
            mistakes = form.mistakes(person.strings, person.country)
            if mistakes:
                await ack(response_action="errors", errors=mistakes)
                return
        await ack()

        async def handle(asked: CommandContext) -> None:
            await _pair(asked, form)

        await serve(context, handle, AuditAction.PAIR, form.device)

    @app.view(Modal.PHONE.value)
    async def on_phone(ack: AsyncAck, context: AsyncBoltContext, view: dict[str, Any]) -> None:
        person = await _person(context)
        try:
            phone = read_number(_text(view, Input.PHONE), person.country)
        except InvalidPhoneNumberError as error:
            mistake = error_text(error, person.strings)
            await ack(response_action="errors", errors={Input.PHONE.value: mistake})
            return
        await ack()

        async def handle(asked: CommandContext) -> None:
            pairing_id = read_metadata(view["private_metadata"]).value
            await ask_pairing(asked, pairing_id, UseCode(phone))

        await serve(context, handle, AuditAction.PAIR)


def _listen_to_mutes(app: AsyncApp) -> None:
    @app.view(Modal.MUTE.value)
    async def on_mute(ack: AsyncAck, context: AsyncBoltContext, view: dict[str, Any]) -> None:
        await ack()

        async def handle(asked: CommandContext) -> None:
            await _mute(asked, view)

        await serve(context, handle, AuditAction.MUTE, _muted_device(view))


def _muted_device(view: dict[str, Any]) -> DeviceRef:
    scope = read_scope(read_metadata(view["private_metadata"]).value)
    return DeviceRef(scope.account, scope.device_id or "")


async def _mute(asked: CommandContext, view: dict[str, Any]) -> None:
    muted = read_scope(read_metadata(view["private_metadata"]).value)
    scope = chosen(muted, _choice(view, Input.MUTE_WHAT))
    until = MuteUntil(_choice(view, Input.MUTE_UNTIL))
    await mute(asked, scope, until, _text(view, Input.MUTE_REASON))


async def _pair(asked: CommandContext, form: PairForm) -> None:
    phone = None if form.phone is None else read_number(form.phone, asked.country)
    if form.device is None:
        account = form.account or asked.services.accounts.names[0]
        await create_and_pair(asked, account, form.new_name, phone)
        return
    line = await asked.services.accounts.look_up(form.device)
    if line is None:
        await asked.say(asked.strings.problem_device_gone)
    else:
        await start_pairing(asked, line, phone)


async def _person(context: AsyncBoltContext) -> User:
    return await rails(context)["services"].users.person_soon(str(context.user_id))


async def _may_soon(context: AsyncBoltContext) -> bool:
    """Return whether the person may use the app; if nobody tells in time, they may not."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await rails(context)["authorise"]() is Verdict.MAY
    except SLACK_ERRORS:  # one is `TimeoutError`
        return False


def _text(view: dict[str, Any], name: Input) -> str:
    """Return what was typed, or empty."""
    return str(_element(view, name).get("value") or "").strip()


def _choice(view: dict[str, Any], name: Input) -> str:
    """Return the value of what was chosen, or empty."""
    return str((_element(view, name).get("selected_option") or {}).get("value", ""))


def _element(view: dict[str, Any], name: Input) -> dict[str, Any]:
    element: dict[str, Any] = view["state"]["values"].get(name.value, {}).get(name.value, {})
    return element
