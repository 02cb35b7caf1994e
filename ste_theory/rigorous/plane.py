"""The plane definition in balls: the expectations over (a, b) that the model reduces to, written down from the model.

For fixed a only the two half-line moments E 1{b > t} and E b·1{b > t} = φ(t) are used; the integral over a is computed.
Any staircase, any piecewise analytic surrogate.

The integral is taken over the pre-activation x = ρa, where σ and μ′ break at fixed rational places whatever ρ is. So a
plane may stand for a whole box of (ρ, ρ*, θ): the integrand is analytic on every piece for every parameter of the box,
and the ball of the integral contains its values at all of them.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from flint import acb, arb

from ste_theory.model.errors import InvalidInput, UndefinedQuantity
from ste_theory.model.expressions import ONE, ZERO, Formula
from ste_theory.model.problem import PlanePoint, Problem, Straight
from ste_theory.model.quantities import Quantity
from ste_theory.rigorous.balls import ball
from ste_theory.rigorous.formulas import compiled, growth
from ste_theory.rigorous.gaussian import REACH, Analytic, Bound, Piece, density, mean, upper_probability
from ste_theory.rigorous.integrate import NotEnclosed


@dataclass(frozen=True)
class Part:
    """An interval of the pre-activation h = ρa where σ is constant and μ′ one formula; an end ``None`` is infinite."""

    lower: Fraction | None
    upper: Fraction | None
    level: Fraction
    formula: Formula


def parts(problem: Problem, extra: tuple[Fraction, ...] = ()) -> tuple[Part, ...]:
    """The line cut at the thresholds of σ, the breakpoints of μ′, 0 and ``extra`` points."""
    quantizer, surrogate = problem.quantizer, problem.surrogate
    cuts = sorted({*quantizer.thresholds, *surrogate.breakpoints, Fraction(0), *extra})
    ends: list[Fraction | None] = [None, *cuts, None]
    found = []
    for lower, upper in itertools.pairwise(ends):
        inside = _between(lower, upper)
        level = quantizer.offset + sum(
            (d for t, d in zip(quantizer.thresholds, quantizer.heights, strict=True) if inside > t), Fraction(0)
        )
        formula = next(
            piece.formula
            for piece in surrogate.pieces
            if (piece.lower is None or piece.lower < inside) and (piece.upper is None or inside < piece.upper)
        )
        found.append(Part(lower, upper, level, formula))
    return tuple(found)


def _between(lower: Fraction | None, upper: Fraction | None) -> Fraction:
    if lower is None:
        return (upper if upper is not None else Fraction(0)) - 1
    return lower + 1 if upper is None else (lower + upper) / 2


@dataclass
class Plane:
    """The moments of one problem at one point, each computed once. ``width`` bounds the radius of every moment.

    ``box`` > 0 makes it every point at once whose ρ, ρ*, θ lie within the relative distance ``box`` of the point's.
    θ = π stays what it is, and so does ρ* where the domain says ρ* = 1 (``unit_teacher``).
    """

    problem: Problem
    point: PlanePoint
    width: float = 1e-32
    bits: int = 160
    box: Fraction = Fraction(0)
    unit_teacher: bool = False
    _known: dict[str, arb] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.problem.input_covariance is not None:
            raise InvalidInput("input_covariance: enclosures exist for input N(0, I) only")
        if self.problem.teacher_quantizer is not None:
            raise InvalidInput("teacher_quantizer: enclosures exist for a teacher with the student's quantizer only")

    def moment(self, name: str) -> arb:
        """One of s1, s2, s1_star, s2_star, kappa, a0, a1, b_parallel, b_perpendicular, m_minus, response, and the
        derivatives s1_rho, s2_rho, kappa_rho, kappa_theta."""
        if name not in self._known:
            self._known[name] = _MOMENTS[name](self)
        return self._known[name]

    def rho(self) -> arb:
        """ρ at the current precision."""
        return widened(self.point.rho, self.box)

    def rho_star(self) -> arb:
        """ρ* at the current precision."""
        return widened(self.point.rho_star, Fraction(0) if self.unit_teacher else self.box)

    def angle(self) -> arb:
        """θ at the current precision."""
        return arb.pi() if isinstance(self.point.theta, Straight) else widened(self.point.theta, self.box)

    def cosine(self) -> arb:
        """cos θ."""
        return arb(-1) if self.straight else self.angle().cos()

    def sine(self) -> arb:
        """sin θ."""
        return arb(0) if self.straight else self.angle().sin()

    @property
    def straight(self) -> bool:
        """Whether w* is opposite to w."""
        return isinstance(self.point.theta, Straight)


def widened(value: Fraction, share: Fraction) -> arb:
    """The ball of all numbers within the relative distance ``share`` of ``value``."""
    return ball(value) * (1 + arb(0, 1) * ball(share)) if share else ball(value)


def _total(problem: Problem) -> Fraction:
    return abs(problem.quantizer.offset) + sum(problem.quantizer.heights, Fraction(0))


def _over_line(
    plane: Plane,
    weight: Callable[[acb], acb],
    *,
    degree: int,
    level_power: int = 0,
    surrogate: bool = False,
    teacher: Callable[[Plane], Callable[[acb], acb]] | None = None,
    teacher_bound: Callable[[], Bound] | None = None,
    only: Callable[[Part], bool] = lambda _: True,
    scale: Callable[[], arb] | None = None,
) -> arb:
    """E[weight(a)·σ(ρa)^level_power·μ′(ρa)^surrogate·teacher(a)]; |weight(a)| ≤ 2(1 + |a|)^degree."""
    rho = scale or plane.rho
    pieces = []
    for part in parts(plane.problem, _straight_cuts(plane) if teacher is not None and plane.straight else ()):
        level = part.level**level_power
        formula = part.formula if surrogate else ONE
        if level == 0 or formula == ZERO or not only(part):
            continue

        def function(level: Fraction = level, formula: Formula = formula, part: Part = part) -> Analytic:
            ratio, beyond = rho(), None
            if teacher is not None:
                beyond = _straight_teacher(plane, part) if plane.straight else teacher(plane)
            height, derivative = ball(level), compiled(formula)

            def h(x: acb, analytic: bool) -> acb:
                z = x / ratio
                value = weight(z) * height * derivative(x, analytic)
                return value if beyond is None else value * beyond(z)

            return h

        def bound(side: int, level: Fraction = level, formula: Formula = formula) -> Bound:
            ratio = rho()
            g = growth(formula, ratio * REACH, positive=side > 0)
            stretch = ratio.max(arb(1))
            scale_ = 2 * abs(ball(level)) * g.scale * stretch**g.degree
            rate, power = g.rate * ratio, degree + g.degree
            if teacher_bound is not None:
                other = teacher_bound()
                scale_, power, rate = scale_ * other.scale, power + other.degree, rate + other.rate
            return Bound(scale_, power, rate)

        lower = None if part.lower is None else (lambda end=part.lower: ball(end))
        upper = None if part.upper is None else (lambda end=part.upper: ball(end))
        pieces.append(Piece(lower, upper, function, bound))
    return mean(pieces, bits=plane.bits, width=plane.width, scale=rho) if pieces else arb(0)


def _straight_cuts(plane: Plane) -> tuple[Fraction, ...]:
    """At θ = π the teacher's pre-activation is −ρ*a: it switches at x = ρa = −ρ t/ρ*."""
    if plane.box and any(plane.problem.quantizer.thresholds):
        raise NotEnclosed("a box at θ = π: the place where the teacher switches moves with ρ and ρ*")
    ratio = plane.point.rho / plane.point.rho_star
    return tuple(-ratio * t for t in plane.problem.quantizer.thresholds)


