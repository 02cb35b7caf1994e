"""What is not smooth, added to the language of formulas: conditions, Piecewise, Abs, sign, Min, Max.

    Piecewise((sum, condition), ..., (sum, True))     condition = sum (("<" | "<=" | ">" | ">=") sum)+
    Abs(sum)  sign(sum)  Min(sum, ...)  Max(sum, ...)  Rational(p, q)  sigmoid(sum) = (1 + tanh(sum/2))/2

sign is −1, 0 or 1, with 0 at 0. A tree of this language becomes pieces in ``piecewise.py``.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ste_theory.model.expressions import FUNCTIONS, ONE, Binary, Call, Name, Number, Parser

MAX_ARGUMENTS = 8
# As SymPy writes them and as programs do.
SAME_NAME = {"abs": "Abs", "min": "Min", "max": "Max"}
NOT_SMOOTH = ("Abs", "Max", "Min", "Piecewise", "sign")
OTHERS = ("Rational", "sigmoid")


@dataclass(frozen=True)
class Comparison:
    """``left relation right``, the relation one of < <= > >=."""

    left: "Tree"
    relation: str
    right: "Tree"


@dataclass(frozen=True)
class Case:
    """A value and the comparisons that must all hold for it (none: always)."""

    value: "Tree"
    condition: tuple[Comparison, ...]


@dataclass(frozen=True)
class Cases:
    """The value of the first case that holds."""

    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Extremum:
    """The least (``Min``) or greatest (``Max``) of some values."""

    kind: str
    values: tuple["Tree", ...]


@dataclass(frozen=True)
class Sign:
    """−1, 0 or 1."""

    argument: "Tree"


@dataclass(frozen=True)
class Absolute:
    """|argument|."""

    argument: "Tree"


Tree = Number | Name | Binary | Call | Cases | Extremum | Sign | Absolute
RESERVED = frozenset({*FUNCTIONS, *NOT_SMOOTH, *OTHERS, *SAME_NAME, "x", "pi", "True"})


def parse_tree(text: str, parameters: frozenset[str] = frozenset()) -> Any:
    """The tree that ``text`` writes. Raises ``InvalidInput`` with the column of the first thing not in the language."""
    return _Parser(text, parameters | {"x", "pi"}).whole()


class _Parser(Parser):
    functions = (*FUNCTIONS, *NOT_SMOOTH, *OTHERS, *SAME_NAME)

    def call(self, function: str) -> Any:
        function = SAME_NAME.get(function, function)
        if function == "Piecewise":
            return self.cases()
        if function == "Rational":
            return self.rational()
        if function in ("Min", "Max"):
            values = [self.sum()]
            while self.accept(","):
                values.append(self.sum())
            if len(values) > MAX_ARGUMENTS:
                raise self.fail(f"{function} of more than {MAX_ARGUMENTS} values")
            return Extremum(function, tuple(values))
        argument = self.sum()
        if function == "Abs":
            return Absolute(argument)
        if function == "sign":
            return Sign(argument)
        if function == "sigmoid":
            two = Number(Fraction(2))
            return Binary("/", Binary("+", ONE, Call("tanh", Binary("/", argument, two))), two)
        return Call(function, argument)

    def rational(self) -> Binary:
        """``Rational(p, q)`` = p/q."""
        numerator = self.sum()
        self.need(",", "Rational needs two numbers: Rational(1, 3)")
        return Binary("/", numerator, self.sum())

    def cases(self) -> Cases:
        """``(value, condition), ...``, the last condition ``True``."""
        cases = [self.case()]
        while cases[-1].condition and self.accept(","):
            cases.append(self.case())
        if cases[-1].condition:
            raise self.fail("Piecewise must end with a case for everything else: (0, True)")
        if not (self.kind == "sign" and self.token == ")"):
            if not self.token:
                raise self.fail("missing ) at the end of Piecewise")
            raise self.fail("nothing may follow the case of Piecewise whose condition is True")
        return Cases(tuple(cases))

    def case(self) -> Case:
        """``(value, condition)``."""
        self.need("(", "Piecewise needs cases such as (1, x < 0)")
        value = self.sum()
        self.need(",", "a case of Piecewise is (value, condition)")
        if self.kind == "name" and self.token == "True":
            self.advance()
            condition: tuple[Comparison, ...] = ()
        else:
            condition = self.condition()
        self.need(")", "missing ) after a condition; write conditions as x < 1 or -1 < x <= 1")
        return Case(value, condition)

    def condition(self) -> tuple[Comparison, ...]:
        """``a < b <= c`` as the comparisons a < b and b <= c."""
        left, comparisons = self.sum(), []
        while relation := self.accept("<", "<=", ">", ">="):
            right = self.sum()
            comparisons.append(Comparison(left, relation, right))
            left = right
        if not comparisons:
            raise self.fail("a condition compares: x < 1, -1 < x <= 1, or True")
        if len(comparisons) > MAX_ARGUMENTS:
            raise self.fail(f"more than {MAX_ARGUMENTS} comparisons in one condition")
        return tuple(comparisons)
