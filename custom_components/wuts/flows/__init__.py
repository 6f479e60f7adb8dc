"""The flows of devices, recipients and options."""
