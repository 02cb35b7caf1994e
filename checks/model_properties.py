"""What must hold whatever the formula is: symmetries, homogeneity, limits and inequalities of the model itself.

None of them knows a closed form: they follow from y = vᵀσ(Zw), ℓ = ½(y − y*)² and the Gaussian input alone. Each is a
function of the stated formulas and a point that raises ``Counterexample``.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

import sympy as sp

from ste_theory.claims.claim import Claim
from ste_theory.claims.instance import components_of, value_at
from ste_theory.model.expressions import Number
from ste_theory.model.problem import PlanePoint, Problem, Straight
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import theta

PI = Fraction("3.14159265358979323846264338327")


class Counterexample(AssertionError):
    """A property fails at a point; the message says how to see it."""


class Stated:
    """The stated formulas of a claim as functions of a point, for one problem."""

    def __init__(self, claim: Claim, problem: Problem) -> None:
        self._claim, self._problem = claim, problem

    def admit(self, point: PlanePoint) -> PlanePoint:
        """The point moved into the claim's domain."""
        return self._claim.domain.admit(point)

    def surrogate_is_non_negative(self) -> bool:
        """Whether 0 ≤ μ′ ≤ 1 is visible (constant pieces) and the activation is binary."""
        formulas = [piece.formula for piece in self._problem.surrogate.pieces]
        window = all(isinstance(formula, Number) and 0 <= formula.value <= 1 for formula in formulas)
        return window and self._problem.quantizer.is_binary

    def quantities(self) -> tuple[Quantity, ...]:
        """The quantities that the claim states."""
        return tuple(equation.quantity for equation in self._claim.statement.equations)

    def values(
        self, quantity: Quantity, point: PlanePoint, replaced: Mapping[sp.Expr, Fraction] | None = None
    ) -> list[tuple[float, float]]:
        """(number, error) of every component of a quantity at a point; ``replaced`` overrides symbols for limits."""
        formula = self._claim.statement.formula(quantity)
        found = [value_at(formula, self._problem, point, c, replace=replaced) for c in components_of(quantity, point)]
        return [(value.number, value.error) for value in found]

    def require_equal(
        self,
        quantity: Quantity,
        point: PlanePoint,
        one: list[tuple[float, float]],
        two: list[tuple[float, float]],
        name: str,
        *,
        slack: float = 1e-20,
    ) -> None:
        """Both lists agree within their error estimates and ``slack`` times the natural scale; else ``Counterexample``.

        The default slack is for sums that cancel beyond the error estimates; a limit θ → 0 taken at θ = NEAR allows
        2·NEAR, since |a| and |b| times the probability of the wedge between two half-planes at angle θ are at most θ.
        """
        for (x, dx), (y, dy) in zip(one, two, strict=True):
            if abs(x - y) > 10 * (dx + dy) + slack * self.scale(point):
                raise Counterexample(f"{name}: {quantity} gives {x!r} and {y!r} at {point}")

    @staticmethod
    def scale(point: PlanePoint) -> float:
        """A bound on the size of any term of any quantity, up to a constant: (‖v‖₁ + ‖v*‖₁)²·max(1, 1/ρ)."""
        total = sum(abs(x) for x in (*point.v, *point.v_star))
        return float((1 + total) ** 2 * max(Fraction(1), 1 / point.rho))


_LOSSES = (Quantity.LOSS,)
_COARSE = (Quantity.COARSE_RADIAL, Quantity.COARSE_TANGENTIAL, Quantity.COARSE_ORTHOGONAL)
_POPULATION = (Quantity.GRADIENT_RADIAL, Quantity.GRADIENT_TANGENTIAL)
_QUADRATIC = (*_LOSSES, *_COARSE, *_POPULATION)
NEAR = Fraction(1, 10**9)


def _loss_is_not_negative(stated: Stated, point: PlanePoint) -> None:
    for number, error in stated.values(Quantity.LOSS, point):
        if number < -10 * error - 1e-20 * stated.scale(point):
            raise Counterexample(f"a square has a negative mean: loss {number!r} at {point}")


def _at_the_teacher(point: PlanePoint) -> tuple[PlanePoint, dict[sp.Expr, Fraction]]:
    """The student is the teacher: v = v*, ρ = ρ*, θ → 0. There y = y* for every input."""
    return replace(point, v=point.v_star, rho=point.rho_star), {theta: NEAR}


def _vanishes_at_the_teacher(quantity: Quantity) -> Callable[[Stated, PlanePoint], None]:
    def holds(stated: Stated, point: PlanePoint) -> None:
        same, limit = _at_the_teacher(point)
        values = stated.values(quantity, same, limit)
        stated.require_equal(
            quantity,
            same,
            values,
            [(0.0, 0.0)] * len(values),
            "the residual is zero at the teacher",
            slack=float(2 * NEAR),
        )

    return holds


