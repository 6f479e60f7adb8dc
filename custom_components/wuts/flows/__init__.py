"""The flows that are not the account's own: devices, recipients, options."""
