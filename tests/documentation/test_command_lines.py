"""Every command line that a page, the README or CONTRIBUTING shows is one that the program takes; nothing is run."""

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from ste_theory.claims import registry
from ste_theory.cli.main import program
from tests.documentation.pages import BESIDE, PAGES, ROOT, Command, commands, identifier, inline_commands

SHOWN = [
    (page, command)
    for page in (*PAGES, *BESIDE)
    for command in (*commands(page), *inline_commands(page))
    if command[0] == "ste-theory"
]
# The beginning of an id, where the Tab key completes it.
BEGUN = "yin2019.r"


def parse(words: Command) -> None:
    """Raise ``click.UsageError`` for words that are no command line."""
    command: click.Command = program
    context, rest = click.Context(program), list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        _, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command = found
    if rest or len(words) > 2:  # a command alone is only named
        command.make_context(words[0], rest)


@pytest.mark.parametrize(
    ("page", "command"), SHOWN, ids=[f"{identifier(page)}: {shlex.join(command)}" for page, command in SHOWN]
)
def test_the_command_line_is_taken(
    page: Path, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would have caught: an option that was renamed, a value it does not take, a claim that is no more."""
    monkeypatch.chdir(tmp_path)
    for word in command:
        if re.fullmatch(r"[\w-]+\.(json|npz|csv)", word) or word == "FILE":
            Path(word).touch()  # a file that an earlier command would have written
    parse(command[1:])
    known = registry.claims()
    for word in command[1:]:
        if re.match(r"(yin2019|long2021|general)\b", word) and word != BEGUN:
            assert registry.select(known, [word])


@pytest.mark.parametrize(
    "words",
    [
        ("verfy",),
        ("verify", "--levle", "quick"),
        ("verify", "--level", "quickly"),
        ("plan", "yin2019.loss"),
        ("experiment", "table1", "--bits", "two"),
        ("experiment", "table2"),
    ],
)
def test_what_is_none_is_refused(words: Command) -> None:
    """Would have caught: a parser that takes everything, so that the test above could not fail."""
    with pytest.raises(click.UsageError):
        parse(words)


def test_every_target_and_extra_is_there() -> None:
    """Would have caught: `make reports`, an extra that was renamed."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    extras = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"])
    for page in (*PAGES, *BESIDE, ROOT / "tests" / "README.md"):
        text = page.read_text(encoding="utf-8")
        named = [words.split() for words in re.findall(r"(?:`|^)make ([a-z -]+)", text, re.MULTILINE)]
        assert {word for words in named for word in words} <= targets, identifier(page)
        asked = re.findall(r"(?:ste-theory|\"\.)\[([a-z,]+)\]", text)
        assert {name for names in asked for name in names.split(",")} <= extras, identifier(page)
