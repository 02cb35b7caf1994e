"""A certified region of networks where a staircase with several steps is sound: v = v*, ‖w‖ = ‖w*‖, small angles.

Without such conditions there is none: where vᵀv* = 0 the correlation is a product of two quadratic forms of different
zeros. The regions are proposed here and proved by ``ste_theory.checker``: the inequality and its proof stand there.
"""

from dataclasses import asdict
from fractions import Fraction

from flint import fmpq

from ste_theory.analysis.evidence import Region, pieces_of, steps_of
from ste_theory.checker.correlation import Staircase as CheckedStaircase
from ste_theory.checker.expression import Rejected
from ste_theory.checker.jets import interval
from ste_theory.checker.region import SmallAngles
from ste_theory.checker.surrogate import Surrogate as CheckedSurrogate
from ste_theory.model.quantizers import Staircase
from ste_theory.model.surrogates import Surrogate
from ste_theory.rigorous.balls import precision

ANGLES = tuple(Fraction(1, k) for k in (2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256))
MOST_STRIPS, NARROWEST = 48, Fraction(1, 100)


def region(surrogate: Surrogate, quantizer: Staircase, max_scale: Fraction | None) -> Region | str:
    """The region with the largest angle of the list, over scales within a factor two of half the outermost threshold
    (no larger than ``max_scale``); else why none is certified."""
    unit = max(abs(t) for t in quantizer.thresholds) / 2 or Fraction(1)
    top = 2 * unit if max_scale is None else min(max_scale, 2 * unit)
    with precision(96):
        try:
            small = SmallAngles(CheckedSurrogate([asdict(piece) for piece in pieces_of(surrogate)]))
        except Rejected as reason:
            return str(reason).split(": ")[0]
        steps = CheckedStaircase.read(dict(steps_of(quantizer)))
        for angle in ANGLES:
            strips = _strips(small, steps, top / 4, top, angle)
            if strips:
                return Region((str(top / 4), str(top)), str(angle), tuple((str(a), str(b)) for a, b in strips))
    return f"the bound for small angles holds for no angle from {ANGLES[-1]} on"


def _strips(
    small: SmallAngles, steps: CheckedStaircase, lower: Fraction, upper: Fraction, angle: Fraction
) -> list[tuple[Fraction, Fraction]]:
    """Strips that cover the scales and are each verified; none if there is a scale where it fails."""
    found: list[tuple[Fraction, Fraction]] = []
    left = [(lower, upper)]
    while left:
        a, b = left.pop()
        try:
            small.verify(steps, interval(_q(a), _q(b)), angle, "a strip")
            found.append((a, b))
        except Rejected:
            middle = (a + b) / 2
            if (b - a) / a < NARROWEST or len(found) + len(left) > MOST_STRIPS:
                return []
            left += [(middle, b), (a, middle)]
    return found


def _q(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)
