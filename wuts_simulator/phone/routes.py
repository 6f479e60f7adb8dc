"""The page, its files and its actions. The actions answer this machine only."""

from http import HTTPStatus
from importlib.resources import files

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from wuts_simulator.guard import is_local
from wuts_simulator.steering import Verb, refusal, steer
from wuts_simulator.world import World

from . import actions

# A page of another site cannot send it without asking first, and is never allowed to.
GUARD_HEADER = "X-WUTS-Phone"

_FILES = {
    "/phone": ("phone.html", "text/html"),
    "/phone/phone.css": ("phone.css", "text/css"),
    "/phone/phone.js": ("phone.js", "text/javascript"),
    "/phone/cards.js": ("cards.js", "text/javascript"),
}
_ACTIONS: tuple[tuple[str, str, Verb], ...] = (
    ("GET", "/devices", actions.list_devices),
    ("GET", "/devices/{id}/qr.png", actions.draw_qr),
    ("POST", "/devices/{id}/scan", actions.scan),
    ("POST", "/devices/{id}/enter-code", actions.enter_code),
    ("POST", "/devices/{id}/unlink", actions.unlink),
    ("POST", "/devices/{id}/drop", actions.drop),
    ("POST", "/restart", actions.restart),
    ("POST", "/break", actions.break_gateway),
)
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    hdrs.CACHE_CONTROL: "no-store",
}


def add_routes(app: web.Application, world: World) -> None:
    """Put the phone page into an application."""
    for path, (name, content_type) in _FILES.items():
        app.router.add_get(path, _file(name, content_type))
    for method, path, verb in _ACTIONS:
        app.router.add_route(method, f"/phone/api{path}", _guarded(steer(world, verb)))


def _file(name: str, content_type: str) -> Handler:
    text = files(__package__).joinpath(name).read_text("utf-8")

    async def handler(_request: web.Request) -> web.StreamResponse:
        return web.Response(text=text, content_type=content_type, headers=_HEADERS)

    return handler


def _guarded(handler: Handler) -> Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        if not is_local(request.remote or ""):
            return refusal(HTTPStatus.FORBIDDEN, "open this page on the simulator's own machine")
        if request.method == hdrs.METH_POST and GUARD_HEADER not in request.headers:
            return refusal(HTTPStatus.FORBIDDEN, f"the header {GUARD_HEADER} is missing")
        response = await handler(request)
        response.headers.update(_HEADERS)
        return response

    return guarded
