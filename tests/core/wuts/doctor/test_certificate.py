"""What is shown of a certificate, trusted or not."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest

from tests.core.wuts.tls import HOST, Certificate
from wuts.doctor import FindingCode, Level
from wuts.doctor.certificate import check_certificate
from wuts.doctor.receiver import check_receiver

NOW = datetime.now(UTC)


def nobody() -> ssl.SSLContext:
    """Return a context that trusts no authority."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def test_a_trusted_certificate_is_shown_with_its_issuer_and_the_days_left() -> None:
    certificate = Certificate(days=30)
    async with certificate.served() as url:
        finding = await check_certificate(url, context=certificate.trusted(), now=NOW)
    assert finding.code is FindingCode.CERTIFICATE_TRUSTED
    assert finding.parameters["subject"] == HOST
    assert str(finding.parameters["issuer"]).startswith("trustme")
    assert finding.parameters["days"] in (29, 30)
    expires = finding.parameters["expires"]
    assert isinstance(expires, datetime)
    assert abs(expires - NOW - timedelta(days=30)) < timedelta(minutes=5)


async def test_a_certificate_that_ends_soon_is_warned_of() -> None:
    certificate = Certificate(days=13)
    async with certificate.served() as url:
        finding = await check_certificate(url, context=certificate.trusted(), now=NOW)
    assert finding.code is FindingCode.CERTIFICATE_EXPIRES_SOON
    assert finding.level is Level.WARN


@pytest.mark.parametrize(
    ("certificate", "is_trusted", "problem"),
    [
        pytest.param(Certificate(), False, "certificate_untrusted", id="not trusted"),
        pytest.param(Certificate(days=-1), True, "certificate_expired", id="expired"),
        pytest.param(
            Certificate(host="other.example"), True, "certificate_wrong_host", id="another host"
        ),
        pytest.param(
            Certificate(host="other.example", days=-1),
            False,
            "certificate_untrusted",
            id="all at once",
        ),
    ],
)
async def test_a_refused_certificate_is_shown_all_the_same(
    certificate: Certificate,
    is_trusted: bool,
    problem: str,
) -> None:
    async with certificate.served() as url:
        context = certificate.trusted() if is_trusted else nobody()
        finding = await check_certificate(url, context=context, now=NOW)
    assert finding.code is FindingCode.CERTIFICATE_REFUSED
    assert finding.level is Level.FAIL
    assert finding.parameters["problem"] == problem
    assert finding.parameters["subject"] in (HOST, "other.example")
    assert isinstance(finding.parameters["expires"], datetime)


async def test_a_port_where_nobody_listens_is_no_verdict_on_the_certificate(
    closed_port: int,
) -> None:
    url = f"https://127.0.0.1:{closed_port}"
    finding = await check_certificate(url, context=nobody(), now=NOW)
    assert finding.code is FindingCode.CERTIFICATE_UNKNOWN
    assert finding.parameters["problem"] == "connection_refused"


async def test_plain_http_has_no_certificate_and_is_warned_of() -> None:
    finding = await check_certificate("http://127.0.0.1:1", context=nobody(), now=NOW)
    assert finding.code is FindingCode.PLAIN_HTTP
    assert finding.level is Level.WARN


async def test_a_webhook_address_that_answers_is_told_by_its_host_alone() -> None:
    certificate = Certificate()
    async with certificate.served() as url:
        finding = await check_receiver(f"{url}/hook/s3cret", context=certificate.trusted())
    assert finding.code is FindingCode.RECEIVER_ANSWERS
    assert finding.parameters == {"host": HOST, "status": 204}


async def test_a_webhook_address_with_a_bad_certificate_is_told_why() -> None:
    certificate = Certificate()
    async with certificate.served() as url:
        finding = await check_receiver(f"{url}/hook", context=nobody())
    assert finding.code is FindingCode.RECEIVER_UNREACHABLE
    assert finding.parameters["problem"] == "certificate_untrusted"
