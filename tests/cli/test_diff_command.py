"""``diff``: what changed from one run to another."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ste_theory.claims.difference import difference
from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.verdict import Level, Verdict, WitnessKind
from ste_theory.claims.witness import Catch, Figure
from ste_theory.render.difference import render
from tests.cli.conftest import Command
from tests.unit.claims.fakes import FAIL, PASS, result

C, R, D = Verdict.CONFIRMED, Verdict.REFUTED, Verdict.DISPUTED
FIGURES = (Figure("f (binary/relu)", 0.25, 0.25, 0.01, 0.1, 0.02, "θ = 1"), Figure("g", 1.5, 1.5, 0.1))


def line(claim_id: str, verdict: Verdict = C) -> ClaimReport:
    sampled = result(WitnessKind.SAMPLING, PASS, figures=FIGURES)
    return ClaimReport(claim_id, "Title", "identity", "Source", "f = 1", C, verdict, verdict, (), None, (sampled,))


BASE = Report(Level.QUICK, 7, {"ste-theory": "0.1.0", "numpy": "2.0"}, (line("a.a"), line("a.b")), 1.0)


def with_figure(report: Report, figure: Figure) -> Report:
    first = report.claims[0]
    witnesses = (replace(first.witnesses[0], figures=(figure, FIGURES[1])),)
    return replace(report, claims=(replace(first, witnesses=witnesses), *report.claims[1:]))


@pytest.mark.parametrize(
    ("after", "code", "said"),
    [
        (BASE, 0, "2 claims in both; unchanged: verdicts, statements, witnesses, figures, versions and settings"),
        (replace(BASE, seconds=9.0), 0, "unchanged: verdicts, statements, witnesses, figures, versions"),
        (replace(BASE, environment={"ste-theory": "0.2.0"}), 0, "ste-theory: 0.1.0 → 0.2.0"),
        (replace(BASE, environment={"ste-theory": "0.1.0"}), 0, "numpy: 2.0 → absent"),
        (replace(BASE, claims=(line("a.a"), line("a.b", D))), 1, "a.b: CONFIRMED → DISPUTED (documented CONFIRMED)"),
        (
            replace(BASE, claims=(line("a.a"),)),
            1,
            "in one run only: 1 a.b: CONFIRMED → absent 1 claim in both; unchanged: v",
        ),
        (replace(BASE, claims=(*BASE.claims, line("a.c", R))), 1, "a.c: absent → REFUTED (documented CONFIRMED)"),
        (replace(BASE, claims=(replace(line("a.a"), statement="f = 2"), line("a.b"))), 1, "a.a: f = 1 → f = 2"),
        (
            replace(BASE, claims=(replace(line("a.a"), witnesses=(result(WitnessKind.SAMPLING, FAIL),)), line("a.b"))),
            1,
            "a.a sampling: pass → fail",
        ),
        (with_figure(BASE, replace(FIGURES[0], value=0.26)), 1, "0.25 against 0.25 → 0.26 against 0.25"),
        (replace(with_figure(BASE, replace(FIGURES[0], value=0.26)), seed=8), 0, "figures are not compared"),
        (replace(BASE, seed=8), 0, "unchanged: verdicts, statements, witnesses, what is claimed of figures"),
        (replace(with_figure(BASE, replace(FIGURES[0], claimed=0.3)), seed=8), 1, "claimed: 0.25 → 0.3"),
    ],
)
def test_a_change_is_named(command: Command, tmp_path: Path, after: Report, code: int, said: str) -> None:
    """Would have caught: a verdict that changed unseen, a lost claim, another seed's noise reported as a change."""
    files = [tmp_path / "a.json", tmp_path / "b.json"]
    for file, report in zip(files, (BASE, after), strict=True):
        file.write_text(json.dumps(report.to_json()), encoding="utf-8")
    ended = command("diff", *map(str, files))
    assert (ended.code, ended.err) == (code, "")
    assert said in " ".join(ended.out.split())
    assert all(len(text) <= 80 for text in ended.out.splitlines())


@pytest.mark.parametrize(
    ("level", "missed", "said"), [(Level.QUICK, 0, "2/2 → 3/3"), (Level.FULL, 1, "all → all but 1")]
)
def test_another_level_plants_other_errors(level: Level, missed: int, said: str) -> None:
    """Would have caught: 18/18 → 96/96 as a change, or one that the longer run missed passed over."""

    def run(level: Level, tried: int, missed: int = 0) -> Report:
        sampling = WitnessKind.SAMPLING
        outcomes = [FAIL] * (tried - missed) + [PASS] * missed
        catches = tuple(Catch(f"error {n}", sampling, ((sampling, said),)) for n, said in enumerate(outcomes))
        planted = result(WitnessKind.PLANTED, PASS, catches=catches)
        return replace(BASE, level=level, claims=(replace(line("a.a"), witnesses=(planted,)),))

    before = run(Level.QUICK, 2)
    assert f"planted errors caught: {said}" in render(difference(before, run(level, 3, missed)))
    assert "planted" not in render(difference(before, run(Level.FULL, 3)))


def test_many_changes_are_counted(command: Command, tmp_path: Path) -> None:
    """Would have caught: a screen full of figures, or changes beyond the tenth that nothing mentions."""
    many = tuple(Figure(f"f{number}", 1.0, 1.0, 0.1) for number in range(15))
    moved = tuple(replace(figure, value=2.0) for figure in many)
    files = []
    for name, figures in (("a", many), ("b", moved)):
        claim = replace(line("a.a"), witnesses=(result(WitnessKind.SAMPLING, PASS, figures=figures),))
        files.append(tmp_path / f"{name}.json")
        files[-1].write_text(json.dumps(replace(BASE, claims=(claim,)).to_json()), encoding="utf-8")
    short = command("diff", *map(str, files)).out
    assert "figures: 15 changed" in short
    assert "and 5 more" in short
    assert command("diff", *map(str, files), "--full").out.count(" → ") == 15


def test_what_is_no_report_is_refused(command: Command, tmp_path: Path) -> None:
    """Would have caught: a traceback, or a comparison of nothing that finds nothing changed."""
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "b.json").write_text(json.dumps(BASE.to_json()))
    assert command("diff", str(tmp_path / "b.json"), str(tmp_path / "a.json")).code == 2
    assert command("diff", str(tmp_path / "none.json"), str(tmp_path / "b.json")).code == 2
    assert command("diff", "-", "-").code == 2
