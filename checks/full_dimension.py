"""The public functions in full dimension against the stated formulas, and rotations and permutations of their points.

The stated formula is evaluated in 120 digits at the plane reduction of the very floats that the public function is
given. Vectors are compared by their part along ŵ, their part along û and the rest, which must vanish.

Tolerances, with u = 2⁻⁵³: a backward error bound, a number of roundings times the sum of the absolute values of the
terms. With the terms near θ = 0 (near π: v + v* for v − v*, V + D for V − D, π − θ for θ)

    f           (36 + m)u·f: no term is negative
    ∂f/∂v_k     24u·(¼|v_k − v*_k| + ¼|S − S*| + θ|v*_k|/2π)
    E g_μ       (60 + n)u·(½|V − D|K + ½|S||S − S*|K + ½|D| min(K, 2φ(0)h sin²θ) + φ(0)|D| sinθ M)
    ∂f/∂w       (36 + n)u·|D|/2πρ
    ⟨ , ⟩       36u·D² sinθ M/((2π)^{3/2}ρ)

K = E|a||μ′(ρa)|, M = E|μ′(ρ sinθ ξ)|, h = max|μ′|: exact for constant pieces (weighted by the conditioning of a window
that does not begin at 0), else bounded by h, with 2e-13 for 60u, the accuracy of the quadrature. Sums over rows add
2⁻⁹⁸ of their absolute terms, the accuracy of pairs of floats. There is no allowance for the conditioning of θ: the
functions give θ, π − θ and sinθ to a few u, at every angle. Where a formula itself is integrated numerically, ten times
its error estimate is added.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Literal

import mpmath as mp
import numpy as np
import sympy as sp
from flint import arb

import ste_theory
from ste_theory.calculus.expectation import Expectation, unfold
from ste_theory.checks.full_points import DIGITS, EDGE, Array, Case, problem_code
from ste_theory.checks.model_properties import Counterexample
from ste_theory.checks.staircase_functions import staircase_functions
from ste_theory.claims.claim import COARSE_GRADIENT, POPULATION_GRADIENT, Claim
from ste_theory.claims.instance import concrete, value_at
from ste_theory.model.errors import UndefinedQuantity
from ste_theory.model.expressions import Number
from ste_theory.model.problem import PlanePoint, Point, Problem, Straight
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import D, S, S_star, V, V_star, k, m, rho, rho_star, theta, v, v_star
from ste_theory.rigorous.angular import clipped_integral
from ste_theory.rigorous.balls import precision
from ste_theory.theory.descent import descent_step

U, PAIRS = 2.0**-53, 2.0**-98
PHI_0 = 1 / math.sqrt(2 * math.pi)
_SYMBOLS = (rho, rho_star, theta, V, S, D, V_star, S_star, m, v[k], v_star[k])
GENERIC_CASE = Case(
    Point([0.875, -1.5, 2.25], [1.0, -0.5, 2.0, 0.25], [1.625, 0.5, 1.25], [0.5, 1.5, 0.75, -1.0]),
    np.array([2, 0, 3, 1]),
    np.array([1.0, -1.0, -1.0, 1.0]),
)

Check = Callable[[Case], None]


@lru_cache(maxsize=512)
def _compiled(formula: sp.Expr, problem: Problem) -> Callable[..., mp.mpf] | None:
    """The formula as a function of ``_SYMBOLS`` in mpmath numbers; ``None`` if it must be integrated."""
    bound = concrete(formula, problem)
    if bound.has(Expectation, sp.Integral):
        return None
    plain = {symbol: sp.Dummy(f"x{index}") for index, symbol in enumerate(_SYMBOLS)}
    modules = [{"p_clipped": partial(_angular, "cos"), "q_clipped": partial(_angular, "sin")}, "mpmath"]
    compiled: Callable[..., mp.mpf] = sp.lambdify(list(plain.values()), unfold(bound).xreplace(plain), modules)
    return compiled


def _angular(weight: Literal["cos", "sin"], angle: mp.mpf, length: mp.mpf) -> mp.mpf:
    """p (``cos``) or q (``sin``) in 30 digits, by the enclosure of its defining integral."""
    bits = 140
    with precision(2 * bits):
        theta_, rho_ = (arb(int(man)) * arb(2) ** int(exp) for man, exp in (mp.mpf(x).man_exp for x in (angle, length)))
    middle, exponent = arb(clipped_integral(weight, theta_, rho_, bits=bits, width=1e-30).mid()).man_exp()
    return mp.mpf(int(middle)) * mp.mpf(2) ** int(exponent)


@dataclass(frozen=True)
class Stated:
    """The formulas of a claim for one problem, at points in full dimension."""

    claim: Claim
    problem: Problem

    def value(self, quantity: Quantity, case: Case, component: int = 0) -> tuple[mp.mpf, float]:
        """(number, error estimate)."""
        plane = self.claim.domain.admit(case.reduction.plane)
        formula = self.claim.statement.formula(quantity)
        function = _compiled(formula, self.problem)
        if function is None:
            found = value_at(formula, self.problem, plane, component)
            return mp.mpf(found.number), 10 * found.error
        # Exactly parallel vectors are looked at from EDGE beside: no formula has a steeper slope in θ than this.
        size = float(sum(abs(x) for x in (*plane.v, *plane.v_star)))
        slope = (1 + size) ** 2 * max(1.0, float(1 / plane.rho))
        beside = float(EDGE) * slope if case.reduction.parallel else 0.0
        with mp.workdps(DIGITS):
            return mp.mpf(function(*_numbers(plane, component))), beside


def _numbers(plane: PlanePoint, component: int) -> list[mp.mpf]:
    sums = plane.scalars
    angle = mp.mpf(0) + mp.pi if isinstance(plane.theta, Straight) else plane.theta
    names = ("V", "S", "D", "V_star", "S_star")
    exact = [plane.rho, plane.rho_star, angle, *(sums[name] for name in names), plane.m]
    exact += [plane.v[component], plane.v_star[component]]
    return [mp.mpf(x) if isinstance(x, (int, mp.mpf)) else mp.mpf(x.numerator) / x.denominator for x in exact]


class Terms:
    """The tolerances of the module's docstring at one point."""

    def __init__(self, problem: Problem, case: Case) -> None:
        self.point, self._surrogate, plane = case.point, problem.surrogate, case.reduction.plane
        self.theta, self.supplement = case.reduction.theta, case.reduction.supplement
        self._near = self.theta <= math.pi / 2
        self._sums, self._rho = plane.scalars, float(plane.rho)
        self._sine: float = math.sin(min(self.theta, self.supplement))
        self._excess = abs(float(self._sums["S"] - self._sums["S_star"]))
        sizes = np.abs(case.point.v).sum() + np.abs(case.point.v_star).sum()
        self._rows = float(sizes)
        self._constant = all(isinstance(piece.formula, Number) for piece in self._surrogate.pieces)

    @cached_property
    def height(self) -> float:
        """max|μ′|."""
        if self._constant:
            return max(abs(float(p.formula.value)) for p in self._surrogate.pieces if isinstance(p.formula, Number))
        return float(np.abs(self._surrogate(np.linspace(-50, 50, 10001))).max())

    def _moment(self, scale: float, primitive: Callable[[float], float]) -> float:
        """∫|μ′(scale·t)|dG(t) over t for a primitive G that is odd or even: by constant pieces."""
        total = 0.0
        for piece in self._surrogate.pieces:
            height = abs(float(piece.formula.value)) if isinstance(piece.formula, Number) else 0.0
            for low, high in _halves(piece.lower, piece.upper):
                if height and scale > 0:
                    start = low / scale
                    total += height * (1 + min(start, 40.0) ** 2) * (primitive(high / scale) - primitive(start))
        return total

    @property
    def first(self) -> float:
        """K."""
        if not self._constant:
            return 2 * PHI_0 * self.height
        # 1 − e^{−t²/2} as expm1: a window far from the scale leaves few digits.
        return self._moment(self._rho, lambda t: -PHI_0 * math.expm1(-t * t / 2) if t < 60 else PHI_0)

    @property
    def response(self) -> float:
        """M."""
        if not self._constant:
            return self.height
        inside = self._moment(self._rho * self._sine, lambda t: math.erf(t / math.sqrt(2)) / 2)
        return inside or self.height

    def roundings(self, number: int) -> float:
        """Relative accuracy of so many roundings, or of quadrature."""
        return number * U if self._constant else number * U + 2e-13

    def coarse(self) -> float:
        """The tolerance of E g_μ."""
        K, overlap = self.first, abs(float(self._sums["D"]))
        away = float(self._sums["V"] - self._sums["D"] if self._near else self._sums["V"] + self._sums["D"])
        radial = abs(away) * K + abs(float(self._sums["S"])) * self._excess * K
        radial += overlap * min(K, 2 * PHI_0 * self.height * self._sine**2)
        sideways = PHI_0 * overlap * self._sine * self.response
        return self.roundings(60 + self.point.n) * (radial / 2 + sideways) + PAIRS * self._rows**2 * self.height

    def rows(self) -> Array:
        """The tolerance of ∂f/∂v, row by row."""
        difference = np.abs(self.point.v - self.point.v_star if self._near else self.point.v + self.point.v_star)
        angle = min(self.theta, self.supplement)
        terms = (difference + self._excess) / 4 + angle * np.abs(self.point.v_star) / (2 * math.pi)
        return np.asarray(24 * U * terms + PAIRS * self._rows)

    def slope(self) -> float:
        """The tolerance of ∂f/∂w."""
        overlap = abs(float(self._sums["D"]))
        return ((36 + self.point.n) * U * overlap + PAIRS * self._rows**2) / (2 * math.pi * self._rho)

    def product(self) -> float:
        """The tolerance of the correlation."""
        overlap = abs(float(self._sums["D"]))
        size = self._sine * self.response / ((2 * math.pi) ** 1.5 * self._rho)
        return float(size) * (self.roundings(36) * overlap**2 + PAIRS * overlap * self._rows**2)

    def loss(self, value: float) -> float:
        """The tolerance of f."""
        return (36 + self.point.m) * U * abs(value) + PAIRS * U * self._rows**2


