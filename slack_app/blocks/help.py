"""The help, and what was wrong with a command: both written by the parser's own schema."""

from itertools import batched

from ..messages import Strings
from ..messages.parser import SCHEMA, Argument, Command, Grammar, Mistake, MistakeKind
from .parts import Content, escape, header, section, shorten

_LONGEST_WORD = 40

_A_SECTION = 7
"""Commands in one section, well within its 3,000 characters."""


def help_message(strings: Strings) -> Content:
    """Return what all commands do."""
    lines = [
        f"`{_usage(grammar, strings)}`\n{strings.of('help', command)}"
        for command, grammar in SCHEMA.items()
    ]
    sections = [section("\n".join(some)) for some in batched(lines, _A_SECTION)]
    return Content(strings.help_title, [header(strings.help_title), *sections])


def mistake_message(mistake: Mistake, strings: Strings) -> Content:
    """Return what was wrong with a command, and what to write instead."""
    text = _mistake(mistake, strings)
    return Content(text, [section(text)])


def _usage(grammar: Grammar, strings: Strings) -> str:
    name = "" if grammar.argument is None else strings.of("argument", grammar.argument)
    return grammar.usage(name)


def _mistake(mistake: Mistake, strings: Strings) -> str:
    if mistake.command is not None and mistake.kind is not MistakeKind.UNKNOWN:
        grammar = SCHEMA[mistake.command]
        if mistake.kind is MistakeKind.TOO_MUCH:
            template = strings.too_much
        elif grammar.argument is Argument.NUMBERS:
            template = strings.numbers_missing
        else:
            template = strings.device_missing
        return template.format(usage=_usage(grammar, strings))
    text = strings.unknown_command.format(word=escape(shorten(mistake.word, _LONGEST_WORD)))
    if mistake.command is not None:
        nearest = _usage(SCHEMA[mistake.command], strings)
        return f"{text} {strings.did_you_mean.format(command=nearest)}"
    return f"{text} {strings.see_help.format(command=SCHEMA[Command.HELP].usage(''))}"
