"""A surrogate as a document writes it: pieces of μ′, and its even part e(u) = μ′(u) + μ′(−u) for u > 0."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ste_theory.checker.exact import generator, is_zero
from ste_theory.checker.expression import Node, Program, Rejected, parse
from ste_theory.checker.jets import Jets
from ste_theory.checker.reading import MAX_PIECES, as_list, as_object, as_text, rational

EVEN, ODD, NEITHER = ("cos", "cosh"), ("sin", "tanh", "atan", "erf"), ("exp", "log", "sqrt")
FUNCTIONS = {*EVEN, *ODD, *NEITHER}
ARITHMETIC = {"constant", "pi", "variable", "add", "sub", "neg", "mul", "div", "pow"}


@dataclass(frozen=True)
class Piece:
    """A formula, a node of the program, on an interval; ``None`` is an infinite end."""

    lower: Fraction | None
    upper: Fraction | None
    root: int


MAX_TERMS = 1000


class Surrogate:
    """μ′ in pieces; ``program`` holds the formulas, in the variable x."""

    def __init__(self, document: object, where: str = "pieces") -> None:
        self.program = Program(("x",))
        pieces = [
            as_object(piece, where, {"lower", "upper", "formula"}) for piece in as_list(document, where, MAX_PIECES)
        ]
        if not pieces or pieces[0]["lower"] != "-inf" or pieces[-1]["upper"] != "inf":
            raise Rejected(f"{where}: they do not cover the line from -inf to inf")
        found: list[Piece] = []
        for piece in pieces:
            root = parse(as_text(piece["formula"], where), self.program)
            lower = None if not found else rational(piece["lower"], where)
            upper = None if piece is pieces[-1] else rational(piece["upper"], where)
            if found and (lower != found[-1].upper or (upper is not None and lower is not None and lower >= upper)):
                raise Rejected(f"{where}: the piece from {piece['lower']} does not follow the one before it")
            found.append(Piece(lower, upper, root))
        for node in self.program.nodes:
            if node.name not in FUNCTIONS | ARITHMETIC:
                raise Rejected(f"{where}: {node.name} is not a function of surrogates")
        self.pieces = tuple(found)
        self.texts = tuple(piece["formula"] for piece in pieces)

    @property
    def breakpoints(self) -> tuple[Fraction, ...]:
        """The inner ends of the pieces."""
        return tuple(piece.upper for piece in self.pieces if piece.upper is not None)

    def words(self) -> str:
        """The pieces in one line."""
        return ", ".join(
            f"{text} on ({'-inf' if piece.lower is None else piece.lower}, "
            f"{'inf' if piece.upper is None else piece.upper})"
            for text, piece in zip(self.texts, self.pieces, strict=True)
        )

    def right(self, extra: Sequence[Fraction] = ()) -> tuple[Piece, ...]:
        """μ′(u) for u > 0, cut at the ``extra`` places too."""
        cuts = sorted({Fraction(0), *(t for t in (*self.breakpoints, *extra) if t > 0)})
        return tuple(Piece(a, b, self._at(a, b, 1)) for a, b in itertools.pairwise([*cuts, None]) if a is not None)

    def left(self, extra: Sequence[Fraction] = ()) -> tuple[Piece, ...]:
        """μ′(−u) as a function of u > 0, cut at the ``extra`` places (of −u) too."""
        cuts = sorted({Fraction(0), *(-t for t in (*self.breakpoints, *extra) if t < 0)})
        found = []
        for a, b in itertools.pairwise([*cuts, None]):
            assert a is not None
            found.append(Piece(a, b, signed(self.program, *mirrored(self.program, self._at(a, b, -1)))))
        return tuple(found)

    def even_part(self) -> tuple[Piece, ...]:
        """e(u), cut at 0 and at the distance of every breakpoint from 0."""
        cuts = sorted({Fraction(0), *map(abs, self.breakpoints)})
        found = []
        for a, b in itertools.pairwise([*cuts, None]):
            assert a is not None
            found.append(Piece(a, b, self._even(a, b)))
        return tuple(found)

    def _even(self, lower: Fraction, upper: Fraction | None) -> int:
        """μ′(u) + μ′(−u), both written without inner signs, so that what cancels is seen to."""
        program = self.program
        left = mirrored(program, self._at(lower, upper, -1))
        turned, sign = mirrored(program, self._at(lower, upper, 1))
        right, other = mirrored(program, turned)
        return _collected(program, ((right, sign * other), left))

    def _at(self, lower: Fraction, upper: Fraction | None, side: int) -> int:
        inside = side * (lower + 1 if upper is None else (lower + upper) / 2)
        for piece in self.pieces:
            if (piece.lower is None or piece.lower < inside) and (piece.upper is None or inside < piece.upper):
                return piece.root
        raise Rejected(f"{inside} lies in no piece of the surrogate")


def _collected(program: Program, parts: Sequence[tuple[int, int]]) -> int:
    """A sum of ± nodes, where terms that are one node are cancelled or counted."""
    zero = program.add(Node("constant", (), 0))
    counts: dict[int, int] = {}
    for root, factor in parts:
        _summands(program, root, factor, counts)
    total: int | None = None
    for term, count in counts.items():
        if not count or term == zero:
            continue
        many = program.add(Node("constant", (), abs(count)))
        size = term if abs(count) == 1 else program.add(Node("mul", (many, term)))
        if total is None:
            total = signed(program, size, count)
        else:
            total = program.add(Node("add" if count > 0 else "sub", (total, size)))
    return zero if total is None else total


def _summands(program: Program, root: int, factor: int, counts: dict[int, int]) -> None:
    """The terms of a sum, each with how often it is added; a node that is no sum is one term."""
    left = [(root, factor)]
    while left:
        place, sign = left.pop()
        node = program.nodes[place]
        if node.name in ("add", "sub"):
            one, two = node.arguments
            left += [(two, sign if node.name == "add" else -sign), (one, sign)]
        elif node.name == "neg":
            left.append((node.arguments[0], -sign))
        else:
            counts[place] = counts.get(place, 0) + sign
        if len(counts) > MAX_TERMS:
            raise Rejected(f"a sum has more than {MAX_TERMS} terms")


def signed(program: Program, place: int, sign: int) -> int:
    """The node, or its negative."""
    return place if sign > 0 else program.add(Node("neg", (place,)))


def mirrored(program: Program, place: int) -> tuple[int, int]:
    """(g, s) with f(−x) = s·g(x), s = ±1, so that what is even or odd by its structure is seen to be."""
    known: dict[int, tuple[int, int]] = {}
    for index in range(place + 1):
        node = program.nodes[index]
        if any(argument not in known for argument in node.arguments):
            continue
        known[index] = _mirrored(program, node, index, [known[argument] for argument in node.arguments])
    return known[place]


def _mirrored(program: Program, node: Node, index: int, given: Sequence[tuple[int, int]]) -> tuple[int, int]:
    match node.name, given:
        case "variable", _:
            return index, -1
        case (("constant" | "pi"), _):
            return index, 1
        case (("add" | "sub"), [(one, sign), (two, other)]):
            turned = {"add": "sub", "sub": "add"}[node.name]
            return program.add(Node(node.name if sign == other else turned, (one, two))), sign
        case "neg", [(one, sign)]:
            return one, -sign
        case (("mul" | "div"), [(one, sign), (two, other)]):
            return program.add(Node(node.name, (one, two))), sign * other
        case "pow", [(one, sign)]:
            return program.add(Node("pow", (one,), node.number)), sign if node.number % 2 else 1
        case name, [(one, sign)] if name in EVEN:
            return program.add(Node(name, (one,))), 1
        case name, [(one, sign)] if name in ODD:
            return program.add(Node(name, (one,))), sign
        case name, [(one, sign)]:
            return program.add(Node(name, (signed(program, one, sign),))), 1
        case name, _:
            raise Rejected(f"{name} is not a function of surrogates")


def vanishes(jets: Jets, root: int) -> bool:
    """Whether a formula is 0 for every x, by exact arithmetic alone."""
    value = jets.of(root, [[generator(1, jets.generators)]], 1)[0]
    return is_zero(value) or root == _zero(jets)


def _zero(jets: Jets) -> int:
    return jets.program.known.get(Node("constant", (), 0), -1)
