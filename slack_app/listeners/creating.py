"""Creates devices."""

from wuts.inputs import check_name

from ..devices.device import Line
from ..operations.audit import AuditAction
from .context import CommandContext


async def create_device(asked: CommandContext, account: str, name: str) -> Line | None:
    """Create a device; return it, or None where the settings no longer name the account.

    Raises:
        WutsError: The name is not usable, or the gateway could not do it.
    """
    services = asked.services
    client = services.accounts.client(account)
    if client is None:
        await asked.say(asked.strings.problem_settings)
        return None
    line = services.accounts.add(account, await client.create_device(check_name(name)))
    asked.audit(AuditAction.CREATE, line.ref)
    services.supervisor.wake(account)
    return line
