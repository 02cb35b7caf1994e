"""The claims about the classification paper: labelled everywhere, and their trials would notice a wrong program."""

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from flint import arb
from hypothesis import strategies as st

from ste_theory.claims import registry
from ste_theory.claims.claim import Claim
from ste_theory.claims.origin import Origin, origin
from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.stored import from_json
from ste_theory.claims.trial import Contradiction, Enclosed, Simulated, Trial
from ste_theory.claims.verdict import Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Context
from ste_theory.classification.exact import Network, Point
from ste_theory.render.verification import render

IDS = tuple(name for name in registry.claims() if name.startswith("long2021."))
WITNESSES = {witness.kind: witness for witness in registry.witnesses()}
x, y = sp.Symbol("x", real=True), sp.Symbol("y", real=True)
# y ≥ x² for all y ≥ x², said as a range: what the cases below are about.
SENTENCE = Sentence(
    "s",
    y,
    Relation.AT_LEAST,
    x**2,
    "words",
    variables=(Variable(x, -sp.oo), Variable(y, -sp.oo)),
    hypotheses=(Hypothesis(y - 2 * x**2),),
)


def claim(**faces: object) -> Claim:
    """A claim of the folder with the sentence above and the faces given."""
    base = registry.claims()["long2021.norm-growth"]
    statement = replace(base.statement, sentences=(SENTENCE,))
    none: dict[str, object] = {"trials": (), "enclosed": (), "simulated": ()}
    return replace(base, statement=statement, **{**none, **faces})  # type: ignore[arg-type]


def context() -> Context:
    return Context(Level.QUICK, 1)


@pytest.mark.parametrize("claim_id", IDS)
def test_every_statement_is_labelled(claim_id: str) -> None:
    """Would have caught: a reconstruction that is shown as if it were printed in the paper."""
    found = registry.claims()[claim_id]
    assert origin(found) is Origin.RECONSTRUCTED
    assert str(found.source).endswith("reconstructed")
    assert not found.source.statement, "a number of a lemma: the text is not at hand"


def test_the_label_is_in_the_table_and_in_the_stored_report() -> None:
    """Would have caught: a table or a JSON file without the label."""
    lines = [
        ClaimReport(
            name,
            "t",
            "limit",
            "L",
            "s",
            Verdict.CONFIRMED,
            Verdict.CONFIRMED,
            Verdict.CONFIRMED,
            (),
            None,
            (),
            origin=Origin.RECONSTRUCTED if name == "long2021.x" else Origin.PUBLISHED,
        )
        for name in ("long2021.x", "yin2019.x")
    ]
    report = Report(Level.QUICK, 1, {}, tuple(lines), 1.0)
    again = from_json(report.to_json())
    assert [line.origin for line in again.claims] == [Origin.RECONSTRUCTED, Origin.PUBLISHED]
    shown = {line.split()[0]: line for line in render(again).splitlines() if line.strip()}
    assert "reconstructed" in shown["long2021.x"]
    assert "reconstructed" not in shown["yin2019.x"]


def test_every_claim_but_one_runs_its_model() -> None:
    """Would have caught: statements that are algebra only, never compared with the program."""
    silent = [name for name in IDS if not (registry.claims()[name].trials or registry.claims()[name].enclosed)]
    assert silent == []


@pytest.mark.parametrize(
    ("values", "says"),
    [({x: 1, y: 2}, ""), ({x: 1, y: Fraction(3, 2)}, "the hypothesis"), ({x: 0, y: -1}, "the hypothesis")],
)
def test_a_trial_checks_hypotheses_as_well(values: dict[sp.Symbol, Fraction], says: str) -> None:
    """Would have caught: values outside the hypotheses that count as agreement."""
    trial = Trial("t", lambda: st.just(0), lambda _: [("s", values)])
    result = WITNESSES[WitnessKind.PROPERTIES].examine(claim(trials=(trial,)), context())
    assert (result.outcome is Outcome.PASS) == (says == "")
    assert says in result.detail


