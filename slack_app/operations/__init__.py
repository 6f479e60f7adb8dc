"""What operators need: health, metrics, logs, the audit trail."""
