"""The demonstration: a gateway, a Home Assistant, a Slack and the supervisor, all on this machine.

``terminal`` is the small one, which pairs a device on a terminal. ``__main__`` is the large one, on
a ``stage`` with all parts; ``tour`` plays it.
"""
