"""Whether a gateway may be asked to change one of several devices.

No page of the reference says that ``/logout`` and ``/webhook`` heed ``device_id``. A gateway that
ignores it changes another device. So with several devices a person is asked first, unless the
gateway is known to tell them apart.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from ..core import WutsClient
from ..core.verified import heeds_device_id, needs_confirmation
from ..errors import NotConfirmedError

CONF_CONFIRMED: Final = "may_confuse_devices"
"""An account's option: a person was told, and wants it all the same."""


async def must_ask(client: WutsClient, device_ids: Collection[str]) -> bool:
    """Return whether a person must be asked before a device of an account is changed.

    Args:
        client: Of the account.
        device_ids: All devices of the account.
    """
    count = len(device_ids)
    if not needs_confirmation(count, heeds=None):
        return False
    return needs_confirmation(count, heeds=await heeds_device_id(client, device_ids))


async def check_confirmed(
    client: WutsClient, device_ids: Collection[str], options: Mapping[str, Any]
) -> None:
    """Make sure that a device of an account may be changed while nobody can be asked.

    Raises:
        NotConfirmedError: A person has to agree first, in the account's options.
    """
    if not options.get(CONF_CONFIRMED) and await must_ask(client, device_ids):
        raise NotConfirmedError