def _degree(quantity: Quantity, degree: int) -> Callable[[Stated, PlanePoint], None]:
    def holds(stated: Stated, point: PlanePoint) -> None:
        doubled = replace(point, v=tuple(-2 * x for x in point.v), v_star=tuple(-2 * x for x in point.v_star))
        factor = float((-2) ** degree)
        expected = [(factor * x, abs(factor) * dx) for x, dx in stated.values(quantity, point)]
        got = stated.values(quantity, doubled)
        stated.require_equal(quantity, doubled, got, expected, f"homogeneous of degree {degree} in (v, v*)")

    return holds


def _silent_row(quantity: Quantity) -> Callable[[Stated, PlanePoint], None]:
    def holds(stated: Stated, point: PlanePoint) -> None:
        longer = replace(point, v=(*point.v, Fraction(0)), v_star=(*point.v_star, Fraction(0)))
        count = len(stated.values(quantity, point))
        one, two = stated.values(quantity, point), stated.values(quantity, longer)[:count]
        stated.require_equal(quantity, longer, one, two, "a row with weights 0 changes nothing")

    return holds


def _exchange(stated: Stated, point: PlanePoint) -> None:
    if not any(point.v):
        return
    swapped = replace(point, v=point.v_star, v_star=point.v, rho=point.rho_star, rho_star=point.rho)
    one, two = stated.values(Quantity.LOSS, point), stated.values(Quantity.LOSS, swapped)
    stated.require_equal(Quantity.LOSS, point, one, two, "student and teacher enter the loss alike")


def _no_tangent_on_the_axis(stated: Stated, point: PlanePoint) -> None:
    name = "reflection: nothing points sideways where w* is along w"
    values = stated.values(Quantity.COARSE_TANGENTIAL, point, {theta: NEAR})
    stated.require_equal(Quantity.COARSE_TANGENTIAL, point, values, [(0.0, 0.0)], name, slack=float(2 * NEAR))


def _odd_in_the_student(stated: Stated, point: PlanePoint) -> None:
    """E y² depends on ρ alone and E y*² on nothing: sideways only the cross term −E yy* counts, which is odd in v."""
    mirrored = replace(point, v=tuple(-x for x in point.v))
    one = [(-x, dx) for x, dx in stated.values(Quantity.GRADIENT_TANGENTIAL, point)]
    two = stated.values(Quantity.GRADIENT_TANGENTIAL, mirrored)
    stated.require_equal(Quantity.GRADIENT_TANGENTIAL, point, one, two, "the angle enters through E yy* only")


def _affine_at_the_student(stated: Stated, point: PlanePoint) -> None:
    """E σ(h_k)(y − y*) has no teacher part if v* is reflected with v: f(v, v*) is a square of a linear form in both."""
    both = replace(point, v=tuple(x + y for x, y in zip(point.v, point.v_star, strict=True)))
    teacher = replace(point, v=point.v_star)
    silent = replace(point, v=(Fraction(0),) * point.m)
    one, two, three, zero = (stated.values(Quantity.V_GRADIENT, at) for at in (both, point, teacher, silent))
    left = [(x + z, dx + dz) for (x, dx), (z, dz) in zip(one, zero, strict=True)]
    right = [(y + w, dy + dw) for (y, dy), (w, dw) in zip(two, three, strict=True)]
    stated.require_equal(Quantity.V_GRADIENT, point, left, right, "the gradient in v is affine in v")


def _no_drift(quantity: Quantity, *, single: bool) -> Callable[[Stated, PlanePoint], None]:
    def holds(stated: Stated, point: PlanePoint) -> None:
        """At the spurious minimum y = y* identically if 1ᵀv* = 0 (there v = −v* and 1{−x > 0} = 1 − 1{x > 0}) or m =
        1."""
        first = point.v_star[0] or Fraction(1)
        teacher = (first,) if single else (first, -first)
        at = stated.admit(replace(point, v=teacher, v_star=teacher))
        values = stated.values(quantity, at)
        name = "m = 1: the student has only itself" if single else "1ᵀv* = 0: the residual is zero"
        stated.require_equal(quantity, at, values, [(0.0, 0.0)] * len(values), name)

    return holds


def _descends(stated: Stated, point: PlanePoint) -> None:
    """M(x) = E μ′(xξ) ≥ 0 for μ′ ≥ 0."""
    for number, error in stated.values(Quantity.CORRELATION, point):
        if number < -10 * error and stated.surrogate_is_non_negative():
            raise Counterexample(f"a non-negative surrogate gives the correlation {number!r} at {point}")


