"""One smooth piece of a read derivative as a formula: a polynomial with rational coefficients, or A·g(b(x − c)).

A shape g has g(0) = 1. Anchored at c (0, or an end of the piece), A is the value there and b follows from one more
value; both must then reproduce the piece everywhere. Nothing is fitted to within a tolerance larger than rounding.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from ste_theory.model.expressions import FLOATS, Formula, Number, fold, parse
from ste_theory.networks.rationals import identified, small_rational

Array = npt.NDArray[np.float64]
Function = Callable[[Array], Array]

# Shapes g(z), z written "u". Those that are even, or live on a half-line, describe one-sided pieces too.
SHAPES = (
    "1/cosh(u)^2",
    "1/(1 + u^2)",
    "exp(-u^2)",
    "1/(1 + u)^2",
    "1/(1 + u)",
    "exp(-u)",
    "1/(1 + u^2)^(3/2)",
    "cos(u)",
    "(1 - u*tanh(u))/cosh(u)^2",
    "2/(1 + exp(-u))",
    "2/(1 + exp(-u)) + u/cosh(u/2)^2/2",
    "1 + erf(u) + 2*u*exp(-u^2)/sqrt(pi)",
)
DEGREE, SAMPLES = 8, 241
EXACT, IDENTIFY = 1e-12, 2e-13
LARGEST_Z = 60.0


@dataclass(frozen=True)
class Fit:
    """A formula for a piece and how far the code is from it, relative to the piece's largest value."""

    formula: Formula
    error: float
    identified: bool


def fit(function: Function, lower: Fraction | None, upper: Fraction | None, window: tuple[float, float]) -> Fit | None:
    """The formula of ``function`` on (lower, upper), looked at inside ``window``; ``None`` if nothing is exact.

    Exact means within 1e-12 of the largest value, at 241 points.
    """
    low = window[0] if lower is None else float(lower)
    high = window[1] if upper is None else float(upper)
    spread = (1 - np.cos(np.pi * (np.arange(SAMPLES) + 0.5) / SAMPLES)) / 2
    x = low + (high - low) * spread
    y = function(x)
    scale = float(np.max(np.abs(y)))
    if scale == 0:
        return Fit(Number(Fraction(0)), 0.0, True)
    found = _polynomial(x, y, scale)
    if found is not None:
        return found
    anchors = [c for c in (lower, upper) if c is not None and c != 0]
    if low <= 0 <= high:
        anchors.insert(0, Fraction(0))
    for anchor in anchors:
        for shape in SHAPES:
            candidate = _shape(function, shape, anchor, x, y, scale)
            if candidate is not None:
                return candidate
        candidate = _power(function, anchor, x, y, scale)
        if candidate is not None:
            return candidate
    return None


def value(formula: Formula, x: Array) -> Array:
    """The formula's float values."""
    with np.errstate(all="ignore"):
        return np.asarray(np.broadcast_to(fold(formula, FLOATS, {"x": x}), x.shape), dtype=np.float64)


def number(x: float, relative: float = IDENTIFY) -> tuple[str, Formula, bool]:
    """(text, formula, whether it is simple) of a constant that was read: q·constant if simple, else the float."""
    found = identified(x, relative)
    if found is None:
        exact = Fraction(repr(x))
        return _text(exact), Number(exact), False
    q, constant, _ = found
    if constant == "1":
        return _text(q), Number(q), True
    text = f"{_text(q)}*{constant}"
    return text, parse(text), True


def _text(q: Fraction) -> str:
    """A rational in the formula language, in parentheses."""
    sign = "-" if q < 0 else ""
    return f"({sign}{abs(q.numerator)}/{q.denominator})" if q.denominator != 1 else f"({sign}{abs(q.numerator)})"


def _checked(formula: Formula, x: Array, y: Array, scale: float, simple: bool) -> Fit | None:
    error = float(np.max(np.abs(value(formula, x) - y))) / scale
    return Fit(formula, error, simple) if error <= EXACT else None


