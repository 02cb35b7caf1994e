"""Panels on which 24 nodes resolve a formula, found once per surrogate.

On a panel the coefficients of a half piece h = Σ c_j P_j are, with the nodes x_i and weights w_i of the rule,

    c_j = ((2j + 1)/2) Σ_i w_i h(x_i) P_j(x_i)

and the panel is *resolved* if its tail c₂₀, …, c₂₃ is at most 4e-15 of the largest |h| on it. Half octaves are bisected
until they are, and then joined as long as the joined panel is resolved and its coefficients give h at all nodes of its
parts. The rule integrates such an h times a weight that is a polynomial to degree 28, as those of ``panels`` are.

Two tails end the search earlier: one below 1e-24 of the largest |h| so far, and rounding errors of the formula itself,
as those of 1 − tanh(x)² are for large x, which bisection does not make smaller. A tail ε on [a, b] adds up to
ε(b² − a²)/2 to ∫x|h|dx, to which E|a||μ′(ρa)| is proportional while [a, b] is in sight; it must be small against the
part to the left of b, so that a tall and narrow peak at 0 does not hide what follows.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.theory.double_double import Array
from ste_theory.theory.once import once
from ste_theory.theory.pieces import HalfPiece
from ste_theory.theory.quadrature import LAST, NODES, rule

RESOLVED, JOINED, TAIL = 4e-15, 1e-13, 4
# What counts beside the largest |h|; up to where a tail may be rounding: it falls by less than 16 then, not by 2²⁰.
FLOOR, NOISE, STAYS = 1e-24, 1e-14, 16.0
# What either may add to ∫x|h|dx.
FLOOR_SHARE, NOISE_SHARE = 1e-15, 1e-13
# Half octaves from 2⁻⁴⁰, where features of formulas are looked for, to 2²⁰: scales from 3e-9 to 27,000.
START, STOP = -40, 20
LEAST = 2.0 ** (START + 12)
MOST, DEEPEST = 64, 20
# The Gaussian falls by e⁻⁹⁵ over the panels of a window; a formula that grows more than this is integrated adaptively.
GROWTH = 1e18


@dataclass(frozen=True, eq=False)
class Mesh:
    """``cuts`` (q,), increasing, from the piece's lower end; the formula is resolved up to ``end``, ∞ if everywhere.

    ``left_out`` bounds what is not resolved because it is less than 1e-24 of the largest |h| to the left; mostly 0.
    """

    cuts: Array
    end: float
    left_out: float

    def holds(self, scales: Array) -> bool:
        """Whether panels of the mesh serve integrals against a Gaussian at these scales."""
        if not scales.size:
            return True
        return bool(LAST * np.max(scales) <= self.end and (np.min(scales) >= LEAST or self.cuts[0] > LEAST))


@dataclass(frozen=True, eq=False)
class _Panel:
    """h at the nodes of a panel, and its coefficients; ``noise`` is the tail that is taken for rounding."""

    lower: float
    upper: float
    nodes: Array
    values: Array
    coefficients: Array
    peak: float
    tail: float
    noise: float = 0.0

    @staticmethod
    def of(piece: HalfPiece, lower: float, upper: float, noise: float = 0.0) -> "_Panel":
        nodes = lower + (upper - lower) / 2 * (1 + rule(NODES)[0])
        values = piece(nodes)
        coefficients = _transform() @ values
        peak, tail = np.max(np.abs(values)), np.max(np.abs(coefficients[-TAIL:]))
        return _Panel(lower, upper, nodes, values, coefficients, float(peak), float(tail), noise)

    @property
    def square(self) -> float:
        """(b² − a²)/2 = ∫ x dx."""
        return (self.upper - self.lower) * (self.upper + self.lower) / 2

    @property
    def mass(self) -> float:
        """∫ x|h| dx."""
        return float((self.upper - self.lower) / 2 * (rule(NODES)[1] @ (self.nodes * np.abs(self.values))))

    def is_resolved(self, floor: float) -> bool:
        """By itself, or because its tail is below the floor."""
        return self.tail <= max(RESOLVED * self.peak, floor, 2 * self.noise)

    def gives(self, parts: Sequence["_Panel"], floor: float) -> bool:
        """Whether the coefficients give h at the nodes of panels inside this one."""
        nodes, values = (np.concatenate([getattr(part, name) for part in parts]) for name in ("nodes", "values"))
        at = 2 * (nodes - self.lower) / (self.upper - self.lower) - 1
        error = np.max(np.abs(np.polynomial.legendre.legval(at, self.coefficients) - values))
        return float(error) <= max(JOINED * self.peak, floor, 16 * self.noise)


@dataclass(frozen=True)
class _Left:
    """What lies to the left: the largest |h| and ∫x|h|dx."""

    largest: float = 0.0
    mass: float = 0.0

    def and_(self, panel: _Panel) -> "_Left":
        """With one more panel."""
        return _Left(max(self.largest, panel.peak), self.mass + panel.mass)

    def floor(self, panel: _Panel) -> float:
        """The tail that does not count on a panel."""
        return min(FLOOR * self.largest, FLOOR_SHARE * self.mass / panel.square)

    def may_be_noise(self, panel: _Panel) -> bool:
        """Whether the tail of a panel is small enough to be rounding."""
        whole = self.and_(panel)
        return panel.tail <= min(NOISE * whole.largest, NOISE_SHARE * whole.mass / panel.square)


@cache
def _transform() -> Array:
    """From values at the nodes to coefficients."""
    at, weights = rule(NODES)
    return np.asarray((np.arange(NODES)[:, None] + 0.5) * np.polynomial.legendre.legvander(at, NODES - 1).T * weights)


def _resolved(piece: HalfPiece, whole: _Panel, left: _Left, depth: int = 0) -> list[_Panel] | None:
    """Panels that make up ``whole``; ``None`` where 20 halvings do not resolve h."""
    # Where all nodes see 0, something may lie between them and 0 that no panel to the left has shown.
    if whole.is_resolved(left.floor(whole)) and (whole.peak > 0 or left.largest > 0):
        return [whole]
    middle = whole.lower + (whole.upper - whole.lower) / 2
    if depth == DEEPEST or not whole.lower < middle < whole.upper:
        return None
    halves = _Panel.of(piece, whole.lower, middle), _Panel.of(piece, middle, whole.upper)
    if left.may_be_noise(whole) and max(half.tail for half in halves) * STAYS > whole.tail > 0:
        return [_Panel.of(piece, whole.lower, whole.upper, whole.tail)]
    found = _resolved(piece, halves[0], left, depth + 1)
    if found is None:
        return None
    for panel in found:
        left = left.and_(panel)
    rest = _resolved(piece, halves[1], left, depth + 1)
    return None if rest is None else found + rest


@dataclass(frozen=True, eq=False)
class _Joined:
    """A panel, those it was joined from, and what lies to its left."""

    whole: _Panel
    parts: tuple[_Panel, ...]
    left: _Left

    def with_(self, piece: HalfPiece, panel: _Panel) -> "_Joined | None":
        """With one more panel, if one polynomial serves both."""
        noise = max(panel.noise, self.whole.noise)
        wider, parts = _Panel.of(piece, self.whole.lower, panel.upper, noise), (*self.parts, panel)
        floor = self.left.floor(wider)
        return _Joined(wider, parts, self.left) if wider.is_resolved(floor) and wider.gives(parts, floor) else None

    @property
    def left_out(self) -> float:
        """The floor where it was needed."""
        resolved = self.whole.is_resolved(0.0) and self.whole.gives(self.parts, 0.0)
        return 0.0 if resolved else self.left.floor(self.whole)


@once
def mesh(piece: HalfPiece) -> Mesh | None:
    """The panels of a half piece.

    ``None`` if it has none: singular or oscillating or 0 to rounding at its lower end, growing by more than 1e18, or
    beginning beyond 2²⁰.

    >>> from ste_theory.model.surrogates import parse
    >>> from ste_theory.theory.pieces import half_pieces
    >>> found = mesh(half_pieces(parse("exp(-x**2/2)"))[0])
    >>> found.cuts[:4].round(3).tolist(), found.end, found.left_out < 2e-24
    ([0.0, 2.0, 4.0, 5.657], 1048576.0, True)
    """
    try:
        return _mesh(piece)
    except InvalidInput:
        return None  # no finite value at a node: whoever needs a value there will say so


def _mesh(piece: HalfPiece) -> Mesh | None:
    top = min(piece.upper, 2.0**STOP)
    if piece.lower >= top:
        return None
    octaves = 2.0 ** np.arange(START, STOP, 0.5)
    bounds = [piece.lower, *octaves[(octaves > piece.lower) & (octaves < top)].tolist(), top]
    joined: list[_Joined] = []
    left, least = _Left(), math.inf
    for lower, upper in pairwise(bounds):
        found = _resolved(piece, _Panel.of(piece, lower, upper), left)
        if found is None or len(joined) + len(found) > MOST:
            break
        for panel in found:
            if panel.peak > GROWTH * least:
                return None
            wider = joined[-1].with_(piece, panel) if joined else None
            if wider is None:
                joined.append(_Joined(panel, (panel,), left))
            else:
                joined[-1] = wider
            left = left.and_(panel)
            least = min(least, float(np.mean(np.abs(joined[-1].whole.values))))
    if not joined:
        return None
    reached = joined[-1].whole.upper
    cuts = np.array([joined[0].whole.lower, *(each.whole.upper for each in joined)])
    cuts.setflags(write=False)
    left_out = max(each.left_out for each in joined)
    return Mesh(cuts, math.inf if reached == piece.upper else reached, left_out)
