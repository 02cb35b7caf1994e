"""The sign of a formula on an interval or a half-line: by balls, slopes, and Taylor's theorem at zeros."""

from fractions import Fraction

from flint import arb, fmpq

from ste_theory.checker.exact import ball, constant, is_zero
from ste_theory.checker.existence import NARROW, finite_near
from ste_theory.checker.expression import Program, Rejected
from ste_theory.checker.far import far
from ste_theory.checker.integral import needed, number
from ste_theory.checker.jets import Jet, Jets, interval
from ste_theory.checker.terms import exact_ball, terms

MAX_PARTS, MAX_ORDER, SIMPLE = 4000, 6, 16


class Formula:
    """A node of a program as a function of one variable."""

    def __init__(self, program: Program, root: int) -> None:
        self.program, self.root = program, root
        exact = terms(program, root)
        self.constant = None if exact is None else exact.constant
        self.jets = Jets(program, (arb.pi().sqrt(), arb(0, 1)))

    def coefficients(self, x: arb, order: int) -> list[arb]:
        """f⁽ᵏ⁾/k! on a ball, for k < order."""
        self.program.charge(self.root * order * order)
        return [ball(c) for c in self.jets.of(self.root, [[x, self.jets.one]], order)]

    def value(self, x: arb) -> arb:
        """f on a ball."""
        if self.constant is not None:
            return exact_ball(self.constant)
        self.program.charge(self.root)
        return ball(self.jets.of(self.root, [[x]], 1)[0])

    def exactly(self, place: Fraction, order: int) -> Jet:
        """The first coefficients at a rational number, exact where they can be."""
        return self.jets.of(self.root, [[constant(place, self.jets.generators), self.jets.one]], order)


def verify_sign(formula: Formula, lower: Fraction, upper: Fraction | None, sign: int, where: str) -> None:
    """Raises ``Rejected`` unless sign·f ≥ 0 on [lower, upper] with f bounded there; ``None`` is ∞."""
    if formula.constant is not None:
        if not sign * exact_ball(formula.constant) >= 0:
            raise Rejected(f"{where}: the formula is a constant of the other sign")
        return
    if upper is None:
        upper = _far_start(formula, lower, sign, where)
        if upper <= lower:
            return
    left, parts = [(lower, upper)], 0
    while left:
        a, b = left.pop()
        parts += 1
        if _holds(formula, a, b, sign):
            continue
        if parts > MAX_PARTS or b - a < Fraction(1, 2**60):
            raise Rejected(f"{where}: the sign is not shown near {float(a):.9g}")
        middle = (a + b) / 2
        left += [(middle, b), (a, middle)]


def _far_start(formula: Formula, lower: Fraction, sign: int, where: str) -> Fraction:
    start = max(lower, Fraction(1))
    for _ in range(14):
        found = far(formula.program, formula.root, number(start))
        if (sign > 0 and found.lower >= 0) or (sign < 0 and found.upper <= 0):
            return start
        start *= 2
    raise Rejected(f"{where}: the sign is not shown from {float(start):.6g} on")


def _holds(formula: Formula, a: Fraction, b: Fraction, sign: int) -> bool:
    box = interval(_q(a), _q(b))
    whole = formula.value(box)
    if whole.is_finite() and sign * whole >= 0:
        return True
    first = formula.coefficients(box, 2)[1]
    if first.is_finite():
        if first >= 0 or first <= 0:
            at = a if (sign * first >= 0) else b
            end = formula.value(number(at))
            if end.is_finite() and sign * end >= 0:
                return True
        middle = number((a + b) / 2)
        near = formula.value(middle) + first * (box - middle)
        if sign * near > 0:
            return True
    return (b - a <= Fraction(1, 4) and _tie(formula, a, b, box, sign)) or _composed(formula, a, b, sign)


def _composed(formula: Formula, a: Fraction, b: Fraction, sign: int) -> bool:
    """Whether f, finite on [a, b] with a ≥ 0, is made of parts whose signs settle its own: √u at 0 has no slope."""
    if a < 0 or b - a > NARROW or _sign_of_parts(formula.program, formula.root) != sign:
        return False
    return finite_near(formula.program, formula.root, a, b)


def _sign_of_parts(program: Program, root: int) -> int:
    """1 or −1: the node is ≥ 0 or ≤ 0 for every u ≥ 0 at which it is defined; 0: its parts do not say."""
    signs: dict[int, int] = {}
    for index in needed(program, root):
        node = program.nodes[index]
        given = [signs[argument] for argument in node.arguments]
        match node.name, given:
            case "constant", _:
                signs[index] = -1 if node.number < 0 else 1
            case (("variable" | "pi" | "sqrt" | "exp" | "cosh" | "abs"), _):
                signs[index] = 1
            case (("erf" | "tanh" | "atan"), [p]):
                signs[index] = p
            case "neg", [p]:
                signs[index] = -p
            case "add", [p, q]:
                signs[index] = p if p == q else 0
            case "sub", [p, q]:
                signs[index] = p if p == -q else 0
            case (("mul" | "div"), [p, q]):
                signs[index] = 1 if node.name == "mul" and node.arguments[0] == node.arguments[1] else p * q
            case "pow", [p]:
                signs[index] = 1 if node.number % 2 == 0 else p
            case _:
                signs[index] = 0
    return signs[root]


def _tie(formula: Formula, a: Fraction, b: Fraction, box: arb, sign: int) -> bool:
    """f = f⁽ᵏ⁾(ξ)(x − p)ᵏ/k! where the coefficients below k vanish at p: at an end, or at a simple fraction inside."""
    for place in (a, b, _simple(a, b)):
        if place is None or not formula.value(number(place)).contains(0):
            continue
        exact = formula.exactly(place, MAX_ORDER)
        order = 0
        while order < MAX_ORDER and is_zero(exact[order]):
            order += 1
        if order == 0 or order == MAX_ORDER:
            continue
        if order % 2 and a < place < b:
            return False
        top = formula.coefficients(box, order + 1)[order]
        side = -1 if order % 2 and place == b else 1
        if top.is_finite() and sign * side * top > 0:
            return True
    return False


def _simple(a: Fraction, b: Fraction) -> Fraction | None:
    for denominator in range(1, SIMPLE + 1):
        place = Fraction(a * denominator // 1 + 1, denominator)
        if place < b:
            return place
    return None


def verify_falling(formula: Formula, lower: Fraction, upper: Fraction, sign: int, where: str) -> None:
    """Raises ``Rejected`` unless sign·f′ < 0 on [lower, upper]: one change of sign, from ``sign`` to the other."""
    slope = formula.coefficients(interval(_q(lower), _q(upper)), 2)[1]
    if not (slope.is_finite() and sign * slope < 0):
        raise Rejected(
            f"{where}: between {float(lower):.9g} and {float(upper):.9g} more than one change of sign may lie"
        )


def _q(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)
