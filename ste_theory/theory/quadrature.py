"""Gauss–Legendre integration of many integrals at once: fixed for smooth integrands of known scale, else adaptive."""

from collections.abc import Callable
from decimal import Decimal, localcontext
from functools import cache

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput
from ste_theory.theory.double_double import Array

FIXED, PANEL, NODES = 32, 20, 24
# φ(39) underflows.
LAST = 39.0
MAX_PANELS, MAX_DEPTH = 1_000_000, 60
ACCEPT, RESOLUTION = 1e-13, 2.0**-49

Owners = npt.NDArray[np.intp]
# (nodes (p, q), owner of each row of nodes (p,)) -> values (p, q)
Integrand = Callable[[Array, Owners], Array]


@cache
def rule(count: int) -> tuple[Array, Array]:
    """Nodes and weights on (−1, 1), correctly rounded: x_k with P_n(x_k) = 0, 2/((1 − x_k²)P_n′(x_k)²).

    Newton's method at 50 digits from numpy's nodes. numpy's own weights near ±1, where integrands in a Gaussian tail
    have all their mass, are off by 2e-13 of themselves for 48 nodes.
    """
    with localcontext(prec=50):
        nodes, weights = [], []
        for start in np.polynomial.legendre.leggauss(count)[0]:
            x = Decimal(float(start))
            for _ in range(3):
                value, slope = _legendre(count, x)
                x -= value / slope
            _, slope = _legendre(count, x)
            nodes.append(float(x))
            weights.append(float(2 / ((1 - x * x) * slope * slope)))
    return np.array(nodes), np.array(weights)


def _legendre(count: int, x: Decimal) -> tuple[Decimal, Decimal]:
    """P_n(x) and P_n′(x) by the three-term recurrence."""
    before, value = Decimal(1), x
    for k in range(1, count):
        before, value = value, ((2 * k + 1) * x * value - k * before) / (k + 1)
    return value, count * (x * value - before) / (x * x - 1)


def _nodes(lower: Array, upper: Array, count: int) -> Array:
    half = (upper - lower) / 2
    return np.asarray(lower[:, None] + half[:, None] * (1 + rule(count)[0]))


# e^(−E): over the second panel a Gaussian loses all that a power t⁹ can add to it.
_EXPONENTS = np.array([21.0, 95.0])


def falls(start: Array) -> Array:
    """How far behind ``start`` ≥ 0, shape (..., 1), the density φ has fallen by e⁻²¹ and by e⁻⁹⁵: shape (..., 2).

    Each of the two panels holds an entire function, at ``start`` = 0 over 6.5 standard deviations, farther out a
    falling exponential. With r = 4 in the bound M r⁻⁴⁸ of Gauss–Legendre integration on Bernstein's ellipse, 24 nodes
    leave 1e-17 of a Gaussian and 1e-15 of one times a polynomial of degree 9.
    """
    return np.asarray(2 * _EXPONENTS / (start + np.sqrt(start * start + 2 * _EXPONENTS)))


def between(starts: Array, ends: Array) -> tuple[Array, Array]:
    """Nodes and weights of the rule of 24 nodes on panels [start, end], (..., p) each: shapes (..., 24p)."""
    at, weight = rule(NODES)
    half = ((ends - starts) / 2)[..., None]
    flat = (*starts.shape[:-1], starts.shape[-1] * NODES)
    return (starts[..., None] + half * (1 + at)).reshape(flat), (half * weight).reshape(flat)


def paneled(integrand: Integrand, bounds: Array) -> Array:
    """∫ over [bounds[i, 0], bounds[i, −1]], i = 0, …, k − 1, by the rule of 24 nodes on each panel between columns.

    Shapes: ``bounds`` (k, b), each row non-decreasing; result (k,). Panels without length cost nothing.
    """
    starts, ends = bounds[:, :-1], bounds[:, 1:]
    owner, column = np.nonzero(ends > starts)
    lower, half = starts[owner, column], (ends[owner, column] - starts[owner, column]) / 2
    at, weight = rule(NODES)
    values = integrand(lower[:, None] + half[:, None] * (1 + at), owner)
    return np.bincount(owner, half * (values @ weight), len(bounds)).astype(np.float64, copy=False)


def fixed(integrand: Integrand, lower: Array, upper: Array) -> Array:
    """∫ from ``lower`` to ``upper``, shapes (k,), by one rule of 32 nodes per integral: for integrands of one sign that
    are entire and fall by at most about e⁻⁴² over the range, to relative rounding accuracy.
    """
    values = integrand(_nodes(lower, upper, FIXED), np.arange(len(lower)))
    return np.asarray((upper - lower) / 2 * np.sum(values * rule(FIXED)[1], axis=-1))


def adaptive(integrand: Integrand, bounds: Array, floor: Array | None = None) -> Array:
    """∫ over [bounds[i, 0], bounds[i, −1]] for i = 0, …, k − 1, starting from the panels between the columns.

    Shapes: ``bounds`` (k, b), each row non-decreasing; result (k,). A panel is halved until its integral and that of
    its halves differ by at most 1e-13 of ∫|integrand|; the halves' sum, by orders more accurate, is the one that
    counts. ``floor``, shape (k,), replaces ∫|integrand| where it is larger: what the integrals are added to.

    Raises ``InvalidInput`` where the integrand is not finite, or needs more than a million panels or 60 halvings.
    """
    count = len(bounds)
    lower, upper = bounds[:, :-1].ravel(), bounds[:, 1:].ravel()
    owner = np.repeat(np.arange(count), bounds.shape[1] - 1)
    wide = upper > lower
    lower, upper, owner = lower[wide], upper[wide], owner[wide]
    weights = rule(PANEL)[1]

    def integrals(lower: Array, upper: Array, owner: Owners) -> tuple[Array, Array]:
        values = integrand(_nodes(lower, upper, PANEL), owner) * weights
        half = (upper - lower) / 2
        return half * np.sum(values, axis=-1), half * np.sum(np.abs(values), axis=-1)

    whole, magnitude = integrals(lower, upper, owner)
    least = np.zeros(count) if floor is None else floor
    scale = np.maximum(np.bincount(owner, magnitude, count), least)
    result = np.zeros(count)
    for _ in range(MAX_DEPTH):
        middle = lower + (upper - lower) / 2
        left, left_magnitude = integrals(lower, middle, owner)
        right, right_magnitude = integrals(middle, upper, owner)
        refined = left + right
        # A feature that the first rule missed enlarges the scale when it is found.
        scale = np.maximum(scale, np.bincount(owner, left_magnitude + right_magnitude, count))
        done = np.abs(refined - whole) <= ACCEPT * scale[owner]
        result += np.bincount(owner[done], refined[done], count)
        open_ = ~done
        if not open_.any():
            return result
        lower, upper = np.concatenate([lower[open_], middle[open_]]), np.concatenate([middle[open_], upper[open_]])
        whole = np.concatenate([left[open_], right[open_]])
        owner = np.concatenate([owner[open_], owner[open_]])
        # At the resolution of floats a panel says nothing any more: a pole between two of them would pass unseen.
        if len(owner) > MAX_PANELS or np.any(upper - lower <= RESOLUTION * np.abs(upper)):
            break
    raise InvalidInput("the surrogate oscillates too fast or is too singular to be integrated; name its breakpoints")
