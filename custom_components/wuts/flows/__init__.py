"""The flows of devices, recipients, options and repairs."""
