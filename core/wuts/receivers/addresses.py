"""Reads a receiver's address."""

from ..errors import InvalidInputError
from .alertmanager import AlertmanagerReceiver
from .receiver import AddressedReceiver
from .webhook import WebhookReceiver
from .words import LANGUAGES, Words

_NO_ADDRESS = (
    "A receiver's address must be one of Apprise's (such as mailto://… or ntfy://…), "
    "alertmanager+https://… or wuts+https://…."
)
_NO_SECRET_HERE = "Only a webhook (wuts+https://…) takes a secret of its own."  # noqa: S105
_NO_APPRISE = "This address needs the package apprise. Install wuts[receivers]."


def receiver_of(
    address: str,
    *,
    words: Words = LANGUAGES["en"],
    secret: str | None = None,
    dashboard_url: str | None = None,
) -> AddressedReceiver:
    """Return the receiver at an address; nothing is sent yet.

    Args:
        address: ``alertmanager+https://…`` is an Alertmanager, ``wuts+https://…`` a signed webhook;
            both may also be ``…+http``. All else is Apprise's.
        words: The language of what is sent.
        secret: Signs what is sent to a webhook; other receivers ignore it.
        dashboard_url: Where the recipient can see more.

    Raises:
        InvalidInputError: There can be no receiver at the address. The message holds nothing of it.
    """
    trimmed = address.strip()
    scheme, separator, rest = trimmed.partition("://")
    kind, plus, transport = scheme.lower().partition("+")
    if not separator or not rest:
        raise InvalidInputError(_NO_ADDRESS)
    is_ours = plus and transport in {"http", "https"}
    url = f"{transport}://{rest}"
    if is_ours and kind == "wuts":
        return WebhookReceiver(url, secret, words=words, dashboard_url=dashboard_url)
    if secret is not None:
        raise InvalidInputError(_NO_SECRET_HERE)
    if is_ours and kind == "alertmanager":
        return AlertmanagerReceiver(url, words=words, dashboard_url=dashboard_url)
    if kind in {"wuts", "alertmanager"}:
        raise InvalidInputError(f"Write {kind}+https:// or {kind}+http://.")
    return _by_apprise(trimmed, words, dashboard_url)


def _by_apprise(address: str, words: Words, dashboard_url: str | None) -> AddressedReceiver:
    try:
        # Others need no Apprise, and it takes a while to load.
        from .apprise_receiver import AppriseReceiver  # noqa: PLC0415
    except ModuleNotFoundError:
        raise InvalidInputError(_NO_APPRISE) from None
    return AppriseReceiver(address, words=words, dashboard_url=dashboard_url)
