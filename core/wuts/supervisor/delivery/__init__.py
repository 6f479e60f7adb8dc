"""Saved first, then told: the outbox and the subscribers."""
