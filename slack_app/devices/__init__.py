"""The accounts' devices: found, listed, and kept up to date by webhooks."""
