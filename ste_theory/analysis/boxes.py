"""M > 0 on a range of scales, by boxes: on [a, b] x·M(x) ≥ K₊(a) − K₋(b), because both parts grow with x.

* Below a: with u₁ the first sign change, e^{u₁²/2x²}K(x) grows as x falls for what lies below u₁ and falls for what
  lies above it. So K_first(a) > K₋(a) proves M > 0 on (0, a].
* Above b: the same with the last sign change, if e ≥ 0 beyond it; or K₊(b) > φ(0)·∫e₋.
"""

from collections.abc import Sequence
from fractions import Fraction

from flint import arb

from ste_theory.analysis.even_part import Undecided
from ste_theory.analysis.evidence import ScaleBox
from ste_theory.analysis.mass import Parts, kernel_mass, mass, parts
from ste_theory.analysis.signs import Region
from ste_theory.rigorous.balls import digits, precision

MOST_BOXES = 300


def cover(found: Sequence[Region], top: Fraction | None) -> tuple[ScaleBox, ...]:
    """Boxes that cover (0, top], or (0, ∞). Raises ``Undecided`` where M > 0 is not certified."""
    with precision(128):
        first, scale = _head(found, top)
        boxes = [first]
        known = parts(found, scale)
        ratio = Fraction(3, 2)
        while top is None or scale < top:
            if top is None and (last := _tail(found, scale, known)) is not None:
                return (*boxes, last)
            if len(boxes) > MOST_BOXES or ratio < 1 + Fraction(1, 10**5):
                raise Undecided(f"M > 0 is not certified beyond scale {float(scale):.6g}")
            upper = _rounded(scale * ratio)
            upper = upper if top is None else min(upper, top)
            if upper <= scale:
                raise Undecided(f"M > 0 is not certified beyond scale {float(scale):.6g}")
            there = parts(found, upper)
            bound = known.positive - there.negative
            if bound > 0:
                boxes.append(ScaleBox(str(scale), str(upper), digits(bound, 6), "parts at the ends"))
                scale, known, ratio = upper, there, 1 + (ratio - 1) * Fraction(3, 2)
            elif not known.total > 0:
                raise Undecided(f"M(x) > 0 is not certified at x = {float(scale):.6g}")
            else:
                ratio = 1 + (ratio - 1) / 2
        return tuple(boxes)


def _rounded(value: Fraction) -> Fraction:
    """A nearby dyadic number of few digits."""
    from math import frexp

    _, exponent = frexp(float(value))
    unit = Fraction(2) ** (exponent - 24)
    return (value / unit).__round__() * unit


def _head(found: Sequence[Region], top: Fraction | None) -> tuple[ScaleBox, Fraction]:
    ahead: list[Region] = []
    for region in found:
        if region.sign < 0:
            break
        ahead.append(region)
    start = max((r.upper or Fraction(1) for r in ahead if r.sign), default=Fraction(1))
    scale = _rounded(start if top is None else min(start, top))
    for _ in range(20):
        first = sum((kernel_mass(region, scale) for region in ahead if region.sign), arb(0))
        bound = first - parts(found, scale).negative
        if bound > 0:
            return ScaleBox("0", str(scale), digits(bound, 6), "weighted at the first sign change"), scale
        scale /= 2
    raise Undecided("M > 0 at small scales is not certified")


def _tail(found: Sequence[Region], scale: Fraction, known: Parts) -> ScaleBox | None:
    signed = [region for region in found if region.sign]
    behind: list[Region] = []
    for region in reversed(signed):
        if region.sign < 0:
            break
        behind.append(region)
    if behind:
        bound = sum((kernel_mass(region, scale) for region in behind), arb(0)) - known.negative
        if bound > 0:
            return ScaleBox(str(scale), "inf", digits(bound, 6), "weighted at the last sign change")
    lost = sum((mass(region) for region in signed if region.sign < 0), arb(0)) / (2 * arb.pi()).sqrt()
    if lost.is_finite() and (bound := known.positive - lost) > 0:
        return ScaleBox(str(scale), "inf", digits(bound, 6), "the whole negative part")
    return None
