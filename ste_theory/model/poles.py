"""Whether a smooth formula has a finite value everywhere on a piece, its ends included.

Denominators, bases of negative powers and arguments of logarithms must not vanish. For quotients of polynomials that is
decided exactly; for others their least modulus is looked for numerically, which a very narrow dip can escape.
"""

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput
from ste_theory.model.expressions import FLOATS, Binary, Call, Formula, Number, fold, names
from ste_theory.model.polynomials import TooLarge, real_roots
from ste_theory.model.signs import rational_function
from ste_theory.model.text import write

# As far out as a float formula must not overflow into inf/inf; a Gaussian input of scale 8 is there once in 10^15.
FAR, POINTS, ROUNDS, VANISHES = 64.0, 1025, 8, 1e-10
Array = npt.NDArray[np.float64]


def check_finite(formula: Formula, low: Fraction | None, high: Fraction | None) -> None:
    """Raise ``InvalidInput`` if the formula has a pole in [low, high] or is not a finite float there."""
    for divisor in divisors(formula):
        root = _vanishes(divisor, low, high)
        if root is not None:
            raise InvalidInput(
                f"formula: {_cut(write(divisor))} vanishes at x = {root}, where it is not finite; end the piece "
                "before it, as in Piecewise((1/x, x > 1), (1, True))"
            )
    points = _grid(low, high)
    bad = points[~np.isfinite(_values(formula, points))]
    if bad.size:
        worst = bad[np.argmin(np.abs(bad))]
        raise InvalidInput(
            f"formula: {_cut(write(formula))} is not a finite number at x = {worst:.6g}; write it so that nothing "
            "overflows and no root or logarithm is of a negative number, such as 1/(2 + 2*cosh(x)) for "
            "exp(-x)/(1 + exp(-x))^2"
        )


def divisors(formula: Formula) -> list[Formula]:
    """What must not vanish: denominators, bases of negative powers, arguments of logarithms."""
    match formula:
        case Binary("/", left, right):
            return [*divisors(left), *divisors(right), right]
        case Binary("^", base, Number(power)) if power < 0:
            return [*divisors(base), base]
        case Binary(_, left, right):
            return [*divisors(left), *divisors(right)]
        case Call("log", argument):
            return [*divisors(argument), argument]
        case Call(_, argument):
            return divisors(argument)
        case _:
            return []


def _vanishes(formula: Formula, low: Fraction | None, high: Fraction | None) -> str | None:
    quotient = rational_function(formula)
    try:
        roots = None if quotient is None else real_roots(quotient[0])
    except TooLarge:
        roots = None
    if quotient is not None and not quotient[0]:
        return "every point"
    if roots is not None:
        rational, irrational = roots
        inside = [str(x) for x in rational if (low is None or x >= low) and (high is None or x <= high)]
        inside += [f"{float(a):.6g}" for a, b in irrational if (high is None or a < high) and (low is None or b > low)]
        return inside[0] if inside else None
    if not names(formula):
        return None
    points = _grid(low, high)
    size = np.abs(_values(formula, points))
    values = _values(formula, points)
    crossing = np.flatnonzero(np.signbit(values[1:]) != np.signbit(values[:-1]))
    if crossing.size and np.all(np.isfinite(values[[crossing[0], crossing[0] + 1]])):
        return f"{points[crossing[0]]:.6g}"
    for _ in range(ROUNDS):
        least = int(np.argmin(np.where(np.isfinite(size), size, np.inf)))
        # A formula that only decays, like exp(-x^2), has its least value at the end of what is looked at.
        if size[least] < VANISHES and not ((low is None and least == 0) or (high is None and least == len(points) - 1)):
            return f"{points[least]:.6g}"
        points = np.linspace(points[max(least - 1, 0)], points[min(least + 1, len(points) - 1)], 65)
        size = np.abs(_values(formula, points))
    return None


def _values(formula: Formula, points: Array) -> Array:
    with np.errstate(all="ignore"):
        result = fold(formula, FLOATS, {"x": points})
    return np.broadcast_to(np.asarray(result, dtype=np.float64), points.shape)


def _grid(low: Fraction | None, high: Fraction | None) -> Array:
    left = float(low) if low is not None else (-FAR if high is None else min(-FAR, float(high) - FAR))
    right = float(high) if high is not None else (FAR if low is None else max(FAR, float(low) + FAR))
    even = np.linspace(left, right, POINTS)
    # Denser at the ends, where pieces meet.
    near = (right - left) * np.geomspace(1e-6, 0.5, 64)
    return np.unique(np.concatenate([even, left + near, right - near]))


def _cut(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."
