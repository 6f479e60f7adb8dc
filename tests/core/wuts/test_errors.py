import inspect
import pickle
from collections.abc import Iterator

import pytest

from wuts import errors
from wuts.errors import (
    ErrorCode,
    GatewayBusyError,
    InvalidTokenError,
    RateLimitedError,
    RetryLaterError,
    WutsConnectionError,
    WutsError,
    WutsTimeoutError,
)
from wuts.pairing import Failed, FailureReason
from wuts.settings_file import SettingsError
from wuts.supervisor.store.errors import StoreError

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, BaseException)
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_is_a_wuts_error(kind: type[WutsError]) -> None:
    assert issubclass(kind, WutsError)


def every_error() -> Iterator[type[WutsError]]:
    """Yield every class of error in the library, the supervisor's too."""
    waiting = [WutsError]
    while waiting:
        kind = waiting.pop()
        if kind.__module__.startswith("wuts."):
            yield kind
        waiting += kind.__subclasses__()


def test_every_error_has_a_code_and_every_code_is_somebodys() -> None:
    codes = {kind.code for kind in every_error()} | {ErrorCode(reason) for reason in FailureReason}
    assert codes == set(ErrorCode)


def test_a_code_has_one_spelling_everywhere() -> None:
    assert all(code.name == code.value.upper() for code in ErrorCode)
    assert all(
        Failed(reason=reason, message="").code.value == reason.value for reason in FailureReason
    )


def test_only_kin_share_a_code() -> None:
    kinds: dict[ErrorCode, list[type[WutsError]]] = {}
    for kind in every_error():
        kinds.setdefault(kind.code, []).append(kind)
    shared = {code: sorted(k.__name__ for k in some) for code, some in kinds.items() if some[1:]}
    assert StoreError.__name__ in shared.pop(ErrorCode.STORE_FAILED)
    assert shared == {
        ErrorCode.CERTIFICATE_UNTRUSTED: ["CertificateError", "CertificateUntrustedError"],
        ErrorCode.CONFIGURATION: [SettingsError.__name__, "WutsConfigError"],
        ErrorCode.GATEWAY_BUSY: ["GatewayBusyError", "RetryLaterError"],
        ErrorCode.REFUSED: ["OrderRefusedError", "RequestRefusedError", "WutsError"],
        ErrorCode.USAGE: ["InvalidInputError", "MediaTooLargeError"],
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_gives_its_own_advice_when_nothing_else_is_said(kind: type[WutsError]) -> None:
    error = kind()
    assert str(error) == error.message == kind.advice
    assert error.message.endswith(".")
    assert error.status is None
    assert error.error_code is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_survives_pickling_whole(kind: type[WutsError]) -> None:
    error = kind("What to do.", status=418, error_code="TEAPOT")
    if isinstance(error, RetryLaterError):
        error.retry_after = 7.5
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(copy) is kind
    assert vars(copy) == vars(error)
    assert repr(copy) == repr(error)
    assert str(copy) == str(error)


def test_the_repr_shows_class_message_status_and_code() -> None:
    error = InvalidTokenError("Check it.", status=401, error_code="UNAUTHORIZED")
    assert repr(error) == "InvalidTokenError('Check it.', status=401, error_code='UNAUTHORIZED')"


def test_a_wait_is_carried_by_the_errors_that_ask_for_patience() -> None:
    assert RateLimitedError(retry_after=30.0).retry_after == 30.0
    assert GatewayBusyError().retry_after is None


def test_whoever_handles_no_connection_handles_a_time_out_too() -> None:
    assert issubclass(WutsTimeoutError, WutsConnectionError)
