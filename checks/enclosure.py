"""The enclosure witness: does the stated formula equal the defining integral, to many digits, at exact points?

The formula is translated to balls; the definition is integrated in balls over the plane (for the plane reduction
itself: in raw coordinates of R²). A residual ball that excludes 0 is a certified counterexample. What it cannot see:
anything between the points.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np
import sympy as sp
from flint import acb, arb

from ste_theory.calculus.clipped import ClippedIntegral
from ste_theory.calculus.expectation import Expectation, unfold
from ste_theory.claims.claim import Claim, Equation
from ste_theory.claims.instance import assignment, components_of, concrete
from ste_theory.claims.verdict import Level, Outcome, WitnessKind
from ste_theory.claims.witness import Context, Figure, WitnessResult
from ste_theory.model.errors import SteTheoryError
from ste_theory.model.problem import PlanePoint, Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import a, b, rho, rho_star, sigma, theta, xi
from ste_theory.rigorous.angular import clipped_integral
from ste_theory.rigorous.balls import Truth, digits, is_zero, precision, radius, real
from ste_theory.rigorous.enclose import enclose
from ste_theory.rigorous.expectations import expectation
from ste_theory.rigorous.plane import Plane
from ste_theory.rigorous.raw import Raw, RawPoint
from ste_theory.rigorous.translate import translate

BITS, WIDTH = 180, 1e-30
POINTS = {Level.QUICK: 1, Level.STANDARD: 2, Level.FULL: 6}
_RAW = (Quantity.LOSS, Quantity.V_GRADIENT, Quantity.COARSE_RADIAL, Quantity.COARSE_TANGENTIAL)


@dataclass(frozen=True)
class Residual:
    """stated − defined at one point."""

    label: str
    where: str
    stated: arb
    defined: arb

    def examine(self) -> tuple[Truth, float]:
        """Whether the residual is zero (NO: certainly not), and its radius: the smallest error it would have seen,
        relative to the value unless that may be zero."""
        with precision(BITS + 60):
            difference = self.stated - self.defined
            size = abs(float(self.defined.mid())) if is_zero(self.defined) is Truth.NO else 1.0
            return is_zero(difference), radius(difference) / size


class EnclosureWitness:
    """Applies to every claim that states a quantity with a plane definition."""

    kind = WitnessKind.ENCLOSURE

    def applies(self, claim: Claim) -> bool:
        """Every quantity of the model has a plane definition."""
        return bool(claim.statement.equations)

    def comparisons(self, claim: Claim, level: Level) -> int:
        """None is random."""
        return 0

    def examine(self, claim: Claim, context: Context) -> WitnessResult:
        """PASS iff every residual ball contains 0 and is narrow; a residual that excludes 0 is a certified failure."""
        residuals: list[Residual] = []
        try:
            for problem in _problems(claim, context.level):
                rng = np.random.default_rng((context.seed, 20190105))
                for _ in range(POINTS[context.level]):
                    point = _telling_point(claim, rng)
                    context.progress(f"enclosing {problem.surrogate.name}")
                    residuals.extend(self._residuals(claim, problem, point, rng, context))
        except SteTheoryError as error:
            return WitnessResult(self.kind, Outcome.INCONCLUSIVE, str(error), len(residuals))
        widest, figures = 0.0, list[Figure]()
        for residual in residuals:
            truth, width = residual.examine()
            widest = max(widest, width)
            if truth is Truth.NO:
                detail = f"{residual.label}: stated {digits(residual.stated)}, defined {digits(residual.defined)}"
                example = f"{detail} at {residual.where}"
                return WitnessResult(
                    self.kind, Outcome.FAIL, detail, len(residuals), certified=True, counterexample=example
                )
            figures.append(Figure(residual.label, float(residual.defined.mid()), float(residual.stated.mid()), width))
        if widest > WIDTH:
            detail = f"widest residual ball {widest:.1e}, required {WIDTH:.0e}"
            return WitnessResult(self.kind, Outcome.INCONCLUSIVE, detail, len(residuals), figures=tuple(figures))
        detail = f"{len(residuals)} residual balls contain 0, widest {widest:.1e}"
        return WitnessResult(self.kind, Outcome.PASS, detail, len(residuals), figures=tuple(figures))

    def _residuals(
        self, claim: Claim, problem: Problem, point: PlanePoint, rng: np.random.Generator, context: Context
    ) -> list[Residual]:
        raw = any(equation.formula.has(sigma) for equation in claim.statement.equations)
        if raw:
            return self._raw_residuals(claim, problem, _raw_point(point, rng), context)
        plane = context.remember(("plane", problem, point), lambda: Plane(problem, point, width=WIDTH / 100, bits=BITS))
        found = []
        for equation in claim.statement.equations:
            if equation.quantity is Quantity.COARSE_ORTHOGONAL and equation.formula == 0:
                continue  # the plane definition says 0 without an integral: nothing would be compared
            for component in components_of(equation.quantity, point):
                key = ("stated ball", equation, problem, point, component)
                stated = context.remember(key, partial(_stated, equation, problem, point, component, context))
                defined = enclose(equation.quantity, plane, component)
                found.append(Residual(f"{equation.quantity} ({problem.surrogate.name})", repr(point), stated, defined))
        return found

    def _raw_residuals(self, claim: Claim, problem: Problem, point: RawPoint, context: Context) -> list[Residual]:
        key = ("raw", problem, point)
        raw: Raw = context.remember(key, lambda: Raw(problem, point, width=WIDTH / 10**4, bits=BITS))
        found = []
        for equation in claim.statement.equations:
            if equation.quantity not in _RAW:
                continue
            count = len(point.v) if equation.quantity is Quantity.V_GRADIENT else 1
            for component in range(count):
                name = (*key, equation.quantity, component)
                defined = context.remember(name, partial(_raw_value, raw, equation.quantity, component))
                stated_key = ("stated raw", equation, problem, point, component)
                stated = context.remember(stated_key, partial(_stated_raw, equation, raw, component, context))
                label = f"{equation.quantity} ({problem.quantizer.name}/{problem.surrogate.name}, raw coordinates)"
                found.append(Residual(label, repr(point), stated, defined))
        return found


def _telling_point(claim: Claim, rng: np.random.Generator) -> PlanePoint:
    """A point of the domain where no sum over the weights is 0 or 1 or equal to another one or its square, m ≥ 2 and
    ρ ∉ {1, ρ*}: elsewhere both sides of a wrong statement may agree (at the spurious minimum both are 0 for m = 1)."""
    while True:
        point = claim.domain.point(rng)
        sums = [abs(value) for value in point.scalars.values()]
        sizes = [Fraction(0), Fraction(1), *sums, *(value**2 for value in sums)]
        if point.m > 1 and len(set(sizes)) == len(sizes) and point.rho not in (1, point.rho_star):
            return point


def _raw_value(raw: Raw, quantity: Quantity, component: int) -> arb:
    if quantity is Quantity.LOSS:
        return raw.loss()
    if quantity is Quantity.V_GRADIENT:
        return raw.v_gradient(component)
    return raw.components()[0 if quantity is Quantity.COARSE_RADIAL else 1]


def _raw_point(point: PlanePoint, rng: np.random.Generator) -> RawPoint:
    """A point of R² in general position, at most two rows: w, w* rational with positive second components."""

    def entry(low: int, high: int) -> Fraction:
        return Fraction(int(rng.integers(low, high)), 8)

    w, w_star = (entry(-12, 12), entry(3, 12)), (entry(-12, 12), entry(3, 12))
    if w[0] * w_star[1] == w[1] * w_star[0]:
        w = (w[0] + Fraction(1, 8), w[1])
    count = min(2, point.m)
    return RawPoint(w, w_star, point.v[:count], point.v_star[:count])


def _stated(equation: Equation, problem: Problem, point: PlanePoint, component: int, context: Context) -> arb:
    with precision(BITS + 60):
        values = {key: translate(value, {}) for key, value in assignment(point, component).items()}
    return _in_balls(concrete(equation.formula, problem), values, (problem, point), context)


def _stated_raw(equation: Equation, raw: Raw, component: int, context: Context) -> arb:
    point = raw.point
    base = PlanePoint(Fraction(1), Fraction(1), Fraction(1), point.v, point.v_star)
    with precision(BITS + 60):
        values = {key: translate(value, {}) for key, value in assignment(base, component).items()}
        values |= {symbol: acb(value) for symbol, value in zip((rho, rho_star, theta), raw.invariants(), strict=True)}
    return _in_balls(concrete(equation.formula, raw.problem), values, (raw.problem, point), context)


def _in_balls(formula: sp.Expr, values: dict[sp.Basic, acb], where: Hashable, context: Context) -> arb:
    """The formula in balls: expectation nodes and the angular integrals are integrated, each once per point, and the
    rest is translated."""
    known = dict(values)
    nodes = [
        node for node in formula.atoms(Expectation, sp.Function) if isinstance(node, (Expectation, ClippedIntegral))
    ]
    with precision(BITS + 60):
        for node in sorted(nodes, key=sp.default_sort_key):
            known[node] = acb(context.remember(("node", node, where), partial(_integrated, node, values)))
        return real(translate(formula, known))


def _integrated(node: Expectation | ClippedIntegral, values: dict[sp.Basic, acb]) -> arb:
    if isinstance(node, Expectation):
        integrand = unfold(node.integrand).xreplace({xi: a})
        return expectation(integrand, a, b, values, bits=BITS + 20, width=WIDTH / 10**4)
    angle, length = (real(translate(argument, values)) for argument in node.args)
    return clipped_integral("cos" if node.letter == "p" else "sin", angle, length, bits=BITS + 20, width=WIDTH / 10**3)


def _problems(claim: Claim, level: Level) -> tuple[Problem, ...]:
    """At the quick level the first and the last of many problems."""
    if level is Level.QUICK and len(claim.problems) > 2:
        return (claim.problems[0], claim.problems[-1])
    return claim.problems


WITNESS = EnclosureWitness()
