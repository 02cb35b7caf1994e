"""docs/catalogue.md is what the program says now."""

import runpy
from dataclasses import replace
from typing import Any

import pytest

from ste_theory.analysis import catalogue
from ste_theory.analysis.analyze import analyze
from tests.architecture.test_imports import ROOT

FOLDER = ROOT / "docs"
LINES = (FOLDER / "catalogue.md").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    """The script that makes the tables."""
    return runpy.run_path(str(FOLDER / "catalogue_table.py"))


def test_every_name_has_a_row(table: dict[str, Any]) -> None:
    """Would have caught an entry added without its analysis, and a row of an entry that is gone."""
    first = LINES[: LINES.index("## Quantizers with several steps")]
    rows = [line.split(" | ")[0].removeprefix("| ") for line in first if line.startswith("| ")]
    assert rows[0] == "surrogate"
    assert rows[1:] == list(catalogue.names())
    second = LINES[len(first) :]
    pairs = [tuple(line.removeprefix("| ").split(" | ")[:2]) for line in second if line.startswith("| ")]
    assert pairs[1:] == table["PAIRS"]


@pytest.mark.parametrize("name", ["mexican_hat", "larq.swish_sign", "lsq", "snntorch.triangular", "gaussian", "bitnet"])
def test_rows_are_current(name: str, table: dict[str, Any]) -> None:
    """Would have caught a formula or a verdict that changed after the table was made."""
    assert table["row"](replace(analyze(catalogue.surrogate(name)), surrogate=name)) in LINES


@pytest.mark.parametrize("pair", [("identity", "uniform_relu(2)"), ("bnn.hard_tanh", "ternary(1/2)")])
def test_rows_of_staircases_are_current(pair: tuple[str, str], table: dict[str, Any]) -> None:
    """Would have caught a counterexample or a region that changed after the table was made."""
    assert table["staircase_row"](*pair) in LINES
