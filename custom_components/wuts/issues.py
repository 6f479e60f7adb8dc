"""The repair issues: what a person must do, raised and taken back as the state demands."""

from collections.abc import Iterable

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import CONF_DEVICE_ID, DOMAIN

NEEDS_PAIRING = "needs_pairing"
DEVICE_GONE = "device_gone"
GATEWAY_DOWN = "gateway_down"


class Issues:
    """The repair issues of one account.

    Args:
        hass: Home Assistant.
        entry_id: The account's entry.
        account: The account's name, for people.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str, account: str) -> None:
        self._hass = hass
        self._entry_id = entry_id
        self._account = account
        self._raised: set[str] = set()

    @callback
    def show(
        self, *, gateway_down: bool, needs_pairing: dict[str, str], gone: dict[str, str]
    ) -> None:
        """Raise what is wrong now and take back what is not.

        Args:
            gateway_down: Whether the gateway cannot be reached.
            needs_pairing: The names of the devices that a person must pair, by id.
            gone: The names of the devices that the gateway has no more, by id.
        """
        present = {
            *([self._raise(GATEWAY_DOWN)] if gateway_down else []),
            *(self._raise(NEEDS_PAIRING, *device) for device in needs_pairing.items()),
            *(self._raise(DEVICE_GONE, *device) for device in gone.items()),
        }
        self._take_back(self._raised - present)

    @callback
    def clear(self) -> None:
        """Take everything back."""
        self._take_back(set(self._raised))

    def _raise(self, key: str, device_id: str = "", name: str = "") -> str:
        issue_id = "_".join(filter(None, (key, self._entry_id, device_id)))
        if issue_id in self._raised:
            return issue_id
        self._raised.add(issue_id)
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue_id,
            data={"entry_id": self._entry_id, CONF_DEVICE_ID: device_id},
            is_fixable=key == NEEDS_PAIRING,
            severity=ir.IssueSeverity.ERROR,
            translation_key=key,
            translation_placeholders={"account": self._account, "name": name},
        )
        return issue_id

    def _take_back(self, ids: Iterable[str]) -> None:
        for issue_id in ids:
            self._raised.discard(issue_id)
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)
