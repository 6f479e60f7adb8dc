"""The contract is checked against the client with the raw gateway of the client's own tests."""

from tests.core.wuts.conftest import http_transport, make_client, raw, raw_client

__all__ = ["http_transport", "make_client", "raw", "raw_client"]
