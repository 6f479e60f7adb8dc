"""An account: its client and devices, what may be changed of it, and what is kept."""
