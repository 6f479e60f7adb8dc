"""Clicks on buttons, one file for each kind. Every one asks again whether the person may."""

from slack_bolt.async_app import AsyncApp

from slack_app.services import Services

from . import (
    create_and_pair,
    pair,
    pairing_cancel,
    pairing_new_code,
    pairing_use_code,
    reconnect,
    resume,
    status_page,
    unlink_and_pair,
)


def register_actions(app: AsyncApp, services: Services) -> None:
    """Listen to all buttons."""
    for listener in (
        create_and_pair,
        pair,
        pairing_cancel,
        pairing_new_code,
        pairing_use_code,
        reconnect,
        resume,
        status_page,
        unlink_and_pair,
    ):
        listener.register(app, services)
