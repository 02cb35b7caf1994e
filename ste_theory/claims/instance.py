"""A statement at a point: undefined functions replaced by a problem's, symbols by a point's exact numbers."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache

import mpmath as mp
import sympy as sp

from ste_theory.calculus.clipped import ClippedIntegral
from ste_theory.calculus.compiled import compiled
from ste_theory.calculus.definitions import activation, surrogate_derivative
from ste_theory.calculus.evaluate import Value, evaluate
from ste_theory.calculus.expectation import Expectation, unfold
from ste_theory.calculus.orthants import Orthant, OrthantSlope
from ste_theory.calculus.rules.derivatives import DirectionalDerivative
from ste_theory.calculus.step_sums import of_staircase
from ste_theory.model.problem import PlanePoint, Problem, Straight
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import (
    D,
    S,
    S_star,
    V,
    V_star,
    k,
    m,
    mu_prime,
    rho,
    rho_star,
    sigma,
    theta,
    v,
    v_star,
)

# What stands in a formula for an integral: its numbers come from quadrature.
INTEGRATED = (Expectation, sp.Integral, ClippedIntegral, Orthant)


@lru_cache(maxsize=4096)
def concrete(formula: sp.Expr, problem: Problem) -> sp.Expr:
    """The formula with σ and μ′ of ``problem`` in place of the undefined functions, and the steps of σ written out."""
    quantizer = problem.quantizer
    steps = [[_rational(number) for number in numbers] for numbers in (quantizer.heights, quantizer.thresholds)]
    with_steps = of_staircase(formula, _rational(quantizer.offset), *steps)
    with_activation = with_steps.replace(sigma, lambda argument: activation(quantizer, argument))
    result: sp.Expr = with_activation.replace(
        mu_prime, lambda argument: surrogate_derivative(problem.surrogate, argument)
    )
    return result


def _numbers(point: PlanePoint, component: int) -> dict[sp.Expr, Fraction | Straight]:
    """What every symbol of a statement is at ``point``; v[k], v*[k] are the entries number ``component`` (from 0)."""
    sums = point.scalars
    return {
        rho: point.rho,
        rho_star: point.rho_star,
        V: sums["V"],
        S: sums["S"],
        D: sums["D"],
        V_star: sums["V_star"],
        S_star: sums["S_star"],
        m: Fraction(point.m),
        v[k]: point.v[component],
        v_star[k]: point.v_star[component],
        theta: point.theta,
    }


def assignment(point: PlanePoint, component: int = 0) -> dict[sp.Expr, sp.Expr]:
    """The same as expressions."""
    return {symbol: _expression(value) for symbol, value in _numbers(point, component).items()}


def _expression(value: Fraction | Straight) -> sp.Expr:
    return sp.pi if isinstance(value, Straight) else _rational(value)


def _rational(value: Fraction) -> sp.Rational:
    return sp.Rational(value.numerator, value.denominator)


def components_of(quantity: Quantity, point: PlanePoint) -> range:
    """The component numbers a quantity has at a point: one per row for the gradient in v, else one."""
    return range(point.m if quantity is Quantity.V_GRADIENT else 1)


def value_at(
    formula: sp.Expr,
    problem: Problem,
    point: PlanePoint,
    component: int = 0,
    *,
    replace: Mapping[sp.Expr, Fraction] | None = None,
) -> Value:
    """The number a formula gives at a point, with an error estimate (see ``calculus.evaluate``).

    ``replace`` overrides symbols, for limits such as θ = 0 that a ``PlanePoint`` does not admit.
    """
    # Fractions, not expressions: at thousands of points those would cost more than the formula.
    values = {**_numbers(point, component), **(replace or {})}
    bound = concrete(formula, problem)
    if _needs_quadrature(bound):
        return evaluate(bound, {symbol: float(_expression(value)) for symbol, value in values.items()})
    size = max(1.0, *(abs(math.pi if isinstance(value, Straight) else float(value)) for value in values.values()))
    # Of so many digits cancellation among quadratic or quartic terms may take eight.
    rough, lost = _number(bound, values, 30), 1e-22 * size**4
    if lost <= 1e-16 * abs(rough):
        return Value(float(rough), 4e-16 * abs(float(rough)) + lost)
    number, lost = _number(bound, values, 60), 1e-52 * size**4
    return Value(float(number), 4e-16 * abs(float(number)) + lost + 1e-20 * abs(float(number - rough)))


def _number(formula: sp.Expr, values: Mapping[sp.Expr, Fraction | Straight], digits: int) -> mp.mpf:
    with mp.workdps(digits):
        function, used = _compiled(formula, tuple(values))
        number: mp.mpf = function(*(_digits(values[symbol]) for symbol in used))
        return number


@lru_cache(maxsize=4096)
def _needs_quadrature(formula: sp.Expr) -> bool:
    return bool(formula.has(*INTEGRATED, DirectionalDerivative, OrthantSlope))


@lru_cache(maxsize=512)
def _compiled(formula: sp.Expr, symbols: tuple[sp.Expr, ...]) -> tuple[Callable[..., mp.mpf], tuple[sp.Expr, ...]]:
    """The formula as a function in mpmath numbers (of formulas without integrals), and the symbols that it takes."""
    unfolded = unfold(formula)
    used = tuple(symbol for symbol in symbols if unfolded.has(symbol))
    return compiled(unfolded, used, "digits"), used


def _digits(value: Fraction | Straight) -> mp.mpf:
    return +mp.pi if isinstance(value, Straight) else mp.mpf(value.numerator) / value.denominator
