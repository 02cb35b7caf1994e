"""Population integrals over one class whose subspace is a plane, in balls: E over the uniform density on an annulus.

Along a ray of angle ω every pre-activation is r⟨u_k, e(ω)⟩, so that σ jumps at r = n/⟨u_k, e(ω)⟩: between two jumps
everything is constant in r. Where the order of the jumps is certain on an interval of angles, the integrals over r and
ω are elementary; the intervals around the finitely many angles where it changes are halved until they are negligible.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key

from flint import arb, fmpq

from ste_theory.model.errors import InvalidInput
from ste_theory.rigorous.balls import ball, precision

BITS, FIRST, DEEPEST = 64, 4, 24
Pair = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Averages:
    """What the data of one class contribute, per point of the class, for the ReLU surrogate.

    ``loss`` = E ℓ; ``active[j]`` = P(ℓ > 0, h_j > 0); ``push[j]`` = E[1{ℓ > 0} 1{h_j > 0} x], in coordinates of the
    plane; ``signed[j]`` = E[(v_yj − v_ξj) 1{ℓ > 0} 1{h_j > 0} x].
    """

    loss: arb
    active: tuple[arb, ...]
    push: tuple[tuple[arb, arb], ...]
    signed: tuple[tuple[arb, arb], ...]


class _Undecided(Exception):
    """The order of the jumps is not certain on an interval of angles."""


def averages(
    rows: Sequence[Pair],
    second: Sequence[Sequence[Fraction]],
    label: int,
    bits: int,
    *,
    inner: Fraction,
    outer: Fraction,
    deepest: int = DEEPEST,
) -> Averages:
    """E over x uniform on {inner < |x| < outer} of a plane, u_k = ``rows[k]`` the projections of the w_k to it.

    Guarantee: each ball contains the integral. The radius is of order 2^−deepest times the number of changes of order.
    """
    if not 0 < inner < outer:
        raise InvalidInput(f"0 < inner < outer is needed, got {inner} and {outer}")
    with precision(BITS):
        sums = _Sums(rows, second, label, bits, inner, outer)
        stack = [(k, FIRST) for k in range(2**FIRST)]
        while stack:
            k, depth = stack.pop()
            try:
                sums.add(k, depth)
            except _Undecided:
                if depth < deepest:
                    stack += [(2 * k, depth + 1), (2 * k + 1, depth + 1)]
                else:
                    sums.add_unknown(depth)
        return sums.result()


class _Sums:
    def __init__(
        self,
        rows: Sequence[Pair],
        second: Sequence[Sequence[Fraction]],
        label: int,
        bits: int,
        inner: Fraction,
        outer: Fraction,
    ) -> None:
        self.rows, self.second, self.label = [(ball(x), ball(y)) for x, y in rows], second, label
        self.top, self.inner, self.outer = 2**bits - 1, ball(inner), ball(outer)
        self.zero = [x == 0 and y == 0 for x, y in rows]
        # Jumps by their vectors u/n, each with the neurons that jump there: equal vectors jump together everywhere.
        self.jumps: dict[Pair, list[int]] = {}
        for k, (x, y) in enumerate(rows):
            for n in range(1, self.top):
                if not self.zero[k]:
                    self.jumps.setdefault((x / n, y / n), []).append(k)
        count = len(rows)
        self.loss, self.active = arb(0), [arb(0)] * count
        self.push, self.signed = [(arb(0), arb(0))] * count, [(arb(0), arb(0))] * count
        self.density = 1 / (arb.pi() * (self.outer**2 - self.inner**2))

    def add(self, k: int, depth: int) -> None:
        """The interval number k of 2^depth; raises ``_Undecided``."""
        low, high = (2 * arb.pi() * arb(fmpq(end, 2**depth)) for end in (k, k + 1))
        box = low.union(high)
        e = box.cos(), box.sin()
        on = [not self.zero[j] and _positive(_dot(u, e)) for j, u in enumerate(self.rows)]
        ends = [(low.cos(), low.sin()), (high.cos(), high.sin())]
        pieces = list(self._pieces(e, on))
        for start, stop, levels in pieces:
            self._piece(start, stop, levels, on, ends, high - low)

    def _pieces(
        self, e: tuple[arb, arb], on: list[bool]
    ) -> Iterator[tuple[tuple[arb, arb] | arb, tuple[arb, arb] | arb, list[int]]]:
        """(start, stop, levels) along the ray: ends are radii or vectors u with r = 1/⟨u, e⟩."""
        found: list[tuple[arb, tuple[arb, arb], list[int]]] = []
        levels = [int(active) for active in on]
        for (x, y), neurons in self.jumps.items():
            if not on[neurons[0]]:
                continue
            vector = ball(x), ball(y)
            height = _dot(vector, e)  # the jump is at r = 1/height
            if self.outer * height < 1:
                continue
            if self.inner * height > 1:
                for j in neurons:
                    levels[j] += 1
                continue
            if not (self.outer * height > 1 and self.inner * height < 1):
                raise _Undecided
            found.append((height, vector, neurons))

        def later(one: tuple[arb, object, object], two: tuple[arb, object, object]) -> int:
            if one[0] > two[0]:
                return -1
            if one[0] < two[0]:
                return 1
            raise _Undecided

        start: tuple[arb, arb] | arb = self.inner
        for _, vector, neurons in sorted(found, key=cmp_to_key(later)):
            yield start, vector, list(levels)
            for j in neurons:
                levels[j] += 1
            start = vector
        yield start, self.outer, list(levels)

    def _piece(
        self,
        start: tuple[arb, arb] | arb,
        stop: tuple[arb, arb] | arb,
        levels: list[int],
        on: list[bool],
        ends: list[tuple[arb, arb]],
        width: arb,
    ) -> None:
        outputs = [sum((v * s for v, s in zip(row, levels, strict=True)), Fraction(0)) for row in self.second]
        rival = max((r for r in range(len(outputs)) if r != self.label), key=lambda r: (outputs[r], -r))
        loss = max(Fraction(0), 1 - outputs[self.label] + outputs[rival])
        if not loss:
            return
        one, two = (_primitive(end, ends, width) for end in (start, stop))
        mass, x, y = (self.density * (b - a) for a, b in zip(one, two, strict=True))
        self.loss += ball(loss) * mass
        for j, active in enumerate(on):
            if active:
                weight = ball(self.second[self.label][j] - self.second[rival][j])
                self.active[j] += mass
                self.push[j] = self.push[j][0] + x, self.push[j][1] + y
                self.signed[j] = self.signed[j][0] + weight * x, self.signed[j][1] + weight * y

    def add_unknown(self, depth: int) -> None:
        """An interval about which nothing is known: mass between 0 and all, |x| ≤ outer, |v| and ℓ bounded."""
        width = 2 * arb.pi() * arb(fmpq(1, 2**depth))
        mass = width * (self.outer**2 - self.inner**2) / 2 * self.density
        some, either = arb(0).union(mass), (mass * self.outer) * arb(0, 1)
        largest = max((abs(v) for row in self.second for v in row), default=Fraction(0))
        most = 1 + 2 * self.top * max(sum((abs(v) for v in row), Fraction(0)) for row in self.second)
        self.loss += ball(most) * some
        for j in range(len(self.rows)):
            self.active[j] += some
            self.push[j] = self.push[j][0] + either, self.push[j][1] + either
            bounded = 2 * ball(largest) * either
            self.signed[j] = self.signed[j][0] + bounded, self.signed[j][1] + bounded

    def result(self) -> Averages:
        return Averages(self.loss, tuple(self.active), tuple(self.push), tuple(self.signed))


def _dot(u: tuple[arb, arb], e: tuple[arb, arb]) -> arb:
    return u[0] * e[0] + u[1] * e[1]


def _positive(x: arb) -> bool:
    if x > 0:
        return True
    if x < 0:
        return False
    raise _Undecided


def _primitive(end: tuple[arb, arb] | arb, ends: list[tuple[arb, arb]], width: arb) -> tuple[arb, arb, arb]:
    """∫ (r²/2, r³/3·cosω, r³/3·sinω) dω over the interval, r(ω) the radius ``end`` or 1/⟨u, e(ω)⟩."""
    (c0, s0), (c1, s1) = ends
    if isinstance(end, arb):
        return end**2 / 2 * width, end**3 / 3 * (s1 - s0), end**3 / 3 * (c0 - c1)
    ux, uy = end
    square = ux * ux + uy * uy
    values = []
    for c, s in ends:
        height, across = ux * c + uy * s, ux * s - uy * c
        values.append((across / height, square / (2 * height * height)))
    tangent, secant = values[1][0] - values[0][0], values[1][1] - values[0][1]
    scale = 3 * square * square
    return tangent / (2 * square), (ux * tangent - uy * secant) / scale, (uy * tangent + ux * secant) / scale
