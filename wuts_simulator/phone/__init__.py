"""The phone page: see every QR and code, scan, type, unlink, and break the gateway."""