def _polynomial(x: Array, y: Array, scale: float) -> Fit | None:
    if np.max(y) - np.min(y) <= EXACT * scale:
        _, formula, simple = number(float(np.median(y)), EXACT)
        return _checked(formula, x, y, scale, simple)
    for degree in range(1, DEGREE + 1):
        fitted = np.polynomial.Chebyshev.fit(x, y, degree)
        if np.max(np.abs(fitted(x) - y)) > EXACT * scale:
            continue
        terms, simple = [], True
        reach = max(abs(float(x[0])), abs(float(x[-1])))
        for power, coefficient in enumerate(fitted.convert(kind=np.polynomial.Polynomial).coef):
            slack = 1e-10 * scale / reach**power
            rational = small_rational(float(coefficient) - slack, float(coefficient) + slack)
            simple &= rational is not None
            exact = rational if rational is not None else Fraction(repr(float(coefficient)))
            if exact:
                terms.append(_text(exact) + ("" if power == 0 else "*x" if power == 1 else f"*x^{power}"))
        return _checked(parse(" + ".join(terms) or "0"), x, y, scale, simple)
    return None


def _argument(anchor: Fraction, side: int) -> str:
    """side·(x − anchor) as text."""
    inside = "x" if anchor == 0 else f"(x - {_text(anchor)})"
    return inside if side > 0 else f"(-{inside})"


def _anchored(function: Function, anchor: Fraction, x: Array, y: Array) -> tuple[float, int, Array, Array] | None:
    """(A, side, u, values/A): the piece seen from ``anchor`` towards the side where it has more room."""
    c = float(anchor)
    side = 1 if x[-1] - c >= c - x[0] else -1
    # At an end: one float inside, past the value at the breakpoint itself.
    beside = float(np.nextafter(c, side * np.inf)) if c else side * 1e-300
    at = c if x[0] < c < x[-1] else beside
    amplitude = float(function(np.array([at]))[0])
    u = side * (x - c)
    ahead = u > 0
    if amplitude == 0 or not math.isfinite(amplitude) or not ahead.any():
        return None
    order = np.argsort(u[ahead])
    return amplitude, side, u[ahead][order], (y[ahead] / amplitude)[order]


def _shape(function: Function, shape: str, anchor: Fraction, x: Array, y: Array, scale: float) -> Fit | None:
    seen = _anchored(function, anchor, x, y)
    if seen is None:
        return None
    amplitude, side, u, ratio = seen
    # One point where the shape has clearly left 1: there b is best conditioned.
    moved = np.flatnonzero(np.abs(ratio - 1) >= 0.3)
    index = int(moved[0]) if moved.size else len(u) - 1
    g = parse(shape, frozenset({"u"}))

    def excess(z: Array) -> Array:
        with np.errstate(all="ignore"):
            return np.asarray(fold(g, FLOATS, {"u": z}) - ratio[index], dtype=np.float64)

    grid = np.concatenate([[0.0], np.geomspace(1e-6, LARGEST_Z, 400)])
    signs = np.sign(excess(grid))
    crossing = np.flatnonzero(signs[1:] * signs[:-1] <= 0)
    if not crossing.size:
        return None
    start, stop = grid[crossing[0]], grid[crossing[0] + 1]
    root = brentq(lambda z: float(excess(np.asarray(z))), start, stop, xtol=1e-300, rtol=1e-15)
    height, _, simple_height = number(amplitude)
    rate, _, simple_rate = number(float(root) / float(u[index]))
    argument = f"({rate}*{_argument(anchor, side)})"
    # The letter u stands alone in a shape: no function's name has it.
    text = f"{height}*({shape.replace('u', argument)})"
    return _checked(parse(text), x, y, scale, simple_height and simple_rate)


def _power(function: Function, anchor: Fraction, x: Array, y: Array, scale: float) -> Fit | None:
    """A(1 + bu)^(−p), b from log r₂/log r₁ = log(1 + bu₂)/log(1 + bu₁), which is monotone in b."""
    seen = _anchored(function, anchor, x, y)
    if seen is None:
        return None
    amplitude, side, u, ratio = seen
    i, j = (int(np.argmin(np.abs(ratio - target))) for target in (0.6, 0.1))
    if not (0 < ratio[j] < ratio[i] < 1):
        return None
    quotient = math.log(ratio[j]) / math.log(ratio[i])

    def excess(log_b: float) -> float:
        b = math.exp(log_b)
        return math.log1p(b * u[j]) / math.log1p(b * u[i]) - quotient

    if excess(-25.0) * excess(25.0) > 0:
        return None
    b = math.exp(float(brentq(excess, -25.0, 25.0, xtol=1e-15, rtol=1e-15)))
    rate, _, simple_rate = number(b, 1e-11)
    height, _, simple_height = number(amplitude)
    power, _, simple_power = number(-math.log(ratio[j]) / math.log1p(b * float(u[j])), 1e-11)
    text = f"{height}/(1 + {rate}*{_argument(anchor, side)})^{power}"
    return _checked(parse(text), x, y, scale, simple_rate and simple_height and simple_power)
