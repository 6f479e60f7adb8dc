"""Constants of the integration."""

import logging
from typing import Final

DOMAIN: Final = "wuts"

LOGGER = logging.getLogger(__package__)

CONF_CA_FILE: Final = "ca_file"
CONF_DEVICE_ID: Final = "device_id"
CONF_PHONE_NUMBER: Final = "phone_number"
CONF_RECIPIENT: Final = "recipient"

SECTION_ADVANCED: Final = "advanced"
SUBENTRY_DEVICE: Final = "device"
SUBENTRY_RECIPIENT: Final = "recipient"

OWNER: Final = "Home Assistant"
"""Our name for others in this process who want to pair the same device."""
