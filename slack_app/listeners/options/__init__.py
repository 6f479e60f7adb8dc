"""Menus that ask the app for their options."""

from slack_bolt.async_app import AsyncApp

from slack_app.services import Services

from . import choose_device


def register_options(app: AsyncApp, services: Services) -> None:
    """Listen to all menus."""
    choose_device.register(app, services)
