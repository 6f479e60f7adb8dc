"""What is remembered of a device's phone: whose number it should be."""

from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import CONF_DEVICE_ID, CONF_PHONE_NUMBER, DOMAIN
from ..coordinator import WutsConfigEntry

WRONG_ACCOUNT = "wrong_account"


@callback
def async_remember_number(
    hass: HomeAssistant,
    entry: WutsConfigEntry,
    subentry: ConfigSubentry,
    phone_number: str | None,
) -> None:
    """Keep the number of a phone that was linked, and look at the device now."""
    device_id = subentry.data[CONF_DEVICE_ID]
    data = {**subentry.data, CONF_PHONE_NUMBER: phone_number}
    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    async_forget_doubt(hass, device_id)
    if entry.state is ConfigEntryState.LOADED:
        entry.runtime_data.async_look(device_id)


@callback
def async_doubt_number(hass: HomeAssistant, subentry: ConfigSubentry) -> None:
    """Ask in the repairs what to do about a phone that is not the one of before."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(subentry.data[CONF_DEVICE_ID]),
        is_fixable=False,
        is_persistent=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=WRONG_ACCOUNT,
        translation_placeholders={"name": subentry.title},
    )


@callback
def async_forget_doubt(hass: HomeAssistant, device_id: str) -> None:
    """Ask no more: the question is answered, or the device was removed."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(device_id))


def _issue_id(device_id: str) -> str:
    return f"{WRONG_ACCOUNT}_{device_id}"
