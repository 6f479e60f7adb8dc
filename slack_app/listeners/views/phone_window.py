"""The window that asks for a phone number: the pairing goes on with a pair code."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from slack_app.blocks.names import Input, View
from slack_app.listeners.middleware import ByDirectMessage, Visit, receive, user_of
from slack_app.operations.audit import Deed, Errand
from slack_app.pairing.actions import UseCode
from slack_app.services import Services
from wuts.errors import InvalidPhoneNumberError
from wuts.phone import normalize_phone_number

from .inputs import text_of


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the window."""

    @app.view(View.PHONE.value)
    async def on_submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        user_id = user_of(body)
        try:
            phone = normalize_phone_number(text_of(view, Input.PHONE))
        except InvalidPhoneNumberError:
            words = await services.people.words(user_id)
            await ack(response_action="errors", errors={Input.PHONE.value: words.modal_bad_phone})
            return
        await ack()

        async def work(visit: Visit) -> None:
            if not services.pairings.click(view["private_metadata"], user_id, UseCode(phone)):
                await visit.say(visit.words.pairing_over)

        await receive(
            services, user_id, ByDirectMessage(services, user_id), work, Errand(Deed.PAIR)
        )
