"""Where a function of one variable jumps or has a kink, by halving intervals that no polynomial fits.

On an interval where the function is smooth, interpolation at Chebyshev nodes predicts it elsewhere to rounding
accuracy. Intervals where it does not are halved. A smooth feature is resolved sooner or later; a jump is followed to
two neighbouring floats, a kink until its change of slope is below the function's rounding.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput
from ste_theory.networks.rationals import SMALL, small_rational

Array = npt.NDArray[np.float64]
Function = Callable[[Array], Array]

NODES, PANELS, MAX_OPEN = 21, 64, 4096
# Failing at this part of the range is a breakpoint, not a narrow smooth feature: a kink in the second derivative still
# shows there, and a smooth step has to be steeper than about 3000/(range/20) to be taken for one.
NARROW = 2.0**-17
TOLERANCE = 1e-12
# Two values that differ by more than this part of the largest are a jump.
JUMP = 1e-6
ULP = 2.0**-52


@dataclass(frozen=True)
class Breakpoint:
    """A place where μ′ jumps or has a kink.

    ``lower`` and ``upper`` enclose it; they are neighbouring floats for a jump. ``place`` is the rational taken for it,
    ``identified`` whether that is one of small denominator (else it is the float ``upper``). ``value`` is what the code
    gives at the float nearest to ``place``; ``left`` and ``right`` are the values just beside it, and ``scale`` is the
    largest value read anywhere.
    """

    place: Fraction
    lower: float
    upper: float
    left: float
    value: float
    right: float
    identified: bool
    scale: float

    @property
    def kind(self) -> str:
        """Jump or kink."""
        return "jump" if abs(self.left - self.right) > JUMP * self.scale else "kink"

    @property
    def convention(self) -> str:
        """Which side the value at the breakpoint belongs to: "left", "right", "both" or "neither"."""
        limits = (("left", self.left), ("right", self.right))
        sides = [name for name, limit in limits if abs(limit - self.value) <= JUMP * self.scale]
        return "both" if len(sides) == 2 else sides[0] if sides else "neither"


def _nodes() -> tuple[Array, Array, Array]:
    """Chebyshev nodes on (−1, 1), points to test at, and the matrix that interpolates from the first to the second."""
    k = np.arange(NODES)
    nodes = np.cos(np.pi * (k + 0.5) / NODES)
    weights = (-1.0) ** k * np.sin(np.pi * (k + 0.5) / NODES)
    tests = np.concatenate([[-1.0, 1.0, 0.0172, -0.0531], np.linspace(-0.971, 0.983, 17)])
    terms = weights / (tests[:, None] - nodes)
    return nodes, tests, terms / terms.sum(axis=1, keepdims=True)


def breakpoints(function: Function, lower: float, upper: float) -> tuple[Breakpoint, ...]:
    """The jumps and kinks of ``function`` in (lower, upper), increasing.

    A window narrower than a few thousandths of the range can pass between the points that are looked at.
    Raises ``InvalidInput`` where the function is not finite or has thousands of breakpoints.
    """
    nodes, tests, interpolate = _nodes()
    edges = np.linspace(lower, upper, PANELS + 1)
    # Shifted, so that breakpoints at round numbers lie inside panels and not on their common ends.
    edges[1:-1] += 0.2371 * (upper - lower) / PANELS
    open_ = np.stack([edges[:-1], edges[1:]], axis=1)
    found: list[tuple[float, float]] = []
    scale = float(np.max(np.abs(_finite(function, np.linspace(lower, upper, 4001)))))
    while len(open_):
        if len(open_) > MAX_OPEN:
            raise InvalidInput("the derivative is rough everywhere: no pieces can be told apart")
        middle, half = open_.mean(axis=1)[:, None], (open_[:, 1:] - open_[:, :1]) / 2
        at_nodes = _finite(function, middle + half * nodes)
        at_tests = _finite(function, np.clip(middle + half * tests, open_[:, :1], open_[:, 1:]))
        misses = np.max(np.abs(at_nodes @ interpolate.T - at_tests), axis=1)
        rough = misses > TOLERANCE * scale
        narrow = (open_[:, 1] - open_[:, 0]) <= NARROW * (upper - lower)
        # At 64 neighbouring floats nothing can be interpolated any more: jumps are then found by bisection.
        last = open_[:, 1] - open_[:, 0] <= 64 * ULP * np.maximum(np.abs(open_).max(axis=1), NARROW)
        found = [span for span in found if not _covered(span, open_[rough & narrow])]
        found += [(float(a), float(b)) for a, b in open_[rough & narrow]]
        going = open_[rough & ~last]
        centre = going.mean(axis=1)
        open_ = np.concatenate(
            [np.stack([going[:, 0], centre], axis=1), np.stack([centre, going[:, 1]], axis=1)], axis=0
        )
    return tuple(_located(function, low, high, scale) for low, high in _merged(found))


def _finite(function: Function, x: Array) -> Array:
    values = function(x)
    bad = ~np.isfinite(values)
    if bad.any():
        raise InvalidInput(f"dy/dx is not finite at x = {float(x[bad][0]):.6g}; give a range without such points")
    return values


def _covered(span: tuple[float, float], smaller: Array) -> bool:
    """Whether a span is replaced by a smaller one inside it."""
    return bool(np.any((smaller[:, 0] >= span[0]) & (smaller[:, 1] <= span[1])))


def _merged(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans that touch, as one: a breakpoint on a common end shows on both sides."""
    result: list[tuple[float, float]] = []
    for low, high in sorted(spans):
        if result and low <= result[-1][1] + 4 * (high - low):
            result[-1] = (result[-1][0], max(high, result[-1][1]))
        else:
            result.append((low, high))
    return result


def _located(function: Function, low: float, high: float, scale: float) -> Breakpoint:
    """The breakpoint in [low, high]: a jump is bisected to neighbouring floats."""
    left, right = (float(v) for v in _finite(function, np.array([low, high])))
    if abs(left - right) > JUMP * scale:
        while True:
            middle = low + (high - low) / 2
            if not low < middle < high:
                break
            value = float(_finite(function, np.array([middle]))[0])
            if abs(value - left) <= abs(value - right):
                low = middle
            else:
                high = middle
    slack = 2 * ULP * max(abs(low), abs(high))
    # A jump is known to the float; a threshold that the code rounded may lie an ulp beside its rational. The less is
    # known, the simpler a rational has to be: about one interval in a hundred holds one by chance.
    largest = min(SMALL, max(1, int(math.sqrt(0.01 / max(high - low, slack, 1e-300)))))
    place = small_rational(low - slack, high + slack, largest)
    where = float(place) if place is not None else high
    step = max(high - low, slack, 1e-300)
    beside = np.array([min(low, where - step), where, max(high, where + step)])
    left, value, right = (float(v) for v in _finite(function, beside))
    exact = place if place is not None else Fraction(where)
    return Breakpoint(exact, low, high, left, value, right, place is not None, scale)
