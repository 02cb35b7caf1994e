"""Each kind of witness fails on something, and each is blind to something that another sees."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp

from ste_theory.checks.enclosure import WITNESS as ENCLOSURE
from ste_theory.checks.enclosure import places
from ste_theory.claims import registry
from ste_theory.claims.claim import Claim, PlantedError
from ste_theory.claims.planted import scaled, systematic
from ste_theory.claims.verdict import Kind, Level, Outcome, Verdict, WitnessKind, verdict
from ste_theory.claims.witness import Context, Witness
from ste_theory.model.problem import PlanePoint, Problem, Straight
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import from_formulas, relu
from ste_theory.model.symbols import D, S_star, rho, theta

PASS, FAIL = Outcome.PASS, Outcome.FAIL
EVIDENCE = (WitnessKind.DERIVATION, WitnessKind.ENCLOSURE, WitnessKind.SAMPLING, WitnessKind.PROPERTIES)


def wrong(claim_id: str, quantity: Quantity, change: Callable[[sp.Expr], sp.Expr]) -> Claim:
    """The claim with one formula changed."""
    claim = registry.claims()[claim_id]
    return replace(claim, statement=claim.statement.replacing(quantity, change))


def tiny() -> Claim:
    """A relative error of 1e-20."""
    return wrong("yin2019.identity", Quantity.COARSE_TANGENTIAL, lambda f: f * (1 + sp.Rational(1, 10**20)))


def other_surrogate() -> Claim:
    """The identity's formulas and derivation, stated about the ReLU surrogate."""
    return replace(registry.claims()["yin2019.identity"], problems=(Problem(binary(), relu()),))


def doubled() -> Claim:
    """A factor that respects every symmetry of the model."""
    return wrong("yin2019.identity-correlation", Quantity.CORRELATION, lambda f: 2 * f)


def small_and_inhomogeneous() -> Claim:
    """An error of 1e-5 that breaks a symmetry: too small for sampling."""
    return wrong("yin2019.loss", Quantity.LOSS, lambda f: f + S_star**2 * D / 10**5)


def pasted(counterexample: str | None) -> PlanePoint:
    """The point that a counterexample's text ends in."""
    assert counterexample is not None
    _, _, text = counterexample.partition(" at ")
    point = eval(text, {"PlanePoint": PlanePoint, "Fraction": Fraction, "Straight": Straight})
    assert isinstance(point, PlanePoint)
    assert repr(point) == text
    return point


SEEN: dict[str, tuple[Callable[[], Claim], tuple[Outcome, ...]]] = {
    # derivation, enclosure, sampling, properties
    "a relative error of 1e-20": (tiny, (FAIL, FAIL, PASS, PASS)),
    # The properties of the model see neither of these two; the comparison with the public functions does.
    "another surrogate": (other_surrogate, (PASS, FAIL, FAIL, FAIL)),
    "a factor of two": (doubled, (FAIL, FAIL, FAIL, FAIL)),
    "a small term of another degree": (small_and_inhomogeneous, (FAIL, FAIL, PASS, FAIL)),
}


@pytest.mark.parametrize("name", SEEN)
def test_who_sees_what(name: str, context: Context, witnesses: dict[WitnessKind, Witness]) -> None:
    """Would have caught a witness that cannot fail, and one that claims to see what it cannot."""
    make, expected = SEEN[name]
    results = [witnesses[kind].examine(make(), context) for kind in EVIDENCE]
    assert tuple(result.outcome for result in results) == expected, [result.detail for result in results]
    assert verdict(Kind.IDENTITY, Level.QUICK, results) in (Verdict.REFUTED, Verdict.DISPUTED)


def test_an_enclosure_sees_nothing_between_its_points(context: Context, witnesses: dict[WitnessKind, Witness]) -> None:
    """Would have caught an enclosure that looks elsewhere than it says; the derivation sees the error."""
    factor = sp.S.One
    for place in places(doubled(), context):
        assert isinstance(place, PlanePoint)
        factor *= 1 + (rho - sp.Rational(place.rho.numerator, place.rho.denominator)) / 10
    claim = wrong("yin2019.identity-correlation", Quantity.CORRELATION, lambda f: f * factor)
    assert witnesses[WitnessKind.ENCLOSURE].examine(claim, context).outcome is PASS
    assert witnesses[WitnessKind.DERIVATION].examine(claim, context).outcome is FAIL


