"""What to say of a store that does not work."""

import logging

from ..store import StoreError

_LOGGER = logging.getLogger(__name__)


def problem_of(error: Exception) -> str:
    """Say what is wrong with a store; one that breaks its protocol is logged in full."""
    if isinstance(error, StoreError):
        return error.message
    _LOGGER.error("The supervisor's store broke", exc_info=error)
    return StoreError.advice
