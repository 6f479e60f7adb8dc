"""Regular expressions for the texts of strangers, which no text can slow down.

Python's own engine tries one alternative after the other, holds the interpreter meanwhile, and has
no time-out: for a pattern such as ``(a+)+$`` a stranger can write a text that stops Home Assistant.
Here all alternatives are followed at once (Thompson's construction), so the time of a search is at
most the length of the text times that of the pattern, and both are bounded.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

LONGEST_PATTERN: Final = 200
"""Characters of a pattern at most."""

LONGEST_SEARCHED: Final = 1_000
"""Characters of a text that are searched."""

MOST_STEPS: Final = 250
"""Steps of a pattern at most; ``x{3}`` counts as three."""


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


_CATEGORIES: Final[dict[Any, Callable[[str], bool]]] = {
    kinds.CATEGORY_DIGIT: str.isdecimal,
    kinds.CATEGORY_NOT_DIGIT: lambda sign: not sign.isdecimal(),
    kinds.CATEGORY_SPACE: str.isspace,
    kinds.CATEGORY_NOT_SPACE: lambda sign: not sign.isspace(),
    kinds.CATEGORY_WORD: _is_word,
    kinds.CATEGORY_NOT_WORD: lambda sign: not _is_word(sign),
}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a text something is tried."""

    text: str
    at: int

    @property
    def is_begin(self) -> bool:
        return self.at == 0

    @property
    def is_end(self) -> bool:
        return self.at == len(self.text)

    @property
    def begins_line(self) -> bool:
        return self.is_begin or self.text[self.at - 1] == "\n"

    @property
    def ends_line(self) -> bool:
        return self.is_end or self.text[self.at] == "\n"

    @property
    def is_boundary(self) -> bool:
        before = not self.is_begin and _is_word(self.text[self.at - 1])
        after = not self.is_end and _is_word(self.text[self.at])
        return before is not after


_PLACES: Final[dict[Any, Callable[[_Place], bool]]] = {
    kinds.AT_BEGINNING: lambda place: place.is_begin,
    kinds.AT_BEGINNING_STRING: lambda place: place.is_begin,
    kinds.AT_END: lambda place: place.is_end,
    kinds.AT_END_STRING: lambda place: place.is_end,
    kinds.AT_BOUNDARY: lambda place: place.is_boundary,
    kinds.AT_NON_BOUNDARY: lambda place: not place.is_boundary,
}

_PLACES_OF_LINES: Final = _PLACES | {
    kinds.AT_BEGINNING: lambda place: place.begins_line,
    kinds.AT_END: lambda place: place.ends_line,
}


@dataclass(slots=True)
class _Step:
    """One step: a character to take, a place to be at, or alternatives. Without any it is the end.

    Attributes:
        takes: Tells whether the next character may be taken.
        is_at: Tells whether the place is right.
        then: The steps that may follow.
    """

    takes: Callable[[str], bool] | None = None
    is_at: Callable[[_Place], bool] | None = None
    then: list[int] = field(default_factory=list)


