"""Who may obtain a QR or a code in Home Assistant: each cell of the table in docs/security.md."""

import asyncio
import base64
import json
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import pytest
from homeassistant.components.image import async_get_image
from homeassistant.const import MATCH_ALL
from homeassistant.core import Event, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr

from custom_components.wuts.const import DOMAIN
from custom_components.wuts.core.pairing import PAIRINGS
from tests.custom_components.wuts.dialog import Dialog
from tests.custom_components.wuts.files import ROOT
from tests.custom_components.wuts.helpers import (
    PATIENCE,
    issues_of,
    on_dashboards,
    read_qr,
    state_of,
)
from tests.custom_components.wuts.roles import ROLES, Person

PHONE = "5511988887777"
IMAGE, BUTTON = "image.front_desk_pairing_qr", "button.front_desk_show_pairing_qr"


def cells() -> dict[str, dict[str, bool]]:
    """Return Home Assistant's rows of the table: who gets a QR or a code by which way."""
    text = (ROOT / "docs/security.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("| ").split("|")]
        for line in text.splitlines()
        if line.startswith("| Home Assistant |")
    ]
    return {
        way: dict(zip(ROLES, (cell == "yes" for cell in row), strict=True)) for _, way, *row in rows
    }


TABLE = cells()


async def by_dialog(person: Person) -> bool:
    handler = [person.entry.entry_id, "device"]
    (subentry_id,) = person.entry.subentries
    path = "/api/config/config_entries/subentries/flow"
    body = {"handler": handler, "subentry_id": subentry_id}
    return await shows_qr(person, path, body, {"handler": handler})


async def by_repair(person: Person) -> bool:
    (issue,) = await person.until(lambda: issues_of(person.hass, "needs_pairing"))
    body = {"handler": DOMAIN, "issue_id": issue.issue_id}
    return await shows_qr(person, "/api/repairs/issues/fix", body)


async def shows_qr(person: Person, path: str, *bodies: dict[str, Any]) -> bool:
    """Tell whether a dialog shows a QR, for a person who begins it or knows that it is open."""
    begun = [await person.post(path, body) for body in bodies]
    if None in begun:
        assert begun == [None] * len(bodies)
        return await reads_another_ones(person, path)
    flow = f"{path}/{begun[0]['flow_id']}"
    await person.post(flow, {"next_step_id": "qr"})

    async with asyncio.timeout(PATIENCE):
        while not (qr := (await described(person, flow)).get("qr")):  # noqa: ASYNC110 - untold
            await asyncio.sleep(0.02)
    return bool(read_qr(qr))


async def described(person: Person, flow: str) -> dict[str, str]:
    shown = await (await person.http.get(flow)).json()
    return shown.get("description_placeholders") or {}


async def reads_another_ones(person: Person, path: str) -> bool:
    dialog = await Dialog.again(person.hass, person.entry)
    await dialog.choose("qr")
    await dialog.shows("qr")
    answer = await person.http.get(f"{path}/{dialog.result['flow_id']}")
    return answer.status == HTTPStatus.OK


async def by_button(person: Person) -> bool:
    await on_dashboards(person.hass, person.entry)
    await person.act("button", "press", entity_id=BUTTON)
    await person.hass.async_block_till_done()
    return PAIRINGS.owner(person.sim.url, person.device.id) is not None


async def by_image(person: Person) -> bool:
    await on_dashboards(person.hass, person.entry)
    await person.hass.services.async_call("button", "press", {"entity_id": BUTTON}, blocking=True)
    await person.until(lambda: state_of(person.hass, IMAGE) != "unavailable")
    if person.role == "program":
        picture = (await async_get_image(person.hass, IMAGE)).content
    else:
        answer = await person.http.get(f"/api/image_proxy/{IMAGE}")
        if answer.status != HTTPStatus.OK:
            return False
        picture = await answer.read()
    return bool(read_qr(base64.b64encode(picture).decode()))


