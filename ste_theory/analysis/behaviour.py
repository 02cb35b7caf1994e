"""How a surrogate behaves: limits and exponents of the response, drift at the spurious minimum, dead zones, jumps.

G6 at θ = π, v = B⁻¹(11ᵀ−I)v*: E g_μ = −M₋(ρ)·2(m−1)S*²/(m+1)²·ŵ with M₋(ρ) = E[a μ′(ρa) 1{a<0}].
"""

from dataclasses import dataclass
from fractions import Fraction

from flint import acb, arb

from ste_theory.analysis.even_part import Half, Undecided, exact_value, mirrored
from ste_theory.analysis.jets import value
from ste_theory.analysis.mass import beyond, mass
from ste_theory.analysis.signs import Region, regions
from ste_theory.analysis.tails import tail
from ste_theory.model.expressions import ZERO, Binary, Formula
from ste_theory.model.surrogates import Surrogate
from ste_theory.rigorous.balls import ball, digits, precision
from ste_theory.rigorous.formulas import NoBound, compiled
from ste_theory.rigorous.gaussian import Analytic, Bound, Piece, mean
from ste_theory.rigorous.integrate import NotEnclosed

SCALES = (Fraction(1, 10), Fraction(1), Fraction(10))


@dataclass(frozen=True)
class Interval:
    """An interval of the pre-activation, its ends as text."""

    lower: str
    upper: str

    def __str__(self) -> str:
        return f"({self.lower}, {self.upper})"


@dataclass(frozen=True)
class Behaviour:
    """What a training run notices. Texts of numbers hold proven digits; "not enclosed" where there are none.

    ``drift``: M₋ at the scales 0.1, 1, 10; ``stationary``: whether M₋ = 0 at every scale, so that the spurious minimum
    stays put; ``small_scales``, ``large_scales``: the limit of M and its order in x; ``dead``: where μ′ = 0;
    ``jumps``: where μ′ is discontinuous; ``negative``: where μ′ < 0; ``unbounded``: ends where |μ′| → ∞.
    """

    drift: tuple[str, ...]
    stationary: bool
    small_scales: str
    large_scales: str
    dead: tuple[Interval, ...]
    jumps: tuple[str, ...]
    negative: tuple[Interval, ...]
    unbounded: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def behaviour(surrogate: Surrogate, found: tuple[Region, ...] | None) -> Behaviour:
    """The behaviour; ``found`` are the regions of the even part where they are known."""
    remarks: list[str] = []
    dead = tuple(Interval(_end(p.lower, "-∞"), _end(p.upper, "∞")) for p in surrogate.pieces if p.formula == ZERO)
    stationary = all(p.formula == ZERO for p in surrogate.pieces if p.lower is None or p.lower < 0)
    try:
        negative = negative_parts(surrogate)
    except Undecided as reason:
        negative = ()
        remarks.append(f"negative parts: {reason}")
    with precision(96):
        return Behaviour(
            tuple("0" if stationary else _drift(surrogate, scale) for scale in SCALES),
            stationary,
            _small(surrogate),
            _large(found),
            dead,
            _jumps(surrogate),
            negative,
            _unbounded(surrogate),
            tuple(remarks),
        )


def _end(place: Fraction | None, infinite: str) -> str:
    return infinite if place is None else str(place)


def sides(surrogate: Surrogate) -> tuple[tuple[Half, ...], tuple[Half, ...]]:
    """μ′(u) and μ′(−u) for u > 0, piece by piece."""
    right, left = [], []
    for piece in surrogate.pieces:
        if piece.upper is None or piece.upper > 0:
            right.append(Half(max(piece.lower or Fraction(0), Fraction(0)), piece.upper, piece.formula))
        if piece.lower is None or piece.lower < 0:
            formula, sign = mirrored(piece.formula)
            turned = formula if sign > 0 or formula == ZERO else Binary("-", ZERO, formula)
            inner = Fraction(0) if piece.upper is None else max(-piece.upper, Fraction(0))
            left.append(Half(inner, None if piece.lower is None else -piece.lower, turned))
    return tuple(right), tuple(reversed(left))