def _halves(lower: object, upper: object) -> list[tuple[float, float]]:
    low = -math.inf if lower is None else float(lower)  # type: ignore[arg-type]
    high = math.inf if upper is None else float(upper)  # type: ignore[arg-type]
    found = [(max(low, 0.0), high)] if high > 0 else []
    return found + ([(max(-high, 0.0), -low)] if low < 0 else [])


def call(function: str, problem: Problem, case: Case) -> str:
    """The call to paste (after ``import ste_theory as st``)."""
    return f"st.{function}({problem_code(problem)}, {case!r})"


def _require(near: bool, what: str, got: object, stated: object, text: str) -> None:
    if not near:
        raise Counterexample(f"{what} is {got}, stated {stated}: {text}")


def _loss(stated: Stated, case: Case) -> None:
    value, terms = ste_theory.population_loss(stated.problem, case.point), Terms(stated.problem, case)
    text = call("population_loss", stated.problem, case)
    if Quantity.LOSS in _quantities(stated.claim):
        expected, error = stated.value(Quantity.LOSS, case)
        near = abs(mp.mpf(value) - expected) <= terms.loss(float(expected)) + error
        _require(near, "f", value, float(expected), text)
    moved = ste_theory.population_loss(stated.problem, case.moved())
    _require(
        abs(moved - value) <= 2 * terms.loss(value), "f after rows and coordinates are permuted", moved, value, text
    )


