"""Alerts and questions: as repairs, as actions, and in words."""
