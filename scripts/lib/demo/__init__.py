"""The demonstration: a gateway, a Home Assistant, a Slack and the supervisor, all on this machine.

``terminal`` is the small one, which pairs a device on a terminal. The others are the large one: a
file each starts one part, and ``__main__`` all of them.
"""