def _rows(stated: Stated, case: Case) -> None:
    terms = Terms(stated.problem, case)
    for name in ("expected_coarse_gradient", "population_gradient"):
        try:
            got = getattr(ste_theory, name)(stated.problem, case.point).v
        except UndefinedQuantity:
            _allow_the_kink(name, stated, case)
            continue
        for row, (value, allowed) in enumerate(zip(got, terms.rows(), strict=True)):
            expected, error = stated.value(Quantity.V_GRADIENT, case, row)
            near = abs(mp.mpf(float(value)) - expected) <= allowed + error
            _require(near, f"∂f/∂v[{row}]", float(value), float(expected), call(name, stated.problem, case))


def _allow_the_kink(name: str, stated: Stated, case: Case) -> None:
    """∂f/∂w may be refused only where w and w* are parallel to within one rounding of each entry."""
    angle = min(case.reduction.theta, case.reduction.supplement)
    refused = name == "population_gradient" and angle <= math.sqrt(case.point.n) * 4 * U
    _require(refused, name, "undefined", "defined", call(name, stated.problem, case))


def _gradient(name: str, quantities: tuple[Quantity, ...]) -> Callable[[Stated, Case], None]:
    """Along ŵ, along û and the rest, as far as they are stated; then the same after an exact rotation."""

    def holds(stated: Stated, case: Case) -> None:
        function, text = getattr(ste_theory, name), call(name, stated.problem, case)
        try:
            got = function(stated.problem, case.point).w
            moved = function(stated.problem, case.moved()).w
        except UndefinedQuantity:
            return _allow_the_kink(name, stated, case)
        terms, frame = Terms(stated.problem, case), case.reduction
        allowed = terms.coarse() if quantities is COARSE_GRADIENT else terms.slope()
        with mp.workdps(DIGITS):
            rest = [mp.mpf(float(x)) for x in got]
            for label, quantity, axis in (("ŵ", quantities[0], frame.w_hat), ("û", quantities[1], frame.u_hat)):
                if not axis:
                    continue
                part = mp.fdot(rest, axis)
                rest = [x - part * y for x, y in zip(rest, axis, strict=True)]
                if quantity in _quantities(stated.claim):
                    expected, error = stated.value(quantity, case)
                    near = abs(part - expected) <= allowed + error
                    _require(near, f"the part along {label}", float(part), float(expected), text)
            left = float(mp.sqrt(mp.fdot(rest, rest)))
        _require(left <= allowed, "the part orthogonal to ŵ and û", left, 0, text)
        turned = case.signs * got[case.columns]
        near = float(np.linalg.norm(moved - turned)) <= 2 * allowed
        _require(near, "the vector after rows and coordinates are permuted", moved.tolist(), turned.tolist(), text)
        return _scaled(name, stated, case, got, allowed)

    return holds


