"""The phone page at ``/phone``: a person sees every QR and code, scans, types, unlinks, breaks."""
