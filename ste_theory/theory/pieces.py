"""A surrogate as pieces on the two half-lines: μ′(ςx) on lower < x < upper, ς = ±1, x > 0."""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.expressions import FLOATS, ZERO, Formula, Number, fold
from ste_theory.model.signs import rational_function
from ste_theory.model.surrogates import Surrogate
from ste_theory.theory.double_double import Array
from ste_theory.theory.once import once

# Polynomials up to this degree are integrated on fixed panels.
FIXED_DEGREE = 8


@dataclass(frozen=True)
class HalfPiece:
    """μ′(sign·x) on lower < x < upper, 0 ≤ lower < upper ≤ ∞; ``width`` is upper − lower, rounded once."""

    sign: int
    lower: float
    upper: float
    width: float
    formula: Formula
    name: str

    @cached_property
    def constant(self) -> float | None:
        """The value of a constant piece, else ``None``."""
        return float(self.formula.value) if isinstance(self.formula, Number) else None

    @cached_property
    def is_polynomial(self) -> bool:
        """Whether the formula is a polynomial of degree at most 8, with rational coefficients."""
        quotient = rational_function(self.formula)
        return quotient is not None and len(quotient[0]) <= FIXED_DEGREE + 1 and len(quotient[1]) == 1

    def __call__(self, x: Array) -> Array:
        """μ′(sign·x); x is pulled into [lower, upper] first, against the rounding of nodes at the ends.

        Raises ``InvalidInput`` where the formula's value is not finite.
        """
        inside = self.sign * np.minimum(np.maximum(x, self.lower), self.upper)
        with np.errstate(all="ignore"):
            values = np.asarray(fold(self.formula, FLOATS, {"x": inside}), dtype=np.float64)
        if values.shape != inside.shape:
            values = np.broadcast_to(values, inside.shape)
        finite = np.isfinite(values)
        if not finite.all():
            where = float(inside[~finite][0])
            raise InvalidInput(f"surrogate {self.name} has no finite float value at x = {where:.6g}")
        return values


@once
def half_pieces(surrogate: Surrogate) -> tuple[HalfPiece, ...]:
    """The non-zero pieces of μ′, cut at 0 and mirrored to x > 0.

    >>> from ste_theory.model import surrogates
    >>> [(piece.sign, piece.lower, piece.upper) for piece in half_pieces(surrogates.clipped_relu(2))]
    [(1, 0.0, 2.0)]
    """
    result = []
    for piece in surrogate.pieces:
        if piece.formula == ZERO:
            continue
        for sign in (1, -1):
            low, high = (piece.lower, piece.upper) if sign > 0 else (_negated(piece.upper), _negated(piece.lower))
            start = Fraction(0) if low is None else max(low, Fraction(0))
            if high is not None and high <= start:
                continue
            upper = math.inf if high is None else float(high)
            width = math.inf if high is None else float(high - start)
            result.append(HalfPiece(sign, float(start), upper, width, piece.formula, surrogate.name))
    return tuple(result)


def _negated(end: Fraction | None) -> Fraction | None:
    return None if end is None else -end
