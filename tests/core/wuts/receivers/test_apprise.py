"""Apprise: a real mail and a real post, in threads that hold up nobody."""

import asyncio
import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from scripts.lib.parts import free_port
from tests.core.wuts.receivers.listening import Listening
from tests.core.wuts.receivers.notified import device_alert, notification, over, taken
from tests.core.wuts.supervisor.home import until
from wuts.receivers import NotTakenError, receiver_of, words_of
from wuts.supervisor import AlertKind, News, Notification


class Mailbox:
    """Takes mail, or refuses it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses = False

    async def handle_DATA(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del server, session
        if self.refuses:
            return "554 no"
        assert isinstance(envelope.content, bytes)
        policy = email.policy.default
        self.mails.append(email.message_from_bytes(envelope.content, policy=policy))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, str]]:
    """Yield a mailbox, and its address in Apprise's words."""
    mailbox = Mailbox()
    controller: Any = Controller(mailbox, hostname="127.0.0.1", port=(port := free_port()))
    controller.start()
    sender, to = "wuts@sender.example", "ana@receiver.example"
    try:
        yield mailbox, f"mailto://127.0.0.1:{port}?from={sender}&to={to}&mode=insecure"
    finally:
        controller.stop()


async def test_a_mail_says_in_its_subject_what_is_wrong() -> None:
    with mail_server() as (mailbox, address):
        mail = receiver_of(address, words=words_of("pt-BR"))
        await mail(notification(device_alert(name="Recepção <b>x</b>\r\nBcc: eve@evil.example")))
    [got] = mailbox.mails
    assert got["Subject"] == (
        "WUTS: Recepção ‹b›x‹/b› Bcc: eve＠evil.example precisa ser vinculado de novo"  # noqa: RUF001
    )
    assert got["To"] == "ana@receiver.example"
    assert got["Bcc"] is None
    assert got["From"].addresses[0].addr_spec == "wuts@sender.example"
    text = got.get_body(("plain", "html"))
    assert text is not None
    assert "Vincule-o de novo." in text.get_content()


async def test_a_mail_that_is_refused_is_not_taken() -> None:
    with mail_server() as (mailbox, address):
        mailbox.refuses = True
        with pytest.raises(NotTakenError, match=r"^Apprise could not send it"):
            await receiver_of(address)(notification())
        mailbox.refuses = False
        await receiver_of(address).send_test("mail")
    [got] = mailbox.mails
    assert got["Subject"] == "WUTS: this is a test"


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (notification(), "failure"),
        (notification(device_alert(kind=AlertKind.OFFLINE)), "warning"),
        (notification(taken(device_alert()), news=News.ACKNOWLEDGED), "info"),
        (notification(over(device_alert()), news=News.RESOLVED), "success"),
    ],
)
async def test_the_kind_of_message_tells_how_much_it_presses(
    listening: Listening, told: Notification, kind: str
) -> None:
    await receiver_of(f"json://{listening.place}/x")(told)
    [document] = listening.documents
    assert document["type"] == kind
    assert document["title"].startswith("WUTS: ")


async def test_a_status_of_an_error_is_not_taken(listening: Listening) -> None:
    listening.status = 500
    with pytest.raises(NotTakenError):
        await receiver_of(f"json://{listening.place}/x")(notification())


async def test_services_that_hang_hold_up_no_other(listening: Listening) -> None:
    with Listening() as hanging:
        hanging.hangs = True
        held = [receiver_of(f"json://{hanging.place}/?rto=3600") for _ in range(40)]
        tasks = [asyncio.create_task(one(notification())) for one in held]
        await until(lambda: len(hanging.requests) == len(held))
        await receiver_of(f"json://{listening.place}/x")(notification())
        assert await asyncio.to_thread(lambda: "free") == "free"
        hanging.release()
        await asyncio.gather(*tasks)


async def test_what_was_given_up_and_arrived_is_not_sent_again(listening: Listening) -> None:
    listening.hangs = True
    slow = receiver_of(f"json://{listening.place}/?rto=3600")
    first = asyncio.create_task(slow(notification()))
    await until(lambda: len(listening.requests) == 1)
    first.cancel()
    await asyncio.wait([first])
    again = asyncio.create_task(slow(notification()))
    listening.release()
    await again
    assert len(listening.requests) == 1
    await slow(notification(sequence=2))
    assert len(listening.requests) == 2
