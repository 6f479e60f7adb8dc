"""What a simulator is started with: every setting is also a flag; a dialect is a set of them."""

from dataclasses import dataclass, field
from enum import StrEnum

from .contract import EndpointName


class DialectName(StrEnum):
    """Whose page is followed: they disagree, and a client must accept all (docs/simulator.md)."""

    REFERENCE = "reference"
    GUIDE = "guide"
    QUICKSTART = "quickstart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What differs between the pages.

    Attributes:
        created_as_data: ``POST /devices`` answers 201 with ``data`` (shape b), else shape (a).
        created_in_full: Shape (a) carries ``user_id`` and ``updated_at``.
        qr_cached: ``/qr`` carries ``cached``.
        qr_expires_at: ``/qr`` carries ``expires_at``.
        qr_ttl: ``/qr`` carries ``ttl``.
        qr_life: Seconds a QR lives when no flag says otherwise.
        nulls: An optional field without a value is ``null``, else it is left out.
        refusal: The ``error`` of a 401.
    """

    created_as_data: bool = False
    created_in_full: bool = False
    qr_cached: bool = False
    qr_expires_at: bool = False
    qr_ttl: bool = False
    qr_life: float = 60.0
    nulls: bool = False
    refusal: str = "Invalid token"

    def optional(self, **fields: object) -> dict[str, object]:
        """Return the fields that have a value; those without are dropped or null."""
        if self.nulls:
            return fields
        return {name: value for name, value in fields.items() if value is not None}


_DIALECTS = {
    DialectName.REFERENCE: Dialect(
        created_in_full=True, qr_cached=True, qr_expires_at=True, qr_ttl=True
    ),
    DialectName.GUIDE: Dialect(qr_life=30.0),
    DialectName.QUICKSTART: Dialect(
        created_as_data=True, qr_ttl=True, nulls=True, refusal="unauthorized"
    ),
}


_ABOUT_WEBHOOK = frozenset(
    {EndpointName.GET_WEBHOOK, EndpointName.SET_WEBHOOK, EndpointName.DELETE_WEBHOOK}
)


class Signed(StrEnum):
    """What a delivery's signature may be made of: the page that tells could not be read."""

    BODY = "body"
    DATA = "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one simulator. Times are in seconds.

    Attributes:
        dialect: Which spelling of the contract it speaks.
        host: The address to bind.
        port: The port to bind; 0 takes a free one.
        tokens: ``(tenant, token)`` pairs. A tenant ``home/eve`` is the user eve of the tenant home.
            Without any, the tenant ``home`` gets a random token.
        control: Whether it serves the control API under ``/_sim/``.
        qr_first_life: How long the first QR of a pairing lives; None for the dialect's own.
        qr_life: How long later ones live; None for the dialect's own.
        qr_latency: How long ``/qr`` takes.
        qr_image: Whether ``/qr`` draws the ``image``; otherwise it is an empty string.
        pair_code_life: How long a pair code lives.
        pair_code_latency: How long ``/paircode`` takes.
        connecting_for: How long a device is ``connecting`` after a scan.
        drops_after: How long a link that drops is up.
        connect_latency: How long ``/connect`` takes to bring a session back.
        latency: How long every answer of the contract takes, at least.
        queue_media_over: Bytes above which a video or sound is only queued (202); None for never.
        clock_skew: How far the gateway's calendar is ahead of the machine's; negative for behind.
        allow_http_webhooks: Whether a webhook may have an ``http://`` address.
        webhook_backoff: The pause before the first retry of a delivery; it doubles with each.
        webhook_signs: What the signature of a delivery is made of.
        logout_heeds_device_id: Whether ``/logout`` heeds ``device_id``; else it means the first
            device of the user.
        disconnect_heeds_device_id: Whether ``/disconnect`` does.
        webhook_heeds_device_id: Whether ``/webhook`` does.
        seed: Makes ids, QRs and codes predictable; None draws them from the system.
        adversary: Makes the gateway misbehave at random, by this seed, from the start.
        adversary_period: How long each bad period lasts.
    """

    dialect: DialectName = DialectName.REFERENCE
    host: str = "127.0.0.1"
    port: int = 0
    tokens: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    control: bool = False
    qr_first_life: float | None = None
    qr_life: float | None = None
    qr_latency: float = 0.0
    qr_image: bool = True
    pair_code_life: float = 300.0
    pair_code_latency: float = 0.0
    connecting_for: float = 0.5
    drops_after: float = 5.0
    connect_latency: float = 0.0
    latency: float = 0.0
    queue_media_over: int | None = None
    clock_skew: float = 0.0
    allow_http_webhooks: bool = False
    webhook_backoff: float = 1.0
    webhook_signs: Signed = Signed.BODY
    logout_heeds_device_id: bool = True
    disconnect_heeds_device_id: bool = True
    webhook_heeds_device_id: bool = True
    seed: int | None = None
    adversary: int | None = None
    adversary_period: float = 10.0

    @property
    def spelling(self) -> Dialect:
        """What the dialect means."""
        return _DIALECTS[DialectName(self.dialect)]

    def heeds_device_id(self, endpoint: EndpointName) -> bool:
        """Return whether a call heeds ``device_id``; not every page shows one for these."""
        if endpoint is EndpointName.LOGOUT:
            return self.logout_heeds_device_id
        if endpoint is EndpointName.DISCONNECT:
            return self.disconnect_heeds_device_id
        return self.webhook_heeds_device_id or endpoint not in _ABOUT_WEBHOOK

    def qr_life_of(self, generation: int) -> float:
        """Return the life of a pairing's QR; ``generation`` counts from 0."""
        chosen = self.qr_life if generation else self.qr_first_life
        return self.spelling.qr_life if chosen is None else chosen
