"""The model in raw coordinates for n = 2, before any rotation: what the plane reduction is confronted with.

w, w* ∈ Q² in general position; z = (z₁, z₂). Every expectation over one row is a combination of

    E[z₁^p z₂^q 1{w·z > t}1{w*·z > τ}],     p + q ≤ 1,

integrated over z₁, with half-line moments in z₂; rows are combined from the definitions of f and g_μ row by row.
"""

import itertools
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

from flint import acb, arb

from ste_theory.model.errors import InvalidInput
from ste_theory.model.expressions import Number
from ste_theory.model.problem import Problem
from ste_theory.rigorous.balls import ball, precision
from ste_theory.rigorous.gaussian import Analytic, Bound, Piece, density, mean, upper_probability

Pair = tuple[Fraction, Fraction]
HalfPlane = tuple[Pair, Fraction]  # (normal, threshold): normal·z > threshold


@dataclass(frozen=True)
class RawPoint:
    """Student and teacher in raw coordinates; the second components of w and w* are positive."""

    w: Pair
    w_star: Pair
    v: tuple[Fraction, ...]
    v_star: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if not (self.w[1] > 0 and self.w_star[1] > 0):
            raise InvalidInput("w[1] and w_star[1] must be positive: turn the coordinates")
        if self.w[0] * self.w_star[1] == self.w[1] * self.w_star[0]:
            raise InvalidInput("w and w_star must not be parallel")


def half_plane_moment(
    half_planes: tuple[HalfPlane, ...], power_1: int, power_2: int, *, bits: int, width: float
) -> arb:
    """E[z₁^p z₂^q Π 1{n·z > t}] for normals with positive second component."""
    lines = [(-normal[0] / normal[1], threshold / normal[1]) for normal, threshold in half_planes]
    cuts = sorted({(t2 - t1) / (s1 - s2) for k, (s1, t1) in enumerate(lines) for s2, t2 in lines[:k] if s1 != s2})
    ends: list[Fraction | None] = [None, *cuts, None]
    pieces = []
    for lower, upper in itertools.pairwise(ends):
        inside = _between(lower, upper)
        # z₂ must exceed the highest line; which one that is does not change between crossings.
        slope, offset = max(lines, key=lambda line: line[0] * inside + line[1]) if lines else (None, None)

        def function(slope: Fraction | None = slope, offset: Fraction | None = offset) -> Analytic:
            def h(z: acb, analytic: bool) -> acb:
                value = z if power_1 else acb(1)
                if slope is None or offset is None:
                    return value if not power_2 else acb(0)
                threshold = ball(slope) * z + ball(offset)
                return value * (density(threshold) if power_2 else upper_probability(threshold))

            return h

        pieces.append(
            Piece(
                None if lower is None else partial(ball, lower),
                None if upper is None else partial(ball, upper),
                function,
                lambda side: Bound(arb(1), power_1, arb(0)),
            )
        )
    return mean(pieces, bits=bits, width=width)


def _between(lower: Fraction | None, upper: Fraction | None) -> Fraction:
    if lower is None:
        return (upper if upper is not None else Fraction(0)) - 1
    return lower + 1 if upper is None else (lower + upper) / 2


