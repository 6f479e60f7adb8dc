"""Pairing in dialogs and in the background."""
