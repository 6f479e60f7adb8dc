"""What a process needs that runs for months: its health, its logs, its tasks, its webhooks.

`health` and `webhooks` are for aiohttp, and need the extra ``page``.
"""
