"""What a scenario's process and whoever tells of its figures both have to know."""

STEADY_INTERVAL = 5.0
"""Seconds between looks in `steady`."""

HEAL_CONCURRENCY = 20
"""Calls at once in `heal`."""

NAIVE_INTERVAL = 10.0
"""Seconds between looks in `ours` and `naive`."""
