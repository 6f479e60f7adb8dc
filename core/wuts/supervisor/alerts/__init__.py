"""Alerts: episodes that are raised once, reminded of, and resolved once."""
