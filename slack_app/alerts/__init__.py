"""Alerts in their channel."""
