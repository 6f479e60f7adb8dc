"""Webhooks: hints from the gateway that a session changed."""
