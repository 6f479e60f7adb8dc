"""The schema's history, run by Alembic; each change is one file under `versions`."""
