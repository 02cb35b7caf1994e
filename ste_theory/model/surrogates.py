"""Surrogate derivatives μ′: what the backward pass uses in place of σ′.

A surrogate is piecewise analytic: breakpoints and one formula between each two of them. Floats, SymPy and balls read
the same pieces, so that the program, the derivation and the enclosure are about the same function.
"""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput
from ste_theory.model.expressions import FLOATS, ONE, ZERO, Formula, Number, fold, names, parse, substitute
from ste_theory.model.numbers import Exact, exact, exact_tuple, positive


@dataclass(frozen=True)
class Piece:
    """μ′(x) = formula on the open interval (lower, upper); ``None`` is an infinite end."""

    lower: Fraction | None
    upper: Fraction | None
    formula: Formula


@dataclass(frozen=True)
class Surrogate:
    """μ′ as pieces that cover the real line in order, with its values at the breakpoints between them.

    >>> clipped_relu()([-0.5, 0.5, 1.5])
    array([0., 1., 0.])
    """

    name: str
    pieces: tuple[Piece, ...]
    at_breakpoints: tuple[Fraction, ...] = ()
    parameters: tuple[tuple[str, Fraction], ...] = field(default=())

    def __post_init__(self) -> None:
        if not self.pieces or self.pieces[0].lower is not None or self.pieces[-1].upper is not None:
            raise InvalidInput("pieces must cover the real line: the first starts at −∞, the last ends at ∞")
        for index, (left, right) in enumerate(zip(self.pieces, self.pieces[1:], strict=False)):
            if left.upper is None or left.upper != right.lower:
                raise InvalidInput(
                    f"pieces must be adjacent: piece {index} ends at {left.upper}, the next starts at {right.lower}"
                )
            if left.lower is not None and left.lower >= left.upper:
                raise InvalidInput(f"pieces[{index}] is empty")
        if len(self.at_breakpoints) != len(self.pieces) - 1:
            raise InvalidInput("at_breakpoints must give one value per breakpoint")
        for index, piece in enumerate(self.pieces):
            if unknown := names(piece.formula) - {"x"}:
                raise InvalidInput(f"pieces[{index}] has names without a value: {', '.join(sorted(unknown))}")

    @property
    def breakpoints(self) -> tuple[Fraction, ...]:
        """The inner ends of the pieces, increasing."""
        return tuple(piece.upper for piece in self.pieces if piece.upper is not None)

    def __call__(self, x: npt.ArrayLike) -> npt.NDArray[np.floating]:
        """μ′ applied to an array of any shape; float32 input stays float32.

        Overflow inside a formula (cosh far out, in a denominator) is silent: what it leads to is finite or shows as
        such.
        """
        with np.errstate(over="ignore", under="ignore"):
            return self._evaluate(x)

    def _evaluate(self, x: npt.ArrayLike) -> npt.NDArray[np.floating]:
        array = np.asarray(x)
        if array.dtype.kind != "f":
            array = array.astype(np.float64)
        if len(self.pieces) == 1:
            return np.broadcast_to(fold(self.pieces[0].formula, FLOATS, {"x": array}), array.shape).astype(array.dtype)
        result = np.zeros(array.shape, dtype=array.dtype)
        for piece in self.pieces:
            if piece.formula == ZERO:
                continue
            inside = np.ones(array.shape, dtype=bool)
            if piece.lower is not None:
                inside &= array > float(piece.lower)
            if piece.upper is not None:
                inside &= array < float(piece.upper)
            if isinstance(piece.formula, Number):
                result += array.dtype.type(float(piece.formula.value)) * inside
            else:
                result[inside] = fold(piece.formula, FLOATS, {"x": array[inside]})
        for breakpoint_, value in zip(self.breakpoints, self.at_breakpoints, strict=True):
            if value != 0:
                result[array == float(breakpoint_)] = float(value)
        return result


def identity() -> Surrogate:
    """μ′(x) = 1: the surrogate of the plain straight-through estimator."""
    return Surrogate("identity", (Piece(None, None, ONE),))


def relu() -> Surrogate:
    """μ′(x) = 1{x > 0}."""
    zero = Fraction(0)
    return Surrogate("relu", (Piece(None, zero, ZERO), Piece(zero, None, ONE)), (zero,))


def clipped_relu(clip: Exact = 1) -> Surrogate:
    """μ′(x) = 1{0 < x < clip}.

    Raises ``InvalidInput`` unless ``clip`` is a positive number.
    """
    zero, end = Fraction(0), positive(clip, "clip")
    pieces = (Piece(None, zero, ZERO), Piece(zero, end, ONE), Piece(end, None, ZERO))
    return Surrogate(
        "clipped_relu" if end == 1 else f"clipped_relu(clip={end})", pieces, (zero, zero), (("clip", end),)
    )


def from_formulas(
    name: str, formulas: tuple[str, ...], breakpoints: tuple[Exact, ...] = (), **parameters: Exact
) -> Surrogate:
    """A surrogate with the given formula text on each piece, left to right; its value at a breakpoint is 0.

    >>> from_formulas("window", ("0", "1 - x^2", "0"), (-1, 1))([0.0, 2.0])
    array([1., 0.])
    """
    values = {key: exact(value, key) for key, value in parameters.items()}
    ends = (None, *exact_tuple(breakpoints, "breakpoints"), None)
    if len(formulas) != len(ends) - 1:
        raise InvalidInput(f"formulas: {len(formulas)} for {len(ends) - 1} pieces")
    pieces = tuple(
        Piece(lower, upper, substitute(parse(text, frozenset(values)), values))
        for text, lower, upper in zip(formulas, ends, ends[1:], strict=False)
    )
    return Surrogate(name, pieces, (Fraction(0),) * (len(pieces) - 1), tuple(values.items()))
