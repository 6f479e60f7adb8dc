"""How a call ended: its result, or the one kind of error that may come out of core."""

from collections.abc import Awaitable, Callable

from wuts.errors import WutsError


def outcome[T](action: Callable[[], T]) -> T | WutsError:
    try:
        return action()
    except WutsError as error:
        return error


async def outcome_of[T](call: Awaitable[T]) -> T | WutsError:
    try:
        return await call
    except WutsError as error:
        return error


async def error_of(call: Awaitable[object]) -> WutsError:
    """Return the error that a call ends with; it must have nothing else hanging on to it."""
    result = await outcome_of(call)
    assert isinstance(result, WutsError), "the call did not fail"
    assert result.__cause__ is None
    assert result.__context__ is None
    return result
