"""The contract's error answers, and why a verb cannot be carried out."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Violation:
    """One entry of the error envelope's ``validation`` list.

    Attributes:
        field: The field's name in the request.
        message: What is wrong with it.
        value: The value that was sent.
    """

    field: str
    message: str
    value: object


class ApiError(Exception):
    """An error answer of the contract.

    Args:
        status: The HTTP status.
        text: The envelope's ``error``.
        code: Its ``error_code``; the session calls leave it out.
        validation: Its ``validation``.

    Attributes:
        bare: Whether the call is documented with ``error`` alone, without the envelope.
    """

    bare = False

    def __init__(
        self, status: int, text: str, code: str, *, validation: Sequence[Violation] = ()
    ) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.code = code
        self.validation = tuple(validation)


def invalid(*violations: Violation) -> ApiError:
    """Return the documented error of a body that breaks the rules."""
    return ApiError(
        HTTPStatus.BAD_REQUEST, violations[0].message, "VALIDATION_ERROR", validation=violations
    )


class SimulatorError(Exception):
    """A verb of `World`, the control API or the phone page cannot be carried out."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST


class UnknownError(SimulatorError):
    """There is no such device, tenant, token or fault."""

    status = HTTPStatus.NOT_FOUND


class ConflictError(SimulatorError):
    """The device's state does not allow it."""

    status = HTTPStatus.CONFLICT


class ExpiredError(SimulatorError):
    """The QR or the code is no longer the present one."""

    status = HTTPStatus.GONE

    def __init__(self) -> None:
        super().__init__("expired")


class InvalidError(SimulatorError):
    """An argument is not usable."""
