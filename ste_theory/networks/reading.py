"""A surrogate read from running code: pieces, breakpoints, what it is called, and where it misbehaves."""

import builtins
import dataclasses
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput
from ste_theory.model.surrogates import Piece, Surrogate
from ste_theory.networks import backward, breakpoints, naming, pieces
from ste_theory.networks.breakpoints import Breakpoint
from ste_theory.networks.naming import Match

Array = npt.NDArray[np.float64]
RANGE = (-10.0, 10.0)
# Beyond the range, as multiples of it: an infinite piece is only worth its formula if it holds there too.
BEYOND = np.array([1.1, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0])
FLOAT32 = 2.0**-23


@dataclass(frozen=True)
class Reading:
    """What running the backward pass of ``name`` has shown.

    ``surrogate`` is exact: its formulas reproduce every value read to 1e-12 of its piece's largest; where no formula
    does, it is ``None`` and ``reason`` says why. ``matches`` are the known entries it is, best first; ``differences``
    says where the code differs from the first of them and what float32 does; ``non_finite`` are the places where it is
    no number.
    """

    name: str
    range: tuple[float, float]
    surrogate: Surrogate | None
    breakpoints: tuple[Breakpoint, ...]
    matches: tuple[Match, ...]
    differences: tuple[str, ...]
    non_finite: tuple[str, ...]
    reason: str = ""

    @property
    def entry(self) -> Match | None:
        """The entry that the code is, to rounding."""
        return self.matches[0] if self.matches and self.matches[0].exact else None

    def __str__(self) -> str:
        what = str(self.matches[0]) if self.matches else "no known entry"
        if self.matches and not self.matches[0].exact:
            what = f"nearly {what}, by {self.matches[0].error:.1e}"
        lines = [f"{self.name}: {what}"]
        lines += [f"  {point.kind} at {point.place}, value {point.value:.6g}" for point in self.breakpoints]
        lines += [f"  {text}" for text in (*self.differences, *self.non_finite)]
        if self.reason:
            lines.append(f"  {self.reason}")
        return "\n".join(lines)


def from_torch(code: Callable[..., Any], *, range: tuple[float, float] = RANGE, name: str | None = None) -> Surrogate:
    """The surrogate that the backward pass of a function, module or ``autograd.Function`` computes.

    Exact: its formulas reproduce every value read in ``range`` to 1e-12 of the piece's largest. ``read`` also says what
    it is called and where the code differs.
    Raises ``MissingExtra`` without PyTorch, and ``InvalidInput`` where no formula reproduces the code: the values are
    never interpolated.
    """
    reading = read(code, range=range, name=name)
    if reading.surrogate is None:
        raise InvalidInput(f"{reading.name}: {reading.reason}")
    return reading.surrogate


def read(code: Callable[..., Any], *, range: tuple[float, float] = RANGE, name: str | None = None) -> Reading:
    """Everything that running the backward pass shows; see ``Reading``.

    Breakpoints closer to each other than a few thousandths of ``range`` may be missed together.
    Raises ``InvalidInput`` where the code fails, is random, is not elementwise or is not finite inside ``range``.
    """
    low, high = float(range[0]), float(range[1])
    if not (np.isfinite([low, high]).all() and low < 0 < high):
        raise InvalidInput(f"range must be two finite numbers around 0, got {range!r}")
    function = backward.backward_of(code)
    title = name or backward.label(code)
    grid = np.linspace(low, high, 2001) + 0.00137 * (high - low) / 2001
    grid = grid[grid < high]
    backward.require_function(function, grid)
    found = breakpoints.breakpoints(function, low, high)
    surrogate, reason = _pieces(function, found, (low, high), title)
    single = backward.backward_of(code, "float32")
    non_finite = [*_non_finite(function, low, high, "float64"), *_non_finite(single, low, high, "float32")]
    apart = _apart(grid, found)
    source = backward.origin(code)
    known = naming.matches(function, found, apart, function(apart), origin=source)
    if surrogate is None and known and known[0].exact:
        surrogate, reason = _as_entry(known[0], found, title), ""
    differences: list[str] = []
    if known:
        best = known[0]
        differences += best.at_breakpoints
        if best.entry.note and naming.is_own(best, source):
            differences.append(best.entry.note)
        if not best.exact:
            differences.append(f"{best} up to {best.error:.1e} of the largest value: a constant of lower precision?")
    differences += _beyond(function, surrogate, low, high)
    differences += _float32(function, single, apart)
    return Reading(title, (low, high), surrogate, found, known, tuple(differences), tuple(non_finite), reason)


