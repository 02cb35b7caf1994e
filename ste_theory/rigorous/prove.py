"""The proof search: branch and bound over boxes with balls, and Taylor's theorem where the inequality is tight.

Every box ends with a reason, or the answer is not "proved". Boxes are divided breadth first at their middle, so that
the search is deterministic and meets a counterexample before it goes deep.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import sympy as sp

from ste_theory.model.errors import InvalidInput
from ste_theory.rigorous.balls import precision
from ste_theory.rigorous.bounds import LARGEST_DENOMINATOR, Bound, Surface
from ste_theory.rigorous.certificate import Box, Certificate, Outside, ProvedCase, Reason, Sign
from ste_theory.rigorous.counterexample import Point, Refuted, counterexample
from ste_theory.rigorous.inequality import Inequality
from ste_theory.rigorous.language import core, text
from ste_theory.rigorous.substitution import Case, cases, describe
from ste_theory.rigorous.translate import CannotTranslate

__all__ = ["Proved", "Refuted", "Undecided", "prove"]

DEEPEST = 48  # a box is not divided more often along one axis
MOST_UNEVEN = 64  # nor is one axis divided that much finer than another because it seems to matter more
MOST_LISTED = 20

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Proved:
    """The inequality holds on its whole domain, ends included."""

    certificate: Certificate


@dataclass(frozen=True)
class Undecided:
    """Neither proved nor refuted: why, and boxes (in words) on which the sign was left open, the largest first."""

    reason: str
    left: tuple[str, ...]
    count: int


def _silent(done: int, left: int) -> None:
    pass


def prove(
    inequality: Inequality, *, max_boxes: int = 20_000, bits: int = 128, progress: Progress = _silent
) -> Proved | Refuted | Undecided:
    """Search for a proof or a counterexample. ``progress(done, left)`` is told the number of boxes now and then.

    >>> x = sp.Symbol("x")
    >>> from ste_theory.rigorous.inequality import Variable
    >>> found = prove(Inequality(x**2 - x + 1, (Variable(x, -sp.oo, sp.oo),), strict=True))
    >>> type(found).__name__, found.certificate.substitution
    ('Proved', ('x = 1 - 1/t1', 'x = -1 + 1/t1'))
    """
    if isinstance(max_boxes, bool) or not isinstance(max_boxes, int) or max_boxes < 1:
        raise InvalidInput(f"max_boxes must be a positive integer, got {max_boxes!r}")
    proved, substitutions, used = [], [], 0
    with precision(bits):
        for case in cases(inequality):
            try:
                search = _Search(inequality, case, bits)
            except CannotTranslate as unknown:
                return Undecided(str(unknown), (), 0)
            ended = search.run(max_boxes - used, progress)
            if not isinstance(ended, ProvedCase):
                return ended
            used += len(ended.boxes)
            proved.append(ended)
            substitutions.append(describe(case))
    return Proved(Certificate(str(inequality), tuple(substitutions), bits, tuple(proved)))


class _Search:
    """The search for one case."""

    def __init__(self, inequality: Inequality, case: Case, bits: int) -> None:
        self.inequality, self.case, self.bits = inequality, case, bits
        self.symbols = tuple(part.symbol for part in case.ranges)
        expression, *hypotheses = (core(e) for e in (case.expression, *case.hypotheses))
        self.texts = [text(e) for e in (expression, *hypotheses)]
        self.surface = Surface(expression, self.symbols)
        self.hypotheses = [Surface(hypothesis, self.symbols) for hypothesis in hypotheses]
        self.boxes: list[tuple[Box, Reason]] = []

    def run(self, max_boxes: int, progress: Progress) -> ProvedCase | Refuted | Undecided:
        domain: Box = tuple((part.lower, part.upper) for part in self.case.ranges)
        middle = tuple((lower + upper) / 2 for lower, upper in domain)
        for point in (*product(*domain), middle):
            if refuted := self._refuted(point):
                return refuted
        left = deque([domain])
        hopeless: list[Box] = []
        looked_at = 0
        while left:
            if looked_at >= max_boxes:
                return self._undecided(f"{max_boxes} boxes were not enough", [*hopeless, *left])
            looked_at += 1
            if looked_at % 256 == 0:
                progress(len(self.boxes), len(left))
            box = left.popleft()
            ended = self._examine(box)
            if isinstance(ended, (Refuted, Undecided)):
                return ended
            if not isinstance(ended, Bound):
                self.boxes.append((box, ended))
                continue
            axis = self._axis(box, domain, ended)
            if (box[axis][1] - box[axis][0]) * 2**DEEPEST < domain[axis][1] - domain[axis][0]:
                hopeless.append(box)
                continue
            lower, upper = box[axis]
            for ends in ((lower, (lower + upper) / 2), ((lower + upper) / 2, upper)):
                left.append((*box[:axis], ends, *box[axis + 1 :]))
        if hopeless:
            return self._undecided("a tie that no Taylor series settles, or a sign beyond the precision", hopeless)
        variables = tuple((str(part.symbol), (part.lower, part.upper), part.open) for part in self.case.ranges)
        expression, *hypotheses = self.texts
        return ProvedCase(variables, expression, tuple(hypotheses), self.case.strict, tuple(self.boxes))

    def _examine(self, box: Box) -> Reason | Refuted | Undecided | Bound:
        """Why a box needs no more work, or what is known on it."""
        for number, hypothesis in enumerate(self.hypotheses):
            if hypothesis.bound(box, -1).lower > 0:
                return Outside(number)
        bound = self.surface.bound(box)
        if bound.lower > 0 or (bound.lower >= 0 and not self.case.strict):
            return Sign()
        series, plane = self.surface.series(box)
        if series is not None:
            axis = [str(symbol) for symbol in self.symbols].index(series.variable)
            if not self.case.strict or self._open(axis) == series.point:
                return series
        middle = [(lower + upper) / 2 for lower, upper in box]
        points = [bound.at, tuple(middle)]
        if plane is not None and self.case.strict:
            points.append((*middle[: plane[0]], plane[1], *middle[plane[0] + 1 :]))
        for point in dict.fromkeys(points):
            if refuted := self._refuted(point):
                return refuted
        return bound

    def _open(self, axis: int) -> Fraction | None:
        part = self.case.ranges[axis]
        return part.lower if "lower" in part.open else None

    def _axis(self, box: Box, domain: Box, bound: Bound) -> int:
        """The axis along which the expression may change most, unless the box would become too uneven."""
        widths = [(upper - lower) / (high - low) for (lower, upper), (low, high) in zip(box, domain, strict=True)]
        widest = max(range(len(box)), key=lambda axis: widths[axis])
        influence = [float("inf")] * len(box) if not bound.influence else list(bound.influence)
        most = max(range(len(box)), key=lambda axis: (influence[axis], widths[axis]))
        return widest if widths[most] * MOST_UNEVEN < widths[widest] else most

    def _refuted(self, at: tuple[Fraction, ...]) -> Refuted | Undecided | None:
        """A counterexample to the statement, from a point of the case at which its expression has the wrong sign."""
        value = self.surface.value(at)
        tie = self.case.strict and value.contains(0) and all(x.denominator <= LARGEST_DENOMINATOR for x in at)
        if not (value < 0 or tie):
            return None
        if any(end == self._open(axis) for axis, end in enumerate(at)):
            return None
        point = self._point(at)
        if self.case.original:
            return counterexample(self.inequality, point, bits=self.bits)
        if any(not hypothesis.value(at) > 0 for hypothesis in self.hypotheses):
            return None
        where = ", ".join(f"{symbol} = {sp.sstr(x)}" for symbol, x in point.items())
        return Undecided(f"the statement has no meaning where a root is taken of a negative number: {where}", (), 0)

    def _point(self, at: tuple[Fraction, ...]) -> Point:
        exact = {
            part.symbol: sp.Rational(x.numerator, x.denominator) for part, x in zip(self.case.ranges, at, strict=True)
        }
        return {part.old: sp.sympify(part.meaning).subs(exact) for part in self.case.ranges}

    def _undecided(self, reason: str, left: list[Box]) -> Undecided:
        listed = [
            " × ".join(
                f"{part.symbol} in [{lower}, {upper}]"
                for part, (lower, upper) in zip(self.case.ranges, box, strict=True)
            )
            for box in left[:MOST_LISTED]
        ]
        return Undecided(f"{reason} ({describe(self.case)})", tuple(listed), len(left))
