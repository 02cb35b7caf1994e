"""Trees of the language taken apart: smooth formulas between rational breakpoints, and the values at them.

On an interval where no condition and no argument of Abs, sign, Min or Max changes sign, a tree is one smooth formula;
at a breakpoint the comparisons are settled exactly, so x < 1 and x <= 1 differ in the value at 1.
"""

from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

from ste_theory.model.errors import InvalidInput
from ste_theory.model.expressions import ZERO, Binary, Call, Formula, Name, Number
from ste_theory.model.grammar import Absolute, Cases, Comparison, Extremum, Sign, Tree, parse_tree
from ste_theory.model.poles import check_finite
from ste_theory.model.signs import sign_at, zeros
from ste_theory.model.simplify import apply, bounded, combine
from ste_theory.model.surrogates import Piece
from ste_theory.model.text import value_at

MAX_BREAKPOINTS, MAX_WORK = 100, 15_000
HOLDS = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0)}
Interval = tuple[Fraction | None, Fraction | None]


def parse_pieces(text: str, values: dict[str, Fraction]) -> tuple[tuple[Piece, ...], tuple[Fraction, ...]]:
    """The pieces of the function that ``text`` writes, and its values at the breakpoints between them.

    Raises ``InvalidInput`` for text outside the language, breakpoints that are irrational or cannot be found, poles and
    values that are not finite.
    """
    return pieces_of(parse_tree(text, frozenset(values)), values)


def pieces_of(tree: Tree, values: dict[str, Fraction]) -> tuple[tuple[Piece, ...], tuple[Fraction, ...]]:
    """The same for a tree."""
    resolver = _Resolver(values)
    ends: list[Fraction | None] = [None, *sorted(resolver.breakpoints(tree, (None, None))), None]
    formulas: list[Formula] = []
    kept: list[Fraction] = []
    at: list[Fraction] = []
    for low, high in pairwise(ends):
        formula = resolver.formula(tree, _between(low, high))
        if low is not None:
            here = resolver.formula(tree, low)
            if formulas[-1] == formula and here == formula:
                continue
            value = value_at(here, low)
            if value is None:
                raise InvalidInput(f"formula: no finite value at the breakpoint {low}; give it one with x < {low}")
            if formulas[-1] == formula and value == value_at(formula, low):
                continue
            kept.append(low)
            at.append(value)
        formulas.append(formula)
    limits: list[Fraction | None] = [None, *kept, None]
    pieces = tuple(
        Piece(low, high, formula) for low, high, formula in zip(limits[:-1], limits[1:], formulas, strict=True)
    )
    for piece in pieces:
        check_finite(piece.formula, piece.lower, piece.upper)
    return pieces, tuple(at)


def _between(low: Fraction | None, high: Fraction | None) -> Fraction:
    if low is None:
        return Fraction(0) if high is None else high - 1
    return low + 1 if high is None else (low + high) / 2


def _minus(left: Any, right: Any) -> Tree:
    return Binary("-", left, right)


class _Resolver:
    """Formulas and breakpoints of trees for given parameters, with a limit on the work spent on one text."""

    def __init__(self, values: dict[str, Fraction]) -> None:
        self.values, self.work = values, 0

    def formula(self, tree: Tree, x: Fraction) -> Formula:
        """The smooth formula that the tree is at x, and around x if x is no breakpoint."""
        self.work += 1
        if self.work > MAX_WORK:
            raise InvalidInput("formula: too many nested cases; write it as one Piecewise")
        match tree:
            case Number(number):
                return Number(bounded(number))
            case Name(name):
                return Number(bounded(self.values[name])) if name in self.values else tree
            case Binary(operator, left, right):
                return combine(operator, self.formula(left, x), self.formula(right, x))
            case Call(function, argument):
                return apply(function, self.formula(argument, x))
            case Sign(argument):
                return Number(Fraction(sign_at(self.formula(argument, x), x)))
            case Absolute(argument):
                inner = self.formula(argument, x)
                return combine("-", ZERO, inner) if sign_at(inner, x) < 0 else inner
            case Extremum(kind, values):
                best = self.formula(values[0], x)
                for other in values[1:]:
                    candidate = self.formula(other, x)
                    difference = sign_at(combine("-", candidate, best), x)
                    if difference == (-1 if kind == "Min" else 1):
                        best = candidate
                return best
            case Cases(cases):
                for case in cases:
                    if all(self.holds(comparison, x) for comparison in case.condition):
                        return self.formula(case.value, x)
        raise InvalidInput("formula: no case of Piecewise holds")

    def holds(self, comparison: Comparison, x: Fraction) -> bool:
        """Whether a comparison holds at x."""
        difference = combine("-", self.formula(comparison.left, x), self.formula(comparison.right, x))
        return sign_at(difference, x) in HOLDS[comparison.relation]

    def breakpoints(self, tree: Tree, interval: Interval) -> set[Fraction]:
        """Every point inside the interval where the tree may stop being the formula it was."""
        match tree:
            case Binary(_, left, right):
                return self.breakpoints(left, interval) | self.breakpoints(right, interval)
            case Call(_, argument):
                return self.breakpoints(argument, interval)
            case Sign(argument) | Absolute(argument):
                return self.changes(argument, interval)
            case Extremum(_, values):
                found: set[Fraction] = set()
                for one, two in combinations(values, 2):
                    found |= self.changes(_minus(one, two), interval)
                return found | (self.breakpoints(values[0], interval) if len(values) == 1 else set())
            case Cases(cases):
                found = set()
                for case in cases:
                    for comparison in case.condition:
                        found |= self.changes(_minus(comparison.left, comparison.right), interval)
                return self.inside_cases(tree, found, interval)
            case _:
                return set()

    def inside_cases(self, cases: Cases, found: set[Fraction], interval: Interval) -> set[Fraction]:
        """The breakpoints of each value, only where its case holds: elsewhere it need not even be defined."""
        result = set(found)
        for part in self.parts(found, interval):
            x = _between(*part)
            for case in cases.cases:
                if all(self.holds(comparison, x) for comparison in case.condition):
                    result |= self.breakpoints(case.value, part)
                    break
        return self.bounded(result)

    def changes(self, tree: Tree, interval: Interval) -> set[Fraction]:
        """Where a tree breaks or changes its sign."""
        found = self.breakpoints(tree, interval)
        for part in self.parts(found, interval):
            found = found | set(zeros(self.formula(tree, _between(*part)), *part))
        return self.bounded(found)

    @staticmethod
    def bounded(found: set[Fraction]) -> set[Fraction]:
        """The same set, unless it is too large."""
        if len(found) > MAX_BREAKPOINTS:
            raise InvalidInput(f"formula: more than {MAX_BREAKPOINTS} breakpoints")
        return found

    @staticmethod
    def parts(found: set[Fraction], interval: Interval) -> list[Interval]:
        """The interval cut at the points found in it."""
        ends = [interval[0], *sorted(found), interval[1]]
        return list(pairwise(ends))
