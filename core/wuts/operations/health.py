"""How a process is: what it answers at ``/healthz`` and ``/readyz``.

``/healthz`` says whether a restart would help, and ``/readyz`` whether this process is at work. A
gateway or a store that is down does not count: a restart would not mend it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import web

from .background import Background


@dataclass(frozen=True, slots=True)
class Health:
    """How a process is.

    Attributes:
        status: What ``/healthz`` answers.
        answer: The same in words, for people and programs.
        is_working: Whether it is at work, and so perhaps ready; one that stands by is not.
    """

    status: HTTPStatus
    answer: Mapping[str, object] = field(default_factory=dict)
    is_working: bool = False

    @property
    def readiness(self) -> HTTPStatus:
        """What ``/readyz`` answers."""
        return self.status if self.is_working else HTTPStatus.SERVICE_UNAVAILABLE


STANDBY = Health(HTTPStatus.OK, {"status": "standby"})
STANDBY_WITHOUT_STORE = Health(HTTPStatus.OK, {"status": "standby, and the store does not answer"})


def unwell(status: str) -> Health:
    """Return the health of a process that cannot work now, for this reason."""
    return Health(HTTPStatus.SERVICE_UNAVAILABLE, {"status": status})


def at_work(background: Background) -> Health:
    """Return the health of a process that works, unless one of its tasks keeps failing."""
    if broken := background.broken:
        answer = {"status": "a task keeps failing", "tasks": broken}
        return Health(HTTPStatus.SERVICE_UNAVAILABLE, answer, is_working=True)
    return Health(HTTPStatus.OK, {"status": "ok"}, is_working=True)


def health_routes(
    ask: Callable[[], Awaitable[Health]], *, healthz: str = "/healthz"
) -> list[web.RouteDef]:
    """Return the routes of ``/healthz`` and ``/readyz``.

    Args:
        ask: Returns how the process is now.
        healthz: The path of the first, where ``/healthz`` says more than it.
    """

    async def answer(_request: web.Request) -> web.Response:
        health = await ask()
        return web.json_response(health.answer, status=health.status)

    async def readyz(_request: web.Request) -> web.Response:
        health = await ask()
        return web.json_response(health.answer, status=health.readiness)

    return [web.get(healthz, answer), web.get("/readyz", readyz)]
