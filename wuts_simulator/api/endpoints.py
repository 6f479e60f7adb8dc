"""Every call of the contract and who answers it."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from wuts_simulator.answers import Answer
from wuts_simulator.endpoint_names import EndpointName

from . import contacts, devices, messages, pair_codes, qr, session, webhooks
from .call import Call

type Handler = Callable[[Call], Awaitable[Answer]]

ENDPOINTS: Mapping[EndpointName, Handler] = MappingProxyType(
    {
        EndpointName.CREATE_DEVICE: devices.create_device,
        EndpointName.LIST_DEVICES: devices.list_devices,
        EndpointName.DELETE_DEVICE: devices.delete_device,
        EndpointName.QR: qr.get_qr,
        EndpointName.QR_STATUS: qr.get_qr_status,
        EndpointName.PAIR_CODE: pair_codes.create_pair_code,
        EndpointName.STATUS: session.get_status,
        EndpointName.CONNECT: session.connect,
        EndpointName.DISCONNECT: session.disconnect,
        EndpointName.LOGOUT: session.logout,
        EndpointName.CHECK_CONTACTS: contacts.check_contacts,
        EndpointName.SEND_TEXT: messages.send_text,
        EndpointName.GET_WEBHOOK: webhooks.get_webhook,
        EndpointName.SET_WEBHOOK: webhooks.set_webhook,
        EndpointName.WEBHOOK_EVENTS: webhooks.list_events,
    }
)
