"""Two planes at an angle in balls: what leaks in, and what a few steps do to norms and coarse gradients."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
from flint import arb

from ste_theory.claims.trial import Balls
from ste_theory.classification.exact import Vector
from ste_theory.classification.plane import DEEPEST, Averages, Pair, averages
from ste_theory.derivations.long2021.cases import ANGLES
from ste_theory.derivations.long2021.integrals import INNER, OUTER, inner, length, size
from ste_theory.derivations.long2021.leak import (
    LEAK,
    LONGER,
    MARGIN,
    MEAN,
    SUM,
    after,
    along,
    bound,
    constant,
    cosine,
    drain,
    foreign,
    leak,
    norm,
    past,
    rest,
    start,
    steps,
    total,
)
from ste_theory.derivations.long2021.setting import eta, least, mass, most, outer, own, rate, share, slab, speed
from ste_theory.rigorous.balls import ball

# Masses and differences below this are not looked at: the balls have radii of some 10⁻⁵.
SEEN = Fraction(1, 1000)


@dataclass(frozen=True)
class Planes:
    """Two planes at an angle, V₁ = ⟨e₁, se₂ + ce₃⟩ and V₂ = ⟨e₃, e₄⟩, π_i = ½, uniform on annuli, two neurons each."""

    rows: tuple[Vector, ...]
    v: tuple[Fraction, ...]
    c: Fraction
    s: Fraction
    deepest: int = DEEPEST

    def seen(self, label: int) -> list[Pair]:
        """The components of the rows in a plane."""
        return [(w[0], self.s * w[1] + self.c * w[2]) if label == 0 else (w[2], w[3]) for w in self.rows]

    @cached_property
    def integrals(self) -> tuple[Averages, Averages]:
        """What each class contributes."""
        nothing = Fraction(0)
        second = ((self.v[0], self.v[1], nothing, nothing), (nothing, nothing, self.v[2], self.v[3]))
        one, two = (
            averages(self.seen(label), second, label, 2, inner=INNER, outer=OUTER, deepest=self.deepest)
            for label in range(2)
        )
        return one, two

    def step(self, j: int) -> tuple[arb, ...]:
        """−∇̃_j in the coordinates of the space."""
        (a, b), (x, y) = (part.signed[j] for part in self.integrals)
        half = ball(Fraction(1, 2))
        return half * a, half * ball(self.s) * b, half * (ball(self.c) * b + x), half * y


def drawn(rng: np.random.Generator, *, scales: tuple[Fraction, Fraction] = (Fraction(1), Fraction(1))) -> Planes:
    """Rows in quarters, those of each class by its scale."""
    c, s = ANGLES[1 + int(rng.integers(4))]
    rows = [[Fraction(int(x), 4) for x in rng.integers(-12, 13, 4)] for _ in range(4)]
    scaled = [
        tuple(scale * x for x in (row[0] or Fraction(1), row[1], row[2] or Fraction(1), row[3]))
        for row, scale in zip(rows, (scales[0], scales[0], scales[1], scales[1]), strict=True)
    ]
    return Planes(tuple(scaled), tuple(Fraction(int(x), 4) for x in rng.integers(1, 4, 4)), c, s)


def _slab_constant() -> arb:
    return 2 * ball(OUTER) / (arb.pi() * ball(OUTER**2 - INNER**2))


def enclosed(rng: np.random.Generator, *, planes: Planes | None = None) -> Sequence[tuple[str, Balls]]:
    """The neurons of class 1 for one step η = 1."""
    planes = planes or drawn(rng)
    one, two = planes.integrals
    c, v, seen = planes.c, planes.v, planes.seen(0)
    found: list[tuple[str, Balls]] = []
    for j in range(2):
        if not (two.active[j] > ball(SEEN) and one.active[j] > ball(SEEN)):
            continue
        r, half = length(seen[j]), ball(Fraction(1, 2))
        push = tuple(half * ball(v[j]) * x for x in one.push[j])
        whole = tuple(half * x for x in two.signed[j])
        entered = ball(c) * whole[0]  # along the second basis vector of V₁
        u = inner(seen[j], (push[0], push[1])) / r
        a = inner(seen[j], (push[0], push[1] + entered)) / r
        reached = size((ball(seen[j][0]) + push[0], ball(seen[j][1]) + push[1] + entered))
        felt = half * two.active[j]
        letters: Balls = {cosine: c, own: v[j], most: 1, outer: OUTER, foreign: felt, leak: abs(entered)}
        if abs(whole[1]) > ball(SEEN):  # else l = c f, as far as balls tell
            found.append((LEAK.name, {**letters, rest: size((whole[0], whole[1]))}))
        apart = a - (u - abs(entered))
        # Where the leak points against the row, balls do not tell the component from its bound. Half-way between them
        # both comparisons are strict.
        if apart > ball(SEEN) or apart < 0:
            middle = a - apart / 2
            letters_of_step: Balls = {norm: r, eta: 1, speed: u, leak: abs(entered), along: middle, after: reached}
            found.append((LONGER.name, letters_of_step))
        q = one.active[j]
        if q**2 / 2 > 2 * _slab_constant() * ball(c) * felt:
            margins: Balls = {least: 1, slab: _slab_constant(), share: Fraction(1, 2), mass: q, speed: u}
            found.append((MARGIN.name, {**letters, **margins}))
    return found


def with_margin(rng: np.random.Generator) -> Sequence[tuple[str, Balls]]:
    """One step where class 2 is classified well and class 1 is not, if there is a margin."""
    found = enclosed(rng, planes=drawn(rng, scales=(Fraction(1, 8), Fraction(8))))
    return [(name, letters) for name, letters in found if name == MARGIN.name]


STEPS, RATE, GRID, COARSE = 2, Fraction(1, 2), 2**24, 14


def several_steps(rng: np.random.Generator) -> Sequence[tuple[str, Balls]]:
    """The sum and the mean over two steps of all rows. Each row is rounded to a grid after a step; R is raised by
    what that can add to its norm."""
    planes = start_at = replace(drawn(rng), deepest=COARSE)
    squares, felt, lost = [arb(0)] * 2, [arb(0)] * 2, [arb(0)] * 2
    longest = [length(row) for row in planes.seen(0)[:2]]
    for _ in range(STEPS):
        one, two = planes.integrals
        rows = []
        for j, row in enumerate(planes.rows):
            exact = tuple(ball(x) + ball(RATE) * y for x, y in zip(row, planes.step(j), strict=True))
            rows.append(tuple(Fraction(round(float(x) * GRID), GRID) for x in exact))
            if j < 2:
                push = tuple(ball(planes.v[j]) * x / 2 for x in one.push[j])
                squares[j] += size((push[0], push[1])) ** 2
                felt[j] += two.active[j] / 2
                lost[j] += sum((abs(x - ball(y)).upper() for x, y in zip(exact, rows[j], strict=True)), arb(0)).upper()
        planes = replace(planes, rows=tuple(rows))
        longest = [old.max(length(row)) for old, row in zip(longest, planes.seen(0), strict=False)]
    found: list[tuple[str, Balls]] = []
    for j in range(2):
        v, r_0 = planes.v[j], length(start_at.seen(0)[j])
        letters: Balls = {
            start: r_0,
            rate: RATE,
            constant: 1 / (_slab_constant() * ball(v) * ball(OUTER**2)),
            drain: planes.c * v * OUTER,
            past: felt[j],
            total: squares[j],
            bound: longest[j] + lost[j] + ball(SEEN),
        }
        found.append((SUM.name, {**letters, norm: length(planes.seen(0)[j]) + lost[j]}))
        found.append((MEAN.name, {**letters, share: Fraction(1, 2), steps: STEPS}))
    return found
