"""Write the reference of the command line as Markdown: every command with its options and exit codes, from the code."""

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from ste_theory.cli import main as entry

HEAD = """# Commands

Made by `python docs/command_pages.py` from the commands themselves, as `ste-theory COMMAND --help` prints them.
"""


def render() -> str:
    """The page."""
    blocks = [HEAD.rstrip(), "## Exit codes", exit_codes()]
    for path, command in commands(entry.program, ("ste-theory",)):
        context = click.Context(command, info_name=" ".join(path))
        # The name is a heading, so that the table of contents has it; a command of a group stands one level below.
        blocks.append(f"{'#' * len(path)} {' '.join(path[1:])}")
        blocks.append(f"```text\n{command.get_usage(context).removeprefix('Usage: ')}\n```")
        blocks += [_escaped(_one_line(part)) for part in inspect.cleandoc(command.help or "").split("\n\n")]
        blocks += _options(command, context)
    return "\n\n".join(block for block in blocks if block) + "\n"


def exit_codes() -> str:
    """The codes that all commands share, from the docstring of the program; where one has others its text says so."""
    _, codes = inspect.cleandoc(entry.__doc__ or "").split("\n\n")
    said = _one_line(codes).removeprefix("Exit codes: ").removesuffix(".").split("; ")
    rows = [
        f"| {code} | {_escaped(words.replace('``', '`'))} |" for code, _, words in (one.partition(" ") for one in said)
    ]
    after = "A command with other meanings of 0, 1 and 3 says so below. Every error is one line on standard error."
    return "\n".join(["| code | |", "|---|---|", *rows, "", after])


def commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below a group with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def _options(command: click.Command, context: click.Context) -> list[str]:
    # The records are for a terminal: they have no line breaks of their own.
    options = [one for one in command.params if isinstance(one, click.Option)]
    records = [record for one in options if (record := one.get_help_record(context)) is not None]
    if not records:
        return []
    rows = [f"| `{names.replace('|', chr(92) + '|')}` | {_escaped(said)} |" for names, said in records]
    return ["\n".join(["| option | |", "|---|---|", *rows])]


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _escaped(words: str) -> str:
    """Words in which Markdown sees no marks but single backquotes. Options get them: two dashes would become one."""
    parts = re.split(r"(`[^`]*`)", words)
    return "".join(part.replace("|", "\\|") if part.startswith("`") else _plain(part) for part in parts)


def _plain(words: str) -> str:
    return re.sub(r"(?<![\w-])(--[a-z][\w-]*)", r"`\1`", re.sub(r"([\\*_\[\]<>|#$])", r"\\\1", words))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render(), encoding="utf-8")
