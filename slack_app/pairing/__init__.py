"""Pairing in a direct message."""
