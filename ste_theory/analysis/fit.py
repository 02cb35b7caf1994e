"""The window of a surrogate against the steps of a quantizer: does gradient pass where the quantizer jumps?"""

from dataclasses import dataclass
from fractions import Fraction

from ste_theory.model.expressions import ZERO
from ste_theory.model.quantizers import Staircase
from ste_theory.model.surrogates import Surrogate


@dataclass(frozen=True)
class Fit:
    """``support``: the hull of where μ′ ≠ 0; ``uncovered``: thresholds with μ′ = 0 on both sides; ``half_covered``:
    thresholds with μ′ = 0 on one side; ``wasted``: how far the support reaches beyond the outermost steps, "inf" if
    without bound."""

    support: str
    uncovered: tuple[str, ...]
    half_covered: tuple[str, ...]
    wasted: str


def fit(surrogate: Surrogate, quantizer: Staircase) -> Fit:
    """How the support lies to the thresholds."""
    live = [piece for piece in surrogate.pieces if piece.formula != ZERO]
    if not live:
        return Fit("empty", tuple(map(str, quantizer.thresholds)), (), "0")
    lower, upper = live[0].lower, live[-1].upper
    uncovered, half = [], []
    for place in quantizer.thresholds:
        sides = [_live(surrogate, place, side) for side in (-1, 1)]
        if not any(sides):
            uncovered.append(str(place))
        elif not all(sides):
            half.append(str(place))
    ends = f"({'-inf' if lower is None else lower}, {'inf' if upper is None else upper})"
    if lower is None or upper is None:
        wasted = "inf"
    else:
        wasted = str(max(quantizer.thresholds[0] - lower, upper - quantizer.thresholds[-1], Fraction(0)))
    return Fit(ends, tuple(uncovered), tuple(half), wasted)


def _live(surrogate: Surrogate, place: Fraction, side: int) -> bool:
    for piece in surrogate.pieces:
        below = piece.lower is None or piece.lower < place or (side > 0 and piece.lower == place)
        above = piece.upper is None or place < piece.upper or (side < 0 and piece.upper == place)
        if below and above:
            return piece.formula != ZERO
    return False
