"""The enclosure witness: does the stated formula equal the defining integral, to many digits, at exact points?

The formula is translated to balls; the definition is integrated in balls over the plane (for the plane reduction
itself: in raw coordinates of R²). A residual ball that excludes 0 is a certified counterexample, printed at the
smallest point found. Above the quick level boxes of (ρ, ρ*, θ) are looked at too: there the residual ball holds what
formula and definition differ by at every point of the box. A box is made smaller until that ball is narrow beside the
quantity itself. What it cannot see: errors between the points and boxes, and on a box those below the share of the
quantity that it states.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import sympy as sp
from flint import acb, arb
from hypothesis import strategies as st

from ste_theory.calculus.clipped import ClippedIntegral
from ste_theory.calculus.expectation import Expectation, unfold, unit_mean
from ste_theory.calculus.orthants import Orthant
from ste_theory.checks.points import described, drawn, plane_points, raw_points, smallest
from ste_theory.checks.realized import in_balls
from ste_theory.checks.residual import BOX_BITS, SEEN, SEEN_OF_TERMS, Residual, Shares, narrowed
from ste_theory.claims.claim import Claim, Equation
from ste_theory.claims.instance import assignment, concrete
from ste_theory.claims.verdict import Level, Outcome, WitnessKind
from ste_theory.claims.witness import Context, Figure, WitnessResult
from ste_theory.model.errors import SteTheoryError
from ste_theory.model.problem import PlanePoint, Problem, Straight
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import a, b, rho, rho_star, sigma, theta, xi
from ste_theory.notation.prose import counted
from ste_theory.rigorous.angular import clipped_integral
from ste_theory.rigorous.balls import Truth, digits, is_zero, precision, real
from ste_theory.rigorous.enclose import enclose
from ste_theory.rigorous.expectations import expectation
from ste_theory.rigorous.orthants import orthant
from ste_theory.rigorous.plane import Plane
from ste_theory.rigorous.raw import Raw, RawPoint
from ste_theory.rigorous.translate import translate

BITS, WIDTH = 140, 1e-30
POINTS = {Level.QUICK: 1, Level.STANDARD: 2, Level.FULL: 6}

BOXES = {Level.QUICK: 0, Level.STANDARD: 1, Level.FULL: 3}

NO_BOX = "no boxes at θ = π: the place where the teacher switches moves with ρ and ρ*"

# How many different points are looked at to make a counterexample small.
SHRINKING = 24

_RAW = (Quantity.LOSS, Quantity.V_GRADIENT, Quantity.COARSE_RADIAL, Quantity.COARSE_TANGENTIAL)

Place = PlanePoint | RawPoint


@dataclass(frozen=True)
class Comparison:
    """One component of one equation for one problem: what is compared at every place."""

    equation: Equation
    problem: Problem
    component: int
    unit_teacher: bool

    @property
    def label(self) -> str:
        """The quantity, with the number of the component where there are several, and the problem."""
        return self._labelled("")

    def _labelled(self, how: str) -> str:
        index = f"[{self.component}]" if self.equation.quantity is Quantity.V_GRADIENT else ""
        problem = f"{self.problem.quantizer.name}/{self.problem.surrogate.name}"
        return f"{self.equation.quantity}{index}{how} ({problem})"

    def at(self, place: Place, context: Context) -> Residual:
        """The residual at a point."""
        if isinstance(place, RawPoint):
            return self._raw(place, context)
        where = (self.problem, place)
        plane = self._plane(place, context)
        key = ("stated ball", self.equation, *where, self.component)
        stated = context.remember(key, lambda: self._stated(plane, where, context))
        return Residual(self.label, repr(place), stated, self.defined(place, context))

    def defined(self, place: PlanePoint, context: Context) -> arb:
        """The quantity at a point."""
        return enclose(self.equation.quantity, self._plane(place, context), self.component)

    def on_box(self, place: PlanePoint, context: Context, box: Fraction) -> Residual:
        """The residual on the box around a point."""
        where = (self.problem, place, box, self.unit_teacher)

        def boxed() -> Plane:
            return Plane(self.problem, place, width=1.0, bits=BOX_BITS, box=box, unit_teacher=self.unit_teacher)

        plane = context.remember(("plane", *where), boxed)
        stated = self._stated(plane, where, context)
        defined = enclose(self.equation.quantity, plane, self.component)
        return Residual(self._labelled(f" on a box ±{float(box):.0e}"), repr(place), stated, defined)

    def _plane(self, place: PlanePoint, context: Context) -> Plane:
        where = (self.problem, place)
        return context.remember(("plane", *where), lambda: Plane(*where, width=WIDTH / 100, bits=BITS))

    def _stated(self, plane: Plane, where: Hashable, context: Context) -> arb:
        with precision(plane.bits + 60):
            exact = assignment(plane.point, self.component)
            values = {key: translate(value, {}) for key, value in exact.items()}
            if plane.box:
                values |= {rho: acb(plane.rho()), rho_star: acb(plane.rho_star()), theta: acb(plane.angle())}
        formula = concrete(self.equation.formula, self.problem)
        return _in_balls(formula, values, where, context, bits=plane.bits, width=plane.width / 100)

    def _raw(self, point: RawPoint, context: Context) -> Residual:
        quantity = self.equation.quantity
        key = ("raw", self.problem, point)
        raw = context.remember(key, lambda: Raw(self.problem, point, width=WIDTH / 10**4, bits=BITS))
        defined = context.remember((*key, quantity, self.component), lambda: _raw_value(raw, quantity, self.component))

        def evaluate() -> arb:
            base = PlanePoint(Fraction(1), Fraction(1), Fraction(1), point.v, point.v_star)
            with precision(BITS + 60):
                values = {key: translate(value, {}) for key, value in assignment(base, self.component).items()}
                invariants = zip((rho, rho_star, theta), raw.invariants(), strict=True)
                values |= {symbol: acb(value) for symbol, value in invariants}
            formula = concrete(self.equation.formula, self.problem)
            return _in_balls(formula, values, (self.problem, point), context, bits=BITS, width=WIDTH / 10**4)

        stated = context.remember(("stated raw", self.equation, self.problem, point, self.component), evaluate)
        return Residual(self.label, repr(point), stated, defined)


class EnclosureWitness:
    """Applies to every claim that states a quantity with a plane definition, or has integrals of its own model."""

    kind = WitnessKind.ENCLOSURE

    def applies(self, claim: Claim) -> bool:
        """Every quantity of the model has a plane definition."""
        return bool(claim.statement.equations or claim.enclosed)

    def comparisons(self, claim: Claim, level: Level) -> int:
        """None is random."""
        return 0

    def examine(self, claim: Claim, context: Context) -> WitnessResult:
        """PASS iff every residual ball contains 0 and is narrow; a residual that excludes 0 is a certified failure."""
        if claim.enclosed:
            return in_balls(claim, context)
        figures: list[Figure] = []
        try:
            widest = self._points(claim, context, figures)
            if isinstance(widest, WitnessResult):
                return widest
            if widest > WIDTH:
                detail = f"widest residual ball {widest:.1e}, required {WIDTH:.0e}"
                return WitnessResult(self.kind, Outcome.INCONCLUSIVE, detail, len(figures), figures=tuple(figures))
            count = len(figures)
            points = counted(len(places(claim, context)), "point")
            holds = "contains" if count == 1 else "contain"
            detail = f"{counted(count, 'residual ball')} at {points} {holds} 0, widest {widest:.1e}"
            if BOXES[context.level]:
                on_boxes = self._boxes(claim, context, figures)
                if isinstance(on_boxes, WitnessResult):
                    return on_boxes
                detail += f"; {on_boxes}"
        except SteTheoryError as error:
            return WitnessResult(self.kind, Outcome.INCONCLUSIVE, str(error), len(figures))
        return WitnessResult(self.kind, Outcome.PASS, detail, len(figures), figures=tuple(figures))

    def _points(self, claim: Claim, context: Context, figures: list[Figure]) -> float | WitnessResult:
        """The widest relative radius at the drawn points, or the failure. A point at which a formula has no ball is no
        reason to leave out the others: one of them may be a counterexample."""
        widest, without = 0.0, list[SteTheoryError]()
        for problem in _problems(claim, context):
            context.progress(f"enclosing {problem.surrogate.name}")
            for place in places(claim, context):
                for comparison in _comparisons(claim, problem, place):
                    try:
                        residual = comparison.at(place, context)
                        truth, width = residual.examine()
                    except SteTheoryError as error:
                        without.append(error)
                        continue
                    if truth is Truth.NO:
                        if context.shrink:
                            residual = _smallest(claim, comparison, residual, place, context)
                        return self._failure(residual, len(figures) + 1)
                    widest = max(widest, width)
                    figures.append(_figure(residual, width, place))
        if without:
            raise without[0]
        return widest

    def _boxes(self, claim: Claim, context: Context, figures: list[Figure]) -> str | WitnessResult:
        """What the boxes around drawn points say, in words, or the failure. A box that settles nothing is no reason to
        leave out the others: one of them may be a counterexample."""
        found, impossible, unsettled = Shares(), list[str](), list[str]()
        for problem in _problems(claim, context):
            context.progress(f"enclosing {problem.surrogate.name} on boxes")
            centres = [place for place in _plane_points(claim, context) if not _no_box(problem, place)]
            if not centres:
                impossible.append(f"{problem.quantizer.name}/{problem.surrogate.name}: {NO_BOX}")
                continue
            try:
                chosen = _telling(claim, problem, centres, context)[: BOXES[context.level]]
            except SteTheoryError as error:
                unsettled.append(f"{problem.quantizer.name}/{problem.surrogate.name}: {error}")
                continue
            for centre, comparison in ((x, one) for x in chosen for one in _comparisons(claim, problem, x)):
                size, of_value = _size(comparison, centre, context)
                allowed = size * (SEEN if of_value else SEEN_OF_TERMS)
                try:
                    residual, box = narrowed(partial(comparison.on_box, centre, context), allowed)
                except SteTheoryError as error:
                    unsettled.append(f"{comparison.label} on a box: {error}")
                    continue
                if is_zero(residual.difference()) is Truth.NO:
                    return self._failure(residual, len(figures) + 1)
                found.add(box, residual.width() / size, of_value=of_value)
                figures.append(_figure(residual, residual.width(), centre))
        if unsettled:
            return WitnessResult(self.kind, Outcome.INCONCLUSIVE, unsettled[0], len(figures))
        return "; ".join([*found.text(counted(BOXES[context.level], "box")), *impossible])

    def _failure(self, residual: Residual, assertions: int) -> WitnessResult:
        detail = f"{residual.label}: stated {digits(residual.stated)}, defined {digits(residual.defined)}"
        example = f"{detail} at {residual.where}"
        return WitnessResult(self.kind, Outcome.FAIL, detail, assertions, certified=True, counterexample=example)


def _figure(residual: Residual, width: float, place: Place) -> Figure:
    proved = digits(residual.defined), digits(residual.stated)
    return Figure(
        residual.label,
        float(residual.defined.mid()),
        float(residual.stated.mid()),
        width,
        place=described(place),
        digits=proved,
    )


def _comparisons(claim: Claim, problem: Problem, place: Place) -> list[Comparison]:
    found = []
    for equation in claim.statement.equations:
        quantity = equation.quantity
        if quantity is Quantity.COARSE_ORTHOGONAL and equation.formula == 0:
            continue  # the definition says 0 without an integral: nothing would be compared
        if isinstance(place, RawPoint) and quantity not in _RAW:
            continue
        rows = len(place.v) if quantity is Quantity.V_GRADIENT else 1
        found += [Comparison(equation, problem, row, claim.domain.unit_teacher) for row in range(rows)]
    return found


def _no_box(problem: Problem, place: PlanePoint) -> bool:
    """Whether no box exists around a point: at θ = π a teacher with thresholds other than 0 switches at −ρt/ρ*, a place
    that is not one number on a box."""
    return isinstance(place.theta, Straight) and any(problem.quantizer.thresholds)


def _size(comparison: Comparison, place: PlanePoint, context: Context) -> tuple[float, bool]:
    """What the width on a box is measured against, and whether that is the quantity at the centre; where it may be 0
    its terms are."""
    defined = comparison.defined(place, context)
    if is_zero(defined) is Truth.NO:
        return abs(float(defined.mid())), True
    return _natural_size(comparison, place), False


def _telling(claim: Claim, problem: Problem, centres: list[PlanePoint], context: Context) -> list[PlanePoint]:
    """The centres, first those at which the quantities that are not 0 amount to most of their terms."""

    def visible(place: PlanePoint) -> float:
        compared = [(one, _size(one, place, context)) for one in _comparisons(claim, problem, place)]
        return min((size / _natural_size(one, place) for one, (size, of_value) in compared if of_value), default=0.0)

    return sorted(centres, key=visible, reverse=True)


def _natural_size(comparison: Comparison, place: PlanePoint) -> float:
    """What the terms of a quantity may amount to before they cancel, up to a constant: a power of the weights' sum."""
    degree = {Quantity.CORRELATION: 4}.get(comparison.equation.quantity, 2)
    weights = float(1 + sum(abs(x) for x in (*place.v, *place.v_star)))
    return weights**degree * max(1.0, float(1 / place.rho)) ** (degree // 2)


def places(claim: Claim, context: Context) -> tuple[Place, ...]:
    """The points of this run at which a claim is looked at: the same for all claims of a domain.

    For the plane reduction itself: points of R², and above the quick level also of the plane, where its own formula is
    confronted with the formulas of ``rigorous.enclose``.
    """
    if not _is_raw(claim):
        return _plane_points(claim, context)
    count = POINTS[context.level]
    found = context.remember(("raw points", count), lambda: drawn(raw_points(), count, f"{context.seed} raw"))
    return found if context.level is Level.QUICK else (*found, *_plane_points(claim, context))


def _plane_points(claim: Claim, context: Context) -> tuple[PlanePoint, ...]:
    count, name = POINTS[context.level], f"{claim.domain.unit_teacher} {claim.domain.spurious}"
    stream = f"{context.seed} {name}"
    return context.remember(("points", name, count), lambda: drawn(plane_points(claim.domain), count, stream))


def _is_raw(claim: Claim) -> bool:
    return any(equation.formula.has(sigma) for equation in claim.statement.equations)


def _smallest(claim: Claim, comparison: Comparison, first: Residual, place: Place, context: Context) -> Residual:
    """The residual at the smallest point found at which it excludes 0."""

    def excluded(candidate: Place) -> bool:
        try:
            return comparison.at(candidate, context).examine()[0] is Truth.NO
        except SteTheoryError:
            return False

    strategy: st.SearchStrategy[Place] = raw_points() if isinstance(place, RawPoint) else plane_points(claim.domain)
    found = smallest(strategy, excluded, place, budget=SHRINKING, stream=context.seed)
    return first if found == place else comparison.at(found, context)


def _raw_value(raw: Raw, quantity: Quantity, component: int) -> arb:
    if quantity is Quantity.LOSS:
        return raw.loss()
    if quantity is Quantity.V_GRADIENT:
        return raw.v_gradient(component)
    return raw.components()[0 if quantity is Quantity.COARSE_RADIAL else 1]


def _in_balls(
    formula: sp.Expr, values: dict[sp.Basic, acb], where: Hashable, context: Context, *, bits: int, width: float
) -> arb:
    """The formula in balls: expectation nodes, quadrants and the angular integrals are integrated, each once per point
    or box, and the rest is translated."""
    known = dict(values)
    nodes = [
        node
        for node in formula.atoms(Expectation, sp.Integral, sp.Function)
        if isinstance(node, (Expectation, sp.Integral, ClippedIntegral, Orthant))
    ]
    with precision(bits + 60):
        for node in sorted(nodes, key=sp.default_sort_key):
            integrated = partial(_integrated, node, values, bits=bits + 20, width=width)
            known[node] = acb(context.remember(("node", node, where), integrated))
        return real(translate(formula, known))


def _integrated(
    node: Expectation | sp.Integral | ClippedIntegral | Orthant, values: dict[sp.Basic, acb], *, bits: int, width: float
) -> arb:
    if isinstance(node, sp.Integral):
        node = unit_mean(node, a)
    if isinstance(node, Expectation):
        integrand = unfold(node.integrand).xreplace({xi: a})
        return expectation(integrand, a, b, values, bits=bits, width=width)
    if isinstance(node, Orthant):

        def place() -> tuple[arb, arb, arb]:
            h, k, angle = (real(translate(argument, values)) for argument in node.args)
            return h, k, angle

        return orthant(place, bits=bits, width=width)
    angle, length = (real(translate(argument, values)) for argument in node.args)
    return clipped_integral("cos" if node.letter == "p" else "sin", angle, length, bits=bits, width=width)


def _problems(claim: Claim, context: Context) -> tuple[Problem, ...]:
    """At the quick level the first and the last of many problems."""
    found = claim.instances(context.seed)
    return (found[0], found[-1]) if context.level is Level.QUICK and len(found) > 2 else found


WITNESS = EnclosureWitness()
