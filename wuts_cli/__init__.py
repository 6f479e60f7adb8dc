"""The ``wuts`` command: pairs and steers WhatsApp devices from a terminal.

- ``commands``: one file a command.
- ``pairing``: what a pairing looks like on a screen, in a pipe and as JSON lines.
- The rest is what commands share: the environment, devices by name, output, exit codes.
"""
