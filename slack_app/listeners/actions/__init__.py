"""Clicks on buttons, one file for each kind. Every one asks again whether the person may."""

from slack_bolt.async_app import AsyncApp

from slack_app.services import Services

from . import (
    create_and_pair,
    keep_phone,
    open_pair_window,
    pair,
    pairing_cancel,
    pairing_new_code,
    pairing_use_code,
    reconnect,
    resume,
    status_page,
    unlink_and_pair,
)

BUTTONS = (
    create_and_pair.BUTTON,
    keep_phone.BUTTON,
    open_pair_window.BUTTON,
    pair.BUTTON,
    pairing_cancel.BUTTON,
    pairing_new_code.BUTTON,
    pairing_use_code.BUTTON,
    reconnect.BUTTON,
    resume.BUTTON,
    *status_page.BUTTONS,
    unlink_and_pair.BUTTON,
)


def register_actions(app: AsyncApp, services: Services) -> None:
    """Listen to all buttons."""
    for button in BUTTONS:
        button.register(app, services)
