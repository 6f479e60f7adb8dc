"""What the simulator refuses: over the contract (`ApiError`) and to whoever steers it."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Violation:
    """One entry of the envelope's ``validation`` list.

    Attributes:
        field: The field's name in the request.
        message: What is wrong with it.
        value: The value that was sent.
    """

    field: str
    message: str
    value: object


class ApiError(Exception):
    """An answer of the contract that is not a success.

    Args:
        status: The HTTP status.
        text: The envelope's ``error``.
        code: Its ``error_code``; the session endpoints leave it out.
        validation: Its ``validation``.
    """

    def __init__(
        self, status: int, text: str, code: str, *, validation: Sequence[Violation] = ()
    ) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.code = code
        self.validation = tuple(validation)


class SimulatorError(Exception):
    """A verb of the control API or of the phone page that cannot be carried out."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST


class UnknownError(SimulatorError):
    """There is no such device, tenant, token or fault."""

    status = HTTPStatus.NOT_FOUND


class ConflictError(SimulatorError):
    """The device is in a state in which that cannot be done."""

    status = HTTPStatus.CONFLICT


class ExpiredError(SimulatorError):
    """The QR or the code is no longer the present one."""

    status = HTTPStatus.GONE

    def __init__(self) -> None:
        super().__init__("expired")


class InvalidError(SimulatorError):
    """An argument is not usable."""
