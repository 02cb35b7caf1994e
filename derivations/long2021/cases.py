"""Random geometries in rational numbers: subspaces orthogonal or at an angle, data, networks, surrogates.

A case is decoded from bytes, so that Hypothesis draws once and shrinks well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from hypothesis import strategies as st

from ste_theory.classification.exact import Network, Point, Vector, plus, projected
from ste_theory.model.surrogates import Surrogate, get, parse, relu

# In the class, with rational values; the last one has δ = ½ and Δ = 3/2.
SURROGATES: tuple[Surrogate, ...] = (
    relu(),
    get("long2021.log_tailed", q=3),
    parse("Piecewise((1/2 + 1/(1 + x), x > 0), (0, True))"),
)
BOUNDS = ((Fraction(1), Fraction(1)), (Fraction(0), Fraction(1)), (Fraction(1, 2), Fraction(3, 2)))
# (cosine, sine) of angles whose both are rational.
ANGLES = tuple(
    (Fraction(a, c), Fraction(b, c)) for a, b, c in ((0, 1, 1), (3, 4, 5), (4, 3, 5), (5, 12, 13), (24, 7, 25))
)
LONGEST = 160


class Reader:
    """Small choices from bytes, zeros when they run out."""

    def __init__(self, data: bytes) -> None:
        self._bytes: Iterator[int] = iter(data)

    def pick(self, count: int) -> int:
        """A number from 0 to count − 1."""
        return next(self._bytes, 0) % count

    def number(self, *, zero: bool = True) -> Fraction:
        """A multiple of ¼ between −3 and 3."""
        value = Fraction(self.pick(25) - 12, 4)
        return value if zero or value else Fraction(1, 4)

    def vector(self, size: int) -> Vector:
        """A vector that is not zero."""
        found = tuple(self.number() for _ in range(size))
        return found if any(found) else (Fraction(1), *found[1:])


@dataclass(frozen=True)
class Case:
    """Orthogonal bases of the V_i (first vectors of different V_i may be at an angle), a network, data, a surrogate."""

    bases: tuple[tuple[Vector, ...], ...]
    network: Network
    data: tuple[Point, ...]
    chosen: int
    eta: Fraction
    cosine: Fraction

    @property
    def surrogate(self) -> Surrogate:
        """The surrogate."""
        return SURROGATES[self.chosen]

    @cached_property
    def lower(self) -> Fraction:
        """A δ for the pre-activations of this case."""
        if self.chosen != 1:
            return BOUNDS[self.chosen][0]
        largest = max(h for point in self.data for h in self.network.hidden(point.x))
        return 1 / max(Fraction(1), largest - 2)

    @property
    def upper(self) -> Fraction:
        """Δ."""
        return BOUNDS[self.chosen][1]

    def component(self, vector: Vector, label: int) -> Vector:
        """The projection to V_i."""
        return projected(vector, self.bases[label])

    def of_class(self, label: int) -> tuple[Point, ...]:
        """The data of one class."""
        return tuple(point for point in self.data if point.y == label)


def _unit(size: int, index: int) -> Vector:
    return tuple(Fraction(int(k == index)) for k in range(size))


def decode(data: bytes, *, angled: bool, bits: int | None = None, symmetric: bool = False) -> Case:
    """The case that bytes spell; ``angled`` lets the subspaces stand at an angle below 90°."""
    read = Reader(data)
    classes, extra = 2 + (read.pick(4) == 3), read.pick(2)
    sizes = [(1, 2, 2, 3)[read.pick(4)] for _ in range(classes)]
    ambient = sum(sizes) + extra
    ends = [sum(sizes[:i]) for i in range(classes + 1)]
    bases = [[_unit(ambient, k) for k in range(ends[i], ends[i + 1])] for i in range(classes)]
    cosine, sine = ANGLES[1 + read.pick(4)] if angled else ANGLES[0]
    if angled:
        # All lean towards the second one: α is the smallest angle of each of them.
        for basis in (bases[0], *bases[2:]):
            basis[0] = plus(tuple(sine * x for x in basis[0]), bases[1][0], cosine)
    if turn := read.pick(3):  # the whole picture turned in the plane of the first and the last axis
        c, s = ANGLES[turn]
        bases = [[_turned(vector, c, s) for vector in basis] for basis in bases]
    neurons = [1 + read.pick(2) for _ in range(classes)]
    columns = [(i, Fraction(1 + read.pick(3), 4)) for i in range(classes) for _ in range(neurons[i])]
    v = tuple(tuple(value if owner == i else Fraction(0) for owner, value in columns) for i in range(classes))
    points = []
    for label, basis in enumerate(bases):
        for _ in range(1 + read.pick(2)):
            x = tuple(Fraction(0) for _ in range(ambient))
            for direction, factor in zip(basis, read.vector(len(basis)), strict=True):
                x = plus(x, direction, factor)
            p = Fraction(1 + read.pick(3), 8)
            points.append(Point(x, label, p))
            if symmetric:
                points.append(Point(tuple(-value for value in x), label, p))
    w = tuple(read.vector(ambient) for _ in columns)
    network = Network(w, v, bits or 1 + read.pick(3))
    return Case(
        tuple(tuple(basis) for basis in bases),
        network,
        tuple(points),
        read.pick(len(SURROGATES)),
        Fraction(1 + read.pick(8), 4),
        cosine,
    )


def _turned(vector: Vector, c: Fraction, s: Fraction) -> Vector:
    first, last = vector[0], vector[-1]
    return (c * first - s * last, *vector[1:-1], s * first + c * last)


def cases(*, angled: bool = False, bits: int | None = None, symmetric: bool = False) -> "st.SearchStrategy[Case]":
    """Cases with orthogonal subspaces, or with subspaces at an angle."""
    raw = st.binary(min_size=24, max_size=LONGEST)
    return raw.map(lambda data: decode(data, angled=angled, bits=bits, symmetric=symmetric))
