"""The ``wuts`` command: pairs and manages WhatsApp devices from a terminal.

- ``commands``: what each command does.
- ``pairing`` and ``watching``: what takes long, as JSON lines, plain lines or a live screen.
- The rest is shared: the environment, the client, output, errors and exit codes.
"""
