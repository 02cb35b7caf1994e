"""What ``plan`` promises: with the samples it names, the error asked for is noticed and a true statement passes."""

import inspect
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sympy as sp

from ste_theory.claims import registry
from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.plan import Plan, Planner, plan
from ste_theory.claims.verdict import Level, Outcome, WitnessKind
from ste_theory.claims.witness import Context, Witness
from ste_theory.model.quantities import Quantity

DETECT = 0.01
SEED = 20190301


def sampling() -> Witness:
    """The sampling witness, from the registry."""
    (found,) = [witness for witness in registry.witnesses() if witness.kind is WitnessKind.SAMPLING]
    assert isinstance(found, Planner)
    return found


def planned(claim: Claim) -> Plan:
    """The plan of a claim for an error of 1 % at the level quick."""
    return plan(claim, registry.witnesses(), registry.claims(), detect=DETECT, level=Level.QUICK, seed=SEED)


def off(statement: Statement, quantity: Quantity, sign: int) -> Statement:
    """The statement with one formula off by 1 % of the norm of its vector, or of its value if it is a number."""
    group = [eq.formula for eq in statement.equations if quantity.is_component and eq.quantity.is_component]
    size = sp.sqrt(sp.Add(*(formula**2 for formula in group))) if group else statement.formula(quantity)
    return statement.replacing(quantity, lambda formula: formula + sign * sp.Rational(1, 100) * size)


@pytest.mark.parametrize(
    "claim_id",
    [
        pytest.param("yin2019.loss", marks=pytest.mark.slow),
        "yin2019.relu",
        pytest.param("yin2019.relu-correlation", marks=pytest.mark.slow),
    ],
)
def test_an_error_of_the_planned_size_is_noticed_and_the_truth_passes(
    claim_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would have caught: a plan too small by 20 % (a noise, a norm or a threshold of something else), one that forgets
    half of a product of two means, and one that is larger than needed by 40 %.

    Each of the 10 wrong formulas (± 1 % in each stated quantity) is missed with probability at most 0.01; a true
    one fails with probability at most 1e-6. The seeds are fixed: the outcome never changes on one machine.
    """
    claim, witness = registry.claims()[claim_id], sampling()
    made = planned(claim)
    samples = made.per_case
    monkeypatch.setattr(inspect.getmodule(type(witness)), "_samples", lambda case, level: samples[case.stream])
    context = Context(Level.QUICK, SEED, made.false_alarm / made.comparisons)
    truth = witness.examine(claim, context)
    assert truth.outcome is Outcome.PASS
    for equation in claim.statement.equations:
        for sign in (-1, 1):
            wrong = replace(claim, statement=off(claim.statement, equation.quantity, sign))
            assert witness.examine(wrong, context).outcome is Outcome.FAIL, (equation.quantity, sign)
    seen = max(figure.detectable or 0.0 for figure in truth.figures)
    assert 0.85 * DETECT < seen <= DETECT


def simulated() -> Iterator[object]:
    """The claims with a plan. The pilots of two that are about the same problems and quantities differ in nothing, so
    the first stands for both in the fast tests."""
    seen = set[object]()
    for claim in registry.claims().values():
        if sampling().applies(claim) and claim.statement.equations:
            about = (claim.instances(SEED), frozenset(equation.quantity for equation in claim.statement.equations))
            yield pytest.param(claim.id, marks=pytest.mark.slow if about in seen else ())
            seen.add(about)


@pytest.mark.parametrize("claim_id", list(simulated()))
def test_the_plan_of_every_claim_that_is_simulated_has_numbers(claim_id: str) -> None:
    """Would have caught: a quantity of a claim left out, or one whose size the pilot takes for zero.

    At a size that every pilot reaches, so that only the pilots are simulated.
    """
    claim = registry.claims()[claim_id]
    made = plan(claim, registry.witnesses(), registry.claims(), detect=0.5, level=Level.QUICK, seed=SEED)
    wanted = {str(equation.quantity) for equation in claim.statement.equations} - set(made.left_out)
    assert all(name.startswith("plane.") for name in made.left_out)  # what no program has as an observable
    assert {requirement.quantity for requirement in made.requirements} == wanted
    assert all(requirement.samples and requirement.noise >= 0 for requirement in made.requirements)
    assert made.seconds > 0


def test_ten_times_smaller_needs_a_hundred_times_as_many() -> None:
    """Would have caught: samples that grow with 1/detect, or a pilot that depends on what is asked for."""
    claim = registry.claims()["yin2019.loss"]
    coarse, fine = (
        plan(claim, registry.witnesses(), registry.claims(), detect=detect, level=Level.QUICK, seed=SEED)
        for detect in (0.01, 0.001)
    )
    assert [r.noise for r in coarse.requirements] == [r.noise for r in fine.requirements]
    for one, two in zip(coarse.requirements, fine.requirements, strict=True):
        assert two.samples == pytest.approx(100 * (one.samples or 0), rel=0.1)
