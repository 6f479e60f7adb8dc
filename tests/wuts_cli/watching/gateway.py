"""A simulator in a process of its own, and its control API."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession

from tests.wuts_cli.command import PHONE, TOKEN, Json


class Gateway:
    def __init__(self, url: str, http: ClientSession) -> None:
        self.url = url
        self._http = http

    async def add_devices(self, count: int) -> list[str]:
        body = {"tenant": "home", "count": count, "state": "connected"}
        return list((await self._post("/_sim/devices", body))["device_ids"])

    async def unlink(self, *device_ids: str) -> None:
        for device_id in device_ids:
            await self._post(f"/_sim/devices/{device_id}/unlink", {})

    async def drop(self, *device_ids: str) -> None:
        for device_id in device_ids:
            await self._post(f"/_sim/devices/{device_id}/drop", {})

    async def restart(self, *, down_for: float) -> None:
        await self._post("/_sim/restart", {"down_for": down_for})

    async def pair(self, device_id: str) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        url = f"{self.url}/qr?device_id={device_id}"
        async with self._http.get(url, headers=headers) as response:
            assert response.ok
        await self._post(f"/_sim/devices/{device_id}/scan", {"phone": PHONE})

    async def _post(self, path: str, body: Json) -> Json:
        async with self._http.post(f"{self.url}{path}", json=body) as response:
            answer = await response.json()
            assert response.ok, answer
            return answer


@asynccontextmanager
async def running_gateway() -> AsyncIterator[Gateway]:
    flags = ("--control", "--json", "--port", "0", "--token", f"home={TOKEN}", "--no-qr-image")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "wuts_simulator", *flags, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        told = json.loads(await process.stdout.readline())
        async with ClientSession() as http:
            yield Gateway(told["url"], http)
    finally:
        process.terminate()
        await process.communicate()
