"""Certificates that M(x) = E μ′(xξ) is positive on (0, R], or zero: each inequality of the argument decided again.

x·M(x) = ∫₀^∞ e(u)φ(u/x)du with e(u) = μ′(u) + μ′(−u). The arguments:

* "even part": e ≥ 0 everywhere, e > 0 somewhere.
* "odd": e = 0 everywhere; then M = 0.
* "one change": e changes sign once, at u₀, from + to −. Then e^{u₀²/2x²}·x·M(x) falls strictly in x, so that M > 0 on
  (0, R] if M(R) > 0, and everywhere if ∫e ≥ 0.
* "boxes": with K± the parts of ∫|e|φ(u/x)du where ±e ≥ 0, which grow with x, K₊(a) > K₋(b) proves M > 0 on [a, b]. For
  (0, a] the part before the first negative region is weighed against K₋(a), for [b, ∞) the part behind the last one
  against K₋(b), or K₊(b) against φ(0)∫e₋.
* "cosines": μ′(u) + μ′(−u) is a sum of c·cos(bu) with c ≥ 0, and M(x) that of (c/2)·exp(−b²x²/2).
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import acb, arb

from ste_theory.checker.existence import require_mean
from ste_theory.checker.expression import Program, Rejected
from ste_theory.checker.integral import evaluate, gaussian_mass, number, plain_mass
from ste_theory.checker.reading import as_integer, as_list, as_object, as_text, rational, rational_or_end
from ste_theory.checker.signs import Formula, verify_falling, verify_sign
from ste_theory.checker.surrogate import Piece, Surrogate
from ste_theory.checker.terms import terms

SCHEMA = "ste-theory-response/1"
KEYS = {"schema", "surrogate", "pieces", "statement", "max_scale", "proof", "argument", "regions", "boxes"}
POSITIVE, ZERO = "M > 0", "M = 0"
MAX_REGIONS, MAX_BOXES = 400, 400


@dataclass(frozen=True)
class Region:
    """sign·e ≥ 0 on [lower, upper]; sign 0: e = 0."""

    lower: Fraction
    upper: Fraction | None
    sign: int
    parts: tuple[Piece, ...]


class Response:
    """A certificate, read; ``verify`` decides it."""

    def __init__(self, document: object) -> None:
        content = as_object(document, "the certificate", KEYS)
        if content["schema"] != SCHEMA:
            raise Rejected(f"the schema of the certificate is not {SCHEMA!r}")
        self.name = as_text(content["surrogate"], "surrogate")
        self.surrogate = Surrogate(content["pieces"])
        self.even = self.surrogate.even_part()
        self.program = self.surrogate.program
        self.statement, self.proof = content["statement"], content["proof"]
        as_text(content["argument"], "argument")
        if self.statement not in (POSITIVE, ZERO) or (self.statement == ZERO) != (self.proof == "odd"):
            raise Rejected(f"the argument {str(self.proof)[:40]!r} does not prove {str(self.statement)[:40]!r}")
        self.top = rational_or_end(content["max_scale"], "max_scale", "inf")
        if self.top is not None and self.top <= 0:
            raise Rejected("max_scale is not positive")
        self.regions = self._regions(content["regions"])
        self.boxes = [
            (
                rational(box["lower"], "a box"),
                rational_or_end(box["upper"], "a box", "inf"),
                as_text(box["method"], "a box"),
            )
            for entry in as_list(content["boxes"], "boxes", MAX_BOXES)
            for box in [as_object(entry, "a box", {"lower", "upper", "bound", "method"})]
        ]

    def _regions(self, value: object) -> tuple[Region, ...]:
        found = []
        for entry in as_list(value, "regions", MAX_REGIONS):
            content = as_object(entry, "a region", {"lower", "upper", "sign", "method"})
            lower = rational(content["lower"], "a region")
            upper = rational_or_end(content["upper"], "a region", "inf")
            if lower < 0 or (upper is not None and upper < lower):
                raise Rejected(f"the region from {lower} to {upper} is no interval of u ≥ 0")
            if upper == lower:
                continue
            parts = tuple(self._within(lower, upper))
            found.append(Region(lower, upper, as_integer(content["sign"], "sign", -1, 1), parts))
        return tuple(found)

    def _within(self, lower: Fraction, upper: Fraction | None) -> list[Piece]:
        found = []
        for piece in self.even:
            assert piece.lower is not None
            a = max(lower, piece.lower)
            b = piece.upper if upper is None else upper if piece.upper is None else min(upper, piece.upper)
            if b is None or a < b:
                found.append(Piece(a, b, piece.root))
        return found

    def words(self) -> str:
        """The statement."""
        reach = "every x > 0" if self.top is None else f"0 < x <= {self.top}"
        return f"{self.statement} for {reach}, where M(x) = E m(x*xi), m(x) = {self.surrogate.words()}"

    def verify(self) -> int:
        """Raises ``Rejected`` unless the statement is proved; the number of regions and boxes."""
        require_mean(self.surrogate, self.top)
        if self.proof == "cosines":
            self._cosines()
            return 1
        if not self.regions or self.regions[0].lower != 0 or self.regions[-1].upper is not None:
            raise Rejected("the regions do not cover the half-line from 0 to inf")
        for number_, region in enumerate(self.regions):
            self._verify_region(region, f"region {number_ + 1}")
        self._gaps()
        signs = [region.sign for region in self.regions if region.sign]
        if self.proof == "odd":
            if signs:
                raise Rejected("a region has a sign, so the even part is not zero")
            return len(self.regions)
        if self.proof == "even part":
            if any(sign < 0 for sign in signs):
                raise Rejected("a region is negative")
            self._somewhere(1)
        elif self.proof == "one change":
            self._one_change(signs)
        elif self.proof == "boxes":
            self._cover()
        else:
            raise Rejected(f"not an argument: {str(self.proof)[:40]!r}")
        return len(self.regions) + len(self.boxes)

    def _verify_region(self, region: Region, where: str) -> None:
        for part in region.parts:
            formula = Formula(self.program, part.root)
            assert part.lower is not None
            if region.sign:
                verify_sign(formula, part.lower, part.upper, region.sign, where)
            elif formula.constant != 0 or isinstance(formula.constant, arb):
                raise Rejected(f"{where}: the even part is not shown to be zero")

    def _gaps(self) -> None:
        """Between two regions nothing, or a short interval inside one piece in which e changes its sign once."""
        for one, two in itertools.pairwise(self.regions):
            if one.upper == two.lower:
                continue
            if one.upper is None or one.upper > two.lower or one.sign * two.sign != -1:
                raise Rejected(f"the regions do not follow each other at {one.upper}")
            parts = self._within(one.upper, two.lower)
            if len(parts) != 1:
                raise Rejected(f"the gap from {one.upper} to {two.lower} lies in more than one piece")
            verify_falling(Formula(self.program, parts[0].root), one.upper, two.lower, one.sign, "a gap")

    def _somewhere(self, sign: int) -> None:
        for region in self.regions:
            if region.sign == sign:
                for part in region.parts:
                    assert part.lower is not None
                    for share in (Fraction(1, 2), Fraction(1, 3), Fraction(5, 7)):
                        place = part.lower + share * (1 if part.upper is None else part.upper - part.lower)
                        if sign * Formula(self.program, part.root).value(number(place)) > 0:
                            return
        raise Rejected("the even part is nowhere shown to be different from zero")

    def _one_change(self, signs: Sequence[int]) -> None:
        changes = [(a, b) for a, b in itertools.pairwise(signs) if a != b]
        if changes != [(1, -1)]:
            raise Rejected("the signs do not change exactly once, from + to -")
        self._somewhere(1)
        self._somewhere(-1)
        if self.top is not None:
            positive, negative = self._parts(self.top)
            if not positive - negative > 0:
                raise Rejected(f"M({self.top}) > 0 is not shown")
        elif not self._integral_not_negative():
            raise Rejected("that the integral of the surrogate is not negative is not shown")

    def _integral_not_negative(self) -> bool:
        memory: dict[int, Any] = {}
        roots = {piece.root for piece in self.even}
        if len(roots) == 1:
            found = terms(self.program, roots.pop(), memory)
            if found is not None and found.half_line_integral_vanishes():
                return True
        total, exact = arb(0), Fraction(0)
        for piece in self.even:
            found = terms(self.program, piece.root, memory)
            assert piece.lower is not None
            value = None if found is None or piece.upper is None else found.integral(piece.lower, piece.upper)
            if value is None and found is not None and found.constant == 0:
                value = Fraction(0)
            if value is not None:
                exact += value
            else:
                total += plain_mass(self.program, piece)
        total += number(exact)
        return bool(total.is_finite() and total >= 0)

    def _parts(self, scale: Fraction, chosen: Sequence[Region] | None = None) -> tuple[arb, arb]:
        """K₊ and K₋ at a scale, each with what the gaps may add."""
        sums = {1: arb(0), -1: arb(0)}
        for region in self.regions if chosen is None else chosen:
            if region.sign:
                for part in region.parts:
                    sums[region.sign] += region.sign * gaussian_mass(self.program, part, scale)
        spread = arb(0)
        for one, two in itertools.pairwise(self.regions):
            if one.upper is not None and one.upper < two.lower:
                (part,) = self._within(one.upper, two.lower)
                gap = number(one.upper).union(number(two.lower))
                size = abs(Formula(self.program, part.root).value(gap))
                spread += arb(size.upper()) * number(two.lower - one.upper)
        blur = arb(0, 1) * arb(spread.upper())
        return sums[1] + blur, sums[-1] + blur

    def _cover(self) -> None:
        place: Fraction | None = Fraction(0)
        memory: dict[Fraction, tuple[arb, arb]] = {}

        def parts(scale: Fraction) -> tuple[arb, arb]:
            if scale not in memory:
                memory[scale] = self._parts(scale)
            return memory[scale]

        for lower, upper, method in self.boxes:
            if place is None or lower != place:
                raise Rejected(f"the boxes of scales do not follow each other at {place}")
            if lower == 0 and upper is not None:
                holds = self._behind(upper, list(self.regions)) - parts(upper)[1] > 0
            elif upper is None:
                holds = self._tail(lower, parts(lower), method)
            else:
                if upper <= lower:
                    raise Rejected(f"the box of scales at {lower} is empty")
                holds = parts(lower)[0] - parts(upper)[1] > 0
            if not holds:
                raise Rejected(f"M > 0 is not shown for scales from {lower} to {upper or 'inf'}")
            place = upper
        if not self.boxes or (place is not None and (self.top is None or place < self.top)):
            raise Rejected("the boxes do not cover the scales up to max_scale")

    def _behind(self, scale: Fraction, ordered: Sequence[Region]) -> arb:
        """∫ e·φ(u/x) over the regions before the first negative one, in the given order."""
        chosen = list(itertools.takewhile(lambda region: region.sign >= 0, ordered))
        total = arb(0)
        for region in chosen:
            if region.sign:
                for part in region.parts:
                    total += gaussian_mass(self.program, part, scale)
        return total

    def _tail(self, scale: Fraction, known: tuple[arb, arb], method: str) -> bool:
        if method == "the whole negative part":
            lost = arb(0)
            for region in self.regions:
                if region.sign < 0:
                    for part in region.parts:
                        lost -= plain_mass(self.program, part)
            positive = known[0] - (lost / (2 * arb.pi()).sqrt() + self._slack())
            return bool(positive.is_finite() and positive > 0)
        return bool(self._behind(scale, list(reversed(self.regions))) - known[1] > 0)

    def _slack(self) -> arb:
        """What the gaps may add to the negative part: all of their blur."""
        positive, _ = self._parts(Fraction(1), [])
        return arb(positive.upper())

    def _cosines(self) -> None:
        roots = {piece.root for piece in self.even}
        if len(roots) != 1:
            raise Rejected("the even part is not one sum of cosines")
        found = cosines(self.program, roots.pop())
        if any(not c >= 0 for c in found) or not any(c > 0 for c in found):
            raise Rejected("a coefficient of the cosines is not shown to be >= 0")


def cosines(program: Program, root: int) -> list[arb]:
    """The coefficients of a sum of c·cos(bx) and constants. Raises ``Rejected``."""

    bound: set[int] = set()
    for index, node in enumerate(program.nodes):
        if node.name == "variable" or any(argument in bound for argument in node.arguments):
            bound.add(index)

    def free(index: int) -> bool:
        return index not in bound

    def value(index: int) -> arb:
        return evaluate(program, index, acb(0), analytic=False).real

    def linear(index: int) -> bool:
        node = program.nodes[index]
        if node.name == "variable":
            return True
        if node.name == "neg":
            return linear(node.arguments[0])
        if node.name in ("mul", "div"):
            one, two = node.arguments
            return (linear(one) and free(two)) or (node.name == "mul" and free(one) and linear(two))
        return False

    node = program.nodes[root]
    if free(root):
        return [value(root)]
    match node.name, node.arguments:
        case "cos", (inner,) if linear(inner):
            return [arb(1)]
        case "neg", (inner,):
            return [-c for c in cosines(program, inner)]
        case (("add" | "sub"), (one, two)):
            sign = 1 if node.name == "add" else -1
            return cosines(program, one) + [sign * c for c in cosines(program, two)]
        case "mul", (one, two) if free(one) or free(two):
            factor, other = (one, two) if free(one) else (two, one)
            return [value(factor) * c for c in cosines(program, other)]
        case "div", (one, two) if free(two):
            return [c / value(two) for c in cosines(program, one)]
        case _:
            raise Rejected(f"not a sum of cosines: {node.name}")
