"""``/_sim/faults``: what the gateway shall do wrong."""

from aiohttp import web

from wuts_simulator.answers import Answer
from wuts_simulator.errors import InvalidError
from wuts_simulator.faults import EVERYWHERE, Fault, FaultKind
from wuts_simulator.inputs import Inputs, read_inputs
from wuts_simulator.world import World

_FIELDS = (
    "kind",
    "endpoint",
    "device_id",
    "tenant",
    "times",
    "status",
    "error",
    "error_code",
    "seconds",
    "retry_after",
    "body",
    "fields",
    "headers",
)
_STATUSES = range(200, 600)


async def add_fault(world: World, request: web.Request) -> Answer:
    """Set a fault."""
    fault = _parse(await read_inputs(request, *_FIELDS))
    return Answer.of({"id": world.faults.add(fault)})


async def list_faults(world: World, _request: web.Request) -> Answer:
    """List the faults, each with how often it still happens; null is for ever."""
    return Answer.of({"faults": [_view(fault) for fault in world.faults]})


async def clear_faults(world: World, _request: web.Request) -> Answer:
    """Lift all faults."""
    world.faults.clear()
    return Answer.of({})


async def remove_fault(world: World, request: web.Request) -> Answer:
    """Lift one fault."""
    world.faults.remove(request.match_info["id"])
    return Answer.of({})


def _parse(inputs: Inputs) -> Fault:
    kind = inputs.text("kind")
    if kind not in set(FaultKind):
        raise InvalidError(f"kind must be one of {', '.join(FaultKind)}")
    status = inputs.optional_integer("status")
    if status is not None and status not in _STATUSES:
        raise InvalidError("status must be from 200 to 599")
    return Fault(
        kind=FaultKind(kind),
        endpoint=inputs.optional_text("endpoint") or EVERYWHERE,
        device_id=inputs.optional_text("device_id"),
        tenant=inputs.optional_text("tenant"),
        times=inputs.optional_integer("times"),
        status=status,
        error=inputs.optional_text("error"),
        error_code=inputs.optional_text("error_code"),
        seconds=inputs.number("seconds", 1.0),
        retry_after=inputs.optional_text("retry_after"),
        body=inputs.anything("body"),
        fields=inputs.texts("fields"),
        headers=inputs.text_map("headers"),
    )


def _view(fault: Fault) -> dict[str, object]:
    return {
        "id": fault.id,
        "kind": fault.kind,
        "endpoint": fault.endpoint,
        "device_id": fault.device_id,
        "tenant": fault.tenant,
        "times": fault.times,
    }
