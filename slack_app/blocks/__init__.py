"""Pure builders of Block Kit: from what is known to what Slack shows. No I/O.

One file for each message or modal; `parts` has the small pieces, kept within Slack's limits.
"""
