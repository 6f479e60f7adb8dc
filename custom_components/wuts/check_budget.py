"""How many numbers an account may still look up on WhatsApp in this hour.

It is kept while Home Assistant runs, reloads of the account included.
"""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .core.check_budget import DEFAULT_LIMIT, CheckBudget
from .core.errors import CheckBudgetUsedUpError

CONF_CHECK_LIMIT: Final = "check_limit"

_BUDGETS: HassKey[dict[str, CheckBudget]] = HassKey(f"{DOMAIN}_check_budgets")


@callback
def async_spend(hass: HomeAssistant, entry: ConfigEntry, count: int) -> None:
    """Note that ``count`` numbers are looked up, before they are.

    Raises:
        ServiceValidationError: So many are not left in this hour.
    """
    budgets = hass.data.setdefault(_BUDGETS, {})
    limit = int(entry.options.get(CONF_CHECK_LIMIT, DEFAULT_LIMIT))
    spent = budgets[entry.entry_id].spent if entry.entry_id in budgets else ()
    try:
        budgets[entry.entry_id] = CheckBudget(limit=limit, spent=spent).spend(
            count, dt_util.utcnow()
        )
    except CheckBudgetUsedUpError as error:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="check_budget_used_up",
            translation_placeholders={"limit": f"{error.limit}", "left": f"{error.left}"},
        ) from error
