"""``wuts watch`` as a service: what it answers at ``--listen``, and what it reports to systemd.

`service.serving` is entered around a supervision, before its store is opened.
"""