def test_what_a_witness_could_not_decide_is_not_called_unnoticed(
    context: Context, witnesses: dict[WitnessKind, Witness], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would have caught: "did not notice" for what was undecided, as ρ* for ρ where the instance changes at 0 alone."""
    claim = registry.claims()["general.sampler-sobol"]
    (error,) = [
        one
        for one in systematic(claim.statement, Level.FULL)
        if one.name == "coarse_gradient.tangential: rho_star in place of rho"
    ]
    monkeypatch.setattr("ste_theory.checks.planted.systematic", lambda *_: ())
    alone = Problem(binary(), from_formulas("alone", ("1", "3"), (0,)))
    blind = replace(claim, planted=(replace(error, systematic=False),), problems=(alone,))
    found = witnesses[WitnessKind.PLANTED].examine(blind, context)
    assert found.outcome is FAIL
    assert found.detail == f"derivation could not decide: {error.name}"


def test_the_planted_witness_fails_on_blind_witnesses_and_on_errors_that_change_nothing(
    context: Context, witnesses: dict[WitnessKind, Witness]
) -> None:
    """Would have caught a planted witness that passes whatever its witnesses say."""
    claim = registry.claims()["yin2019.loss"]
    factor = 1 + sp.Rational(1, 10**20)
    unseen = scaled("an error of 1e-20", Quantity.LOSS, factor, WitnessKind.SAMPLING)
    blind = witnesses[WitnessKind.PLANTED].examine(replace(claim, planted=(unseen,)), context)
    assert blind.outcome is FAIL
    assert "sampling did not notice: an error of 1e-20" in blind.detail
    nothing = PlantedError(
        "sin² + cos²",
        lambda s: s.replacing(Quantity.LOSS, lambda f: f * (sp.sin(theta) ** 2 + sp.cos(theta) ** 2)),
        WitnessKind.DERIVATION,
    )
    silent = witnesses[WitnessKind.PLANTED].examine(replace(claim, planted=(nothing,)), context)
    assert silent.outcome is FAIL
    assert "does not change the statement" in silent.detail


STATED = [
    (claim.id, equation.quantity)
    for claim in registry.claims().values()
    for equation in claim.statement.equations
    if equation.formula != 0
]


@pytest.mark.parametrize(("claim_id", "quantity"), STATED, ids=[f"{claim} {quantity}" for claim, quantity in STATED])
def test_an_enclosure_certifies_a_relative_error_of_1e_20(
    claim_id: str, quantity: Quantity, context: Context, witnesses: dict[WitnessKind, Witness]
) -> None:
    """Would have caught an equation that is not compared, balls that are too wide, a point where the value is 0."""
    claim = wrong(claim_id, quantity, lambda f: f * (1 + sp.Rational(1, 10**20)))
    result = witnesses[WitnessKind.ENCLOSURE].examine(claim, context)
    assert (result.outcome, result.certified) == (FAIL, True), result.detail
    assert result.detail.startswith(str(quantity)), "another equation failed"
    assert result.counterexample is not None


@pytest.fixture(scope="module")
def boxes() -> Context:
    """The run whose boxes the tests below share."""
    return Context(Level.STANDARD, 20190107)


@pytest.mark.parametrize(("claim_id", "quantity"), STATED, ids=[f"{claim} {quantity}" for claim, quantity in STATED])
def test_boxes_alone_fail_on_a_formula_that_is_wrong_by_5_percent(
    claim_id: str, quantity: Quantity, boxes: Context
) -> None:
    """Would have caught balls on boxes that are narrow beside the terms of a quantity and wide beside the quantity."""
    right = registry.claims()[claim_id]
    # With the identity no quantity is 0 by symmetry.
    telling = [problem for problem in right.problems if problem.surrogate.name == "identity"] or right.problems
    right = replace(right, problems=tuple(telling[:1]))
    assert isinstance(ENCLOSURE._boxes(right, boxes, []), str)
    for factor in (sp.Rational(21, 20), sp.Rational(19, 20), sp.S.NegativeOne):
        statement = right.statement.replacing(quantity, lambda f, factor=factor: factor * f)  # type: ignore[misc]
        result = ENCLOSURE._boxes(replace(right, statement=statement), boxes, [])
        assert not isinstance(result, str), result
        assert (result.outcome, result.certified) == (FAIL, True), result.detail
        assert result.detail.startswith(str(quantity)), "another equation failed"


@pytest.mark.slow
def test_a_counterexample_of_the_enclosure_is_small_and_can_be_pasted(
    context: Context, witnesses: dict[WitnessKind, Witness]
) -> None:
    """Would have caught a counterexample that is the drawn point, or at which the error does not exist."""
    result = witnesses[WitnessKind.ENCLOSURE].examine(doubled(), context)
    point = pasted(result.counterexample)
    assert (point.rho, point.theta, point.m) == (Fraction(3), Fraction(1), 2)
    # An error that exists for ρ < 2 only.
    rare = wrong("yin2019.identity-correlation", Quantity.CORRELATION, lambda f: f * (1 + sp.Max(0, 2 - rho)))
    found = [witnesses[WitnessKind.ENCLOSURE].examine(rare, replace(context, seed=seed)) for seed in range(4, 8)]
    shown = [pasted(result.counterexample) for result in found if result.outcome is FAIL]
    assert shown
    assert all(point.rho < 2 for point in shown)
    assert {(point.theta, point.m) for point in shown} == {(Fraction(1), 2)}


def test_a_counterexample_of_the_properties_is_small_and_can_be_pasted(
    context: Context, witnesses: dict[WitnessKind, Witness]
) -> None:
    """Would have caught a counterexample that is not shrunk, or printed in a form that is not a point."""
    claim = wrong("yin2019.loss", Quantity.LOSS, lambda f: f + S_star / 8)
    result = witnesses[WitnessKind.PROPERTIES].examine(claim, context)
    assert result.outcome is FAIL
    point = pasted(result.counterexample)
    assert point.m == 1
    assert max(abs(x) for x in (*point.v, *point.v_star)) <= 2