@dataclass
class Raw:
    """All one-row expectations of a problem at a raw point, each half-plane moment computed once."""

    problem: Problem
    point: RawPoint
    width: float = 1e-34
    bits: int = 160
    _known: dict[tuple[tuple[HalfPlane, ...], int, int], arb] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.problem.input_covariance is not None:
            raise InvalidInput("input_covariance: enclosures exist for input N(0, I) only")
        if self.problem.teacher_quantizer is not None:
            raise InvalidInput("teacher_quantizer: enclosures exist for a teacher with the student's quantizer only")

    def _moment(self, half_planes: tuple[HalfPlane, ...], p: int, q: int) -> arb:
        # Of two half-planes with one normal the smaller contains the intersection.
        highest: dict[Pair, Fraction] = {}
        for normal, threshold in half_planes:
            highest[normal] = max(threshold, highest.get(normal, threshold))
        key = (tuple(sorted(highest.items())), p, q)
        if key not in self._known:
            self._known[key] = half_plane_moment(key[0], p, q, bits=self.bits, width=self.width)
        return self._known[key]

    def _steps(self, normal: Pair) -> list[tuple[Fraction, tuple[HalfPlane, ...]]]:
        """σ(normal·z) as a combination of indicators."""
        quantizer = self.problem.quantizer
        steps = [(d, ((normal, t),)) for t, d in zip(quantizer.thresholds, quantizer.heights, strict=True)]
        return [(quantizer.offset, ()), *steps] if quantizer.offset else list(steps)

    def _surrogate(self) -> list[tuple[Fraction, tuple[HalfPlane, ...]]]:
        """μ′(w·z) for a piecewise constant surrogate as a combination of indicators."""
        found: list[tuple[Fraction, tuple[HalfPlane, ...]]] = []
        before = Fraction(0)
        for piece in self.problem.surrogate.pieces:
            if not isinstance(piece.formula, Number):
                raise InvalidInput(
                    f"raw coordinates need a piecewise constant surrogate, not {self.problem.surrogate.name}"
                )
            jump = piece.formula.value - before
            if jump:
                found.append((jump, () if piece.lower is None else ((self.point.w, piece.lower),)))
            before = piece.formula.value
        return found

    def mean(self, *factors: list[tuple[Fraction, tuple[HalfPlane, ...]]], p: int = 0, q: int = 0) -> arb:
        """E of a product of such combinations times z₁^p z₂^q over one row."""
        products: list[tuple[Fraction, tuple[HalfPlane, ...]]] = [(Fraction(1), ())]
        for factor in factors:
            products = [(x * y, one + two) for x, one in products for y, two in factor]
        total = arb(0)
        for coefficient, half_planes in products:
            total += ball(coefficient) * self._moment(half_planes, p, q)
        return total

    def loss(self) -> arb:
        """f = ½ Σ_i Σ_j E[r_i r_j] with r_i = v_iσ(w·Z_i) − v*_iσ(w*·Z_i); rows are independent."""
        student, teacher = self._steps(self.point.w), self._steps(self.point.w_star)
        with precision(self.bits + 41):
            s1, t1 = self.mean(student), self.mean(teacher)
            s2, t2, both = self.mean(student, student), self.mean(teacher, teacher), self.mean(student, teacher)
            rows = [(ball(x), ball(y)) for x, y in zip(self.point.v, self.point.v_star, strict=True)]
            total = arb(0)
            for i, (x, y) in enumerate(rows):
                for j, (x2, y2) in enumerate(rows):
                    if i == j:
                        total += x * x * s2 - 2 * x * y * both + y * y * t2
                    else:
                        total += (x * s1 - y * t1) * (x2 * s1 - y2 * t1)
            return total / 2

    def v_gradient(self, row: int) -> arb:
        """E[σ(w·Z_row)(y − y*)]."""
        student, teacher = self._steps(self.point.w), self._steps(self.point.w_star)
        with precision(self.bits + 41):
            s1, t1 = self.mean(student), self.mean(teacher)
            s2, both = self.mean(student, student), self.mean(student, teacher)
            total = arb(0)
            for j, (x, y) in enumerate(zip(self.point.v, self.point.v_star, strict=True)):
                total += ball(x) * s2 - ball(y) * both if j == row else s1 * (ball(x) * s1 - ball(y) * t1)
            return total

    def coarse_gradient(self) -> tuple[arb, arb]:
        """E g_μ in raw coordinates: Σ_i v_i Σ_j E[Z_i μ′(w·Z_i) r_j]."""
        student, teacher, backward = self._steps(self.point.w), self._steps(self.point.w_star), self._surrogate()
        found = []
        with precision(self.bits + 41):
            s1, t1 = self.mean(student), self.mean(teacher)
            for p, q in ((1, 0), (0, 1)):
                alone = self.mean(backward, p=p, q=q)
                with_student = self.mean(backward, student, p=p, q=q)
                with_teacher = self.mean(backward, teacher, p=p, q=q)
                total = arb(0)
                for i, x in enumerate(self.point.v):
                    for j, (x2, y2) in enumerate(zip(self.point.v, self.point.v_star, strict=True)):
                        if i == j:
                            total += ball(x) * (ball(x2) * with_student - ball(y2) * with_teacher)
                        else:
                            total += ball(x) * alone * (ball(x2) * s1 - ball(y2) * t1)
                found.append(total)
        return found[0], found[1]

    def components(self) -> tuple[arb, arb]:
        """(⟨E g_μ, ŵ⟩, ⟨E g_μ, û⟩) with û the direction of (I − ŵŵᵀ)w*."""
        g1, g2 = self.coarse_gradient()
        with precision(self.bits + 41):
            w = (ball(self.point.w[0]), ball(self.point.w[1]))
            length = (w[0] * w[0] + w[1] * w[1]).sqrt()
            cross = self.point.w[0] * self.point.w_star[1] - self.point.w[1] * self.point.w_star[0]
            sign = 1 if cross > 0 else -1
            return (g1 * w[0] + g2 * w[1]) / length, sign * (-g1 * w[1] + g2 * w[0]) / length

    def invariants(self) -> tuple[arb, arb, arb]:
        """(ρ, ρ*, θ) as balls."""
        with precision(self.bits + 41):
            (x, y), (x2, y2) = self.point.w, self.point.w_star
            rho, rho_star = ball(x * x + y * y).sqrt(), ball(x2 * x2 + y2 * y2).sqrt()
            return rho, rho_star, (ball(x * x2 + y * y2) / (rho * rho_star)).acos()
