"""The experiments: one file each, found by its name."""

from pathlib import Path

import pytest

from tests.cli.conftest import Command

FOLDER = Path(__file__).parents[2] / "ste_theory" / "cli" / "experiment"
NAMES = sorted(file.stem.replace("_", "-") for file in FOLDER.glob("*.py") if file.stem != "__init__")


def test_every_file_of_the_folder_is_listed(command: Command) -> None:
    """Would have caught: an experiment that is written and that nobody can call."""
    ended = command("experiment")
    assert ended.code == 0
    listed = ended.out.partition("Commands:")[2].split()
    assert [name for name in NAMES if name not in listed] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_experiment_says_what_it_does(command: Command, name: str) -> None:
    """Would have caught: a file without the command of its name, or one that needs heavy imports for its help."""
    ended = command("experiment", name, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert f"experiment {name}" in ended.out
    assert max(len(line) for line in ended.out.splitlines()) <= 80


def test_an_unknown_experiment_is_one_line(command: Command) -> None:
    """Would have caught: a traceback from looking for the file."""
    ended = command("experiment", "../main")
    assert ended.code == 2
    assert ended.err.count("\n") == 1
    assert "No such command '../main'" in ended.err