async def by_what_is_off(person: Person) -> bool:
    await person.act("button", "press", entity_id=BUTTON)
    dialog = await Dialog.again(person.hass, person.entry)
    await dialog.choose("qr")
    await dialog.shows("qr")
    answer = await person.http.get(f"/api/image_proxy/{IMAGE}")
    if person.role == "program":
        with pytest.raises(HomeAssistantError):
            await async_get_image(person.hass, IMAGE)
    return answer.status == HTTPStatus.OK


async def by_action(person: Person) -> bool:
    (device,) = dr.async_entries_for_config_entry(dr.async_get(person.hass), person.entry.entry_id)
    answer = await person.act(
        DOMAIN, "request_pair_code", returns=True, device_id=device.id, phone_number=PHONE
    )
    return bool(answer and answer["code"])


async def by_json(person: Person) -> bool:
    """Tell whether a QR or a code of an administrator's is in anything that others may read."""
    events: list[str] = []

    @callback
    def hear(event: Event) -> None:
        events.append(json.dumps(event.as_dict(), default=str))

    person.hass.bus.async_listen(MATCH_ALL, hear)
    await on_dashboards(person.hass, person.entry)
    secrets = [await a_qr(person), await a_code(person)]
    said = [*events, await read(person, "/api/states")]
    said.append(await read(person, f"/api/diagnostics/config_entry/{person.entry.entry_id}"))
    said.append(await read(person, "/api/error_log"))
    return any(secret in text for secret in secrets for text in said)


async def a_qr(person: Person) -> str:
    dialog = await Dialog.again(person.hass, person.entry)
    await dialog.choose("qr")
    return read_qr((await dialog.shows("qr"))["qr"])


async def a_code(person: Person) -> str:
    dialog = await Dialog.again(person.hass, person.entry)
    await dialog.choose("phone")
    await dialog.answer(phone_number=f"+{PHONE}")
    code = (await dialog.shows("code"))["code"]
    assert re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}", code)
    return code


async def by_link(person: Person) -> bool:
    """Tell whether a person gets a link, from a dialog of their own or of somebody else's."""
    hass = person.hass
    await hass.config.async_update(external_url="https://home.example.com")
    dialog = await Dialog.again(hass, person.entry)
    await dialog.choose("qr")
    await dialog.shows("qr")
    path = "/api/config/config_entries/subentries/flow"
    flow = f"{path}/{dialog.result['flow_id']}"
    result = await person.post(flow, {"next_step_id": "page"})
    if result is None:
        assert (await dialog.read())["step_id"] == "qr"
        return False
    return "https://home.example.com/api/wuts/pair/" in json.dumps(result)


async def by_link_of_an_action(person: Person) -> bool:
    await person.hass.config.async_update(external_url="https://home.example.com")
    (device,) = dr.async_entries_for_config_entry(dr.async_get(person.hass), person.entry.entry_id)
    answer = await person.act(DOMAIN, "create_pairing_link", returns=True, device_id=device.id)
    return bool(answer and answer["url"])


async def read(person: Person, path: str) -> str:
    return await (await person.http.get(path)).text()


WAYS: dict[str, Callable[[Person], Awaitable[bool]]] = {
    "dialog: add a device, pair it again": by_dialog,
    "repair": by_repair,
    "button *Show pairing QR*, if the option is on": by_button,
    "image *Pairing QR*, if the option is on": by_image,
    "button and image, while the option is off": by_what_is_off,
    "action `wuts.request_pair_code`": by_action,
    "action `wuts.create_pairing_link`": by_link_of_an_action,
    "JSON: states, events, diagnostics, logs": by_json,
    "link: make one": by_link,
}


def test_every_row_of_the_table_is_tested() -> None:
    assert TABLE.keys() == WAYS.keys()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("way", WAYS)
async def test_each_obtains_what_the_table_says(person: Person, role: str, way: str) -> None:
    assert await WAYS[way](person) is TABLE[way][role]
