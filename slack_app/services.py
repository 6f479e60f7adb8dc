"""What the listeners work with."""

from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from wuts.supervisor import Supervisor

from .devices.accounts import Accounts
from .home.app_home import Homes
from .pairing.running import Pairings
from .pairing.typed_numbers import TypedPhones
from .people.permissions import Permissions
from .people.users import People


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of the running app.

    Attributes:
        slack: Makes calls to Slack.
        accounts: The gateways' accounts and their devices.
        supervisor: Looks after the devices.
        people: Who somebody is.
        permissions: Who may.
        phones: The numbers that people typed into commands.
        homes: The homes that people look at.
        pairings: The pairings that are going on.
    """

    slack: AsyncWebClient
    accounts: Accounts
    supervisor: Supervisor
    people: People
    permissions: Permissions
    phones: TypedPhones
    homes: Homes
    pairings: Pairings
