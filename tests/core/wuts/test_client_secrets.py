"""No secret is ever written down: not in a repr, a log, an error, a traceback or a pickle."""

import copy
import logging
import pickle
import traceback
from collections.abc import Callable

import httpx
import pytest

from tests.core.wuts.calls import EVERY_CALL, STATUS, Call
from tests.core.wuts.conftest import MakeClient
from tests.core.wuts.outcomes import error_of, outcome_of
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.values import CODE, DEVICE, GROUP, PAYLOAD, PHONE, TOKEN, documented
from wuts import Media, MediaKind, Quoted, WutsClient
from wuts.errors import WutsError
from wuts_simulator import Fault, FaultKind, Simulator

SECRETS = (TOKEN, PHONE, PAYLOAD, CODE)

FAULTS = [
    Fault(kind=FaultKind.STATUS, status=401),
    Fault(kind=FaultKind.STATUS, status=500),
    Fault(kind=FaultKind.HTML, status=404),
    Fault(kind=FaultKind.RESET),
    Fault(kind=FaultKind.TRUNCATED),
    Fault(kind=FaultKind.WRONG_TYPES),
]

every_call = pytest.mark.parametrize("call", EVERY_CALL, ids=str)


def told_by(error: BaseException) -> str:
    """Return all that a log with the fullest of tracebacks would say."""
    fullest = traceback.TracebackException.from_exception(error, capture_locals=True)
    return f"{error!r} {error} {error.args} {vars(error)} {''.join(fullest.format())}"


def test_neither_repr_nor_text_show_the_token() -> None:
    client = WutsClient(TOKEN)
    shown = f"{client!r} {client} {client._transport!r} {vars(client)}"
    assert TOKEN not in shown
    assert repr(client) == "WutsClient(base_url='https://api.wuts.com.br')"
    assert TOKEN not in str(vars(client._transport))


@pytest.mark.parametrize("write", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_client_cannot_be_written_down(write: Callable[[object], object]) -> None:
    with pytest.raises(TypeError, match="holds a token and cannot be pickled") as caught:
        write(WutsClient(TOKEN))
    assert TOKEN not in str(caught.value)


@every_call
async def test_no_log_shows_a_secret_when_all_goes_well(
    call: Call, client: WutsClient, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    device = call.device(sim)
    with caplog.at_level(logging.DEBUG):
        await call.make(client, device.id)
    assert any(record.name.startswith("httpx") for record in caplog.records)
    assert TOKEN not in caplog.text
    assert PHONE not in caplog.text
    assert "2@" not in caplog.text


@every_call
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind.value)
async def test_neither_log_nor_error_shows_the_token_when_something_goes_wrong(
    call: Call,
    fault: Fault,
    client: WutsClient,
    sim: Simulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    device = call.device(sim)
    sim.world.faults.add(copy.copy(fault))
    with caplog.at_level(logging.DEBUG):
        result = await outcome_of(call.make(client, device.id))
        said = result if isinstance(result, WutsError) else None
        logging.getLogger("frontend").error("It failed.", exc_info=said)
    assert TOKEN not in caplog.text
    if isinstance(result, WutsError):
        assert TOKEN not in told_by(result)
        assert "Bearer" not in told_by(result)


@every_call
async def test_no_token_hangs_on_to_a_lost_connection(
    call: Call, make_client: MakeClient, closed_port: int
) -> None:
    error = await error_of(call.make(make_client(f"http://127.0.0.1:{closed_port}"), DEVICE))
    assert TOKEN not in told_by(error)


@every_call
@pytest.mark.parametrize("status", [200, 400, 401, 404, 429, 500, 503])
async def test_what_the_gateway_echoes_is_not_repeated(
    call: Call, status: int, raw: RawGateway, raw_client: WutsClient
) -> None:
    for secret in SECRETS:
        complaint = {"field": "phone", "message": f"bad: {secret}", "value": secret}
        raw.answers(
            {
                "success": False,
                "error": f"you sent {secret}",
                "error_code": secret,
                "validation": [complaint],
                "data": {"code": secret, "qr_code": secret, secret: secret},
            },
            status,
        )
        error = await error_of(call.make(raw_client, DEVICE))
        assert secret not in f"{error!r} {error} {error.args} {vars(error)}"


async def test_a_number_that_names_a_wrong_field_is_not_repeated(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers({"success": True, "webhook": {"headers": {PHONE: 1}}})
    error = await error_of(raw_client.get_webhook(DEVICE))
    assert "webhook.headers.[redacted]" in error.message


@pytest.mark.parametrize("path", ["/devices", "/status"])
async def test_a_token_that_the_gateway_puts_into_its_page_is_not_repeated(
    path: str, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers(f"<html>{path}: your token {TOKEN} was refused</html>", 502)
    assert TOKEN not in told_by(await error_of(raw_client.get_status(DEVICE)))


async def test_no_answer_shows_a_secret(raw: RawGateway, raw_client: WutsClient) -> None:
    answers: list[object] = []
    raw.answers(documented("qr_reference"))
    answers.append(await raw_client.get_qr(DEVICE))
    raw.answers(documented("paircode"))
    answers.append(await raw_client.request_pair_code(PHONE, DEVICE))
    raw.answers(documented("status_connected"))
    answers.append(await raw_client.get_status(DEVICE))
    raw.answers(documented("devices_reference"))
    answers.append(await raw_client.list_devices())
    raw.answers(documented("contact_check"))
    answers.append(await raw_client.check_contacts([PHONE]))
    raw.answers(documented("send_text"))
    answers.append(await raw_client.send_text(PHONE, "Hello"))
    raw.answers(documented("contacts"))
    answers.append(await raw_client.list_contacts())
    raw.answers(documented("groups"))
    answers.append(await raw_client.list_groups())
    media = Media.of(b"%PDF-1.7", file_name="Ana Souza.pdf")
    answers += [media, Media.at("https://x.example/?key=Souza", MediaKind.IMAGE)]
    answers.append(Quoted("3EB0", text="Dear Ana Souza"))
    shown = f"{answers!r} {list(map(str, answers))}"
    for secret in (*SECRETS, "iVBORw0KGgo", "Souza", "opens the door"):
        assert secret not in shown


@pytest.mark.parametrize("to", [f"{PHONE}5555", GROUP[:-5], "somebody"])
async def test_a_refused_input_is_not_repeated(to: str) -> None:
    error = await error_of(WutsClient(TOKEN).send_text(to, "Hello"))
    assert to not in f"{error!r} {error}"


async def test_a_pickled_error_holds_no_secret(client: WutsClient, sim: Simulator) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, status=401, error=f"bad {TOKEN}"))
    error = await error_of(STATUS.make(client, DEVICE))
    assert TOKEN.encode() not in pickle.dumps(error)


async def test_a_bug_in_a_hook_of_a_handed_client_shows_no_token(sim: Simulator) -> None:
    async def hook(_request: httpx.Request) -> None:
        raise LookupError("a bug of a hook")

    async with httpx.AsyncClient(event_hooks={"request": [hook]}) as http:
        client = WutsClient(TOKEN, base_url=sim.url, http=http)
        with pytest.raises(LookupError) as caught:
            await client.list_devices()
    assert TOKEN not in told_by(caught.value)
