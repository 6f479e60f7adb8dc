"""Many pairings at once, seen by Slack, which takes only so many calls a minute."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.slack_app.slack_server import picture_id
from tests.slack_app.strict_files import Sent
from tests.slack_app.strict_slack import StrictSlack, strict_slack

from .gateway import running_gateway
from .report import table
from .slack_app import pair, running_app

PAIRINGS = 20
SECONDS = 90.0
CODE_LIFE = 20.0

STALE = 5.0
"""Seconds behind its code's end after which a QR that is still up counts as stale."""

_LOOKS_EACH = 0.05
_METHODS = ("chat.postMessage", "chat.update", "chat.delete", "files.info", "files.delete")


@dataclass
class Watch:
    """What people see of QRs.

    Attributes:
        made: When the picture of each code came to Slack, by its file's id.
        first: When each was first seen in a message.
        last: When each was last seen there.
        of: The pictures of each pairing that were seen, in their order.
        ended: The pairings that were seen to have ended.
    """

    slack: StrictSlack
    made: dict[str, float] = field(default_factory=dict)
    first: dict[str, float] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)
    of: dict[str, list[str]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)

    async def look(self, seconds: float) -> None:
        """Look at all messages, again and again."""
        ends = time.perf_counter() + seconds
        while (now := time.perf_counter()) < ends:
            for name in self.slack.files.contents:
                self.made.setdefault(name, now)
            for channel, message in self._pairings():
                shown = picture_id(message)
                if shown is not None and shown in self.slack.files.names:
                    self._note(channel, shown, now)
                if "pairing_cancel" not in str(message):
                    self.ended.add(channel)
            await asyncio.sleep(_LOOKS_EACH)

    def _note(self, channel: str, shown: str, now: float) -> None:
        if shown not in self.first:
            self.first[shown] = now
            self.of.setdefault(channel, []).append(shown)
        self.last[shown] = now

    def _pairings(self) -> Iterator[tuple[str, Sent]]:
        for (channel, _), message in self.slack.messages.items():
            if channel.startswith("D"):
                yield channel, message

    @property
    def overstays(self) -> list[float]:
        """The seconds that each QR was up when a phone took it no longer.

        A code lives its time, and no longer than until the gateway made the next.
        """
        found = []
        for names in self.of.values():
            for name, after in zip(names, [*names[1:], None], strict=True):
                end = self.made[name] + CODE_LIFE
                if after is not None:
                    end = min(end, self.made[after])
                found.append(self.last[name] - end)
        return found

    @property
    def swaps(self) -> list[float]:
        """The seconds from each picture's coming to Slack until it was in the message."""
        return [when - self.made[name] for name, when in self.first.items()]


async def limits_text() -> str:
    """Run as many pairings at once, whose QRs change as fast as WhatsApp changes them."""
    flags = ("--qr-first-life", str(int(CODE_LIFE)), "--qr-life", str(int(CODE_LIFE)))
    async with strict_slack() as slack:
        with running_gateway(*flags) as gateway:
            ids = gateway.add_devices(PAIRINGS, state="never_paired")
            async with running_app(slack, gateway) as app:
                await app.has(f'state="never_paired"}} {float(PAIRINGS)}')
                watch = Watch(slack)
                looking = asyncio.create_task(watch.look(SECONDS))
                times = await pair(slack, ids)
                await looking
    return _text(watch, max(times.qr))


def _text(watch: Watch, first: float) -> str:
    tiers, overstays = watch.slack.tiers, watch.overstays
    stale = sum(one > STALE for one in overstays)
    told = (
        f"{PAIRINGS} pairings at once for {SECONDS:.0f} s with codes of {CODE_LIFE:.0f} s: "
        f"**{stale}** stale QRs, **{len(watch.ended)}** pairings ended by limits, "
        f"**{len(tiers.refused)}** answers of 429 (aims: 0, 0, and 0 in the steady state). "
        f"{len(watch.first)} of {len(watch.made)} codes were shown, the last of the first ones "
        f"after {first:.1f} s; each was in the message {max(watch.swaps):.1f} s at most after its "
        f"picture came to Slack. A dead QR was up for {max(watch.overstays):.1f} s at most; it "
        f"counts as stale behind {STALE:.0f} s."
    )
    rows = [[method, f"{tiers.most[method]:,}"] for method in _METHODS]
    return f"{told}\n\n{table(['method', 'most calls in a minute'], rows)}"
