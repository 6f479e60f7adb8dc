"""Makes one call: sends it, tells success from failure, reads the answer as a model."""

from http import HTTPStatus

from pydantic import ValidationError

from ..errors import WrongDeviceError
from .classify import Answer, error_from
from .endpoints import Request
from .envelopes import Envelope
from .transport import Transport


class Caller:
    """Turns a request into a typed answer or a typed error."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def ask[E: Envelope](self, request: Request, model: type[E]) -> E:
        """Make the call and return its answer as ``model``.

        Raises:
            WutsError: Whatever went wrong, as its own class.
        """
        content, _ = await self.ask_whole(request, model)
        return content

    async def ask_whole[E: Envelope](self, request: Request, model: type[E]) -> tuple[E, Answer]:
        """Do as `ask`, and return the answer's status and headers as well."""
        answer = await self._transport.send(request)
        content = _read(answer, model)
        if isinstance(content, Envelope) and content.success:
            _check_device(request, content, answer.status)
            return content, answer
        problems = content if isinstance(content, str) else ""
        raise error_from(answer, request, token=self._transport.token, problems=problems)


def _read[E: Envelope](answer: Answer, model: type[E]) -> E | str:
    """Return the answer as ``model``, or in words what is wrong with it."""
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return ""
    try:
        return model.model_validate_json(answer.body)
    except ValidationError as error:
        return model.salvage(answer.body) or _describe(error)


def _check_device(request: Request, content: Envelope, status: int) -> None:
    """Refuse an answer that names another device: a gateway may ignore which one was meant."""
    asked, answered = request.device_id, content.about
    if asked and answered and asked.casefold() != answered.casefold():
        raise WrongDeviceError(asked=asked, answered=answered, status=status)


def _describe(error: ValidationError) -> str:
    """Name the first few fields that are wrong; their values stay out of it."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, p['loc'])) or 'body'}: {p['msg']}" for p in problems[:3])
