"""A residual, stated − defined, as a ball: at one point, or on boxes so small that the ball is narrow.

A box is all (ρ, ρ*, θ) within BOX/2ⁿ of a point, relatively, 1 ≤ n ≤ HALVINGS. The residual's ball has the radius
K·BOX/2ⁿ + O(BOX²/4ⁿ) on it, where K comes from balls that forget that they depend on one another: so it must fall in
proportion to the box, that nothing but the box makes it wide (SLACK is for the second order), and to SEEN of the
quantity at the centre; for a quantity that is 0 there, to SEEN_OF_TERMS of what its terms amount to.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from flint import arb

from ste_theory.rigorous.balls import Truth, is_zero, precision, radius
from ste_theory.rigorous.integrate import NotEnclosed
from ste_theory.rigorous.translate import CannotTranslate

BOX, BOX_BITS, HALVINGS, SLACK = Fraction(2, 10**4), 40, 20, 1.05
SEEN, SEEN_OF_TERMS, ROUNDING = 0.02, 0.001, 2.0**-48
BITS = 200


@dataclass(frozen=True)
class Residual:
    """stated − defined at one point, or on a box around it."""

    label: str
    where: str
    stated: arb
    defined: arb

    def difference(self) -> arb:
        """The ball of stated − defined."""
        with precision(BITS):
            return self.stated - self.defined

    def width(self) -> float:
        """The radius of the difference."""
        return radius(self.difference())

    def examine(self) -> tuple[Truth, float]:
        """Whether the residual is zero (NO: certainly not), and its radius: the smallest error it would have seen,
        relative to the value unless that may be zero."""
        difference = self.difference()
        size = abs(float(self.defined.mid())) if is_zero(self.defined) is Truth.NO else 1.0
        return is_zero(difference), radius(difference) / size


@dataclass
class Shares:
    """How wide the residuals on the boxes of one claim are: shares of the quantity, or of its terms where it is 0."""

    smallest: Fraction = BOX
    largest: Fraction = Fraction(0)
    of_value: list[float] = field(default_factory=list)
    of_terms: list[float] = field(default_factory=list)

    def add(self, box: Fraction, share: float, *, of_value: bool) -> None:
        """Count one residual ball on one box."""
        self.smallest, self.largest = min(self.smallest, box), max(self.largest, box)
        (self.of_value if of_value else self.of_terms).append(share)

    def text(self, boxes: str) -> list[str]:
        """In words; nothing where there was no box."""
        if not self.of_value + self.of_terms:
            return []
        sizes = f"{float(self.largest):.0e}"
        if self.smallest < self.largest:
            sizes += f" to {float(self.smallest):.0e}"
        shares = []
        if self.of_value:
            shares.append(f"{max(self.of_value):.1e} of the quantity")
        if self.of_terms:
            shares.append(f"{max(self.of_terms):.1e} of the terms of {len(self.of_terms)} that are 0")
        count = len(self.of_value) + len(self.of_terms)
        return [f"{count} on {boxes} of relative radius {sizes}, widest {' and '.join(shares)}"]


def narrowed(on_box: Callable[[Fraction], Residual], allowed: float) -> tuple[Residual, Fraction]:
    """The residual on the first box on which it excludes 0, or is as narrow as ``allowed`` and has become narrower in
    proportion; with the relative radius of that box.

    Raises ``NotEnclosed`` where no box is small enough.
    """
    halvings, step, before, reason = 0, 0, math.inf, ""
    while halvings <= HALVINGS:
        box = BOX / 2**halvings
        try:
            residual = on_box(box)
        except (NotEnclosed, CannotTranslate) as error:
            width, reason = math.inf, str(error)
        else:
            width = residual.width()
            reason = f"radius {width:.1e} at ±{float(box):.0e}, at most {allowed:.1e} is asked for"
            proportional = before < math.inf and width <= SLACK * before / 2**step + ROUNDING
            if is_zero(residual.difference()) is Truth.NO or (width <= allowed and proportional):
                return residual, box
        # As many halvings at once as the first order asks for.
        step = math.ceil(math.log2(SLACK * width / allowed)) if 0 < width < math.inf else 4
        step, before = max(1, min(step, HALVINGS - halvings)), width
        halvings += step
    raise NotEnclosed(reason)
