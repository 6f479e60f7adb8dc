"""``wuts watch`` as a service: what it answers at ``--listen``, and what systemd is told.

`service.serving` is entered around a supervision, before its store is opened.
"""
