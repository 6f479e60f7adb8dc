"""Every path of the control API."""

from aiohttp import web

from wuts_simulator.steering import Verb, steer
from wuts_simulator.world import World

from . import devices, faults, gateway, records

_ROUTES: tuple[tuple[str, str, Verb], ...] = (
    ("POST", "/tenants", gateway.add_tenant),
    ("DELETE", "/tokens/{token}", gateway.revoke_token),
    ("POST", "/numbers", gateway.add_numbers),
    ("GET", "/state", gateway.show_state),
    ("POST", "/restart", gateway.restart),
    ("POST", "/break", gateway.break_gateway),
    ("POST", "/clock", gateway.advance_clock),
    ("POST", "/devices", devices.add_devices),
    ("GET", "/devices/{id}", devices.show_device),
    ("POST", "/scan", devices.scan),
    ("POST", "/devices/{id}/scan", devices.scan_device),
    ("POST", "/devices/{id}/enter-code", devices.enter_code),
    ("POST", "/devices/{id}/unlink", devices.unlink),
    ("POST", "/devices/{id}/drop", devices.drop),
    ("POST", "/devices/{id}/restore", devices.restore),
    ("POST", "/devices/{id}/remove", devices.remove),
    ("POST", "/faults", faults.add_fault),
    ("GET", "/faults", faults.list_faults),
    ("DELETE", "/faults", faults.clear_faults),
    ("DELETE", "/faults/{id}", faults.remove_fault),
    ("GET", "/requests", records.show_requests),
    ("DELETE", "/requests", records.reset_requests),
    ("GET", "/messages", records.show_messages),
)


def add_routes(app: web.Application, world: World) -> None:
    """Put the control API into an application."""
    for method, path, verb in _ROUTES:
        app.router.add_route(method, f"/_sim{path}", steer(world, verb))
