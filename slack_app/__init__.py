"""The Slack app: pair and watch WhatsApp devices from Slack.

`app.SlackApp` is the whole app; `settings.Settings` says how it is set up. Slack stays in
`listeners` and `blocks`; what the words of a command mean is in `parser`.
"""
