"""The naive peer: one APScheduler job per device, each polling ``/status`` and reconnecting."""

from collections.abc import Callable
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from wuts import WutsClient
from wuts.errors import WutsError


class NaiveSupervisor:
    """What one writes first: poll each device, connect it when it is down.

    Args:
        client: Makes the calls.
        device_ids: The devices to keep connected.
        interval: Seconds between two polls of a device.
        on_healed: Called with the id of each device that was reconnected.
    """

    def __init__(
        self,
        client: WutsClient,
        device_ids: list[str],
        interval: float,
        on_healed: Callable[[str], None],
    ) -> None:
        self._client = client
        self._on_healed = on_healed
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        for device_id in device_ids:
            self._scheduler.add_job(
                self._look,
                "interval",
                args=[device_id],
                seconds=interval,
                jitter=interval / 2,
                misfire_grace_time=None,
            )

    def start(self) -> None:
        """Begin to poll."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop polling."""
        self._scheduler.shutdown(wait=False)

    async def _look(self, device_id: str) -> None:
        try:
            status = await self._client.get_status(device_id)
            if not status.connected:
                await self._client.connect(device_id)
                self._on_healed(device_id)
        except WutsError:
            return  # the next poll tries again: that is what makes it naive
