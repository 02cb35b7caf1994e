"""Expectation nodes of a stated formula in balls, by integration of what stands in them.

E over a coordinate a (or over a and b) of a sum of terms, each a smooth function of a × a power of b × indicators of
linear forms; or the same with a and b exchanged. For fixed a only E 1{b > t} and E b·1{b > t} = φ(t) are used.
"""

from dataclasses import dataclass

import sympy as sp
from flint import acb, arb

from ste_theory.rigorous.balls import Truth, is_zero, precision, real
from ste_theory.rigorous.gaussian import Analytic, Bound, Piece, density, mean, upper_probability
from ste_theory.rigorous.translate import CannotTranslate, Values, settled, translate


@dataclass(frozen=True)
class Term:
    """smooth(a)·b^power·1{slope·b + offset(a) > 0}·(a restricted to an interval)."""

    smooth: sp.Expr
    power: int
    inner: sp.Expr | None
    outer: tuple[sp.Expr, ...]


def expectation(
    integrand: sp.Expr, a: sp.Symbol, b: sp.Symbol, values: Values, *, bits: int = 160, width: float = 1e-32
) -> arb:
    """E of ``integrand`` over the standard normals ``a`` and ``b``, the other symbols at balls."""
    total = arb(0)
    terms = sp.Add.make_args(sp.expand(integrand, power_exp=False))
    with precision(bits + 41):
        for term in terms:
            total += _in_some_order(term, a, b, values, bits=bits, width=width / len(terms))
    return total


def _in_some_order(term: sp.Expr, a: sp.Symbol, b: sp.Symbol, values: Values, *, bits: int, width: float) -> arb:
    """The inner variable is b or, where the term is not of the form needed, a: the order does not matter (Fubini)."""
    try:
        return _inner_first(term, a, b, values, bits=bits, width=width)
    except CannotTranslate:
        if not term.has(b):
            raise
        return _inner_first(term, b, a, values, bits=bits, width=width)


def _inner_first(term: sp.Expr, a: sp.Symbol, b: sp.Symbol, values: Values, *, bits: int, width: float) -> arb:
    total, parts = arb(0), _single(term, b, values)
    for part in parts:
        total += _term_mean(_parse(part, b), a, b, values, bits=bits, width=width / len(parts))
    return total


def _single(term: sp.Expr, b: sp.Symbol, values: Values) -> list[sp.Expr]:
    """The term as a sum of terms with one indicator of b at most, by which of two ends is the farther one:

    1{b > p}1{b > q} = 1{p > q}1{b > p} + 1{q > p}1{b > q}     1{b > p}1{b < q} = 1{q > p}(1{b > p} − 1{b > q})
    """
    steps = [f for f in sp.Mul.make_args(term) if _is_indicator(f) and f.has(b)]
    if len(steps) < 2:
        return [term]
    indicator = steps[0].func
    one, other = (sp.expand(step.args[0]) for step in steps[:2])
    slopes = [sp.diff(argument, b) for argument in (one, other)]
    signs = [_sign(real(translate(slope, values))) for slope in slopes]
    p, q = (-argument.xreplace({b: sp.S.Zero}) / slope for argument, slope in zip((one, other), slopes, strict=True))
    rest = sp.Mul(*(f for f in sp.Mul.make_args(term) if f not in steps[:2]))
    ahead, behind = indicator(sp.expand(p - q)), indicator(sp.expand(q - p))
    if signs[0] == signs[1]:
        first, second = (ahead, behind) if signs[0] > 0 else (behind, ahead)
        found = [rest * first * indicator(one), rest * second * indicator(other)]
    elif signs[0] > 0:
        found = [rest * behind * indicator(one), -rest * behind * indicator(-other)]
    else:
        found = [rest * ahead * indicator(other), -rest * ahead * indicator(-one)]
    return [part for some in found for part in _single(some, b, values)]


def _is_indicator(node: sp.Expr) -> bool:
    return type(node).__name__ == "indicator"


def _sign(slope: arb) -> int:
    if is_zero(slope) is not Truth.NO:
        raise CannotTranslate("the sign of the slope of an inner indicator is not decided")
    return 1 if slope > 0 else -1


def _parse(term: sp.Expr, b: sp.Symbol) -> Term:
    smooth, power, inner, outer = sp.S.One, 0, None, list[sp.Expr]()
    for factor in sp.Mul.make_args(term):
        if _is_indicator(factor):
            argument = sp.expand(factor.args[0])
            if not argument.has(b):
                outer.append(argument)
            elif inner is None:
                inner = argument
            else:
                raise CannotTranslate("two indicators of the inner variable in one term")
        elif factor == b:
            power = 1
        elif factor.has(b):
            raise CannotTranslate(f"not a power of the inner variable: {sp.sstr(factor)[:60]}")
        else:
            smooth *= factor
    return Term(smooth, power, inner, tuple(outer))


