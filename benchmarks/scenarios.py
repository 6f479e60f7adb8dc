"""What a scenario's process and whoever reports its figures both need to know."""

STEADY_INTERVAL = 5.0
"""Seconds between looks in `steady`."""

HEAL_CONCURRENCY = 20
"""Calls at once in `heal`."""

NAIVE_INTERVAL = 10.0
"""Seconds between looks in `ours` and `naive`."""