def _scaled(name: str, stated: Stated, case: Case, got: Array, allowed: float) -> None:
    """w → 2w: ∂f/∂w halves; E g_μ stays if μ′ is constant on both half-lines."""
    ends = stated.problem.surrogate.breakpoints
    homogeneous = all(isinstance(p.formula, Number) for p in stated.problem.surrogate.pieces) and set(ends) <= {0}
    if name == "expected_coarse_gradient" and not homogeneous:
        return
    factor = 1.0 if name == "expected_coarse_gradient" else 0.5
    old = case.point
    longer = getattr(ste_theory, name)(stated.problem, Point(old.v, 2 * old.w, old.v_star, old.w_star)).w
    near = float(np.linalg.norm(longer - factor * got)) <= 2 * factor * allowed
    text = call(name, stated.problem, case)
    _require(near, "the vector after w is doubled", longer.tolist(), (factor * got).tolist(), text)


def _correlation(stated: Stated, case: Case) -> None:
    value, terms = ste_theory.correlation(stated.problem, case.point), Terms(stated.problem, case)
    text = call("correlation", stated.problem, case)
    if not case.reduction.parallel:
        expected, error = stated.value(Quantity.CORRELATION, case)
        near = abs(mp.mpf(value) - expected) <= terms.product() + error
        _require(near, "the correlation", value, float(expected), text)
    moved = ste_theory.correlation(stated.problem, case.moved())
    _require(abs(moved - value) <= 2 * terms.product(), "the correlation after a permutation", moved, value, text)


def _descent(stated: Stated, case: Case) -> None:
    """f(v − ηp, w − ηE g_μ) ≤ f(v, w) at the edge of the guaranteed steps; 4u from rounding the new point, in each
    weight and in the angle, times the slope of f, which is at most ‖v‖₁ + ‖v*‖₁ in either."""
    try:
        step = descent_step(stated.problem, case.point) * (1 - 4 * U)
    except UndefinedQuantity:
        return
    at = case.point
    gradient = ste_theory.expected_coarse_gradient(stated.problem, at)
    after = Point(at.v - step * gradient.v, at.w - step * gradient.w, at.v_star, at.w_star)
    one, two = (ste_theory.population_loss(stated.problem, point) for point in (at, after))
    size = float(np.abs(at.v).sum() + np.abs(after.v).sum() + np.abs(at.v_star).sum())
    allowed = (36 + at.m) * U * (one + two) + 4 * U * size**2
    text = call("population_loss", stated.problem, case)
    _require(two <= one + allowed, f"f after the step {step!r}", two, f"at most {one!r}", text)


def _quantities(claim: Claim) -> tuple[Quantity, ...]:
    return tuple(equation.quantity for equation in claim.statement.equations)


def public_properties(claim: Claim, problem: Problem) -> list[tuple[str, Check]]:
    """The comparisons for a claim that states what a public function computes."""
    if not problem.quantizer.is_binary:
        return staircase_functions(claim, problem)
    quantities, stated = set(_quantities(claim)), Stated(claim, problem)
    found: list[tuple[str, Callable[[Stated, Case], None]]] = []
    if Quantity.LOSS in quantities:
        found.append(("public population_loss", _loss))
    if Quantity.V_GRADIENT in quantities:
        found.append(("public ∂f/∂v", _rows))
    if quantities & set(COARSE_GRADIENT):
        found.append(("public expected_coarse_gradient", _gradient("expected_coarse_gradient", COARSE_GRADIENT)))
    if quantities & set(POPULATION_GRADIENT) and not claim.domain.spurious:
        found.append(("public population_gradient", _gradient("population_gradient", POPULATION_GRADIENT)))
    if Quantity.CORRELATION in quantities:
        found.append(("public correlation", _correlation))
    if quantities >= set(COARSE_GRADIENT) and not claim.domain.spurious:
        found.append(("public step descends", _descent))
    return [(name, _at(holds, stated)) for name, holds in found]


def _at(holds: Callable[[Stated, Case], None], stated: Stated) -> Check:
    return lambda case: holds(stated, case)
