"""The Slack app: pair and watch WhatsApp devices from Slack.

`app.running_app` runs the whole app; `settings.Settings` says how it is set up.
"""
