"""The WUTS integration for Home Assistant.

It ships the shared core as the package `core` beside this file. The integration itself is not
there yet.
"""
