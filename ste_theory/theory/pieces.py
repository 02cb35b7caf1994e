"""A surrogate as pieces on the two half-lines: μ′(ςx) on lower < x < upper, ς = ±1, x > 0."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.expressions import FLOATS, ZERO, Formula, Number, fold
from ste_theory.model.surrogates import Surrogate
from ste_theory.theory.double_double import Array


@dataclass(frozen=True)
class HalfPiece:
    """μ′(sign·x) on lower < x < upper, 0 ≤ lower < upper ≤ ∞; ``width`` is upper − lower, rounded once."""

    sign: int
    lower: float
    upper: float
    width: float
    formula: Formula
    name: str

    @property
    def constant(self) -> float | None:
        """The value of a constant piece, else ``None``."""
        return float(self.formula.value) if isinstance(self.formula, Number) else None

    def __call__(self, x: Array) -> Array:
        """μ′(sign·x); x is pulled into [lower, upper] first, against the rounding of nodes at the ends.

        Raises ``InvalidInput`` where the formula's value is not finite.
        """
        inside = self.sign * np.clip(x, self.lower, self.upper)
        with np.errstate(all="ignore"):
            values = np.broadcast_to(fold(self.formula, FLOATS, {"x": inside}), inside.shape)
        bad = ~np.isfinite(values)
        if bad.any():
            where = float(inside[bad][0])
            raise InvalidInput(f"surrogate {self.name} has no finite float value at x = {where:.6g}")
        return np.asarray(values, dtype=np.float64)


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
