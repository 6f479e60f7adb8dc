"""The machine of one device, and its backoff."""
