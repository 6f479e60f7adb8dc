"""A gateway behind a certificate: what is wrong is named, and your own authority is trusted."""

import asyncio
import shutil
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, override

import pytest
from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER, ConfigEntryState
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.const import CONF_CA_FILE, DOMAIN, SECTION_ADVANCED
from tests.custom_components.wuts.tls import HOST, write_certificate


class Listing(BaseHTTPRequestHandler):
    """A gateway without devices."""

    def do_GET(self) -> None:
        body = b'{"success": true, "devices": []}'
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: object) -> None: ...


@asynccontextmanager
async def serving(pem: Path) -> AsyncIterator[str]:
    """Serve it in a thread of its own: who does not trust it ends its handshakes."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    server = HTTPServer((HOST, 0), Listing)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"https://{HOST}:{server.server_port}"
    finally:
        # The event loop keeps running: a handshake may be in flight.
        await asyncio.to_thread(server.shutdown)
        await asyncio.to_thread(thread.join)
        server.server_close()


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    return write_certificate(tmp_path, host=HOST)


@pytest.fixture
async def url(socket_enabled: None, pem: Path) -> AsyncIterator[str]:
    """A gateway whose certificate nobody but its owner trusts."""
    async with serving(pem) as address:
        yield address


def answers(url: str, ca_file: Path | str | None = None) -> dict[str, Any]:
    advanced = {CONF_URL: url} | ({CONF_CA_FILE: str(ca_file)} if ca_file else {})
    return {CONF_TOKEN: "t", SECTION_ADVANCED: advanced}


async def add(hass: HomeAssistant, url: str, ca_file: Path | str | None = None) -> Any:  # noqa: ANN401
    flow = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    return await hass.config_entries.flow.async_configure(flow["flow_id"], answers(url, ca_file))


async def test_a_gateway_of_an_authority_of_ones_own_is_trusted_with_its_file(
    hass: HomeAssistant, url: str, pem: Path
) -> None:
    assert (await add(hass, url))["errors"] == {"base": "certificate_untrusted"}
    result = await add(hass, url, pem)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    assert result["data"][CONF_CA_FILE] == str(pem)
    await hass.async_block_till_done()
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.LOADED

    shown = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    )
    assert shown["data_schema"]
    advanced = shown["data_schema"].schema[SECTION_ADVANCED].schema.schema
    (ca_file,) = [key for key in advanced if key == CONF_CA_FILE]
    assert ca_file.description["suggested_value"] == str(pem)


async def test_a_ca_file_may_be_named_from_the_configuration_folder(
    hass: HomeAssistant, url: str, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hass.config, "config_dir", str(pem.parent))
    assert (await add(hass, url, pem.name))["type"] is FlowResultType.CREATE_ENTRY


async def test_a_ca_file_that_was_replaced_is_read_again(
    hass: HomeAssistant, url: str, pem: Path, tmp_path: Path
) -> None:
    ca_file = tmp_path / "ca.pem"
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(write_certificate(other, host=HOST), ca_file)
    assert (await add(hass, url, ca_file))["errors"] == {"base": "certificate_untrusted"}
    shutil.copy(pem, ca_file)
    assert (await add(hass, url, ca_file))["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("content", [None, "", "no certificate"], ids=["missing", "empty", "text"])
async def test_a_ca_file_that_is_none_is_told(
    hass: HomeAssistant, url: str, tmp_path: Path, content: str | None
) -> None:
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_text(content, "utf-8")
    assert (await add(hass, url, ca_file))["errors"] == {"base": "invalid_ca_file"}


async def test_an_account_whose_ca_file_is_missing_at_the_start_is_tried_again(
    hass: HomeAssistant, url: str, pem: Path, tmp_path: Path
) -> None:
    ca_file = tmp_path / "mounted-late.pem"
    data = {CONF_TOKEN: "t", CONF_URL: url, CONF_CA_FILE: str(ca_file)}
    entry = MockConfigEntry(domain=DOMAIN, title="WUTS", data=data)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state == ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "invalid_ca_file"

    shutil.copy(pem, ca_file)
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state == ConfigEntryState.LOADED


async def test_an_expired_certificate_is_told(
    hass: HomeAssistant, socket_enabled: None, tmp_path: Path
) -> None:
    pem = write_certificate(tmp_path, host=HOST, days=-1)
    async with serving(pem) as url:
        assert (await add(hass, url, pem))["errors"] == {"base": "certificate_expired"}


async def test_a_certificate_for_another_host_is_told(
    hass: HomeAssistant, socket_enabled: None, tmp_path: Path
) -> None:
    pem = write_certificate(tmp_path, host="gateway.example")
    async with serving(pem) as url:
        assert (await add(hass, url, pem))["errors"] == {"base": "certificate_wrong_host"}


async def test_a_name_that_does_not_resolve_and_a_port_that_refuses_are_told_apart(
    hass: HomeAssistant, socket_enabled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(host: str, *_args: object, **_more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    result = await add(hass, "https://127.0.0.1:9")
    assert result["errors"] == {"base": "connection_refused"}
    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    result = await add(hass, "https://gateway.invalid")
    assert result["errors"] == {"base": "name_not_found"}
