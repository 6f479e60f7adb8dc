"""What talks to Slack."""
