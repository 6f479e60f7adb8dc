"""Creates devices."""

from wuts.errors import InvalidInputError
from wuts.inputs import check_name

from ..devices.device import Line
from ..operations.audit import AuditAction
from .context import CommandContext


async def create_device(asked: CommandContext, account: str, name: str) -> Line | None:
    """Create a device; return it, or None if the person was told why that cannot be.

    Raises:
        WutsError: The gateway could not do it.
    """
    try:
        name = check_name(name)
    except InvalidInputError:
        await asked.say(asked.strings.modal_bad_name)
        return None
    services = asked.services
    client = services.accounts.client(account)
    if client is None:
        await asked.say(asked.strings.problem_settings)
        return None
    line = services.accounts.add(account, await client.create_device(name))
    asked.audit(AuditAction.CREATE, line.ref)
    services.supervisor.wake(account)
    return line
