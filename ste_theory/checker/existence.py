"""Where E|μ′(xξ)| is finite: each piece as it is written, both sides apart, before anything is added or cancelled.

On a bounded piece every node has a finite value in balls. Far out every node is defined and |μ′(u)| ≤ C·u^k·e^{βu+γu²},
which a Gaussian of scale x outweighs if γ ≤ 0, or x² < 1/2γ. A sum is bounded term by term there, so that an odd part
which has no mean does not disappear behind the even part.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from ste_theory.checker.expression import Node, Program, Rejected
from ste_theory.checker.far import Envelope, Far, step
from ste_theory.checker.integral import needed, number
from ste_theory.checker.surrogate import Piece, Surrogate
from ste_theory.checker.terms import Terms, terms

MAX_PARTS, DOUBLINGS = 4000, 14
NARROW, NARROWEST, LARGEST = Fraction(1, 2**10), Fraction(1, 2**60), 64


@dataclass(frozen=True)
class Growth:
    """γ of |μ′| far out, the larger one of both ends: at most ``above``, and at least ``below`` where that is known."""

    above: arb
    below: arb | None


def growth(surrogate: Surrogate) -> Growth:
    """How fast μ′ grows. Raises ``Rejected`` where it is not shown to be finite, or may outgrow every Gaussian."""
    above, below = arb(0), None
    for side in (surrogate.right(), surrogate.left()):
        for piece in side:
            assert piece.lower is not None
            last = _require(surrogate.program, piece, piece.lower, piece.upper, mean=True)
            if last is None or last.above is None:
                continue
            above = above.max(last.above.curve)
            if last.below is not None:
                below = last.below.curve if below is None else below.max(last.below.curve)
    return Growth(above, below)


def require_mean(surrogate: Surrogate, top: Fraction | None) -> None:
    """Raises ``Rejected`` unless E|μ′(xξ)| < ∞ for 0 < x ≤ top; ``None`` is every x."""
    curve = growth(surrogate).above
    if not curve <= 0 and (top is None or not 2 * curve * number(top) ** 2 < 1):
        reach = "every scale" if top is None else f"the scale {top}"
        raise Rejected(f"the surrogate grows so fast that its mean is not shown to exist at {reach}")


def require_values(surrogate: Surrogate, pieces: Sequence[Piece], bound: Fraction | None = None) -> None:
    """Raises ``Rejected`` unless these pieces are finite for 0 < u < bound, however fast they grow."""
    for piece in pieces:
        assert piece.lower is not None
        ends = [end for end in (piece.upper, bound) if end is not None]
        _require(surrogate.program, piece, piece.lower, min(ends) if ends else None, mean=False)


def _require(program: Program, piece: Piece, lower: Fraction, upper: Fraction | None, *, mean: bool) -> Far | None:
    """Raises ``Rejected`` unless the piece is finite between the ends; what it does far out, if that is asked for."""
    if upper is not None:
        _finite(program, piece.root, lower, upper)
        return None
    start = max(lower, Fraction(1))
    for _ in range(DOUBLINGS):
        found = term_by_term(program, piece.root, number(start))
        if found is not None and (found.above is not None or not mean):
            _finite(program, piece.root, lower, start)
            return _with_lower_bound(program, piece.root, start, found) if mean else found
        start *= 2
    raise Rejected("no bound of the surrogate far out is found, so its response may not exist")


def _with_lower_bound(program: Program, root: int, start: Fraction, found: Far) -> Far:
    """Where it may have no mean at large scales: a bound from below too, which may need a later start."""
    for _ in range(DOUBLINGS):
        if found.below is not None or found.above is None or found.above.curve <= 0:
            break
        start *= 2
        found = term_by_term(program, root, number(start)) or found
    return found


def term_by_term(program: Program, root: int, start: arb) -> Far | None:
    """The formula for u ≥ start ≥ 1, where nothing cancels in the bound from above; None if a node may be undefined."""
    known: dict[int, Far] = {}
    memory: dict[int, Terms | None] = {}
    powers = _powers(program, root)
    for index in needed(program, root):
        node = program.nodes[index]
        given = [known[argument] for argument in node.arguments]
        if not _defined(node, given):
            return None
        found = step(node, given, start, terms(program, index, memory))
        if node.name in ("add", "sub"):
            found = Far(found.lower, found.upper, step(node, given, start, None).above, found.below)
        if index in powers:
            found = _power_far(found, *(known[place] for place in powers[index]))
        known[index] = found
    return known[root]


def _defined(node: Node, given: Sequence[Far]) -> bool:
    match node.name, given:
        case "div", [_, q]:
            return _not_zero(q)
        case "pow", [p]:
            return node.number >= 0 or _not_zero(p)
        case "sqrt", [p]:
            return bool(p.lower >= 0)
        case "log", [p]:
            return bool(p.lower > 0)
        case _:
            return True


def _not_zero(p: Far) -> bool:
    return bool(p.lower > 0 or p.upper < 0) or p.below is not None


def _powers(program: Program, root: int) -> dict[int, tuple[int, int]]:
    """The nodes e^{c·log f}, which are f^c, each with the nodes of f and of its constant c."""
    found = {}
    for index in needed(program, root):
        node = program.nodes[index]
        inner = program.nodes[node.arguments[0]] if node.name == "exp" else node
        if node.name == "exp" and inner.name == "mul":
            for c, log in (inner.arguments, inner.arguments[::-1]):
                if program.nodes[log].name == "log" and _fixed(program, c):
                    found[index] = program.nodes[log].arguments[0], c
    return found


def _fixed(program: Program, root: int) -> bool:
    return all(program.nodes[index].name != "variable" for index in needed(program, root))


def _power_far(found: Far, base: Far, c: Far) -> Far:
    """f^c from the envelopes of f, with whole degrees around c·k: u ≥ 1."""
    power = c.lower.union(c.upper)
    if not abs(power) < LARGEST or not (power >= 0 or power <= 0):
        return found
    most, least = (base.above, base.below) if power >= 0 else (base.below, base.above)

    def raised(e: Envelope | None, *, up: bool) -> Envelope | None:
        if e is None:
            return None
        degree = power * e.degree
        whole = degree.upper().ceil() if up else degree.lower().floor()
        return Envelope((power * e.scale.log()).exp(), int(float(whole)), power * e.rate, power * e.curve)

    above, below = raised(most, up=True), raised(least, up=False)
    return Far(found.lower, found.upper, above or found.above, below or found.below)


def finite_near(program: Program, root: int, lower: Fraction, upper: Fraction) -> bool:
    """Whether each node is finite on the short interval [lower, upper]."""
    powers = {index: c for index, (f, c) in _powers(program, root).items() if program.nodes[f].name == "variable"}
    nodes = _without(program, root, powers)
    program.charge(len(nodes))
    return _all_finite(program, nodes, powers, number(lower).union(number(upper)), narrow=upper - lower <= NARROW)


def _finite(program: Program, root: int, lower: Fraction, upper: Fraction) -> None:
    """Raises ``Rejected`` unless each node is finite on each part of [lower, upper]."""
    powers = {index: c for index, (f, c) in _powers(program, root).items() if program.nodes[f].name == "variable"}
    nodes = _without(program, root, powers)
    left, parts = [(lower, upper)] if lower < upper else [], 0
    while left:
        a, b = left.pop()
        parts += 1
        program.charge(len(nodes))
        if _all_finite(program, nodes, powers, number(a).union(number(b)), narrow=b - a <= NARROW):
            continue
        if parts > MAX_PARTS or b - a < NARROWEST:
            raise Rejected(f"the surrogate is not shown to be finite near |x| = {float(a):.9g}")
        middle = (a + b) / 2
        left += [(middle, b), (a, middle)]


def _without(program: Program, root: int, powers: dict[int, int]) -> Sequence[int]:
    """The nodes that are needed when e^{c·log u} is taken as u^c: its logarithm is not finite at 0."""
    wanted, left = set(), [root]
    while left:
        index = left.pop()
        if index not in wanted:
            wanted.add(index)
            left += [powers[index]] if index in powers else program.nodes[index].arguments
    return sorted(wanted)


def _all_finite(program: Program, nodes: Sequence[int], powers: dict[int, int], x: arb, *, narrow: bool) -> bool:
    known: dict[int, arb] = {}
    for index in nodes:
        node = program.nodes[index]
        if index in powers:
            known[index] = _power_of_variable(x, known[powers[index]])
        else:
            known[index] = _value(node, [known[argument] for argument in node.arguments], x, narrow)
        if not known[index].is_finite():
            return False
    return True


def _power_of_variable(x: arb, c: arb) -> arb:
    """u^c; for c > 0 it rises from 0."""
    if x > 0:
        return (c * x.log()).exp()
    top = arb(x.upper())
    return arb(0).union((c * top.log()).exp()) if c > 0 and top > 0 else arb("nan")


def _value(node: Node, given: Sequence[arb], x: arb, narrow: bool) -> arb:
    match node.name, given:
        case "constant", _:
            return arb(node.number)
        case "pi", _:
            return arb.pi()
        case "variable", _:
            return x
        case "neg", [p]:
            return -p
        case "add", [p, q]:
            return p + q
        case "sub", [p, q]:
            return p - q
        case "mul", [p, q]:
            return _from_ends(p, lambda end: end * end, 0) if node.arguments[0] == node.arguments[1] else p * q
        case "div", [p, q]:
            return p / q
        case "pow", [p]:
            power = abs(node.number)
            size = p**power if power % 2 or not power else _from_ends(p, lambda end: end**power, 0)
            return 1 / size if node.number < 0 else size
        case "sqrt", [p]:
            # The root of max(u, 0). At its zeros a ball reaches below 0, which is no matter on a short interval.
            near = narrow and p.upper() >= 0
            return p.sqrt() if p >= 0 else arb(0).union(arb(p.upper()).sqrt()) if near else arb("nan")
        case "cosh", [p]:
            return _from_ends(p, lambda end: end.cosh(), 1)
        case name, [p]:
            return arb(getattr(p, name)())
        case name, _:
            raise Rejected(f"{name} is not a function of surrogates")


def _from_ends(p: arb, function: Callable[[arb], arb], least: int) -> arb:
    """The range of an even function that rises from ``least`` at 0: a ball alone forgets that it has a least value."""
    ends = function(arb(p.lower())).union(function(arb(p.upper())))
    return ends.union(arb(least)) if p.contains(0) else ends
