"""Surrogate derivatives μ′: what the backward pass uses in place of σ′.

A surrogate is piecewise analytic: breakpoints and one formula between each two of them. Floats, SymPy and balls read
the same pieces, so that the program, the derivation and the enclosure are about the same function.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput
from ste_theory.model.expressions import FLOATS, ONE, ZERO, Formula, Number, fold, substitute
from ste_theory.model.expressions import names as free_names
from ste_theory.model.expressions import parse as parse_formula
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
            if unknown := free_names(piece.formula) - {"x"}:
                raise InvalidInput(f"pieces[{index}] has names without a value: {', '.join(sorted(unknown))}")

    @property
    def breakpoints(self) -> tuple[Fraction, ...]:
        """The inner ends of the pieces, increasing."""
        return tuple(piece.upper for piece in self.pieces if piece.upper is not None)

    @property
    def text(self) -> str:
        """μ′ as one formula; ``parse`` reads it back.

        >>> clipped_relu().text
        'Piecewise((0, x <= 0), (1, x < 1), (0, True))'
        """
        from ste_theory.model.text import write_surrogate

        return write_surrogate(self)

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
            if isinstance(number := self.pieces[0].formula, Number):
                return np.full(array.shape, float(number.value), dtype=array.dtype)
            return np.broadcast_to(fold(self.pieces[0].formula, FLOATS, {"x": array}), array.shape).astype(array.dtype)
        result = None
        for piece in self.pieces:
            if piece.formula == ZERO:
                continue
            bounds = [array > float(piece.lower)] if piece.lower is not None else []
            bounds += [array < float(piece.upper)] if piece.upper is not None else []
            inside = np.asarray(bounds[0] if len(bounds) == 1 else bounds[0] & bounds[1])
            if isinstance(piece.formula, Number):
                # In C's order, so that reshape is a view, whatever the order of x.
                height = np.multiply(inside, float(piece.formula.value), out=np.empty(array.shape, dtype=array.dtype))
                result = height if result is None else np.add(result, height, out=result)
            else:
                result = np.zeros(array.shape, dtype=array.dtype) if result is None else result
                # Places are faster than masks, which are read twice, a branch per entry.
                places = np.flatnonzero(inside)
                result.reshape(-1)[places] = fold(piece.formula, FLOATS, {"x": array.reshape(-1)[places]})
        result = np.zeros(array.shape, dtype=array.dtype) if result is None else result
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
        Piece(lower, upper, substitute(parse_formula(text, frozenset(values)), values))
        for text, lower, upper in zip(formulas, ends, ends[1:], strict=False)
    )
    return Surrogate(name, pieces, (Fraction(0),) * (len(pieces) - 1), tuple(values.items()))


def parse(text: str, /, **parameters: Exact) -> Surrogate:
    """The surrogate that a formula writes; Piecewise, Abs, Min, Max and sign are taken apart at rational breakpoints.

    Raises ``InvalidInput`` for anything outside the language, for a breakpoint that is irrational or cannot be found,
    for poles and for values that are not finite. Text is never evaluated as code.

    >>> parse("Piecewise((a - Abs(x), Abs(x) < a), (0, True))", a="1/2")([0.0, 0.25, 2.0])
    array([0.5 , 0.25, 0.  ])
    """
    from ste_theory.model.grammar import RESERVED
    from ste_theory.model.piecewise import parse_pieces

    values = {key: exact(value, key) for key, value in parameters.items()}
    if taken := RESERVED & set(values):
        raise InvalidInput(f"parameters: {', '.join(sorted(taken))} has a meaning in formulas; choose another name")
    pieces, at_breakpoints = parse_pieces(text, values)
    shown = ", ".join(f"{key}={value}" for key, value in values.items())
    return Surrogate(f"{text}; {shown}" if shown else text, pieces, at_breakpoints, tuple(values.items()))


def get(name: str, /, **parameters: Exact) -> Surrogate:
    """A surrogate of the catalogue by its name, such as ``get("larq.swish_sign", beta=5)``.

    Raises ``UnknownName`` with the nearest names, and ``InvalidInput`` for a parameter it does not have.
    """
    from ste_theory.model.catalogue.index import entry

    return entry(name).surrogate(**parameters)


def names() -> tuple[str, ...]:
    """Every name of the catalogue, aliases included, in alphabetical order."""
    from ste_theory.model.catalogue.index import NAMES

    return NAMES


def from_torch(
    code: Callable[..., Any], *, range: tuple[float, float] = (-10.0, 10.0), name: str | None = None
) -> Surrogate:
    """The surrogate that the backward pass of a PyTorch function, module or ``autograd.Function`` computes.

    See ``ste_theory.networks.reading``, whose ``read`` also says what it is called and where the code differs.
    Raises ``InvalidInput`` where no exact formula reproduces the code, and an error that names the extra ``torch``
    where PyTorch is missing.
    """
    from ste_theory.networks import reading

    return reading.from_torch(code, range=range, name=name)
