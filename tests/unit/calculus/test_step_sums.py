"""Sums over the steps of any staircase, and the probability of a quadrant."""

import mpmath as mp
import numpy as np
import pytest
import sympy as sp
from scipy.stats import multivariate_normal

from ste_theory.calculus.definitions import any_staircase
from ste_theory.calculus.derivation import Grade
from ste_theory.calculus.equality import exactly_equal
from ste_theory.calculus.evaluate import evaluate
from ste_theory.calculus.expectation import Expectation, indicator
from ste_theory.calculus.orthants import Orthant, OrthantSlope, digits
from ste_theory.calculus.rules.algebra import SPECIALIZE
from ste_theory.calculus.rules.orthants import CONDITION, ORTHANT, PLACKETT
from ste_theory.calculus.rules.steps import NESTED, SUPERPOSITION
from ste_theory.calculus.step_sums import StepSum, gathered, of_staircase, two_steps_decide, written_out
from ste_theory.model.symbols import D, a, b, c, c_0, d, i, j, rho, rho_star, s, sigma, t, theta

h, k = sp.symbols("h k", real=True)


def test_two_steps_decide_for_every_number_of_steps() -> None:
    """Would have caught an equality that holds for one step only, or one that the order of two indices breaks."""
    one, both = StepSum(d[i] * t[i], i), StepSum(StepSum(d[i] * d[j] * t[i] * t[j], j), i)
    assert exactly_equal(one**2, both) is True
    assert exactly_equal(StepSum(d[i] ** 2 * t[i] ** 2, i), both) is False, "they agree for one step"
    uneven = StepSum(StepSum(d[i] * d[j] * (t[i] - t[j]), j), i)
    assert exactly_equal(uneven, sp.S.Zero) is True, "h(i, j) + h(j, i) = 0"


def test_sums_that_two_steps_do_not_decide_are_undecided() -> None:
    """Would have caught a proof for two steps of what fails for three: a third power, a count, a height in a root."""
    third = StepSum(d[i], i) ** 3
    counted = StepSum(t[i], i) + StepSum(sp.S.One, i)
    for expression in (third, counted, sp.sqrt(StepSum(d[i], i)), StepSum(sp.cos(d[i]), i)):
        assert not two_steps_decide(expression)
        assert exactly_equal(expression, expression + StepSum(d[i], i)) is None


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_what_is_gathered_is_the_same_for_every_number_of_steps(steps: int) -> None:
    """Would have caught a lost term or a captured index where sums are multiplied out, also of sums in sums."""
    x = sp.Symbol("x")
    inner = StepSum(d[j] * (t[j] + x * StepSum(d[i] * t[i] ** 2, i)), j)
    expression = D * (c_0 + StepSum(d[i] * t[i], i)) ** 2 + 3 * inner
    collected = gathered(expression, D)
    assert sp.expand(written_out(expression - collected, steps)) == 0
    numbers = [sp.Integer(number) for number in (2, 3, 5)[:steps]]
    thresholds = [sp.Integer(number) for number in (7, 11, 13)[:steps]]
    one, two = (of_staircase(side, sp.Integer(4), numbers, thresholds) for side in (expression, collected))
    assert sp.expand(one - two) == 0
    assert not one.has(StepSum, c_0, d, t)


def test_letters_that_mean_something_already_are_no_specialization() -> None:
    """Would have caught a body whose letter falls under a sum or an expectation of the expression it is put into."""
    node = D * Expectation(sigma(a))
    assert SPECIALIZE.verify(node, node.replace(sigma, any_staircase), {"body": any_staircase, "function": sigma}).grade
    for body in (lambda x: D * x, lambda x: a * x):
        options = {"body": body, "function": sigma}
        assert SPECIALIZE.verify(node, node.replace(sigma, body), options).grade is Grade.UNKNOWN
    twice = Expectation(sigma(a) * d[1])
    options = {"body": any_staircase, "function": sigma}
    assert SPECIALIZE.verify(twice, twice.replace(sigma, any_staircase), options).grade is Grade.UNKNOWN


