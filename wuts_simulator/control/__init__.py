"""The control API under ``/_sim/``: the verbs of `World` over HTTP, only when asked for."""
