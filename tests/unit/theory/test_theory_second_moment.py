"""The second moment of the deciding component and the batch size, for any number of rows."""

import math

import numpy as np
import pytest
import sympy as sp

import ste_theory as st
from ste_theory.claims import registry
from ste_theory.model.errors import InvalidInput, UndefinedQuantity
from ste_theory.model.problem import Point, Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary, sign
from ste_theory.model.surrogates import Surrogate, clipped_relu, from_formulas, identity, relu
from ste_theory.model.symbols import D, theta
from ste_theory.montecarlo.decide import critical_value
from ste_theory.montecarlo.program import Layout, columns
from ste_theory.theory.second_moment import downhill_batch, tangential_moments

LEAKY = from_formulas("leaky", ("1/4", "1"), ("0",))
BUMP = from_formulas("bump", ("(1 + x)*exp(-x^2)",))
CLAIMS = registry.claims()
X, Y = sp.symbols("x y", real=True)
SAMPLES, RATE = 300_000, 1e-9


def _point(v: list[float], v_star: list[float], angle: float) -> Point:
    return Point(v, [1.25, 0.0], v_star, [math.cos(angle), math.sin(angle)])


def _sampled(problem: Problem, point: Point, samples: int, seed: int) -> np.ndarray:
    z = np.random.default_rng(seed).standard_normal((samples, point.m, 2))
    found: np.ndarray = columns(problem, point, z)[:, Layout(point.m, 2).groups["coarse_gradient"]][:, 1]
    return found


@pytest.mark.parametrize("surrogate", [identity(), relu(), LEAKY, clipped_relu(), BUMP], ids=lambda s: s.name)
@pytest.mark.parametrize(
    ("v", "v_star", "angle"),
    [([1.0, -2.0, 0.5], [0.5, 1.0, -1.5], 1.0), ([0.75, 1.5], [2.0, -0.25], 2.6), ([-1.5], [1.0], 0.3)],
)
def test_both_moments_are_those_of_the_program(
    surrogate: Surrogate, v: list[float], v_star: list[float], angle: float
) -> None:
    """Would have caught cross terms between rows that are left out, and sides of the surrogate exchanged."""
    problem, point = Problem(binary(), surrogate), _point(v, v_star, angle)
    q = _sampled(problem, point, SAMPLES, 21)
    for stated, sample in zip(tangential_moments(problem, point), (q, q**2), strict=True):
        error = sample.std(ddof=1) / math.sqrt(SAMPLES)
        assert abs(sample.mean() - stated) <= critical_value(RATE, 18) * error


@pytest.mark.parametrize(("surrogate", "name"), [(identity(), "identity"), (relu(), "ReLU")], ids=["identity", "relu"])
@pytest.mark.parametrize("angle", [1e-6, 0.3, 1.6, 2.5, 3.1])
def test_one_row_is_what_the_claim_states(surrogate: Surrogate, name: str, angle: float) -> None:
    """Would have caught a float formula that departs from the proved one, or cancels at small angles."""
    mean = CLAIMS[f"yin2019.{name.lower()}"].statement.formula(Quantity.COARSE_TANGENTIAL).subs(D, X * Y)
    square = CLAIMS["general.sample-size"].statement.sentence(f"the {name}, one row").right
    for v, v_star in ((1.5, 1.0), (1.0, 1.0), (-0.5, 2.0)):
        values = {X: v, Y: v_star, theta: angle}
        found = tangential_moments(Problem(binary(), surrogate), _point([v], [v_star], angle))
        for number, formula in zip(found, (mean, square), strict=True):
            assert number == pytest.approx(float(formula.subs(values).evalf(30)), rel=1e-9)


def test_the_batch_of_three_rows_points_downhill_often_enough() -> None:
    """Would have caught a batch size that forgets a factor: 2000 batches; Hoeffding's bound at 1e-9 on the failures."""
    problem, point = Problem(binary(), relu()), _point([1.0, 2.0, 0.5], [0.5, 1.0, -1.0], 1.0)
    size, batches = downhill_batch(problem, point, risk=0.2), 2000
    q = _sampled(problem, point, size * batches, 22).reshape(batches, size).mean(axis=1)
    mean, square = tangential_moments(problem, point)
    assert size - 1 < 4 * (square / mean**2 - 1) <= size
    assert float(np.mean(q * mean <= 0)) <= 0.2 + math.sqrt(math.log(1 / RATE) / (2 * batches))


@pytest.mark.parametrize("angle", [0.3, 1.9, 3.0])
def test_integrated_moments_are_the_closed_ones(angle: float) -> None:
    """The leaky ReLU, once constant to the code that looks and once not: 1e-13 of the sum of the terms, as promised.

    Would have caught: the teacher's side of a negative piece turned the wrong way, a panel missing near θ = π.
    """
    hidden = from_formulas("leaky", ("1/4 + 0*x", "1 + 0*x"), ("0",))
    for v, v_star in (([1.0, -2.0], [0.5, 1.0]), ([0.75], [2.0])):
        point = _point(v, v_star, angle)
        size = 8 * (np.sum(np.abs(v)) + np.sum(np.abs(v_star))) ** 4
        for one, other in zip(
            tangential_moments(Problem(binary(), LEAKY), point),
            tangential_moments(Problem(binary(), hidden), point),
            strict=True,
        ):
            assert one == pytest.approx(other, abs=1e-13 * size)


def test_batch_size() -> None:
    """Would have caught: a bound with δ for 1 − δ, a normal quantile of the wrong side, a batch that goes uphill."""
    problem, point = Problem(binary(), relu()), _point([1.0, 2.0, 0.5], [0.5, 1.0, -1.0], 1.0)
    found = st.batch_size(problem, point, confidence=0.95)
    ratio = found.variance / found.mean**2
    assert found.sufficient - 1 < 19 * ratio <= found.sufficient
    assert found.normal - 1 < 1.6448536269514722**2 * ratio <= found.normal
    assert st.batch_size(problem, point, confidence=0.5).normal == 1
    assert downhill_batch(problem, point, risk=0.05) == found.sufficient
    padded = Point([*point.v, 0.0], point.w, [*point.v_star, 2.0], point.w_star)
    longer = Point(point.v, point.w, [*point.v_star, 2.0], point.w_star)
    assert st.batch_size(problem, padded) == st.batch_size(problem, longer)
    uphill = Problem(binary(), from_formulas("uphill", ("-1",)))
    with pytest.raises(UndefinedQuantity, match="uphill"):
        st.batch_size(uphill, point)
    for wrong in (0.0, 1.0, math.nan, True):
        with pytest.raises(InvalidInput, match="confidence"):
            st.batch_size(problem, point, confidence=wrong)


def test_what_has_no_answer_says_so() -> None:
    """Would have caught a number for a surrogate, an activation, a point or a risk that the formula does not cover."""
    right_angle, plain = _point([1.0], [1.0], math.pi / 2), Problem(binary(), identity())
    with pytest.raises(InvalidInput, match="binary"):
        tangential_moments(Problem(sign(), identity()), right_angle)
    with pytest.raises(UndefinedQuantity, match="parallel"):
        tangential_moments(plain, Point([1], [1, 0], [1], [2, 0]))
    with pytest.raises(UndefinedQuantity, match="no batch"):
        downhill_batch(plain, _point([1.0, 1.0], [1.0, -1.0], 1.0), risk=0.1)
    with pytest.raises(InvalidInput, match="risk"):
        downhill_batch(plain, right_angle, risk=1.0)
