"""The examples of the documentation that need PyTorch, run: pages that `make test` can only read."""

import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ste_theory.cli.main import main
from tests.documentation.pages import DOCS, commands, fences, replaced

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")]
SURROGATE = DOCS / "how-to" / "read-a-surrogate.md"
NETWORKS = DOCS / "explanation" / "real-networks.md"
# The commands of the page train for minutes to hours; one epoch of the smallest network takes the same paths.
SMALL = ("--network", "lenet5", "--bits", "2", "--epochs", "1", "--seeds", "1", "--seed", "3", "--jobs", "1")


def test_reading_a_surrogate_prints_what_the_page_says(
    torch: Any, library: Callable[[str], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """Would have caught: an import that moved, a reading that prints something else."""
    library("snntorch.surrogate")
    reading, _ = fences(SURROGATE, "python")
    exec(compile(reading, str(SURROGATE), "exec"), {})
    (said,) = fences(SURROGATE, "text")
    # A line of three dots stands for any lines.
    wanted = re.escape(said).replace(re.escape("  ...\n"), r"(?:.*\n)*")
    assert re.fullmatch(wanted, capsys.readouterr().out)


def test_inspecting_a_model_prints_its_surrogates(torch: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Would have caught: the loop of the page, or the script it names, that does not run."""
    script = DOCS / "examples" / "inspect_model.py"
    _, loop = fences(SURROGATE, "python")
    torch.manual_seed(0)
    model = runpy.run_path(str(script))["Network"]()
    exec(compile(loop, str(SURROGATE), "exec"), {"model": model, "batch": torch.randn(64, 20)})
    lines = capsys.readouterr().out
    assert lines.count("Sign") == 2
    runpy.run_path(str(script), run_name="__main__")
    assert capsys.readouterr().out.count("Sign") == 2


@pytest.mark.parametrize("command", commands(NETWORKS), ids=lambda command: command[2])
def test_the_commands_of_the_page_train(
    command: tuple[str, ...], torch: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """Would have caught: an experiment that is not there, or that fails with its defaults but for the size."""
    monkeypatch.chdir(tmp_path)
    assert command[0] == "ste-theory"
    assert main([*replaced(command, {})[1:], *SMALL]) == 0
    assert "seed 3" in capsys.readouterr().out
