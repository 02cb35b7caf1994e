"""Integrals of formulas in balls: analytic evaluation on complex balls, quadrature on pieces, bounds of the rest.

FLINT's quadrature is rigorous for an integrand that is analytic on the ball wherever it is told ``analytic``, or not
finite there: roots and logarithms at their branch cuts, atan at ±i[1, ∞), and poles are not finite.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from flint import acb, arb, fmpq

from ste_theory.checker.expression import Node, Program, Rejected
from ste_theory.checker.far import Envelope, far, integral_bound
from ste_theory.checker.surrogate import Piece

Weight = Callable[[acb], acb]
FARTHEST = 2**12
SMALL = arb(2) ** -90


def number(value: Fraction) -> arb:
    """A ball that contains a rational number."""
    return arb(fmpq(value.numerator, value.denominator))


def evaluate(program: Program, root: int, x: acb, *, analytic: bool) -> acb:
    """The formula at a complex ball."""
    known: dict[int, acb] = {}
    nodes = needed(program, root)
    program.charge(len(nodes))
    for index in nodes:
        node = program.nodes[index]
        known[index] = _value(node, [known[argument] for argument in node.arguments], x, analytic)
    return known[root]


def needed(program: Program, root: int) -> Sequence[int]:
    """The nodes that a node is made of, itself the last."""
    wanted, left = set(), [root]
    while left:
        index = left.pop()
        if index not in wanted:
            wanted.add(index)
            left += program.nodes[index].arguments
    return sorted(wanted)


def _value(node: Node, given: Sequence[acb], x: acb, analytic: bool) -> acb:
    match node.name, given:
        case "constant", _:
            return acb(node.number)
        case "pi", _:
            return acb(arb.pi())
        case "variable", _:
            return x
        case "neg", [p]:
            return -p
        case "add", [p, q]:
            return p + q
        case "sub", [p, q]:
            return p - q
        case "mul", [p, q]:
            return p * q
        case "div", [p, q]:
            return p / q
        case "pow", [p]:
            return p**node.number
        case (("sqrt" | "log"), [p]):
            on_cut = p.imag.contains(0) and not p.real > 0
            if (analytic and on_cut) or (p.imag == 0 and p.real < 0):
                return acb(arb("nan"))
            return p.sqrt() if node.name == "sqrt" else p.log()
        case "atan", [p]:
            return acb(arb("nan")) if analytic and p.real.contains(0) and not abs(p.imag) < 1 else p.atan()
        case name, [p]:
            return acb(getattr(p, name)())
        case name, _:
            raise Rejected(f"{name} is not a function of surrogates")


def quadrature(function: Callable[[acb, bool], acb], lower: arb, upper: arb) -> arb:
    """∫ of an analytic function over a bounded interval; not finite where it is not enclosed."""
    try:
        found = acb.integral(function, acb(lower), acb(upper), eval_limit=40_000)
    except (SystemError, ValueError, ZeroDivisionError):
        return arb("nan")
    return found.real if found.imag.contains(0) else arb("nan")


def weighted(
    program: Program,
    piece: Piece,
    weight: Weight,
    rest: Callable[[Envelope, arb], arb],
    start: Fraction,
) -> arb:
    """∫ f·w over a piece. ``rest`` bounds ∫_X^∞ |f·w| from an envelope of |f|; X starts at ``start``.

    Not finite where it is not enclosed.
    """

    def integrand(x: acb, analytic: bool) -> acb:
        return evaluate(program, piece.root, x, analytic=analytic) * weight(x)

    assert piece.lower is not None
    if piece.upper is not None:
        return quadrature(integrand, number(piece.lower), number(piece.upper))
    end = max(Fraction(1), piece.lower, start)
    while True:
        above = far(program, piece.root, number(end)).above
        bound = arb("inf") if above is None else rest(above, number(end))
        if bound < SMALL or end > FARTHEST * max(Fraction(1), start):
            break
        end *= 2
    if not bound.is_finite():
        return arb("nan")
    # In parts that double: far out an integrand with poles, as 1/cosh has, needs short intervals.
    total, left = arb(0), piece.lower
    while left < end:
        right = min(end, max(2 * left, left + 8))
        total += quadrature(integrand, number(left), number(right))
        left = right
    return total + arb(0, 1) * arb(bound.upper())


def gaussian_mass(program: Program, piece: Piece, scale: Fraction) -> arb:
    """∫ f(u)·φ(u/x) du over a piece."""
    x = number(scale)
    factor = 1 / (2 * arb.pi()).sqrt()

    def weight(u: acb) -> acb:
        return (-u * u / (2 * x * x)).exp() * factor

    def rest(above: Envelope, start: arb) -> arb:
        bell = Envelope(factor, 0, arb(0), -1 / (2 * x * x))
        return integral_bound(above.times(bell), start)

    # The rest falls like the Gaussian: from eight scales on in one or two doublings.
    return weighted(program, piece, weight, rest, _rounded(8 * scale))


def plain_mass(program: Program, piece: Piece) -> arb:
    """∫ f(u) du over a piece, by tail bounds that fall; not finite if none is known."""
    return weighted(program, piece, lambda u: acb(1), integral_bound, Fraction(8))


def _rounded(value: Fraction) -> Fraction:
    return Fraction(round(value * 64), 64) if value > 1 else Fraction(1)
