"""What a formula does on a half-line [X, ∞), X ≥ 1: its range, and envelopes C·u^k·e^{βu + γu²} of |f| on it.

``above`` bounds |f| from above; ``below`` from below, where one is known. Ends of ranges may be infinite.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flint import arb

from ste_theory.checker.expression import Node, Program
from ste_theory.checker.terms import Terms, exact_ball, terms

INFINITY = arb("inf")


@dataclass(frozen=True)
class Envelope:
    """C·u^degree·e^{rate·u + curve·u²}, C > 0."""

    scale: arb
    degree: int
    rate: arb
    curve: arb

    def at(self, u: arb) -> arb:
        """The value at u."""
        return self.scale * u**self.degree * (self.rate * u + self.curve * u * u).exp()

    def times(self, other: "Envelope") -> "Envelope":
        """The product."""
        return Envelope(
            self.scale * other.scale, self.degree + other.degree, self.rate + other.rate, self.curve + other.curve
        )

    def inverse(self) -> "Envelope":
        """One over it."""
        return Envelope(1 / self.scale, -self.degree, -self.rate, -self.curve)


@dataclass(frozen=True)
class Far:
    """lower ≤ f ≤ upper on the half-line; envelopes of |f|."""

    lower: arb
    upper: arb
    above: Envelope | None
    below: Envelope | None


def flat(value: arb) -> Envelope:
    """A constant."""
    return Envelope(value, 0, arb(0), arb(0))


def far(program: Program, root: int, start: arb) -> Far:
    """The formula for u ≥ start ≥ 1."""
    known: list[Far] = []
    memory: dict[int, Terms | None] = {}
    for index, node in enumerate(program.nodes[: root + 1]):
        given = [known[argument] for argument in node.arguments]
        known.append(step(node, given, start, terms(program, index, memory)))
    return known[root]


def step(node: Node, given: Sequence[Far], start: arb, exact: Terms | None) -> Far:
    """One node from its arguments, and from its normal form where one is given."""
    found = _of(node, given, start)
    return found if exact is None else _sharpened(found, exact, start)


def _sharpened(found: Far, exact: Terms, start: arb) -> Far:
    """A sum of c·u^k·e^{βu+γu²} in which one term outweighs the others from the start on has its sign."""
    led = exact.leading(start)
    if led is None:
        return found
    key, coefficient, share = led
    k, beta, gamma = key[0], exact_ball(key[1]), exact_ball(key[2])
    above = Envelope(abs(coefficient) * (1 + share), k, beta, gamma)
    below = Envelope(abs(coefficient) * (1 - share), k, beta, gamma)
    lower, upper = found.lower, found.upper
    if coefficient > 0:
        lower = lower.max(arb(0))
    else:
        upper = upper.min(arb(0))
    return Far(lower, upper, above, below)


def _of(node: Node, given: Sequence[Far], start: arb) -> Far:
    match node.name, given:
        case "constant", _:
            return _constant(arb(node.number))
        case "pi", _:
            return _constant(arb.pi())
        case "variable", _:
            line = Envelope(arb(1), 1, arb(0), arb(0))
            return Far(start, INFINITY, line, line)
        case "neg", [p]:
            return _negative(p)
        case "add", [p, q]:
            return _outweighed(p, q, start)
        case "sub", [p, q]:
            return _outweighed(p, _negative(q), start)
        case "mul", [p, q]:
            return _square(p) if node.arguments[0] == node.arguments[1] else _product(p, q)
        case "div", [p, q]:
            return _product(p, _inverse(q))
        case "pow", [p]:
            return _power(p, node.number)
        case name, [p]:
            return _FUNCTIONS[name](p)
        case _:
            return _unknown()


def _constant(value: arb) -> Far:
    size = abs(value)
    return Far(value, value, flat(arb(size.upper())), flat(arb(size.lower())) if size > 0 else None)


def _unknown() -> Far:
    return Far(-INFINITY, INFINITY, None, None)


def _negative(p: Far) -> Far:
    return Far(-p.upper, -p.lower, p.above, p.below)


def _sum(p: Far, q: Far) -> Far:
    above = None
    if p.above is not None and q.above is not None:
        a, b = p.above, q.above
        degree = max(a.degree, b.degree)
        above = Envelope(a.scale + b.scale, degree, a.rate.max(b.rate), a.curve.max(b.curve))
    lower, upper = _or(p.lower + q.lower, -INFINITY), _or(p.upper + q.upper, INFINITY)
    below = None
    if (p.lower >= 0 and q.lower >= 0) or (p.upper <= 0 and q.upper <= 0):
        below = _larger(p.below, q.below)
    elif lower > 0 or upper < 0:
        below = flat(arb((lower if lower > 0 else -upper).lower()))
    return Far(lower, upper, above, below)


def _outweighed(p: Far, q: Far, start: arb) -> Far:
    """p + q, where one of known sign may outweigh the other from the start on: |q| ≤ share·|p| with share < 1."""
    found = _sum(p, q)
    for one, two in ((p, q), (q, p)):
        if one.below is None or two.above is None or not (one.lower >= 0 or one.upper <= 0):
            continue
        quotient = two.above.times(one.below.inverse())
        falls = max(quotient.degree, 0) / start + quotient.rate + 2 * quotient.curve * start <= 0
        share = quotient.at(start)
        if quotient.curve <= 0 and falls and share < 1:
            below = one.below.times(flat(1 - share))
            lower = found.lower.max(arb(0)) if one.lower >= 0 else found.lower
            upper = found.upper if one.lower >= 0 else found.upper.min(arb(0))
            return Far(lower, upper, found.above, below)
    return found


def _larger(p: Envelope | None, q: Envelope | None) -> Envelope | None:
    """Either is a bound from below of a sum of two of one sign: the one that grows more."""
    if p is None or q is None:
        return p or q
    for a, b in ((p.curve, q.curve), (p.rate, q.rate), (arb(p.degree), arb(q.degree))):
        if a > b or b > a:
            return p if a > b else q
    return p


def _or(value: arb, default: arb) -> arb:
    return default if value.is_nan() else value


def _product(p: Far, q: Far) -> Far:
    ends = [_end(x, y) for x in (p.lower, p.upper) for y in (q.lower, q.upper)]
    lower, upper = -INFINITY, INFINITY
    if not any(end.is_nan() for end in ends):
        lower, upper = ends[0], ends[0]
        for end in ends[1:]:
            lower, upper = lower.min(end), upper.max(end)
    above = None if p.above is None or q.above is None else p.above.times(q.above)
    below = None if p.below is None or q.below is None else p.below.times(q.below)
    return Far(lower, upper, above, below)


def _end(x: arb, y: arb) -> arb:
    return arb(0) if x == 0 or y == 0 else x * y


def _square(p: Far) -> Far:
    found = _product(p, p)
    return Far(found.lower.max(arb(0)), found.upper, found.above, found.below)


def _inverse(q: Far) -> Far:
    above = None if q.below is None else q.below.inverse()
    below = None if q.above is None else q.above.inverse()
    if not (q.lower > 0 or q.upper < 0):
        return Far(-INFINITY, INFINITY, None, None)
    ends = [arb(0) if not end.is_finite() else 1 / end for end in (q.upper, q.lower)]
    if above is None:
        above = flat(arb(abs(ends[1]).max(abs(ends[0])).upper()))
    return Far(ends[0], ends[1], above, below)


def _power(p: Far, exponent: int) -> Far:
    if exponent < 0:
        return _inverse(_power(p, -exponent))
    result = _constant(arb(1))
    for _ in range(exponent // 2):
        result = _product(result, _square(p))
    return _product(result, p) if exponent % 2 else result


def _exp(p: Far) -> Far:
    """e^f; a quadratic f is seen by the normal form before this."""
    lower = p.lower.exp() if p.lower.is_finite() else arb(0)
    upper = p.upper.exp() if p.upper.is_finite() else (arb(0) if p.upper < 0 else INFINITY)
    above = flat(arb(upper.upper())) if upper.is_finite() and upper > 0 else None
    return Far(lower, upper, above, flat(arb(lower.lower())) if lower > 0 else None)


def _cosh(p: Far) -> Far:
    both = _sum(_exp(p), _exp(_negative(p)))
    least = p.lower.cosh() if p.lower > 0 else p.upper.cosh() if p.upper < 0 else arb(1)
    least = least if least.is_finite() else arb(1)
    half = flat(arb(1) / 2)
    above = None if both.above is None else both.above.times(half)
    return Far(arb(least.lower()), both.upper / 2, above, flat(arb(least.lower())))


def _rising(name: str, size: arb) -> Callable[[Far], Far]:
    def apply(p: Far) -> Far:
        lower = getattr(p.lower, name)() if p.lower.is_finite() else (size if p.lower > 0 else -size)
        upper = getattr(p.upper, name)() if p.upper.is_finite() else (size if p.upper > 0 else -size)
        least = lower if lower > 0 else -upper
        return Far(lower, upper, flat(arb(size.upper())), flat(arb(least.lower())) if least > 0 else None)

    return apply


def _wave(_: Far) -> Far:
    return Far(arb(-1), arb(1), flat(arb(1)), None)


def _sqrt(p: Far) -> Far:
    if not p.lower >= 0:
        return _unknown()

    def halved(e: Envelope | None, degree: Callable[[int], int]) -> Envelope | None:
        return None if e is None else Envelope(e.scale.sqrt(), degree(e.degree), e.rate / 2, e.curve / 2)

    upper = p.upper.sqrt() if p.upper.is_finite() else INFINITY
    # u ≥ 1: a degree is rounded up for a bound from above, down for one from below.
    return Far(
        p.lower.sqrt() if p.lower.is_finite() else p.lower,
        upper,
        halved(p.above, lambda k: -(-k // 2)),
        halved(p.below, lambda k: k // 2),
    )


def _log(p: Far) -> Far:
    if not p.lower > 0:
        return _unknown()
    lower = p.lower.log() if p.lower.is_finite() else INFINITY
    upper = p.upper.log() if p.upper.is_finite() else INFINITY
    above = None
    if upper.is_finite():
        above = flat(arb(abs(lower).max(abs(upper)).upper()))
    elif p.above is not None and lower.is_finite():
        # |log f| ≤ |log of the lower end| + f.
        above = _sum(_constant(abs(lower) + 1), Far(arb(0), INFINITY, p.above, None)).above
    least = lower if lower > 0 else -upper
    return Far(lower, upper, above, flat(arb(least.lower())) if least > 0 and least.is_finite() else None)


_FUNCTIONS: dict[str, Callable[[Far], Far]] = {
    "exp": _exp,
    "cosh": _cosh,
    "tanh": _rising("tanh", arb(1)),
    "erf": _rising("erf", arb(1)),
    "atan": _rising("atan", arb(2)),
    "sin": _wave,
    "cos": _wave,
    "sqrt": _sqrt,
    "log": _log,
}


def integral_bound(envelope: Envelope, start: arb) -> arb:
    """An upper bound of ∫_X^∞ of the envelope: its logarithmic derivative is ≤ −λ < 0, so that E(X)/λ; else ∞."""
    if envelope.curve < 0 or (envelope.curve == 0 and envelope.rate < 0):
        slope = max(envelope.degree, 0) / start + envelope.rate + 2 * envelope.curve * start
        return envelope.at(start) / -slope if slope < 0 else INFINITY
    if envelope.curve == 0 and envelope.rate == 0 and envelope.degree <= -2:
        return envelope.scale * start ** (envelope.degree + 1) / -(envelope.degree + 1)
    return INFINITY
