"""The help, written by the parser's own schema."""

from slack_app.messages import Words
from slack_app.parser import SCHEMA, Argument, Command, Grammar, Mistake, MistakeKind

from .parts import Content, escape, header, section, shorten

_LONGEST_WORD = 40


def usage(grammar: Grammar, words: Words) -> str:
    """Return how to write a command, in a person's language."""
    names = {
        None: "",
        Argument.DEVICE: words.argument_device,
        Argument.NEW_NAME: words.argument_new_name,
        Argument.NUMBERS: words.argument_numbers,
    }
    return grammar.usage(names[grammar.argument])


def help_message(words: Words) -> Content:
    """Return what all commands do."""
    lines = [
        f"`{usage(grammar, words)}`\n{_about(command, words)}"
        for command, grammar in SCHEMA.items()
    ]
    return Content(words.help_title, [header(words.help_title), section("\n".join(lines))])


def mistake_message(mistake: Mistake, words: Words) -> Content:
    """Return what was wrong with a command, and what to write instead."""
    text = _mistake(mistake, words)
    return Content(text, [section(text)])


def _mistake(mistake: Mistake, words: Words) -> str:
    if mistake.command is not None and mistake.kind is not MistakeKind.UNKNOWN:
        grammar = SCHEMA[mistake.command]
        if mistake.kind is MistakeKind.TOO_MUCH:
            template = words.too_much
        elif grammar.argument is Argument.NUMBERS:
            template = words.numbers_missing
        else:
            template = words.device_missing
        return template.format(usage=usage(grammar, words))
    text = words.unknown_command.format(word=escape(shorten(mistake.word, _LONGEST_WORD)))
    if mistake.command is not None:
        nearest = usage(SCHEMA[mistake.command], words)
        return f"{text} {words.did_you_mean.format(command=nearest)}"
    return f"{text} {words.see_help.format(command=SCHEMA[Command.HELP].usage(''))}"


def _about(command: Command, words: Words) -> str:
    return {
        Command.PAIR: words.help_pair,
        Command.STATUS: words.help_status,
        Command.CHECK: words.help_check,
        Command.RECONNECT: words.help_reconnect,
        Command.DISCONNECT: words.help_disconnect,
        Command.PAUSE: words.help_pause,
        Command.RESUME: words.help_resume,
        Command.HELP: words.help_help,
    }[command]
