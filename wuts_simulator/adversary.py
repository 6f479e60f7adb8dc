"""The adversary: a gateway that misbehaves at random, within what a good client survives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from random import Random
from typing import TYPE_CHECKING

from .contract import EndpointName, EventName
from .device import Device, Session
from .faults import Fault, FaultKind
from .mischief import SPELLS, Mischief, fault_of, fits

if TYPE_CHECKING:
    from .world import World

_SPELL_SHARE = 0.4
_STRIKE_SHARE = 0.3
_BEFALL_SHARE = 0.2
_REFUSED_SHARE = 0.3
_UNLINKED_AT_MOST = 1 / 3


class Adversary:
    """Decides for each request what goes wrong with it, and what befalls the devices.

    The seed decides everything: what happens to the n-th call of an endpoint about the m-th device
    in the k-th spell does not depend on what else was asked meanwhile.

    Args:
        world: The gateway.
        seed: Where all chance comes from.
        period: How long a spell lasts, in seconds; slow answers are late by a fifth of it at most.
        kinds: What it may do; everything unless given.

    Attributes:
        seed: The same.
        struck: How often it did what.
        unlinked: How often it unlinked each device's phone.
    """

    def __init__(
        self,
        world: World,
        seed: int,
        *,
        period: float = 10.0,
        kinds: Collection[Mischief] | None = None,
    ) -> None:
        self.seed = seed
        self.struck: Counter[Mischief] = Counter()
        self.unlinked: Counter[str] = Counter()
        self._world = world
        self._period = period
        self._kinds = frozenset(kinds or Mischief)
        self._begun = world.clock.monotonic()
        self._asked: Counter[tuple[EndpointName, int | None]] = Counter()
        self._numbers: dict[str, int] = {}
        self._phones: dict[str, str] = {}
        self._left_out: set[str] = set()

    def strike(self, endpoint: EndpointName, device_id: str | None) -> Fault | None:
        """Return what is wrong with this request, None for nothing."""
        number = self._number(device_id)
        self._asked[endpoint, number] += 1
        spell = int((self._world.clock.monotonic() - self._begun) / self._period)
        nth = self._asked[endpoint, number]
        chance = self._chance("call", spell, endpoint, number, nth)
        if endpoint is EndpointName.LIST_DEVICES and chance.random() < _BEFALL_SHARE:
            self._befall(chance)
        if endpoint is EndpointName.STATUS and device_id in self._left_out:
            self._left_out.discard(device_id)
            return Fault(kind=FaultKind.STATUS, status=404)
        mischief = self._mischief(spell, endpoint, number, chance)
        if mischief is None:
            return None
        self.struck[mischief] += 1
        return self._fault(mischief, endpoint, device_id, chance)

    def _chance(self, *names: object) -> Random:
        return Random("/".join(map(str, (self.seed, *names))))  # noqa: S311 - it hides no secret

    def _number(self, device_id: str | None) -> int | None:
        """Return which device it is, in the order of their creation."""
        if device_id is None:
            return None
        if device_id not in self._numbers:
            for known in self._world.registry.devices:
                self._numbers.setdefault(known, len(self._numbers))
        return self._numbers.get(device_id)

    def _mischief(
        self, spell: int, endpoint: EndpointName, number: int | None, chance: Random
    ) -> Mischief | None:
        """Return what the present spell does to this call, else what strikes it alone."""
        now = self._chance("spell", spell)
        choices = [kind for kind in SPELLS if kind in self._kinds]
        lasting = now.choice(choices) if choices and now.random() < _SPELL_SHARE else None
        if lasting is not None and fits(lasting, endpoint):
            hit = self._chance("refused", spell, number).random() < _REFUSED_SHARE
            if lasting is not Mischief.DEVICE_REFUSED or hit:
                return lasting
        if chance.random() >= _STRIKE_SHARE:
            return None
        fitting = [
            kind
            for kind in Mischief
            if kind in self._kinds and kind not in self._events and fits(kind, endpoint)
        ]
        return chance.choice(fitting) if fitting else None

    def _fault(
        self, mischief: Mischief, endpoint: EndpointName, device_id: str | None, chance: Random
    ) -> Fault:
        others = [one for one in self._world.registry.devices if one != device_id]
        if mischief is Mischief.WRONG_DEVICE:
            return Fault(kind=FaultKind.WRONG_DEVICE, body=chance.choice([*others, None]))
        if mischief is Mischief.LEFT_OUT and others:
            left_out = chance.choice(others)
            self._left_out.add(left_out)
            return Fault(kind=FaultKind.LEFT_OUT, fields=(left_out,))
        return fault_of(mischief, endpoint, chance, self._period)

    def _befall(self, chance: Random) -> None:
        """Let something happen to the devices."""
        possible = [kind for kind in self._events if kind in self._kinds]
        if not possible:
            return
        mischief = chance.choice(possible)
        devices = [*self._world.registry.devices.values()]
        if self._events[mischief](self, devices, chance):
            self.struck[mischief] += 1

    def _drop(self, devices: list[Device], chance: Random) -> bool:
        live = [device for device in devices if device.session is not Session.DISCONNECTED]
        for device in chance.sample(live, min(1, len(live))):
            self._world.sessions.close(device)
        return bool(live)

    def _drop_many(self, devices: list[Device], chance: Random) -> bool:
        live = [device for device in devices if device.session is not Session.DISCONNECTED]
        for device in chance.sample(live, -(-len(live) * 2 // 3)):
            self._world.sessions.close(device)
        return bool(live)

    def _restart(self, _devices: list[Device], chance: Random) -> bool:
        self._world.restart(
            down_for=chance.uniform(0, self._period / 5), drop_share=chance.random()
        )
        return True

    def _unlink(self, devices: list[Device], chance: Random) -> bool:
        linked = [device for device in devices if device.jid is not None]
        lost = [one for one in devices if one.jid is None and one.id in self._phones]
        if not linked or len(lost) >= len(devices) * _UNLINKED_AT_MOST:
            return False
        device = chance.choice(linked)
        self._phones[device.id] = device.phone or ""
        self.unlinked[device.id] += 1
        self._world.sessions.log_out(device)
        return True

    def _pair_elsewhere(self, devices: list[Device], chance: Random) -> bool:
        """Link a phone again that was unlinked here, and drop it before anybody looks."""
        lost = [one for one in devices if one.jid is None and one.id in self._phones]
        if not lost:
            return False
        device = chance.choice(lost)
        self._world.sessions.store_credentials(device, self._phones.pop(device.id))
        return True

    def _recreate(self, devices: list[Device], chance: Random) -> bool:
        linked = [device for device in devices if device.jid is not None]
        if not linked:
            return False
        old = chance.choice(linked)
        phone = old.phone or ""
        self._world.remove(old.id)
        new = self._world.registry.add_device(old.user, old.name, self._world.sessions.calendar())
        self._world.sessions.store_credentials(new, phone)
        if chance.random() < 1 / 2:
            self._world.sessions.open(new)
        return True

    def _deliver(self, devices: list[Device], chance: Random) -> bool:
        """Tell of many things that did not happen."""
        for device in chance.choices(devices, k=20) if devices else ():
            self._world.sessions.hooks.on_event(device, chance.choice([*EventName]))
        return bool(devices)

    _events: Mapping[Mischief, Callable[[Adversary, list[Device], Random], bool]] = {
        Mischief.DROPPED: _drop,
        Mischief.MASS_DROP: _drop_many,
        Mischief.RESTARTED: _restart,
        Mischief.UNLINKED: _unlink,
        Mischief.PAIRED_ELSEWHERE: _pair_elsewhere,
        Mischief.RECREATED: _recreate,
        Mischief.DELIVERIES: _deliver,
    }
