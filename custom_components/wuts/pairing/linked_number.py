"""The number of the phone that a device should be linked to."""

from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.core import HomeAssistant, callback

from ..const import CONF_DEVICE_ID, CONF_PHONE_NUMBER
from ..coordinator import WutsConfigEntry
from ..issues import WRONG_ACCOUNT, async_withdraw_issue


@callback
def async_remember_number(
    hass: HomeAssistant,
    entry: WutsConfigEntry,
    subentry: ConfigSubentry,
    phone_number: str | None,
) -> None:
    """Keep the number of the phone that was just linked, and check the device now."""
    device_id = subentry.data[CONF_DEVICE_ID]
    data = {**subentry.data, CONF_PHONE_NUMBER: phone_number}
    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    async_withdraw_issue(hass, WRONG_ACCOUNT, device_id)
    if entry.state is ConfigEntryState.LOADED:
        entry.runtime_data.async_look(device_id)