def _term_mean(term: Term, a: sp.Symbol, b: sp.Symbol, values: Values, *, bits: int, width: float) -> arb:
    lower, upper = _range(term.outer, a, values)
    if lower is not None and upper is not None and lower >= upper:
        return arb(0)
    if term.power == 1 and term.inner is None:
        return arb(0)

    def function() -> Analytic:
        slope, offset = arb(1), None
        if term.inner is not None:
            slope = real(translate(sp.diff(term.inner, b), values))
            if is_zero(slope) is not Truth.NO:
                raise CannotTranslate("the sign of the slope of an inner indicator is not decided")
            offset = term.inner.xreplace({b: sp.S.Zero})

        known = settled(term.smooth, a, values)
        known_offset = settled(offset, a, values) if offset is not None else known

        def h(z: acb, analytic: bool) -> acb:
            value = translate(term.smooth, {**known, a: z}, analytic=analytic)
            if offset is not None:
                threshold = -translate(offset, {**known_offset, a: z}, analytic=analytic) / slope
                # If the indicator falls: E 1{b < t} = P(b > −t), E b·1{b < t} = −φ(t).
                sign = 1 if slope > 0 else -1
                value *= sign * density(threshold) if term.power == 1 else upper_probability(sign * threshold)
            return value

        return h

    def bound(side: int) -> Bound:
        return _growth(term.smooth, a, values)

    fixed_lower, fixed_upper = lower, upper
    piece = Piece(
        None if fixed_lower is None else lambda: fixed_lower,
        None if fixed_upper is None else lambda: fixed_upper,
        function,
        bound,
    )
    return mean([piece], bits=bits, width=width)


def _range(outer: tuple[sp.Expr, ...], a: sp.Symbol, values: Values) -> tuple[arb | None, arb | None]:
    lower: arb | None = None
    upper: arb | None = None
    for argument in outer:
        slope = real(translate(sp.diff(argument, a), values))
        root = -real(translate(argument.xreplace({a: sp.S.Zero}), values)) / slope
        if slope > 0:
            lower = root if lower is None else lower.max(root)
        elif slope < 0:
            upper = root if upper is None else upper.min(root)
        else:
            raise CannotTranslate("the sign of an indicator's slope is not decided")
    return lower, upper


def _growth(smooth: sp.Expr, a: sp.Symbol, values: Values) -> Bound:
    """|smooth| ≤ C(1 + |a|)^k e^{α|a|} for |a| ≥ REACH, by the structure of the expression."""
    scale, degree, exponent = arb(1), 0, sp.S.Zero
    for factor in sp.Mul.make_args(smooth):
        if not factor.has(a):
            scale *= abs(real(translate(factor, values))).upper()
        elif factor == a:
            degree += 1
        elif isinstance(factor, sp.Pow) and factor.base == a and factor.exp.is_Integer and factor.exp > 0:
            degree += int(factor.exp)
        elif isinstance(factor, sp.exp):
            exponent += factor.args[0]
        elif isinstance(factor, sp.Add) and factor.is_polynomial(a):
            power = sp.degree(factor, a)
            coefficients = [factor.coeff(a, order) if order else factor.subs(a, 0) for order in range(power + 1)]
            scale *= sum((abs(real(translate(part, values))).upper() for part in coefficients), arb(0))
            degree += power
        elif isinstance(factor, (sp.tanh, sp.erf, sp.sin, sp.cos)) or type(factor).__name__ in ("phi", "Phi"):
            continue  # at most 1 in size
        else:
            raise CannotTranslate(f"no growth bound: {sp.sstr(factor)[:60]}")
    return Bound(scale * _exponential_bound(exponent, a, values), degree, arb(0))


def _exponential_bound(exponent: sp.Expr, a: sp.Symbol, values: Values) -> arb:
    """exp(exponent) ≤ exp(its largest value) everywhere, for a quadratic that opens downwards: e − f²/(2g) with its
    value e, slope f and curvature g at 0."""
    if not exponent.has(a):
        return abs(real(translate(sp.exp(exponent), values)))
    value, slope, curvature = (real(translate(sp.diff(exponent, a, n).subs(a, 0), values)) for n in range(3))
    if sp.diff(exponent, a, 3) != 0 or not curvature < 0:
        raise CannotTranslate(f"no bound for exp({sp.sstr(exponent)[:60]}) on the tail")
    return arb((value - slope * slope / (2 * curvature)).exp().upper())
