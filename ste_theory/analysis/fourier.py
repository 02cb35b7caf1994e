"""Surrogates that are sums of cosines: they change sign without end, and their response is a sum of Gaussians.

E cos(bxξ) = e^{−b²x²/2}, so μ′(x) = Σ c_k cos(b_k x) has M(x) = Σ c_k e^{−b_k²x²/2}, positive if no c_k is negative.
"""

from dataclasses import dataclass
from fractions import Fraction

from flint import acb, arb

from ste_theory.analysis.even_part import Half
from ste_theory.model.expressions import ONE, ZERO, Binary, Call, Formula, Name, Number, names
from ste_theory.rigorous.balls import ball, digits, precision, real
from ste_theory.rigorous.formulas import evaluate


@dataclass(frozen=True)
class Cosines:
    """e(u)/2 = Σ c_k cos(b_k u): pairs of formulas without x."""

    terms: tuple[tuple[Formula, Formula], ...]

    def value(self, scale: Fraction, *, bits: int = 160) -> arb:
        """M at a rational scale."""
        with precision(bits):
            x = ball(scale)
            pairs = [(_constant(c), _constant(b) * x) for c, b in self.terms]
            return sum((c * (-b * b / 2).exp() for c, b in pairs), arb(0))

    @property
    def positive(self) -> bool:
        """Whether every coefficient is certainly ≥ 0 and one is > 0."""
        with precision(128):
            values = [_constant(c) for c, _ in self.terms]
        return all(bool(value >= 0) for value in values) and any(bool(value > 0) for value in values)

    def __str__(self) -> str:
        with precision(64):
            shown = [(digits(_constant(c), 6), digits(_constant(b), 6)) for c, b in self.terms[:3]]
        text = " + ".join(f"{c}·exp(-({b}x)²/2)" for c, b in shown)
        return text + (f" + {len(self.terms) - 3} more such terms" if len(self.terms) > 3 else "")


def _constant(formula: Formula) -> arb:
    return real(evaluate(formula, acb(0), analytic=False))


def cosines(halves: tuple[Half, ...]) -> Cosines | None:
    """The sum of cosines that the whole even part is, or None."""
    if len({half.formula for half in halves}) != 1:
        return None
    found = _expand(halves[0].formula)
    if found is None or not any(frequency != ZERO for _, frequency in found):
        return None
    half = Number(Fraction(1, 2))
    return Cosines(tuple((Binary("*", half, c), b) for c, b in found))


def _expand(formula: Formula) -> list[tuple[Formula, Formula]] | None:
    if not names(formula):
        return [(formula, ZERO)]
    match formula:
        case Call("cos", argument):
            frequency = _frequency(argument)
            return None if frequency is None else [(ONE, frequency)]
        case Binary(operator, left, right) if operator in "+-":
            one, two = _expand(left), _expand(right)
            if one is None or two is None:
                return None
            return one + [(c if operator == "+" else Binary("-", ZERO, c), b) for c, b in two]
        case Binary("*", left, right):
            factor, other = (left, right) if not names(left) else (right, left)
            inner = _expand(other)
            if names(factor) or inner is None:
                return None
            return [(Binary("*", factor, c), b) for c, b in inner]
        case Binary("/", left, right) if not names(right):
            inner = _expand(left)
            return None if inner is None else [(Binary("/", c, right), b) for c, b in inner]
        case _:
            return None


def _frequency(argument: Formula) -> Formula | None:
    """b where the argument is b·x."""
    match argument:
        case Name("x"):
            return ONE
        case Binary("*", left, right) if not names(left):
            inner = _frequency(right)
            return None if inner is None else Binary("*", left, inner)
        case Binary("*", left, right) if not names(right):
            inner = _frequency(left)
            return None if inner is None else Binary("*", right, inner)
        case Binary("/", left, right) if not names(right):
            inner = _frequency(left)
            return None if inner is None else Binary("/", inner, right)
        case _:
            return None
