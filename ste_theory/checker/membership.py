"""Membership in the class of the classification paper: g′ = 0 on x < 0 and δ ≤ g′ ≤ δ̃ on 0 < x ≤ B (or all x > 0),
up to finitely many places; or one place where that fails for every δ > 0."""

from fractions import Fraction

from ste_theory.checker.exact import is_zero
from ste_theory.checker.existence import require_values
from ste_theory.checker.expression import Node, Program, Rejected
from ste_theory.checker.integral import number
from ste_theory.checker.reading import as_object, as_text, rational, rational_or_end
from ste_theory.checker.signs import Formula, verify_sign
from ste_theory.checker.surrogate import Surrogate, vanishes

SCHEMA = "ste-theory-class/1"
INSIDE, OUTSIDE = "in", "out"


class Membership:
    """A statement about one surrogate, read; ``verify`` decides it."""

    def __init__(self, document: object) -> None:
        keys = {"schema", "surrogate", "pieces", "source", "place", "bound", "lower", "upper", "at"}
        content = as_object(document, "the membership", keys)
        if content["schema"] != SCHEMA:
            raise Rejected(f"the schema of the membership is not {SCHEMA!r}")
        as_text(content["surrogate"], "surrogate")
        as_text(content["source"], "source")
        self.surrogate = Surrogate(content["pieces"])
        self.place = content["place"]
        self.at = self.bound = None
        if self.place == OUTSIDE:
            self.at = rational(content["at"], "at")
            if self.at == 0 or self.at in self.surrogate.breakpoints:
                raise Rejected("at 0 and at a breakpoint the formulas of the pieces say nothing")
        elif self.place == INSIDE:
            self.bound = rational_or_end(content["bound"], "bound", "inf")
            self.lower, self.upper = rational(content["lower"], "lower"), rational(content["upper"], "upper")
            if not 0 < self.lower <= self.upper or (self.bound is not None and self.bound <= 0):
                raise Rejected("the bounds are not 0 < lower <= upper on 0 < x <= bound")
        else:
            raise Rejected(f"the place is neither {INSIDE!r} nor {OUTSIDE!r}")

    def words(self) -> str:
        """The statement."""
        if self.at is not None:
            wrong = "is not 0" if self.at < 0 else "is not positive"
            return f"g' {wrong} at x = {self.at}, for g' = {self.surrogate.words()}"
        until = "x" if self.bound is None else f"x <= {self.bound}"
        return f"g' = 0 on x < 0 and {self.lower} <= g' <= {self.upper} on 0 < {until}, g' = {self.surrogate.words()}"

    def verify(self) -> int:
        """Raises ``Rejected`` unless it is so; the number of pieces looked at."""
        program = self.surrogate.program
        if self.at is not None:
            self._verify_place(program, self.at)
            return 1
        left, right = self.surrogate.left(), self.surrogate.right()
        require_values(self.surrogate, left)
        require_values(self.surrogate, right, self.bound)
        for piece in left:
            if not vanishes(Formula(program, piece.root).jets, piece.root):
                raise Rejected("the surrogate is not shown to be 0 on x < 0")
        looked = 0
        for piece in right:
            assert piece.lower is not None
            end = piece.upper
            if self.bound is not None:
                end = self.bound if end is None else min(end, self.bound)
            if end is not None and end <= piece.lower:
                continue
            looked += 1
            for level, sign in ((self.lower, 1), (self.upper, -1)):
                apart = program.add(Node("sub", (piece.root, _constant(program, level))))
                verify_sign(Formula(program, apart), piece.lower, end, sign, f"against the bound {level}")
        return looked

    def _verify_place(self, program: Program, at: Fraction) -> None:
        side = self.surrogate.right() if at > 0 else self.surrogate.left()
        away = abs(at)
        (piece,) = [p for p in side if p.lower is not None and p.lower < away and (p.upper is None or away < p.upper)]
        formula = Formula(program, piece.root)
        value = formula.value(number(away))
        zero = is_zero(formula.exactly(away, 1)[0])
        if at < 0 and not (value > 0 or value < 0):
            raise Rejected(f"the surrogate is not shown to differ from 0 at {at}")
        if at > 0 and not (zero or value < 0):
            raise Rejected(f"the surrogate is not shown to be at most 0 at {at}")


def _constant(program: Program, value: Fraction) -> int:
    top = program.add(Node("constant", (), value.numerator))
    if value.denominator == 1:
        return top
    return program.add(Node("div", (top, program.add(Node("constant", (), value.denominator)))))