def test_a_contradiction_of_the_model_fails_with_the_case() -> None:
    """Would have caught: a fact of the model that raises and is swallowed."""

    def realized(case: int) -> list[tuple[str, dict[sp.Symbol, Fraction]]]:
        if case > 3:
            raise Contradiction("the loss differs")
        return []

    trial = Trial("t", lambda: st.integers(0, 100), realized)
    result = WITNESSES[WitnessKind.PROPERTIES].examine(claim(trials=(trial,)), replace(context(), examples=50))
    assert result.outcome is Outcome.FAIL
    assert "the loss differs at 4" in result.detail


@pytest.mark.parametrize(
    ("values", "outcome", "certified"),
    [
        ({x: arb(1), y: arb(2) + arb(0, 0.0) + 1}, Outcome.PASS, False),
        ({x: arb(1), y: arb(1)}, Outcome.FAIL, False),  # outside the hypothesis: the model contradicts it
        ({x: arb(1), y: arb(2.0, 0.5)}, Outcome.INCONCLUSIVE, False),
    ],
)
def test_balls_decide_three_ways(values: dict[sp.Symbol, arb], outcome: Outcome, certified: bool) -> None:
    """Would have caught: an undecided ball that passes, a violated hypothesis that refutes the sentence."""
    enclosed = Enclosed("e", lambda _: [("s", values)])
    result = WITNESSES[WitnessKind.ENCLOSURE].examine(claim(enclosed=(enclosed,)), context())
    assert (result.outcome, result.certified) == (outcome, certified)


@pytest.mark.parametrize(("shift", "outcome"), [(0.5, Outcome.PASS), (-0.5, Outcome.FAIL)])
def test_batches_are_judged_by_their_standard_error(shift: float, outcome: Outcome) -> None:
    """Would have caught: a mean that is compared without its error, or on the wrong side."""
    noise = np.random.default_rng(1).normal(size=400)
    simulated = Simulated("m", lambda _: [("s", {x: 0.0, y: shift + noise})], count=1)
    result = WITNESSES[WitnessKind.SAMPLING].examine(claim(simulated=(simulated,)), context())
    assert result.outcome is outcome


def hypotheses(name: str) -> Trial:
    """A trial of long2021.hypotheses."""
    (found,) = (trial for trial in registry.claims()["long2021.hypotheses"].trials if trial.name == name)
    return found


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("one dimension, a density", "the first level is jumped over"),
        ("two dimensions, finite data", "finitely many points see no first level"),
    ],
)
def test_one_dimension_and_finite_data_are_examples_of_their_own(name: str, sentence: str) -> None:
    """Would have caught: one example for both, which violates two hypotheses at once, and examples that do not look:
    of two thirds of the length some level ahead is too low."""
    example, quarter, third = hypotheses(name).realized, Fraction(1, 4), Fraction(1, 3)
    assert {said for said, _ in example((quarter, third, Fraction(1))) or ()} == {sentence, "no loss ahead"}
    with pytest.raises(Contradiction, match="the loss at"):
        example((quarter, third, Fraction(2, 3)))


def test_a_class_with_negative_entries_has_positive_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: a class without any v_ij > 0, a second hypothesis that the example violates, and one whose own
    data are not looked at."""
    seen: list[Network] = []
    right = Network.loss

    def loss(self: Network, point: Point) -> Fraction:
        seen.append(self)
        return right(self, point)

    monkeypatch.setattr(Network, "loss", loss)
    example = hypotheses("negative entries").realized
    example((Fraction(1, 4), Fraction(1)))
    for network in seen:
        assert all(any(v > 0 for v in row) for row in network.v)
        assert all(sum(row[j] > 0 for row in network.v) * sum(row[j] != 0 for row in network.v) <= 1 for j in range(8))
    monkeypatch.setattr(Network, "loss", lambda self, point: Fraction(point.y))
    with pytest.raises(Contradiction, match="class 2 has a loss"):
        example((Fraction(1, 4), Fraction(1)))


def test_the_page_names_every_claim() -> None:
    """Would have caught: a twelfth claim that docs/explanation/classification.md does not know of."""
    page = (Path(__file__).parents[3] / "docs/explanation/classification.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:long2021)?\.([a-z-]+)`", page))
    assert named == {name.removeprefix("long2021.") for name in IDS}
