"""Whom a device can write to: its groups, and the contacts of its phone.

Names are personal, and chosen by anybody: keep them out of logs, and show them as text only.
"""

from collections.abc import Iterable
from typing import Self

from pydantic import Field

from .models import MaybeCount, MaybeTold, Model, ShownText
from .phone import number_from_jid
from .redaction import one_line

LONGEST_SHOWN_NAME = 100
"""Characters that are shown of a contact's or group's name: whoever chose it may mean harm."""


class Group(Model):
    """A group of ``GET /groups`` (WUTS reference, List joined groups).

    ``is_announce`` says whether only the group's admins may send; None if the gateway doesn't say.
    """

    jid: str = Field(pattern=r"^[0-9]+(?:-[0-9]+)?@g\.us$", repr=False)
    title: ShownText = Field(default="", alias="name", repr=False)
    topic: ShownText = Field(default="", repr=False)
    is_announce: MaybeTold = None
    members_count: MaybeCount = None

    @property
    def name(self) -> str:
        """The group's name, on one line and of at most 100 characters; perhaps empty."""
        return one_line(self.title, LONGEST_SHOWN_NAME)


class Contact(Model):
    """A contact of ``GET /contacts`` (WUTS reference, List synced contacts).

    ``full_name`` and ``first_name`` are from the phone's address book, ``push_name`` is the name
    that the contact chose, ``business_name`` that of a business.
    """

    jid: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=200, repr=False)
    full_name: ShownText = Field(default="", repr=False)
    first_name: ShownText = Field(default="", repr=False)
    push_name: ShownText = Field(default="", repr=False)
    business_name: ShownText = Field(default="", repr=False)

    @property
    def name(self) -> str:
        """The best of the names, on one line and of at most 100 characters; perhaps empty."""
        names = (self.full_name, self.first_name, self.business_name, self.push_name)
        shown = (one_line(name, LONGEST_SHOWN_NAME) for name in names)
        return next(filter(None, shown), "")

    @property
    def phone_number(self) -> str | None:
        """The digits with country code; None if WhatsApp hides them (``…@lid``)."""
        return number_from_jid(self.jid)


class Listed[T](tuple[T, ...]):  # noqa: SLOT001 - a tuple cannot have them
    """The rows of a listing of contacts or groups; those that could not be read are counted.

    Attributes:
        unreadable: How many rows were left out.
        told: How many there are by the gateway's own count, or None if it gives none. No page
            describes how to ask for more than one answer holds.
    """

    unreadable: int
    told: int | None

    def __new__(cls, rows: Iterable[T] = (), unreadable: int = 0, told: int | None = None) -> Self:
        """Keep the rows, and what is known of others."""
        self = super().__new__(cls, rows)
        self.unreadable, self.told = unreadable, told
        return self
