"""Fills the disk that a store is on, and makes room again: ``full_disk_user.py FOLDER``."""

import asyncio
import sys
from pathlib import Path

from tests.core.wuts.supervisor.store.sole_writer import SoleWriter
from wuts.supervisor.device.device import DeviceSnapshot
from wuts.supervisor.store import Changes, StoreFullError


def devices(count: int) -> Changes:
    return Changes(
        {
            ("home", str(number)): DeviceSnapshot(
                account="home",
                device_id=str(number),
                name="A name of some length, so that the file must grow",
                was_paired=True,
                paused=False,
                needs_pairing=False,
                stale_link=False,
            )
            for number in range(count)
        }
    )


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 1024):
                pass
        except OSError:
            return


async def main(folder: Path) -> None:
    store = SoleWriter(f"sqlite:///{folder}/store.db")
    await store.save(devices(1))
    filler = folder / "filler"
    fill(filler)
    try:
        await store.save(devices(1000))
    except StoreFullError:
        print("full")
    if len((await store.load()).snapshots) == 1:
        print("readable")
    filler.unlink()
    await store.save(devices(1000))
    if len((await store.load()).snapshots) == 1000:
        print("saved")
    await store.close()


asyncio.run(main(Path(sys.argv[1])))
