"""Errors about what somebody typed or set up: nothing was sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self, override

from .base import ErrorCode, Named, WutsError


class WutsConfigError(WutsError):
    """The client was set up with an unusable token or base URL."""

    code = ErrorCode.CONFIGURATION
    advice = "The token or the gateway's address is invalid. Check both."


class InvalidInputError(WutsError):
    """An argument was refused before anything was sent."""

    code = ErrorCode.USAGE
    advice = "That value is not accepted. Check it and try again."


class MediaTooLargeError(InvalidInputError):
    """A file has more than 16 MiB, or more than the gateway takes (413); nothing was sent on."""

    advice = "The file is too large. Send at most 16 MB. The gateway may accept less."


@dataclass(eq=False, repr=False, kw_only=True)
class InvalidPhoneNumberError(InvalidInputError):
    """A phone number is not 10 to 15 digits with its country code (WUTS guide, Conventions).

    Attributes:
        place: Which of several numbers it is, counted from 1; None if there is no list.
        country: The country that was assumed (ISO 3166 alpha-2), or None.
        codes: Calling codes that the number may need; here the country's, if one was assumed.
    """

    code = ErrorCode.INVALID_PHONE_NUMBER
    advice = (
        "That is not a valid phone number. Give the country code and the number, 10 to 15 "
        "digits in total, such as +55 11 99999-9999."
    )

    place: int | None = None
    country: str | None = None
    codes: tuple[int, ...] = ()

    @override
    def __post_init__(self) -> None:
        """Begin the message with the place, if there is one."""
        text = self.message or self._advice_for(self.country, self.codes)
        self.message = text if self.place is None else f"Number {self.place}: {text}"
        super().__post_init__()

    def at(self, place: int) -> Self:
        """Return the same error about one of several numbers."""
        return type(self)(self.message, place=place, country=self.country, codes=self.codes)

    @classmethod
    def _advice_for(cls, country: str | None, codes: tuple[int, ...]) -> str:
        if country is None or not codes:
            return cls.advice
        return f"{cls.advice} For a number in {country}, start with +{codes[0]}."


class AmbiguousPhoneNumberError(InvalidPhoneNumberError):
    """A phone number without ``+`` exists in two countries; see `wuts.phone_numbers`.

    Attributes:
        codes: The calling codes of both, that of the assumed country first.
    """

    code = ErrorCode.AMBIGUOUS_PHONE_NUMBER
    advice = "That number exists in two countries. Write it with + and the country code."

    @classmethod
    @override
    def _advice_for(cls, country: str | None, codes: tuple[int, ...]) -> str:
        if not codes:
            return cls.advice
        return f"{cls.advice[:-1]}: {' or '.join(f'+{code} …' for code in codes)}."


@dataclass(eq=False, repr=False, kw_only=True)
class UnknownDeviceError(WutsError):
    """No device has the id or name that somebody typed; see `wuts.finder.find_device`.

    Attributes:
        wanted: What was typed, as it was typed.
    """

    code = ErrorCode.UNKNOWN_DEVICE
    advice = "No device has that id or name. List the devices to see those there are."

    wanted: str = ""


@dataclass(eq=False, repr=False, kw_only=True)
class AmbiguousDeviceError(WutsError):
    """Several devices have the name that somebody typed; see `wuts.finder.find_device`.

    Attributes:
        wanted: What was typed, as it was typed.
        candidates: The devices of that name, as they were handed to the finder.
    """

    code = ErrorCode.AMBIGUOUS_DEVICE
    advice = "Several devices have that name. Give the id of one."

    wanted: str = ""
    candidates: tuple[Named, ...] = ()


@dataclass(eq=False, repr=False, kw_only=True)
class CheckBudgetUsedUpError(WutsError):
    """So many numbers may not be looked up now; nothing was sent. See `wuts.check_budget`.

    Attributes:
        limit: Numbers an hour.
        left: How many may be looked up now.
        free_at: When as many as were asked for may be looked up, or None if one hour never allows
            so many.
    """

    code = ErrorCode.CHECK_BUDGET_USED_UP
    advice = "No more phone numbers can be checked this hour. Check fewer, or try again later."

    limit: int = 0
    left: int = 0
    free_at: datetime | None = None