def test_the_lower_threshold_does_not_decide() -> None:
    """Would have caught min for max, or one of the two thresholds whichever is larger."""
    node = Expectation(indicator(rho * a - t[i]) * indicator(rho * a - t[j]))
    assert NESTED.verify(node, Expectation(indicator(rho * a - sp.Max(t[i], t[j]))), {}).grade is Grade.EXACT
    for wrong in (sp.Min(t[i], t[j]), t[i], t[j], t[i] + t[j]):
        assert NESTED.verify(node, Expectation(indicator(rho * a - wrong)), {}).grade < Grade.AT_POINTS


def test_steps_come_out_of_an_expectation_once() -> None:
    """Would have caught the diagonal of a square counted twice, or left out."""
    node = Expectation(any_staircase(a) ** 2)
    right = SUPERPOSITION.rewrite(node, {})
    assert right is not None
    assert SUPERPOSITION.verify(node, right, {}).grade is Grade.EXACT
    diagonal = StepSum(d[i] ** 2 * Expectation(indicator(a - t[i])), i)
    for wrong in (right + diagonal, right - diagonal):
        assert SUPERPOSITION.verify(node, wrong, {}).grade < Grade.AT_POINTS


@pytest.mark.parametrize("angle", [0.05, 1.0, np.pi / 2, 2.0, 3.1])
@pytest.mark.parametrize(("one", "two"), [(0.0, 0.0), (0.7, 0.7), (-1.2, 0.4), (2.5, -0.3)])
def test_a_quadrant_is_the_one_of_the_bivariate_normal(angle: float, one: float, two: float) -> None:
    """Would have caught a wrong sign of the angle's integral, beyond π/2 too; against another program's value."""
    covariance = [[1.0, np.cos(angle)], [np.cos(angle), 1.0]]
    expected = multivariate_normal.cdf([-one, -two], cov=covariance, abseps=1e-9, releps=1e-9)
    found = evaluate(Orthant(h, k, theta), {h: one, k: two, theta: angle})
    assert found.number == pytest.approx(expected, abs=2e-8)
    assert float(digits(mp.mpf(one), mp.mpf(two), mp.mpf(angle))) == pytest.approx(found.number, abs=1e-12)


def test_the_derivatives_of_a_quadrant_in_numbers() -> None:
    """Would have caught a derivative that its verifier accepts and numbers refute."""
    values = {h: 0.4, k: -0.7, theta: 1.3}
    for argument, rule in ((1, CONDITION), (2, CONDITION), (3, PLACKETT)):
        node = OrthantSlope(sp.Integer(argument), h, k, theta)
        claimed = rule.rewrite(node, {})
        assert claimed is not None
        assert evaluate(node, values).number == pytest.approx(evaluate(claimed, values).number, abs=1e-12)
        assert rule.verify(node, claimed, {}).grade is Grade.EXACT
        assert rule.verify(node, -claimed, {}).grade < Grade.AT_POINTS
        swapped = claimed.subs({h: k, k: h}, simultaneous=True)
        assert rule.verify(node, swapped, {}).grade is Grade.EXACT or argument != 3, "Plackett's is symmetric"
        assert rule.verify(node, swapped, {}).grade < Grade.AT_POINTS or argument == 3


def test_a_quadrant_needs_the_right_correlation_and_scale() -> None:
    """Would have caught the angle π − θ, a threshold in the other one's units, or two steps of one direction."""
    node = Expectation(indicator(rho * a - t[i]) * indicator(rho_star * (c * a + s * b) - t[j]))
    right = Orthant(t[i] / rho, t[j] / rho_star, theta)
    assert ORTHANT.verify(node, right, {}).grade is Grade.EXACT
    wrong = (
        Orthant(t[i] / rho, t[j] / rho_star, sp.pi - theta),
        Orthant(t[i] / rho_star, t[j] / rho, theta),
        Orthant(t[i], t[j] / rho_star, theta),
        Orthant(-t[i] / rho, t[j] / rho_star, theta),
    )
    for other in wrong:
        assert ORTHANT.verify(node, other, {}).grade < Grade.AT_POINTS
    backwards = Expectation(indicator(rho * a - t[i]) * indicator(rho_star * (s * b - c * a) - t[j]))
    assert ORTHANT.verify(backwards, right, {}).grade < Grade.AT_POINTS
