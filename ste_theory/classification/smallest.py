"""The smallest counterexample to a claim with one hypothesis dropped: fewest neurons, then smallest integers.

Candidates are gone through in that order and decided in rational arithmetic. On a plane "almost everywhere" is decided
at one point of every cell of the lines at which some σ jumps, outside the square |x|_∞ ≤ 1 (inside the annulus's hole):
a larger region than any annulus around it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from ste_theory.classification.cells import Line, cells
from ste_theory.classification.exact import Network, Point, Vector
from ste_theory.model.surrogates import Surrogate, relu

ZERO, HALF, ONE = Fraction(0), Fraction(1, 2), Fraction(1)
Integers = tuple[int, ...]


@dataclass(frozen=True)
class Example:
    """A counterexample: W and V, the data where they are finitely many, what happens, and how many were looked at."""

    claim: str
    dropped: str
    network: Network
    data: tuple[Point, ...]
    says: str
    looked: int


@dataclass(frozen=True)
class Question:
    """A claim without one hypothesis: candidates in order of size, and what is wrong with one (``None``: nothing)."""

    claim: str
    dropped: str
    candidates: Callable[[], Iterator[tuple[Network, tuple[Point, ...]]]]
    wrong: Callable[[Network, tuple[Point, ...]], str | None]

    def smallest(self, *, most: int = 20_000) -> Example | None:
        """The first candidate that contradicts the claim; ``None`` if none of the first ``most`` does."""
        for number, (network, data) in enumerate(self.candidates(), 1):
            if number > most:
                return None
            if (says := self.wrong(network, data)) is not None:
                return Example(self.claim, self.dropped, network, data, says, number)
        return None


def vectors(size: int, largest: int) -> list[Integers]:
    """Integer vectors without 0, with entries up to ``largest``, small ones first."""
    found = [v for v in product(range(-largest, largest + 1), repeat=size) if any(v)]
    return sorted(found, key=lambda v: (max(map(abs, v)), sum(map(abs, v)), [-x for x in v]))


def _exact(rows: Sequence[Integers]) -> tuple[Vector, ...]:
    return tuple(tuple(Fraction(x) for x in row) for row in rows)


def plane_points(network: Network) -> tuple[Point, ...]:
    """One point of class 1 in every cell of the plane outside the square |x|_∞ ≤ 1."""
    top = 2**network.bits - 1
    lines: list[Line] = [(a, b, Fraction(n)) for a, b in network.w if a or b for n in range(top)]
    lines += [(ONE, ZERO, ONE), (ONE, ZERO, -ONE), (ZERO, ONE, ONE), (ZERO, ONE, -ONE)]
    return tuple(Point(x, 0) for x in cells(lines) if max(abs(x[0]), abs(x[1])) > 1)


def stuck(surrogate: Surrogate) -> Callable[[Network, tuple[Point, ...]], str | None]:
    """What tells a W with zero coarse gradient and positive loss, point by point (no point pulls anything)."""

    def wrong(network: Network, data: tuple[Point, ...]) -> str | None:
        points = data or plane_points(network)
        losses = [network.loss(point) for point in points]
        if not any(losses) or any(any(network.pulls(point, surrogate)) for point in points):
            return None
        return f"no coarse gradient, largest loss {max(losses)}"

    return wrong


def mirrored(surrogate: Surrogate) -> Callable[[Network, tuple[Point, ...]], str | None]:
    """The coarse gradient cancels for every symmetric density: x and −x pull alike in every cell, where ReLU's would
    not be zero."""

    def wrong(network: Network, data: tuple[Point, ...]) -> str | None:
        points = plane_points(network)
        images = [Point(tuple(-x for x in point.x), point.y) for point in points]
        if any(network.pulls(x, surrogate) != network.pulls(y, surrogate) for x, y in zip(points, images, strict=True)):
            return None
        losses = [network.loss(point) for point in points]
        if not any(losses) or stuck(relu())(network, points) is not None:
            return None
        return f"x and −x cancel, largest loss {max(losses)}; ReLU's coarse gradient is not 0"

    return wrong


def in_sum(surrogate: Surrogate) -> Callable[[Network, tuple[Point, ...]], str | None]:
    """The coarse gradient over finitely many points is 0, the loss is not, and ReLU would move the class 1 part."""

    def wrong(network: Network, data: tuple[Point, ...]) -> str | None:
        if any(any(row) for row in network.step(data, surrogate)) or not network.mean_loss(data):
            return None
        of_class = tuple(point for point in data if point.y == 0)
        if not any(any(row) for row in network.step(of_class, relu())):
            return None
        return f"the coarse gradient is 0, largest loss {max(network.loss(point) for point in data)}"

    return wrong


def two_classes(own: int, rivals: int, v: Fraction, u: Fraction) -> tuple[Vector, ...]:
    """V of two classes: ``own`` neurons with v for class 1, ``rivals`` with u for class 2.

    Where u < 0, class 2 has one more neuron with ½, so that it has some v_ij > 0.
    """
    more = (HALF,) if u < 0 else ()
    return ((v,) * own + (ZERO,) * (rivals + len(more)), (ZERO,) * own + (u,) * rivals + more)


def planes(
    own: int,
    rivals: int,
    v: Fraction,
    u: Fraction,
    *,
    largest: int,
    same: bool = False,
    silent: bool = False,
    bits: int = 2,
) -> Iterator[tuple[Network, tuple[Point, ...]]]:
    """Networks seen from the plane of class 1: own rows, rivals' rows; the first row points along an axis.

    ``same``: all own rows are equal; ``silent``: the rivals' rows are 0.
    """
    for bound in range(1, largest + 1):
        rows = vectors(2, bound)
        for first in ((a, 0) for a in range(1, bound + 1)):
            own_rows = [(first,) * own] if same else [(first, *rest) for rest in product(rows, repeat=own - 1)]
            rival_rows = [((0, 0),) * rivals] if silent else list(product(rows, repeat=rivals))
            for mine, theirs in product(own_rows, rival_rows):
                chosen = (*mine, *theirs)
                if max(max(map(abs, row)) for row in chosen) == bound:
                    silent_row = ((0, 0),) if u < 0 else ()
                    yield Network(_exact((*chosen, *silent_row)), two_classes(own, rivals, v, u), bits), ()


def line(
    own: int, v: Fraction, *, largest: int, bits: int = 2, symmetric: bool = True
) -> Iterator[tuple[Network, tuple[Point, ...]]]:
    """One dimension per class: own rows in integers, a silent rival; data at ±1, ±2 of class 1."""
    data = tuple(Point((Fraction(x),), 0) for x in (1, -1, 2, -2))
    for bound in range(1, largest + 1):
        for rows in product(vectors(1, bound), repeat=own):
            if max(abs(row[0]) for row in rows) == bound and rows[0][0] > 0:
                yield Network((*_exact(rows), (ZERO,)), two_classes(own, 1, v, HALF), bits), data