def _correlation_limit(stated: Stated, point: PlanePoint) -> None:
    """Where w* comes to lie along w nothing points sideways, and the loss has no radial part."""
    for limit in (NEAR, PI - NEAR):
        values = stated.values(Quantity.CORRELATION, point, {theta: limit})
        slack = 2 * float(NEAR) * stated.scale(point)
        name = "the correlation vanishes where w* is along ±w"
        stated.require_equal(Quantity.CORRELATION, point, values, [(0.0, 0.0)], name, slack=slack)


def _step_descends(stated: Stated, point: PlanePoint) -> None:
    """One step w − ηE g_μ with 0 ≤ μ′ ≤ 1 and η at the bound ηA ≤ ρ/2, 2η|D| ≤ √(2π)ρ turns w towards w* if D > 0 and
    towards −w* if D < 0, not beyond: the loss, which is linear in θ with slope D/2π, does not grow."""
    if not stated.surrogate_is_non_negative() or isinstance(point.theta, Straight):
        return
    ((radial, _),) = stated.values(Quantity.COARSE_RADIAL, point)
    ((tangential, error),) = stated.values(Quantity.COARSE_TANGENTIAL, point)
    D, rho = float(point.scalars["D"]), float(point.rho)
    step = min(rho / (2 * abs(radial)) if radial else 1.0, math.sqrt(2 * math.pi) * rho / (2 * abs(D)) if D else 1.0)
    turn = math.atan2(-step * tangential, rho - step * radial)
    reach = float(point.theta) if D > 0 else math.pi - float(point.theta)
    slack = 10 * step * error / rho + 1e-12
    if turn * D < -slack * abs(D) or abs(turn) > reach + slack:
        raise Counterexample(f"a step of {step!r} turns w by {turn!r}, which does not descend, at {point}")


def _no_backward_signal(quantity: Quantity) -> Callable[[Stated, PlanePoint], None]:
    def holds(stated: Stated, point: PlanePoint) -> None:
        silent = replace(point, v=(Fraction(0),) * point.m)
        values = stated.values(quantity, silent)
        stated.require_equal(quantity, silent, values, [(0.0, 0.0)], "with v = 0 nothing flows back")

    return holds


Search = tuple[str, Callable[[Stated, PlanePoint], None]]


def model_properties(quantities: tuple[Quantity, ...], *, spurious: bool = False) -> list[Search]:
    """The properties that the model gives to the stated quantities; at the spurious minimum those that stay there."""
    found: list[Search] = []
    for quantity in quantities:
        if quantity in (*_QUADRATIC, Quantity.V_GRADIENT, Quantity.CORRELATION):
            degree = {Quantity.V_GRADIENT: 1, Quantity.CORRELATION: 4}.get(quantity, 2)
            found.append((f"{quantity}: homogeneous", _degree(quantity, degree)))
        if spurious:
            if quantity in _COARSE:
                found.append((f"{quantity}: no drift for 1ᵀv* = 0", _no_drift(quantity, single=False)))
                found.append((f"{quantity}: no drift for m = 1", _no_drift(quantity, single=True)))
            continue
        if quantity is Quantity.LOSS:
            found += [("not negative", _loss_is_not_negative), ("exchange", _exchange)]
        if quantity in (*_LOSSES, Quantity.V_GRADIENT, *_COARSE):
            found.append((f"{quantity}: zero at the teacher", _vanishes_at_the_teacher(quantity)))
        if quantity in (*_QUADRATIC, Quantity.V_GRADIENT, Quantity.CORRELATION):
            found.append((f"{quantity}: silent row", _silent_row(quantity)))
        if quantity in (*_COARSE, *_POPULATION, Quantity.CORRELATION):
            found.append((f"{quantity}: no backward signal", _no_backward_signal(quantity)))
        if quantity is Quantity.CORRELATION:
            found += [("positive", _descends), ("limits", _correlation_limit)]
        if quantity is Quantity.V_GRADIENT:
            found.append(("affine", _affine_at_the_student))
        if quantity is Quantity.GRADIENT_TANGENTIAL:
            found.append(("odd in the student", _odd_in_the_student))
        if quantity is Quantity.COARSE_TANGENTIAL and Quantity.COARSE_RADIAL in quantities:
            found.append(("a step descends", _step_descends))
        if quantity is Quantity.COARSE_TANGENTIAL:
            found.append(("no tangent on the axis", _no_tangent_on_the_axis))
    return found
