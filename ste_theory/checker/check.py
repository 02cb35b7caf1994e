"""Whether a certificate proves its statement: the boxes cover the domain, and the reason of each box holds."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from flint import arb, ctx, fmpq

from ste_theory.checker.cover import Box, describe, verify_cover
from ste_theory.checker.exact import ball, constant, generator, is_zero
from ste_theory.checker.expression import Program, Rejected, parse
from ste_theory.checker.jets import Jet, Jets, interval
from ste_theory.checker.reading import as_integer, as_list, as_object, as_text, rational

SCHEMA = "ste-theory-certificate/1"
MAX_BOXES, MAX_CASES, MAX_VARIABLES, MAX_ORDER = 100_000, 40, 4, 12
MAX_WORK = 100_000_000  # node operations: some minutes
EXPANSION = 6
MAX_PARTS = 256  # into how many parts one box may be divided here before its reason counts as unproved

_NAME = re.compile(r"[A-Za-z][A-Za-z_0-9]{0,39}", re.ASCII)


@dataclass(frozen=True)
class Checked:
    """A certificate that is valid: what was verified here, and over how many boxes.

    ``claim`` and ``substitution`` are the author's words for what follows from the verified statement.
    ``decided`` is false for an analysis that is undecided and states a membership alone.
    """

    claim: str
    substitution: tuple[str, ...]
    statement: str
    boxes: int
    decided: bool = True


@contextmanager
def precision(bits: int) -> Any:
    """The precision of balls inside the block."""
    before, ctx.prec = ctx.prec, bits
    try:
        yield
    finally:
        ctx.prec = before


def check_cases(document: object) -> Checked:
    """The verified statement. Raises ``Rejected`` with the reason in one line for anything that proves nothing."""
    content = as_object(document, "the document", {"schema", "claim", "substitution", "bits", "cases"})
    if content["schema"] != SCHEMA:
        raise Rejected(f"the schema is not {SCHEMA!r}: {str(content['schema'])[:60]!r}")
    claim = as_text(content["claim"], "claim")
    lines = as_list(content["substitution"], "substitution", MAX_CASES)
    substitution = tuple(as_text(line, "substitution") for line in lines)
    bits = as_integer(content["bits"], "bits", 32, 4096)
    cases = as_list(content["cases"], "cases", MAX_CASES)
    if not cases:
        raise Rejected("there is no case: the document proves nothing")
    with precision(bits):
        work = [MAX_WORK]
        verified = [_Case(case, f"case {number + 1}", work) for number, case in enumerate(cases)]
        if sum(len(case.boxes) for case in verified) > MAX_BOXES:
            raise Rejected(f"there are more than {MAX_BOXES} boxes")
        for case in verified:
            case.verify()
    return Checked(
        claim, substitution, "; ".join(case.words() for case in verified), sum(len(case.boxes) for case in verified)
    )


class _Case:
    """For all values in the ranges with every hypothesis ≥ 0: expression ≥ 0, or > 0."""

    def __init__(self, case: object, where: str, work: list[int]) -> None:
        content = as_object(case, where, {"variables", "expression", "hypotheses", "strict", "boxes"})
        self.where, self.work = where, work
        variables = as_list(content["variables"], f"{where}: variables", MAX_VARIABLES)
        ranges = [as_object(variable, f"{where}: a variable", {"name", "range", "open"}) for variable in variables]
        self.names = tuple(as_text(variable["name"], f"{where}: name") for variable in ranges)
        if not self.names or len(set(self.names)) < len(self.names) or not all(map(_NAME.fullmatch, self.names)):
            raise Rejected(f"{where}: the names of the variables are not distinct names: {self.names!r}"[:200])
        self.domain: Box = tuple(_ends(variable["range"], f"{where}: range") for variable in ranges)
        self.open: set[tuple[str, fmpq]] = set()
        for variable, ends in zip(ranges, self.domain, strict=True):
            for side in as_list(variable["open"], f"{where}: open", 2):
                if side not in ("lower", "upper"):
                    raise Rejected(f"{where}: an open end is neither 'lower' nor 'upper'")
                self.open.add((variable["name"], ends[side == "upper"]))
        self.texts = [content["expression"], *as_list(content["hypotheses"], f"{where}: hypotheses", 10)]
        self.program = Program(self.names)
        self.roots = [parse(text, self.program) for text in self.texts]
        self.strict = content["strict"]
        if not isinstance(self.strict, bool):
            raise Rejected(f"{where}: 'strict' is neither true nor false")
        boxes = as_list(content["boxes"], f"{where}: boxes", MAX_BOXES)
        self.reasons = [as_object(box, f"{where}: a box", {"box", "reason"})["reason"] for box in boxes]
        self.boxes = [
            tuple(_ends(ends, f"{where}: box {n + 1}") for ends in as_list(box["box"], f"{where}: box {n + 1}", 4))
            for n, box in enumerate(boxes)
        ]
        if any(len(box) != len(self.domain) for box in self.boxes):
            raise Rejected(f"{where}: a box has not one range for each variable")
        root_of_pi = arb.pi().sqrt()
        balls = tuple(interval(*ends) for ends in self.domain)
        self.jets = Jets(self.program, (root_of_pi, *balls))

    def words(self) -> str:
        """The verified statement in words."""
        ranges = ", ".join(
            f"{name} in {'[('[(name, low) in self.open]}{low}, {high}{'])'[(name, high) in self.open]}"
            for name, (low, high) in zip(self.names, self.domain, strict=True)
        )
        given = "".join(f", where {text} >= 0" for text in self.texts[1:])
        return f"{self.texts[0]} {'>' if self.strict else '>='} 0 for {ranges}{given}"

    def verify(self) -> None:
        verify_cover(self.domain, self.boxes, self.where)
        for number, (box, reason) in enumerate(zip(self.boxes, self.reasons, strict=True)):
            where = f"{self.where}: box {number + 1}, {describe(box)}"
            if not isinstance(reason, dict):
                raise Rejected(f"{where}: the reason is not an object")
            kind = reason.get("kind")
            if kind == "sign" and len(reason) == 1:
                holds = self._certain(box, partial(self._lower, index=0, sign=1), weak=not self.strict)
            elif kind == "outside" and set(reason) == {"kind", "hypothesis"}:
                index = as_integer(reason["hypothesis"], where, 0, len(self.roots) - 2)
                holds = self._certain(box, partial(self._lower, index=index + 1, sign=-1), weak=False)
            elif kind == "series" and set(reason) == {"kind", "variable", "point", "order"}:
                holds = self._series(box, reason, where)
            else:
                raise Rejected(f"{where}: not a reason: {str(reason)[:80]}")
            if not holds:
                raise Rejected(f"{where}: the reason {kind!r} does not hold")

    def _series(self, box: Box, reason: Mapping[str, Any], where: str) -> bool:
        """f = f⁽ᵏ⁾(ξ)(x − p)ᵏ/k! if the coefficients below k vanish at p, which lies in the box."""
        if reason["variable"] not in self.names:
            raise Rejected(f"{where}: a series in an unknown variable")
        axis, point = self.names.index(reason["variable"]), _rational(reason["point"], where)
        order = as_integer(reason["order"], where, 1, MAX_ORDER)
        lower, upper = box[axis]
        if not lower <= point <= upper:
            raise Rejected(f"{where}: the point {point} of the series lies outside")
        if self.strict and (reason["variable"], point) not in self.open:
            raise Rejected(f"{where}: a tie at {point} refutes a strict inequality")
        if lower < point < upper and order % 2:
            raise Rejected(f"{where}: an odd order at a point inside shows a change of sign")
        here = tuple(interval(*ends) for ends in box)
        jets = Jets(self.program, (self.jets.generators.balls[0], *here))
        variables: list[Jet] = [[generator(1 + place, jets.generators)] for place in range(len(box))]
        variables[axis] = [constant(Fraction(int(point.p), int(point.q)), jets.generators), jets.one]
        self._charge(self.roots[0], 10 * order)  # exact arithmetic is slower
        low = jets.of(self.roots[0], variables, order)
        if not all(is_zero(coefficient) for coefficient in low):
            raise Rejected(f"{where}: a coefficient of order below {order} is not shown to vanish at {point}")
        sign = -1 if point == upper and order % 2 else 1
        return self._certain(box, lambda part: self._coefficient(part, axis, order) * sign, weak=False)

    def _certain(self, box: Box, value: Callable[[Box], arb], *, weak: bool) -> bool:
        """Whether a function is positive on the box (``weak``: not negative), after dividing it into some parts."""
        left, parts = [box], 0
        while left:
            part, parts = left.pop(), parts + 1
            found = value(part)
            if found > 0 or (weak and found >= 0):
                continue
            if parts + len(left) > MAX_PARTS:
                return False
            axis = max(range(len(part)), key=lambda i: (part[i][1] - part[i][0]) / (box[i][1] - box[i][0]))
            lower, upper = part[axis]
            middle = (lower + upper) / 2
            left += [(*part[:axis], ends, *part[axis + 1 :]) for ends in ((lower, middle), (middle, upper))]
        return True

    def _lower(self, box: Box, index: int, sign: int) -> arb:
        """A ball that bounds sign·expression from below: by itself, else by its value where the slopes point to."""
        root = self.roots[index]
        balls = [interval(*ends) for ends in box]
        value = sign * self._evaluate(root, balls)
        if value > 0:
            return value
        at, rest = list(balls), arb(0)
        for axis, (lower, upper) in enumerate(box):
            variables: list[Jet] = [[x] for x in balls]
            variables[axis] = [balls[axis], self.jets.one]
            self._charge(root, 2)
            slope = sign * ball(self.jets.of(root, variables, 2)[1])
            if slope >= 0 or slope <= 0:
                at[axis] = arb(lower if slope >= 0 else upper)
            else:
                at[axis] = arb((lower + upper) / 2)
                rest += slope * (balls[axis] - at[axis])
        value = sign * self._evaluate(root, at) + rest
        return value if len(box) > 1 or value >= 0 else sign * self._expanded(root, balls[0], arb(sum(box[0]) / 2))

    def _expanded(self, root: int, x: arb, middle: arb) -> arb:
        """f(c) + … + f⁽ᵏ⁾(X)(X − c)ᵏ/k!, for one variable."""
        total = arb(0)
        for k in range(EXPANSION, -1, -1):
            at = x if k == EXPANSION else middle
            self._charge(root, k + 1)
            total = total * (x - middle) + ball(self.jets.of(root, [[at, self.jets.one]], k + 1)[k])
        return total

    def _coefficient(self, box: Box, axis: int, order: int) -> arb:
        variables: list[Jet] = [[interval(*ends)] for ends in box]
        variables[axis].append(self.jets.one)
        self._charge(self.roots[0], order + 1)
        return ball(self.jets.of(self.roots[0], variables, order + 1)[order])

    def _evaluate(self, root: int, balls: Sequence[arb]) -> arb:
        self._charge(root, 1)
        return ball(self.jets.of(root, [[x] for x in balls], 1)[0])

    def _charge(self, root: int, length: int) -> None:
        self.work[0] -= (root + 1) * length * length
        if self.work[0] < 0:
            raise Rejected("the certificate takes more work to check than is allowed")


def _rational(value: object, where: str) -> fmpq:
    exact = rational(value, where)
    return fmpq(exact.numerator, exact.denominator)


def _ends(value: object, where: str) -> tuple[fmpq, fmpq]:
    ends = [_rational(end, where) for end in as_list(value, where, 2)]
    if len(ends) != 2 or ends[0] >= ends[1]:
        raise Rejected(f"{where}: not a range from a lower to a higher number")
    return ends[0], ends[1]