def _pieces(
    function: backward.Backward, found: tuple[Breakpoint, ...], window: tuple[float, float], name: str
) -> tuple[Surrogate | None, str]:
    """The surrogate of the fitted pieces, and why there is none."""
    ends = (None, *(point.place for point in found), None)
    result = []
    for lower, upper in itertools.pairwise(ends):
        fitted = pieces.fit(function, lower, upper, window)
        if fitted is None:
            where = f"({'−∞' if lower is None else lower}, {'∞' if upper is None else upper})"
            return None, f"no known formula reproduces the code on {where} to 1e-12; nothing is interpolated"
        result.append(Piece(lower, upper, fitted.formula))
    values = tuple(naming.rational(point.value) for point in found)
    return Surrogate(name, tuple(result), values), ""


def _as_entry(match: Match, found: tuple[Breakpoint, ...], name: str) -> Surrogate:
    """The entry's formulas, under the code's name and with the code's values at the breakpoints that were found."""
    surrogate = match.surrogate
    read_there = {point.place: naming.rational(point.value) for point in found}
    places = zip(surrogate.breakpoints, surrogate.at_breakpoints, strict=True)
    values = tuple(read_there.get(place, value) for place, value in places)
    return dataclasses.replace(surrogate, name=name, at_breakpoints=values)


def _apart(grid: Array, found: tuple[Breakpoint, ...]) -> Array:
    """The points of a grid that are not at a breakpoint, with some close to 0."""
    points = np.concatenate([grid, np.geomspace(1e-6, 1, 50), -np.geomspace(1e-6, 1, 50)])
    points = points[(points > grid[0]) & (points < grid[-1])]
    for point in found:
        points = points[np.abs(points - float(point.place)) > 1e-9 * (grid[-1] - grid[0])]
    return np.unique(points)


def _non_finite(function: backward.Backward, low: float, high: float, dtype: str) -> list[str]:
    """The ends beyond which, or places where, the derivative is infinite or not a number, in words."""
    result = []
    for end in (low, high):
        x = end * np.concatenate([np.linspace(0, 1, 400)[1:], BEYOND])
        bad = ~np.isfinite(function(x))
        if not bad.any():
            continue
        first = int(np.flatnonzero(bad)[0])
        # Bisection between the last good point and the first bad one.
        good, wrong = (0.0 if first == 0 else float(x[first - 1])), float(x[first])
        for _ in builtins.range(60):
            middle = good + (wrong - good) / 2
            if np.isfinite(function(np.array([middle]))[0]):
                good = middle
            else:
                wrong = middle
        value = float(function(np.array([x[first]]))[0])
        side = "≤" if end < 0 else "≥"
        rest = "" if bad[first:].all() else " at some points"
        result.append(f"{dtype}: {'nan' if np.isnan(value) else value} for x {side} {wrong:.6g}{rest}")
    at_zero = float(function(np.zeros(1))[0])
    if not np.isfinite(at_zero):
        result.append(f"{dtype}: {at_zero} at x = 0")
    return result


def _beyond(function: backward.Backward, surrogate: Surrogate | None, low: float, high: float) -> list[str]:
    """Where the formulas of the unbounded pieces fail outside the range."""
    if surrogate is None:
        return []
    for end in (low, high):
        x = end * BEYOND
        code, formula = function(x), surrogate(x)
        finite = np.isfinite(code)
        scale = max(float(np.max(np.abs(formula))), float(np.max(np.abs(surrogate(np.linspace(low, high, 101))))))
        wrong = np.flatnonzero(finite & ~(np.abs(code - formula) <= 1e-9 * scale))
        if wrong.size:
            where = float(x[wrong[0]])
            return [f"outside the range the code is another function, at {where:.6g} already: read a larger range"]
    return []


def _float32(function: backward.Backward, single: backward.Backward, x: Array) -> list[str]:
    """What float32 changes beyond its rounding, relative to the largest value, at points that it represents."""
    points = x.astype(np.float32).astype(np.float64)
    double, rounded = function(points), single(points)
    both = np.isfinite(double) & np.isfinite(rounded)
    scale = float(np.max(np.abs(double[both]))) if both.any() else 0.0
    if scale == 0:
        return []
    off = np.where(both, np.abs(double - rounded), 0.0) / scale
    worst = int(np.argmax(off))
    if off[worst] <= 64 * FLOAT32:
        return []
    return [f"float32 differs from float64 by {off[worst]:.1e} of the largest value at x = {points[worst]:.6g}"]
