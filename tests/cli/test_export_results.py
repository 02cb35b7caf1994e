"""``export --format latex --results``: what a run found as macros; reports of other claims are refused in one line."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from ste_theory.claims import registry
from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.verdict import Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Figure, WitnessResult
from tests.cli.conftest import Command
from tests.cli.test_export_command import run_tex

ID = "yin2019.identity"
FIGURES = (
    Figure("E g_id", 1.25, 1.5, 0.125, pull=-2.0, detectable=0.5, place="θ = 1"),
    Figure("E g_id", math.nan, 1.5, 3e-20, digits=("1.2345e-7", "1.2345e-7")),
)


def report(*, statement: str | None = None) -> Report:
    """A run of one claim whose numbers are nobody else's."""
    claim = registry.claims()[ID]
    sampled = WitnessResult(WitnessKind.SAMPLING, Outcome.PASS, "", 41, figures=FIGURES)
    stated = claim.statement.latex if statement is None else statement
    said = (Verdict.CONFIRMED,) * 3
    entry = ClaimReport(ID, claim.title, str(claim.kind), str(claim.source), stated, *said, (), None, (sampled,))
    return Report(Level.QUICK, 7919, {"ste-theory": "0"}, (entry,), 1.0)


def stored(found: Report, folder: Path) -> str:
    """The file that ``verify --json`` writes."""
    file = folder / "results.json"
    file.write_text(json.dumps(found.to_json()))
    return str(file)


def test_the_numbers_of_a_run_are_macros(command: Command, tmp_path: Path, pdflatex: str) -> None:
    """Would have caught: a pull or an error that an author must type, a name that TeX does not find."""
    arguments = (ID, "--format", "latex", "--out", str(tmp_path), "--results", stored(report(), tmp_path))
    ended = command("export", *arguments)
    assert (ended.code, ended.err) == (0, "")
    text = (tmp_path / f"{ID}.tex").read_text()
    defined = dict(re.findall(r"^\\stedefine\{([^}]*)\}\{(.*)\}$", text, re.MULTILINE))
    assert defined[f"{ID}:run-seed"] == "7919"
    assert defined[f"{ID}:verdict"] == "CONFIRMED"
    assert defined[f"{ID}:sampling-assertions"] == "41"
    first = {name: defined[f"{ID}:sampling-1-{name}"] for name in ("value", "claimed", "error", "pull", "detectable")}
    assert first == {
        "value": r"\ensuremath{1.25}",
        "claimed": r"\ensuremath{1.5}",
        "error": r"\ensuremath{0.125}",
        "pull": r"\ensuremath{-2.00}",
        "detectable": r"\ensuremath{0.5}",
    }
    assert f"{ID}:sampling-2-value" not in defined
    assert defined[f"{ID}:sampling-2-digits"] == r"\ensuremath{1.2345\cdot 10^{-7}}"
    assert f"% {ID}:sampling-1: E g_id θ = 1\n" in text
    used = " ".join(rf"\stenumber{{{name}}}" for name in defined)
    (tmp_path / "main.tex").write_text(
        "\\documentclass{article}\\usepackage{amsmath,amssymb}\\begin{document}"
        f"\\input{{{ID}}}\n\n{{\\raggedright {used}\\par}}\\end{{document}}"
    )
    assert "undefined" not in run_tex(pdflatex, tmp_path / "main.tex")


def test_without_results_there_are_none(command: Command, tmp_path: Path) -> None:
    """Would have caught: numbers of a run that nobody named."""
    assert command("export", ID, "--format", "latex", "--out", str(tmp_path)).code == 0
    assert "run-seed" not in (tmp_path / f"{ID}.tex").read_text()


@pytest.mark.parametrize(
    ("arguments", "change", "words"),
    [
        ((ID, "--format", "markdown"), {}, "--results adds macros to --format latex; markdown has none"),
        ((ID, "yin2019.relu", "--format", "latex"), {}, "results: nothing about yin2019.relu"),
        ((ID, "--format", "latex"), {"statement": "f = 2"}, f"{ID} states something else there"),
    ],
)
def test_a_report_that_does_not_belong_is_refused(
    command: Command, tmp_path: Path, arguments: tuple[str, ...], change: dict[str, str], words: str
) -> None:
    """Would have caught: the pull of another statement in a paper, a folder made before the report is read."""
    out = tmp_path / "out"
    ended = command("export", *arguments, "--out", str(out), "--results", stored(report(**change), tmp_path))
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert ended.err.count("\n") == 1
    assert not out.exists()


def test_another_schema_is_refused(command: Command, tmp_path: Path) -> None:
    """Would have caught: a file of another version read as if it were of this one."""
    content = replace(report(), seed=1).to_json() | {"schema": "ste_theory.report/0"}
    file = tmp_path / "old.json"
    file.write_text(json.dumps(content))
    ended = command("export", ID, "--format", "latex", "--out", str(tmp_path / "out"), "--results", str(file))
    assert ended.code == 2
    assert "schema 'ste_theory.report/0'; this version reads" in ended.err
    assert ended.err.count("\n") == 1
