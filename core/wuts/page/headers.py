"""The headers that every answer of a pairing page has."""

from .drawing import POLICY
from .policy import headers_for

HEADERS = headers_for(POLICY)