class Pattern:
    """A pattern to search for, in any case of letters.

    Args:
        source: In Python's syntax, without references to groups and without looking around.

    Raises:
        ValueError: It is no such pattern, or too long.
    """

    def __init__(self, source: str) -> None:
        if len(source) > LONGEST_PATTERN:
            raise ValueError(f"A pattern has {LONGEST_PATTERN} characters at most.")
        try:
            parsed = parser.parse(source, re.IGNORECASE)
        except (re.PatternError, OverflowError, RecursionError) as error:
            raise ValueError(f"This is no regular expression: {error}") from None
        self._flags: int = parsed.state.flags
        self._steps: list[_Step] = [_Step()]  # the end
        self._first = self._sequence(parsed, 0)

    def is_in(self, text: str) -> bool:
        """Tell whether it is somewhere in a text."""
        text = text[:LONGEST_SEARCHED]
        reached: set[int] = set()
        for at in range(len(text) + 1):
            open_steps = set(self._closure(reached | {self._first}, _Place(text, at)))
            if 0 in open_steps:
                return True
            if at < len(text):
                reached = set(self._taking(open_steps, text[at]))
        return False

    def _taking(self, open_steps: set[int], sign: str) -> Iterator[int]:
        for number in open_steps:
            step = self._steps[number]
            if step.takes is not None and step.takes(sign):
                yield from step.then

    def _closure(self, begin: set[int], place: _Place) -> Iterator[int]:
        """Yield the steps that are reached from others without a character."""
        seen, to_do = set(begin), list(begin)
        while to_do:
            number = to_do.pop()
            yield number
            step = self._steps[number]
            if step.takes is not None or (step.is_at is not None and not step.is_at(place)):
                continue
            to_do += [one for one in step.then if one not in seen]
            seen.update(step.then)

    # How it is built, from its end to its begin

    def _add(self, step: _Step) -> int:
        if len(self._steps) >= MOST_STEPS:
            raise ValueError("This pattern repeats too much.")
        self._steps.append(step)
        return len(self._steps) - 1

    def _sequence(self, items: Any, then: int) -> int:  # noqa: ANN401 - the parser's
        for kind, value in reversed(list(items)):
            then = self._item(kind, value, then)
        return then

    def _item(self, kind: Any, value: Any, then: int) -> int:  # noqa: ANN401 - the parser's
        match kind:
            case kinds.AT:
                places = _PLACES_OF_LINES if self._flags & re.MULTILINE else _PLACES
                return self._add(_Step(is_at=places[value], then=[then]))
            case kinds.BRANCH:
                return self._add(_Step(then=[self._sequence(one, then) for one in value[1]]))
            case kinds.SUBPATTERN:
                if value[1] or value[2]:
                    raise ValueError("Flags can only be set for the whole pattern.")
                return self._sequence(value[3], then)
            case kinds.MAX_REPEAT | kinds.MIN_REPEAT:
                least, most, inner = value
                return self._repeat(least, most, inner, then)
        return self._add(_Step(takes=self._test(kind, value), then=[then]))

    def _repeat(self, least: int, most: int, items: Any, then: int) -> int:  # noqa: ANN401 - the parser's
        if most is kinds.MAXREPEAT:
            loop = self._add(_Step())
            self._steps[loop].then = [self._sequence(items, loop), then]
            then = loop
        else:
            for _ in range(most - least):
                then = self._add(_Step(then=[self._sequence(items, then), then]))
        for _ in range(least):
            then = self._sequence(items, then)
        return then

    def _test(self, kind: Any, value: Any) -> Callable[[str], bool]:  # noqa: ANN401 - the parser's
        match kind:
            case kinds.ANY if self._flags & re.DOTALL:
                return lambda _sign: True
            case kinds.ANY:
                return lambda sign: sign != "\n"
            case kinds.LITERAL:
                return _is_one_of([(kind, value)])
            case kinds.NOT_LITERAL:
                return _is_one_of([(kinds.NEGATE, None), (kinds.LITERAL, value)])
            case kinds.IN:
                return _is_one_of(value)
        raise ValueError(f"A pattern cannot use {str(kind).lower()} here.")


def _is_one_of(items: list[tuple[Any, Any]]) -> Callable[[str], bool]:
    """Return what tells whether a character is in a set, in any case."""
    negated = items[0][0] is kinds.NEGATE
    ranges = [(value, value) for kind, value in items if kind is kinds.LITERAL]
    ranges += [value for kind, value in items if kind is kinds.RANGE]
    categories = [_CATEGORIES[value] for kind, value in items if kind is kinds.CATEGORY]

    def test(sign: str) -> bool:
        codes = {ord(one) for one in (sign, sign.lower(), sign.upper()) if len(one) == 1}
        found = any(low <= code <= high for low, high in ranges for code in codes)
        return (found or any(one(sign) for one in categories)) is not negated

    return test
