"""One account: its devices, its circuit breaker, what a listing proves."""
