"""What a simulator is started with. Every field is also a flag of the command."""

from dataclasses import dataclass, field

from .dialects import DIALECTS, Dialect, DialectName


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one simulator. Times are in seconds.

    Attributes:
        dialect: Whose spelling of the contract is spoken.
        host: The address to bind.
        port: The port to bind; 0 takes any that is free.
        tokens: ``(tenant, token)`` pairs. A tenant ``home/eve`` is the user eve of the tenant home.
            Without any, tenant ``home`` gets a random token.
        control: Whether the control API under ``/_sim/`` exists.
        qr_first_life: How long the first QR of a pairing lives; None for the dialect's own.
        qr_life: How long the later ones live; None for the dialect's own.
        qr_latency: How long ``/qr`` takes.
        qr_image: Whether ``/qr`` draws the ``image``; else it is an empty string.
        pair_code_life: How long a pair code lives.
        pair_code_latency: How long ``/paircode`` takes.
        connecting_for: How long a device is ``connecting`` after a scan.
        connect_latency: How long ``/connect`` takes to bring a session back.
        latency: How long every answer of the contract takes, at least.
        clock_skew: How far the gateway's calendar is ahead of the machine's; negative for behind.
        allow_http_webhooks: Whether a webhook may have an ``http://`` address.
        webhook_backoff: The pause before the first retry of a delivery; it doubles with each.
        seed: Makes ids, QRs and codes predictable; None draws them from the system.
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
    connect_latency: float = 0.0
    latency: float = 0.0
    clock_skew: float = 0.0
    allow_http_webhooks: bool = False
    webhook_backoff: float = 1.0
    seed: int | None = None

    @property
    def spelling(self) -> Dialect:
        """What the dialect means."""
        return DIALECTS[DialectName(self.dialect)]

    def qr_life_of(self, generation: int) -> float:
        """Return the life of a pairing's QR; ``generation`` counts from 0."""
        chosen = self.qr_life if generation else self.qr_first_life
        return self.spelling.qr_life if chosen is None else chosen
