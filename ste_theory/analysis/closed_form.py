"""M(x) in closed form where every piece of the even part is c·u^k, c·u^k·e^{−γu²} or c·e^{−βu}; else None.

∫ₐᵇ u^k φ(u/x)/x du = x^k I_k,  I₀ = Φ(b/x) − Φ(a/x),  I₁ = φ(a/x) − φ(b/x),
I_k = (k−1)I_{k−2} + (a/x)^{k−1}φ(a/x) − (b/x)^{k−1}φ(b/x).
A factor e^{−γu²} puts y = x/√(1 + 2γx²) for x and y/x in front; e^{−βu} gives, with Φ̄ = 1 − Φ,
e^{β²x²/2}[Φ̄(a/x + βx) − Φ̄(b/x + βx)].
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from ste_theory.analysis.even_part import Half, exact_value
from ste_theory.model.expressions import ZERO, Binary, Call, Formula, Name, Number
from ste_theory.rigorous.balls import ball, precision

MOST_TERMS = 40
# coefficient, power of u, β, γ of one term c·u^k·e^{−βu−γu²}.
Key = tuple[int, Fraction, Fraction]


@dataclass(frozen=True)
class Term:
    """coefficient·y^power·(y/x)·e^{β²x²/2}·F(place/y + β·y), F one of Φ, Φ̄ = 1 − Φ, φ and 1, y = x/√(1 + 2γx²)."""

    coefficient: Fraction
    power: int
    function: str
    place: Fraction
    beta: Fraction
    gamma: Fraction

    def value(self, x: arb) -> arb:
        """The term at a scale."""
        gamma, beta = ball(self.gamma), ball(self.beta)
        y = x / (1 + 2 * gamma * x * x).sqrt()
        z = ball(self.place) / y + beta * y
        result = ball(self.coefficient) * y**self.power * y / x * (beta * beta * x * x / 2).exp()
        if self.function == "Φ":
            return result * (-z / arb(2).sqrt()).erfc() / 2
        if self.function == "Φ̄":
            return result * (z / arb(2).sqrt()).erfc() / 2
        return result * (-z * z / 2).exp() / (2 * arb.pi()).sqrt() if self.function == "φ" else result

    def text(self, y: str) -> str:
        """The factor behind the coefficient, with a letter for x/√(1 + 2γx²)."""
        factors = [f"{y}/x"] if self.gamma else []
        if self.power:
            factors.append(y if self.power == 1 else f"{y}^{self.power}")
        if self.beta:
            factors.append(f"exp({_shown(self.beta**2 / 2)}x²)")
        if self.function != "1":
            inner = "" if not self.place else f"{_shown(self.place)}/{y}"
            if self.beta:
                sign = "-" if self.beta < 0 else "+" if inner else ""
                inner = f"{inner} {sign} {_shown(abs(self.beta))}x".strip()
            factors.append(f"{self.function}({inner or 0})")
        return "·".join(factors)


@dataclass(frozen=True)
class ClosedForm:
    """M(x) as a sum of terms."""

    terms: tuple[Term, ...]

    def value(self, scale: Fraction, *, bits: int = 160) -> arb:
        """M at a rational scale, with more bits where terms cancel: to ``bits`` − 32 bits after the point."""
        found = arb("nan")
        for factor in (1, 2, 4, 8, 16, 32):
            with precision(bits * factor):
                found = sum((term.value(ball(scale)) for term in self.terms), arb(0))
            if found.rad() < arb(2) ** (32 - bits):
                break
        return found

    def __str__(self) -> str:
        if not self.terms:
            return "0"
        curves = sorted({term.gamma for term in self.terms if term.gamma})
        letters = {gamma: "y" if len(curves) == 1 else f"y{index}" for index, gamma in enumerate(curves, 1)}
        text = ""
        for term in self.terms:
            factor, size = term.text(letters.get(term.gamma, "x")), abs(term.coefficient)
            shown = factor if size == 1 and factor else _shown(size) + (f"·{factor}" if factor else "")
            sign = "-" if term.coefficient < 0 else "+"
            text += f" {sign} {shown}" if text else (f"-{shown}" if sign == "-" else shown)
        where = [
            f"{letter} = x/√(1 + {'' if gamma * 2 == 1 else _shown(2 * gamma)}x²)" for gamma, letter in letters.items()
        ]
        return ", ".join([text, *where])


def _shown(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f"({value})"


def closed_form(halves: Sequence[Half]) -> ClosedForm | None:
    """The closed form of the response of an even part, if its pieces are of the kinds above."""
    total: dict[tuple[int, str, Fraction, Fraction, Fraction], Fraction] = defaultdict(Fraction)
    for half in halves:
        if half.formula == ZERO:
            continue
        expanded = _expand(half.formula)
        if expanded is None or len(expanded) > MOST_TERMS:
            return None
        for (power, beta, gamma), coefficient in expanded.items():
            if beta and (power or gamma):
                return None
            if gamma < 0 or (beta < 0 and half.upper is None and gamma):
                return None
            _integrate(total, half, coefficient, power, beta, gamma)
    terms = [
        Term(value, power, function, place, beta, gamma)
        for (power, function, place, beta, gamma), value in sorted(total.items(), key=lambda item: item[0])
        if value
    ]
    return ClosedForm(tuple(terms)) if len(terms) <= MOST_TERMS else None


def _integrate(
    total: dict[tuple[int, str, Fraction, Fraction, Fraction], Fraction],
    half: Half,
    coefficient: Fraction,
    power: int,
    beta: Fraction,
    gamma: Fraction,
) -> None:
    """Add ∫ c·u^k·… over the piece: the recurrence for I_k, from the top."""

    def at(sign: int, place: Fraction | None, exponent: int, function: str, factor: Fraction) -> None:
        if place is None:
            if function == "Φ":
                total[exponent, "1", Fraction(0), beta, gamma] += sign * factor
        elif place == 0 and function == "Φ" and not beta:
            total[exponent, "1", Fraction(0), beta, gamma] += sign * factor / 2
        else:
            total[exponent, function, place, beta, gamma] += sign * factor

    # The powers of y before I_{k−2}, I_{k−4}, … are kept: y^k·(a/y)^{j−1}φ(a/y) = a^{j−1}y^{k−j+1}φ(a/y).
    factor, index = coefficient, power
    while index >= 2:
        for sign, place in ((1, half.lower), (-1, half.upper)):
            if place:
                at(sign, place, power - index + 1, "φ", factor * place ** (index - 1))
        factor, index = factor * (index - 1), index - 2
    # With e^{−βu} the upper tail, which does not cancel against e^{β²x²/2}.
    function, ends = ("φ", (1, -1)) if index else ("Φ̄", (1, -1)) if beta else ("Φ", (-1, 1))
    for sign, place in zip(ends, (half.lower, half.upper), strict=True):
        at(sign, place, power, function, factor)


def _expand(formula: Formula) -> dict[Key, Fraction] | None:
    """A formula as a sum of c·u^k·e^{−βu−γu²}; None if it is none."""
    match formula:
        case Number(value):
            return {(0, Fraction(0), Fraction(0)): value}
        case Name("x"):
            return {(1, Fraction(0), Fraction(0)): Fraction(1)}
        case Binary("^", base, exponent):
            inner, count = _expand(base), exact_value(exponent)
            if inner is None or count is None or count.denominator != 1 or not 0 <= count <= 30:
                return None
            result = {(0, Fraction(0), Fraction(0)): Fraction(1)}
            for _ in range(int(count)):
                result = _times(result, inner)
                if len(result) > MOST_TERMS:
                    return None
            return result
        case Binary(operator, left, right):
            one, two = _expand(left), _expand(right)
            if one is None or two is None:
                return None
            if operator == "*":
                return _times(one, two)
            if operator == "/":
                if len(two) != 1:
                    return None
                ((power, beta, gamma), value) = next(iter(two.items()))
                return None if power or not value else _times(one, {(0, -beta, -gamma): 1 / value})
            sign = 1 if operator == "+" else -1
            total = defaultdict(Fraction, one)
            for key, value in two.items():
                total[key] += sign * value
            return {key: value for key, value in total.items() if value}
        case Call("exp", argument):
            exponent_ = _expand(argument)
            if exponent_ is None or any(key[1] or key[2] or not 1 <= key[0] <= 2 for key in exponent_):
                return None
            zero = Fraction(0)
            return {(0, -exponent_.get((1, zero, zero), zero), -exponent_.get((2, zero, zero), zero)): Fraction(1)}
        case _:
            return None


def _times(one: dict[Key, Fraction], two: dict[Key, Fraction]) -> dict[Key, Fraction]:
    total: dict[Key, Fraction] = defaultdict(Fraction)
    for (k, beta, gamma), p in one.items():
        for (j, other, curve), q in two.items():
            total[k + j, beta + other, gamma + curve] += p * q
    return {key: value for key, value in total.items() if value}
