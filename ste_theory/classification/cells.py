"""The cells of an arrangement of lines in the plane, one rational point in each: what holds at all of them holds almost
everywhere, where it depends on the sides of the lines only."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from ste_theory.model.errors import InvalidInput

Line = tuple[Fraction, Fraction, Fraction]
Place = tuple[Fraction, Fraction]


def cells(lines: Sequence[Line]) -> tuple[Place, ...]:
    """At least one point inside every cell of the lines a·x + b·y = c.

    Every cell has a piece of some line between two neighbouring intersections (or beyond the last) on its edge; both
    sides of each piece are looked at, nearer than any other line. Raises ``InvalidInput`` for no line or a = b = 0.
    """
    if not lines or any(a == 0 and b == 0 for a, b, _ in lines):
        raise InvalidInput("cells: at least one line a·x + b·y = c with (a, b) ≠ 0 is needed")
    found: list[Place] = []
    distinct = list(dict.fromkeys(_normalized(line) for line in lines))
    for line in distinct:
        a, b, c = line
        square = a * a + b * b
        foot = (a * c / square, b * c / square)
        # Places along the line, foot + t·(−b, a), where the others cross it.
        cuts = sorted(
            {
                (other[2] - other[0] * foot[0] - other[1] * foot[1]) / (other[1] * a - other[0] * b)
                for other in distinct
                if other[1] * a != other[0] * b
            }
        )
        ends = [cuts[0] - 1, *cuts, cuts[-1] + 1] if cuts else [Fraction(-1), Fraction(1)]
        for low, high in pairwise(ends):
            t = (low + high) / 2
            at = (foot[0] - t * b, foot[1] + t * a)
            for side in (1, -1):
                found.append(_beside(at, line, side, distinct))
    return tuple(dict.fromkeys(found))


def _normalized(line: Line) -> Line:
    """The line with first non-zero coefficient 1, so that equal lines are equal."""
    a, b, c = line
    scale = a or b
    return a / scale, b / scale, c / scale


def _beside(at: Place, line: Line, side: int, lines: Sequence[Line]) -> Place:
    """A point beside ``at`` on one side of ``line``, on the same side of every other line as ``at``."""
    step = Fraction(side)
    while True:
        x = at[0] + step * line[0], at[1] + step * line[1]
        if all(_side(at, other) * _side(x, other) > 0 for other in lines if other != line):
            return x
        step /= 2


def _side(x: Place, line: Line) -> Fraction:
    return line[0] * x[0] + line[1] * x[1] - line[2]
