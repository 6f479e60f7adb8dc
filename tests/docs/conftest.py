"""The contract is checked against the client with the raw gateway of the client's own tests."""

from tests.core.wuts.conftest import make_client, raw, raw_client

__all__ = ["make_client", "raw", "raw_client"]
