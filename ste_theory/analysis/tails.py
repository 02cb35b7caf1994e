"""What is known of a formula on a half-line [X, ∞): its range, and how fast it grows or decays.

The range is an interval with possibly infinite ends. The *size* is a pair of envelopes C·u^k·e^{αu}, k integer and α of
either sign, one above |f(u)| and, where known, one below, for all u ≥ X ≥ 1. Only bounds with a proof are returned.
With a curvature γ an envelope is C·u^k·e^{αu + γu²}: Gaussians of different widths are told apart by it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from flint import arb

from ste_theory.model.expressions import ONE, Algebra, Binary, Call, Formula, Number, fold
from ste_theory.rigorous.balls import ball

INFINITY = arb("inf")


@dataclass(frozen=True)
class Envelope:
    """C·u^degree·e^{rate·u + curve·u²} with C > 0."""

    scale: arb
    degree: int
    rate: arb
    curve: arb = field(default_factory=lambda: arb(0))

    def at(self, u: arb) -> arb:
        """The value at u."""
        return self.scale * u**self.degree * (self.rate * u + self.curve * u * u).exp()

    def slope(self, start: arb) -> arb:
        """An upper bound of the logarithmic derivative k/u + α + 2γu over u ≥ X; infinite for γ > 0."""
        return max(self.degree, 0) / start + self.rate + 2 * self.curve * start if self.curve <= 0 else INFINITY


@dataclass(frozen=True)
class Tail:
    """lower ≤ f ≤ upper on the half-line; ``above`` bounds |f| from above, ``below`` from below, where known."""

    lower: arb
    upper: arb
    above: Envelope | None
    below: Envelope | None

    @property
    def integrable(self) -> bool:
        """Whether the envelope proves ∫|f| < ∞."""
        bound = self.above
        if bound is None or not bound.curve <= 0:
            return False
        return bool(bound.curve < 0 or bound.rate < 0 or (bound.rate == 0 and bound.degree <= -2))


def remainder(tail: Tail, start: arb) -> arb:
    """An upper bound of ∫_X^∞ |f|: an envelope E whose logarithmic derivative is ≤ −λ < 0 has ∫E ≤ E(X)/λ."""
    bound = tail.above
    if bound is None or not tail.integrable:
        return INFINITY
    if bound.curve < 0 or bound.rate < 0:
        slope = bound.slope(start)
        return bound.at(start) / -slope if slope < 0 else INFINITY
    return bound.scale * start ** (bound.degree + 1) / -(bound.degree + 1)


def tail(formula: Formula, start: arb) -> Tail:
    """The tail of a formula for x ≥ start ≥ 1. Ends that are not known are infinite."""
    algebra: Algebra[Tail] = Algebra(
        number=lambda value: _constant(ball(value)),
        operators={
            "+": lambda p, q: _add(p, q, start),
            "-": lambda p, q: _add(p, _negated(q), start),
            "*": _multiply,
            "/": lambda p, q: _multiply(p, _inverse(q)),
            "^": _power,
        },
        functions={name: _function(name, start) for name in _MONOTONE},
        pi=_constant(arb.pi()),
    )
    one = Envelope(arb(1), 1, arb(0))
    try:
        return fold(_rewritten(formula), algebra, {"x": Tail(start, INFINITY, one, one)})
    except KeyError:
        return _unknown()


def _rewritten(formula: Formula) -> Formula:
    """1 − tanh(z)² is 1/cosh(z)², which shows how fast it decays."""
    match formula:
        case Binary("-", Number(one), Binary("^", Call("tanh", argument), Number(two))) if one == 1 and two == 2:
            return Binary("/", ONE, Binary("^", Call("cosh", _rewritten(argument)), Number(two)))
        case Binary(operator, left, right):
            return Binary(operator, _rewritten(left), _rewritten(right))
        case Call(function, argument):
            return Call(function, _rewritten(argument))
        case _:
            return formula


def _constant(value: arb) -> Tail:
    return Tail(value, value, *_envelopes(value))


def _unknown() -> Tail:
    return Tail(-INFINITY, INFINITY, None, None)


def _envelopes(value: arb) -> tuple[Envelope | None, Envelope | None]:
    above = Envelope(arb(abs(value).upper()), 0, arb(0))
    return above, Envelope(arb(abs(value).lower()), 0, arb(0)) if not value.contains(0) else None


def _known(value: arb, default: arb) -> arb:
    return default if value.is_nan() else value


def _negated(p: Tail) -> Tail:
    return Tail(-p.upper, -p.lower, p.above, p.below)


def _ratio(big: Envelope, small: Envelope, start: arb) -> arb | None:
    """An upper bound of small/big over u ≥ X if that quotient does not grow there, else None."""
    quotient = Envelope(
        small.scale / big.scale, small.degree - big.degree, small.rate - big.rate, small.curve - big.curve
    )
    return quotient.at(start) if quotient.slope(start) <= 0 else None


def _scaled(e: Envelope, share: arb) -> Envelope:
    return Envelope(e.scale * share, e.degree, e.rate, e.curve)


def _signed(p: Tail) -> bool:
    return bool(p.lower >= 0 or p.upper <= 0)


def _add(p: Tail, q: Tail, start: arb) -> Tail:
    lower, upper = _known(p.lower + q.lower, -INFINITY), _known(p.upper + q.upper, INFINITY)
    if p.above is None or q.above is None:
        above = None
    elif (share := _ratio(p.above, q.above, start)) is not None:
        above = _scaled(p.above, 1 + share)
    elif (share := _ratio(q.above, p.above, start)) is not None:
        above = _scaled(q.above, 1 + share)
    else:
        degree, rate = max(p.above.degree, q.above.degree), p.above.rate.max(q.above.rate)
        above = Envelope(p.above.scale + q.above.scale, degree, rate, p.above.curve.max(q.above.curve))
    below = None
    same = (p.lower >= 0 and q.lower >= 0) or (p.upper <= 0 and q.upper <= 0)
    for one, two in ((p, q), (q, p)):
        if below is not None or one.below is None:
            continue
        if same:
            below = one.below
        elif two.above is not None and _signed(one):
            share = _ratio(one.below, two.above, start)
            if share is not None and share < 1:
                below = _scaled(one.below, 1 - share)
                lower, upper = (lower.max(arb(0)), upper) if one.lower >= 0 else (lower, upper.min(arb(0)))
    if same and p.below is not None and q.below is not None and _ratio(p.below, q.below, start) is None:
        below = q.below
    return Tail(lower, upper, above, below)


def _product(p: arb, q: arb) -> arb:
    """Ends of ranges: an end that is exactly 0 times an infinite end is 0."""
    return arb(0) if p == 0 or q == 0 else p * q


def _multiply(p: Tail, q: Tail) -> Tail:
    products = [_product(x, y) for x in (p.lower, p.upper) for y in (q.lower, q.upper)]
    if any(x.is_nan() for x in products):
        lower, upper = -INFINITY, INFINITY
    else:
        lower, upper = products[0], products[0]
        for x in products[1:]:
            lower, upper = lower.min(x), upper.max(x)
    return Tail(lower, upper, _times(p.above, q.above), _times(p.below, q.below))


def _times(p: Envelope | None, q: Envelope | None) -> Envelope | None:
    return None if p is None or q is None else _product_of(p, q)


def _product_of(p: Envelope, q: Envelope) -> Envelope:
    return Envelope(p.scale * q.scale, p.degree + q.degree, p.rate + q.rate, p.curve + q.curve)


def _inverse(q: Tail) -> Tail:
    def turned(e: Envelope | None) -> Envelope | None:
        return None if e is None else Envelope(1 / e.scale, -e.degree, -e.rate, -e.curve)

    if not (q.lower > 0 or q.upper < 0):
        return Tail(-INFINITY, INFINITY, turned(q.below), turned(q.above))
    ends = [arb(0) if not end.is_finite() else 1 / end for end in (q.upper, q.lower)]
    return Tail(ends[0], ends[1], turned(q.below), turned(q.above))


def _power(base: Tail, exponent: Tail) -> Tail:
    if not exponent.lower.overlaps(exponent.upper) or not abs(exponent.lower) <= 64:
        return _unknown()
    if not (exponent.lower == exponent.upper and exponent.lower.is_integer()):
        return _root(base, exponent.lower)
    count = int(exponent.lower.fmpz())
    result = Tail(arb(1), arb(1), *_envelopes(arb(1)))
    for _ in range(abs(count)):
        result = _multiply(result, base)
    if count % 2 == 0 and not result.lower >= 0:
        result = Tail(arb(0), result.upper, result.above, result.below)
    return _inverse(result) if count < 0 else result


def _root(base: Tail, power: arb) -> Tail:
    """f^p for f > 0 and p = k/2, by f^p = √f^k."""
    double = 2 * power
    if not base.lower > 0 or not double.is_integer():
        return _unknown()
    root = _square_root(base)
    return _power(root, _constant(double))


def _square_root(base: Tail) -> Tail:
    """√f for f > 0; an envelope keeps a whole degree, so an odd one is rounded the safe way (u ≥ X ≥ 1)."""

    def halved(e: Envelope | None, up: bool) -> Envelope | None:
        if e is None:
            return None
        degree = (e.degree + 1) // 2 if up else e.degree // 2
        return Envelope(e.scale.sqrt(), degree, e.rate / 2, e.curve / 2)

    upper = base.upper.sqrt() if base.upper.is_finite() else INFINITY
    return Tail(base.lower.sqrt(), upper, halved(base.above, True), halved(base.below, False))


def _limit(name: str, end: arb) -> arb:
    """A monotone function at an end of a range."""
    if end.is_finite():
        return arb(_MONOTONE[name](end))
    if name == "exp":
        return INFINITY if end > 0 else arb(0)
    if name in ("log", "sqrt"):
        return INFINITY
    size = arb.pi() / 2 if name == "atan" else arb(1)
    return size if end > 0 else -size


_MONOTONE: dict[str, Callable[[arb], arb]] = {
    "exp": lambda z: z.exp(),
    "tanh": lambda z: z.tanh(),
    "erf": lambda z: z.erf(),
    "atan": lambda z: z.atan(),
    "log": lambda z: z.log(),
    "sqrt": lambda z: z.sqrt(),
    "cosh": lambda z: z.cosh(),
    "sin": lambda z: z.sin(),
    "cos": lambda z: z.cos(),
}


def _function(name: str, start: arb) -> Callable[[Tail], Tail]:
    def apply(g: Tail) -> Tail:
        if name in ("sin", "cos"):
            return Tail(arb(-1), arb(1), Envelope(arb(1), 0, arb(0)), None)
        if name == "cosh":
            total = _add(_exponential(g, start), _exponential(_negated(g), start), start)
            return Tail(_hyperbolic(g), total.upper / 2, _halved(total.above), _halved(total.below))
        if name in ("log", "sqrt") and not g.lower > 0:
            return _unknown()
        if name == "exp":
            return _exponential(g, start)
        if name == "sqrt":
            return _square_root(g)
        lower, upper = _limit(name, g.lower), _limit(name, g.upper)
        size = abs(lower).max(abs(upper))
        above = Envelope(arb(size.upper()), 0, arb(0)) if size.is_finite() else None
        least = lower if lower > 0 else -upper if upper < 0 else None
        below = None if least is None else Envelope(arb(least.lower()), 0, arb(0))
        return Tail(lower, upper, above, below)

    return apply


def _halved(e: Envelope | None) -> Envelope | None:
    return None if e is None else _scaled(e, arb(1) / 2)


def _hyperbolic(g: Tail) -> arb:
    if g.lower > 0:
        return g.lower.cosh()
    return g.upper.cosh() if g.upper < 0 else arb(1)


def _exponential(g: Tail, start: arb) -> Tail:
    """e^g; where g is of one sign, |g| ≥ c·u^k gives |g| ≥ cX^{k−1}·u, and |g| ≤ c·u bounds it from the other side."""
    lower, upper = _limit("exp", g.lower), _limit("exp", g.upper)
    above = Envelope(arb(upper.upper()), 0, arb(0)) if upper.is_finite() else None
    below = Envelope(arb(lower.lower()), 0, arb(0)) if lower > 0 else None
    sign = 1 if g.lower >= 0 else -1 if g.upper <= 0 else 0
    most = _exponent(g.above, sign, start, most=True)
    least = _exponent(g.below, sign, start, most=False)
    if sign > 0:
        above, below = most or above, least or below
    elif sign < 0:
        above, below = least or above, most or below
    return Tail(lower, upper, above, below)


def _exponent(size: Envelope | None, sign: int, start: arb, *, most: bool) -> Envelope | None:
    """e^{±C·u^k} as an envelope, with k lowered to 2 by u ≥ X for a bound from below of |g|."""
    if size is None or size.degree < 1 or (most and size.degree > 2):
        return None
    if not (size.rate <= 0 and size.curve <= 0 if most else size.rate >= 0 and size.curve >= 0):
        return None
    if size.degree == 1:
        return Envelope(arb(1), 0, sign * size.scale)
    return Envelope(arb(1), 0, arb(0), sign * size.scale * start ** (size.degree - 2))
