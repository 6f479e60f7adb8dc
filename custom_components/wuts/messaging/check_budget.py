"""How many numbers an account may still look up on WhatsApp in this hour.

What was spent is in the account's file, so that neither a reload nor a restart gives it back.
"""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from ..account.storage import Document, async_file_of
from ..const import DOMAIN
from ..core.check_budget import DEFAULT_LIMIT, CheckBudget
from ..core.errors import CheckBudgetUsedUpError
from ..errors import key_of, placeholders_of

CONF_CHECK_LIMIT: Final = "check_limit"


async def async_spend(hass: HomeAssistant, entry: ConfigEntry, count: int) -> None:
    """Note that ``count`` numbers are looked up, before they are.

    Raises:
        ServiceValidationError: So many are not left in this hour.
    """
    limit = int(entry.options.get(CONF_CHECK_LIMIT, DEFAULT_LIMIT))

    def spend(kept: Document) -> Document:
        budget = CheckBudget.from_text(kept.get("checks"), limit=limit)
        return {**kept, "checks": budget.spend(count, dt_util.utcnow()).as_text()}

    try:
        await async_file_of(hass, entry.entry_id).write(spend)
    except CheckBudgetUsedUpError as error:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=key_of(error),
            translation_placeholders=placeholders_of(error),
        ) from error