def negative_parts(surrogate: Surrogate) -> tuple[Interval, ...]:
    """The intervals where μ′ < 0, ends to nine digits. Raises ``Undecided``."""
    right, left = sides(surrogate)
    found = [
        Interval("-∞" if r.upper is None else _short(-r.upper), _short(-r.lower)) for r in regions(left) if r.sign < 0
    ][::-1]
    found += [Interval(_short(r.lower), _end_short(r.upper)) for r in regions(right) if r.sign < 0]
    joined: list[Interval] = []
    for part in found:
        if joined and joined[-1].upper == part.lower:
            joined[-1] = Interval(joined[-1].lower, part.upper)
        else:
            joined.append(part)
    return tuple(joined)


def _end_short(place: Fraction | None) -> str:
    return "∞" if place is None else _short(place)


def _short(place: Fraction) -> str:
    return str(place) if place.denominator < 10**6 else f"{float(place):.9g}"


def _one_sided(surrogate: Surrogate, place: Fraction) -> tuple[arb, arb]:
    """The limits of μ′ from the left and from the right."""
    left = next(p.formula for p in surrogate.pieces if p.upper is None or p.upper >= place)
    right = next(p.formula for p in surrogate.pieces if p.upper is None or p.upper > place)
    return value(left, ball(place)), value(right, ball(place))


def _small(surrogate: Surrogate) -> str:
    left, right = _one_sided(surrogate, Fraction(0))
    total = (left + right) / 2
    return digits(total, 12) if total.is_finite() else "not enclosed"


def _jumps(surrogate: Surrogate) -> tuple[str, ...]:
    found = []
    for place in surrogate.breakpoints:
        left, right = _one_sided(surrogate, place)
        if not (left - right).contains(0):
            found.append(f"{place}: {digits(left, 6)} to {digits(right, 6)}")
    return tuple(found)


def _large(found: tuple[Region, ...] | None) -> str:
    """M(x) as x → ∞: c, or of order x^p."""
    if found is None:
        return "not settled: the signs of the even part are not known"
    last = found[-1]
    if not any(region.sign for region in found):
        return "0"
    with precision(96):
        total = sum((r.sign * mass(r) for r in found if r.sign), arb(0))
        if total.is_finite():
            limit = total / (2 * arb.pi()).sqrt()
            return f"{digits(limit, 10)}/x" if not limit.contains(0) else "faster than 1/x as far as balls see"
        if last.upper is not None or last.sign == 0:
            return "not settled"
        known = tail(last.formula, arb(2) ** 20)
        if (constant := exact_value(last.formula)) is not None:
            return digits(ball(constant) / 2, 10)
        above, below = known.above, known.below
        if above is None or below is None or above.rate != 0 or above.curve != 0:
            return "not settled"
        if above.degree != below.degree or below.rate != 0 or below.curve != 0:
            return "not settled"
        if above.degree == -1:
            return "of order log(x)/x"
        return "of order 1" if above.degree == 0 else f"of order x^{above.degree}"


def _unbounded(surrogate: Surrogate) -> tuple[str, ...]:
    found = []
    for side, halves in zip(("+∞", "−∞"), sides(surrogate), strict=True):
        last = halves[-1]
        known = tail(last.formula, arb(64))
        if last.formula != ZERO and known.below is not None:
            grows = known.below.curve > 0 or (known.below.curve == 0 and known.below.rate > 0)
            flat = known.below.curve == 0 and known.below.rate == 0
            if grows or (flat and known.below.degree > 0):
                found.append(f"x → {side}")
    for place in {Fraction(0), *surrogate.breakpoints}:
        if not all(limit.is_finite() for limit in _one_sided(surrogate, place)):
            found.append(f"x → {place}")
    return tuple(found)


def _drift(surrogate: Surrogate, scale: Fraction) -> str:
    """M₋(ρ) = −∫₀^∞ u μ′(−u) φ(u/ρ)/ρ² du."""
    pieces = []
    for half in sides(surrogate)[1]:
        if half.formula != ZERO:
            pieces.append(_moment(half, scale))
    try:
        found = mean(pieces, bits=64, width=1e-12, scale=lambda: ball(scale))
    except (NotEnclosed, NoBound):
        return "not enclosed"
    return digits(found, 12)


def _moment(half: Half, scale: Fraction) -> Piece:
    formula: Formula = half.formula

    def function() -> Analytic:
        unit, value = ball(scale), compiled(formula)
        return lambda x, analytic: -acb(x) / unit * value(x, analytic)

    def bound(side: int) -> Bound:
        found = beyond(formula, half.lower, ball(scale))
        return Bound(found.scale, found.degree + 1, found.rate)

    end = half.upper
    return Piece(lambda: ball(half.lower), None if end is None else (lambda: ball(end)), function, bound)
