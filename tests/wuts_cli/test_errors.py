from collections.abc import Iterator
from pathlib import Path

import pytest

from wuts import errors
from wuts.errors import ErrorCode, WutsError
from wuts.pairing import Failed, FailureReason
from wuts_cli.errors import EXIT_CODES, CliError, ExitCode, failure_of


def kinds(base: type[Exception]) -> Iterator[type[Exception]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


@pytest.mark.parametrize(
    ("error", "reason", "code"),
    [
        (errors.WutsConfigError(), "configuration", 2),
        (errors.InvalidInputError(), "usage", 2),
        (errors.InvalidPhoneNumberError(), "invalid_phone_number", 2),
        (errors.AmbiguousPhoneNumberError(), "ambiguous_phone_number", 2),
        (errors.InvalidPhoneNumberError(status=400), "invalid_phone_number", 1),
        (errors.WutsConnectionError(), "gateway_unreachable", 1),
        (errors.WutsTimeoutError(), "gateway_unreachable", 1),
        (errors.PortClosedError(), "gateway_unreachable", 1),
        (errors.NameNotFoundError(), "gateway_unreachable", 1),
        (errors.CertificateUntrustedError(), "gateway_unreachable", 1),
        (errors.WrongDeviceError(status=200), "wrong_device", 1),
        (errors.NotVerifiedError(), "not_verified", 1),
        (errors.InvalidTokenError(status=401), "token_refused", 1),
        (errors.ForbiddenError(status=403), "not_allowed", 1),
        (errors.DeviceNotFoundError(status=404), "device_gone", 1),
        (errors.GatewayBusyError(status=503), "gateway_busy", 1),
        (errors.RateLimitedError(status=429), "rate_limited", 1),
        (errors.GatewayError(status=500), "gateway_failed", 1),
        (errors.UnexpectedAnswerError(status=200), "unexpected_answer", 1),
        (errors.RequestRefusedError(status=400), "refused", 1),
        (errors.DeviceNotReadyError(status=400), "refused", 1),
        (errors.AlreadyConnectedError(status=400), "refused", 1),
        (errors.AlreadyPairedError(status=400), "refused", 1),
        (errors.QrNotReadyError(status=504), "refused", 1),
    ],
)
def test_an_error_has_a_reason_and_an_exit_code(error: WutsError, reason: str, code: int) -> None:
    failure = failure_of(error)
    assert (failure.reason, failure.exit_code) == (reason, code)
    assert failure.message == error.message


def test_the_commands_own_errors_have_reasons_of_their_own() -> None:
    reasons = {kind.reason for kind in kinds(CliError) if issubclass(kind, CliError)}
    assert reasons == {
        "usage",
        "confirmation_needed",
        "declined",
        "phone_question",
    }


CONNECTION_REASONS = {
    kind.code.value
    for kind in kinds(errors.WutsConnectionError)
    if issubclass(kind, errors.WutsConnectionError)
}


@pytest.mark.parametrize("reason", list(FailureReason))
def test_only_a_passed_deadline_is_3(reason: FailureReason) -> None:
    failure = failure_of(Failed(reason=reason, message="Why."))
    passed = reason is FailureReason.DEADLINE_PASSED
    assert failure.exit_code is (ExitCode.DEADLINE if passed else ExitCode.REFUSED)
    is_known_as_one = reason in CONNECTION_REASONS
    assert failure.reason == ("gateway_unreachable" if is_known_as_one else reason)


def test_every_code_has_an_exit_code() -> None:
    assert set(EXIT_CODES) == set(ErrorCode)


@pytest.mark.parametrize("code", list(ErrorCode))
def test_every_reason_is_documented(code: ErrorCode) -> None:
    page = Path(__file__).parents[2].joinpath("docs/cli.md").read_text("utf-8")
    error = type("Any", (WutsError,), {"code": code})()
    assert f"`{failure_of(error).reason}`" in page