def _straight_teacher(plane: Plane, part: Part) -> Callable[[acb], acb]:
    quantizer = plane.problem.quantizer
    inside = -_between(part.lower, part.upper) * plane.point.rho_star / plane.point.rho
    steps = zip(quantizer.thresholds, quantizer.heights, strict=True)
    value = ball(quantizer.offset + sum((d for t, d in steps if inside > t), Fraction(0)))
    return lambda z: acb(value)


def _teacher(plane: Plane, step: Callable[[acb, acb, arb, arb, arb], acb], *, offset: bool) -> Callable[[acb], acb]:
    """a ↦ c₀ + Σ_k d_k·step(t_k(a), a, τ_k, c, s), where the teacher switches at b = t_k(a) = (τ_k − ca)/s."""
    quantizer, rho_star = plane.problem.quantizer, plane.rho_star()
    c, s = plane.cosine(), plane.sine()
    thresholds = [ball(t) / rho_star for t in quantizer.thresholds]
    heights = [ball(d) for d in quantizer.heights]
    base = ball(quantizer.offset) if offset else arb(0)

    def value(z: acb) -> acb:
        total = acb(base)
        for tau, height in zip(thresholds, heights, strict=True):
            total += height * step((tau - c * z) / s, z, tau, c, s)
        return total

    return value


def _teacher_mean(plane: Plane) -> Callable[[acb], acb]:
    return _teacher(plane, lambda t, a, tau, c, s: upper_probability(t), offset=True)


def _teacher_moment(plane: Plane) -> Callable[[acb], acb]:
    return _teacher(plane, lambda t, a, tau, c, s: density(t), offset=False)


def _teacher_theta(plane: Plane) -> Callable[[acb], acb]:
    """∂/∂θ of the teacher's mean at fixed a: −φ(t)∂t/∂θ with ∂t/∂θ = (a − τc)/s²."""
    return _teacher(plane, lambda t, a, tau, c, s: -density(t) * (a - tau * c) / (s * s), offset=False)


def _teacher_slope(plane: Plane) -> Callable[[acb], acb]:
    """∂/∂a of the teacher's mean: φ(t)c/s."""
    return _teacher(plane, lambda t, a, tau, c, s: density(t) * c / s, offset=False)


