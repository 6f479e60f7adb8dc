"""A gateway behind an authority of one's own."""

from pathlib import Path

import pytest

from tests.core.wuts.tls import Certificate
from tests.core.wuts.values import documented
from tests.wuts_cli.command import Wuts


@pytest.mark.parametrize("way", ["option", "variable"])
async def test_a_ca_file_makes_a_gateway_trusted(tmp_path: Path, way: str) -> None:
    certificate = Certificate()
    ca_file = str(certificate.write_authority(tmp_path / "authority.pem"))
    async with certificate.served(documented("devices_reference")) as url:
        if way == "option":
            listed = await Wuts(url)("devices", "--json", "--ca-file", ca_file)
        else:
            listed = await Wuts(url)("devices", "--json", WUTS_CA_FILE=ca_file)
    assert (listed.code, listed.err) == (0, "")
    assert listed.events[0]["name"] == "Reception"


async def test_without_it_the_error_says_that_the_certificate_is_not_trusted() -> None:
    async with Certificate().served(documented("devices_reference")) as url:
        refused = await Wuts(url)("devices", "--json")
    assert refused.code == 1
    assert [event["reason"] for event in refused.events] == ["gateway_unreachable"]
    assert "CA file" in refused.error


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_a_file_that_is_none_is_a_matter_of_configuration(
    tmp_path: Path, content: str | None
) -> None:
    ca_file = tmp_path / "authority.pem"
    if content is not None:
        ca_file.write_text(content)
    refused = await Wuts("https://localhost:1")("devices", "--json", "--ca-file", str(ca_file))
    assert refused.code == 2
    assert [event["reason"] for event in refused.events] == ["configuration"]
    assert str(ca_file) in refused.error


async def test_the_doctor_shows_the_certificate_of_a_gateway_that_is_not_trusted() -> None:
    async with Certificate().served(documented("devices_none")) as url:
        checked = await Wuts(url)("doctor")
    assert checked.code == 1
    assert "The gateway cannot be reached (certificate untrusted)." in checked.out
    assert "The certificate is refused (certificate untrusted): localhost" in checked.out