def _bounded(plane: Plane) -> Callable[[], Bound]:
    return lambda: Bound(ball(_total(plane.problem)), 0, arb(0))


def _bounded_derivative(plane: Plane) -> Callable[[], Bound]:
    """|∂/∂θ|, |∂/∂a| of the teacher's mean ≤ Σd_k·(1 + |τ_k|)(1 + |a|)/s²."""

    def bound() -> Bound:
        s, rho_star = plane.sine(), plane.rho_star()
        largest = max(abs(t) for t in plane.problem.quantizer.thresholds)
        return Bound(ball(_total(plane.problem)) * (1 + ball(largest) / rho_star) / (s * s), 1, arb(0))

    return bound


def _one(z: acb) -> acb:
    return acb(1)


def _teacher_alone(plane: Plane, power: int) -> arb:
    """E σ(ρ*a)^power: the student's moments at the teacher's scale."""
    return _over_line(plane, _one, degree=0, level_power=power, scale=plane.rho_star)


def _not_straight(plane: Plane) -> None:
    if plane.straight:
        raise NotEnclosed(
            "derivatives of the overlap κ are enclosed for 0 < θ < π only: at θ = π the teacher's mean has jumps"
        )


def _kappa_theta(plane: Plane) -> arb:
    """∂κ/∂θ at fixed a, where only the teacher's mean depends on θ."""
    _not_straight(plane)
    return _over_line(
        plane, _one, degree=0, level_power=1, teacher=_teacher_theta, teacher_bound=_bounded_derivative(plane)
    )


def _kappa_rho(plane: Plane) -> arb:
    """∂κ/∂ρ at fixed pre-activation h = ρa: the density φ(h/ρ)/ρ gives (a² − 1)/ρ, the teacher's mean −(a/ρ)∂/∂a."""
    _not_straight(plane)
    rho = plane.rho()
    one = _over_line(
        plane, lambda a: a * a - 1, degree=2, level_power=1, teacher=_teacher_mean, teacher_bound=_bounded(plane)
    )
    two = _over_line(
        plane, lambda a: a, degree=1, level_power=1, teacher=_teacher_slope, teacher_bound=_bounded_derivative(plane)
    )
    return (one - two) / rho


def _response(plane: Plane) -> arb:
    if plane.straight:
        raise UndefinedQuantity("the response at scale ρ sinθ = 0 depends on the value of μ′ at 0")
    return _over_line(plane, _one, degree=0, surrogate=True, scale=lambda: plane.rho() * plane.sine())


def _perpendicular(plane: Plane) -> arb:
    if plane.straight:
        raise UndefinedQuantity("û does not exist at θ = π")
    return _over_line(plane, _one, degree=0, surrogate=True, teacher=_teacher_moment, teacher_bound=_bounded(plane))


_MOMENTS: dict[str, Callable[[Plane], arb]] = {
    "s1": lambda p: _over_line(p, _one, degree=0, level_power=1),
    "s2": lambda p: _over_line(p, _one, degree=0, level_power=2),
    "s1_star": lambda p: _teacher_alone(p, 1),
    "s2_star": lambda p: _teacher_alone(p, 2),
    "kappa": lambda p: _over_line(p, _one, degree=0, level_power=1, teacher=_teacher_mean, teacher_bound=_bounded(p)),
    "a0": lambda p: _over_line(p, lambda a: a, degree=1, surrogate=True),
    "a1": lambda p: _over_line(p, lambda a: a, degree=1, surrogate=True, level_power=1),
    "b_parallel": lambda p: _over_line(
        p, lambda a: a, degree=1, surrogate=True, teacher=_teacher_mean, teacher_bound=_bounded(p)
    ),
    "b_perpendicular": _perpendicular,
    "m_minus": lambda p: _over_line(
        p, lambda a: a, degree=1, surrogate=True, only=lambda part: part.upper is not None and part.upper <= 0
    ),
    "response": _response,
    "s1_rho": lambda p: _over_line(p, lambda a: a * a - 1, degree=2, level_power=1) / p.rho(),
    "s2_rho": lambda p: _over_line(p, lambda a: a * a - 1, degree=2, level_power=2) / p.rho(),
    "kappa_theta": lambda p: _kappa_theta(p),
    "kappa_rho": _kappa_rho,
}

PLANE_QUANTITIES: dict[Quantity, str] = {
    Quantity.ACTIVATION_MEAN: "s1",
    Quantity.ACTIVATION_SQUARE: "s2",
    Quantity.TEACHER_MEAN: "s1_star",
    Quantity.TEACHER_SQUARE: "s2_star",
    Quantity.OVERLAP: "kappa",
    Quantity.SURROGATE_MEAN: "a0",
    Quantity.SURROGATE_ACTIVATION: "a1",
    Quantity.RADIAL_OVERLAP: "b_parallel",
    Quantity.TANGENTIAL_OVERLAP: "b_perpendicular",
    Quantity.NEGATIVE_HALF: "m_minus",
    Quantity.RESPONSE: "response",
}
