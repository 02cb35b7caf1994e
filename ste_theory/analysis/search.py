"""Scales at which M may be negative, found in floats and certified by balls."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ste_theory.analysis.even_part import Undecided
from ste_theory.analysis.mass import response_ball
from ste_theory.analysis.signs import Region
from ste_theory.model.expressions import ZERO
from ste_theory.model.surrogates import Piece, Surrogate

SMALLEST, LARGEST = 1e-4, 1e8
_POINTS = 600


def half_surrogate(found: Sequence[Region]) -> Surrogate:
    """The surrogate that is e(u) for u > 0 and 0 for u < 0: it has the same response."""
    pieces = [Piece(None, Fraction(0), ZERO)]
    for region in found:
        lower = pieces[-1].upper
        if len(pieces) > 1 and pieces[-1].formula == region.formula:
            pieces[-1] = Piece(pieces[-1].lower, region.upper, region.formula)
        else:
            pieces.append(Piece(lower, region.upper, region.formula))
    return Surrogate("even part", tuple(pieces), (Fraction(0),) * (len(pieces) - 1))


def _response(found: Sequence[Region], scales: np.ndarray) -> np.ndarray:
    from ste_theory.model.errors import InvalidInput
    from ste_theory.theory.response import response

    try:
        with np.errstate(all="ignore"):
            return np.asarray(response(half_surrogate(found), scales))
    except InvalidInput as error:
        raise Undecided(f"the response is not computed in floats: {error}") from error


def _grid(found: Sequence[Region], top: Fraction | None) -> np.ndarray:
    places = [float(r.upper) for r in found if r.upper is not None] or [1.0]
    smallest = min(SMALLEST, min(places) / 100)
    largest = min(float(top), 1e12) if top is not None else max(LARGEST, max(places) * 1000)
    return np.geomspace(min(smallest, largest / 10), largest, _POINTS)


def negative_scale(found: Sequence[Region], top: Fraction | None) -> Fraction | None:
    """A simple rational scale ≤ top at which balls prove M < 0; None if the search finds none."""
    grid = _grid(found, top)
    values = _response(found, grid)
    negative = np.flatnonzero(values < 0)
    if not negative.size:
        return None
    runs = np.split(negative, np.flatnonzero(np.diff(negative) > 1) + 1)
    for run in sorted(runs, key=lambda r: float(values[r].min())):
        lower = grid[max(run[0] - 1, 0)] if run.size == 1 else grid[run[0]]
        upper = grid[min(run[-1] + 1, grid.size - 1)]
        deepest = Fraction(float(grid[run[int(np.argmin(values[run]))]]))
        for scale in (simplest_between(Fraction(float(lower)), Fraction(float(upper))), deepest):
            if response_ball(found, scale) < 0 and (top is None or scale <= top):
                return scale
    return None


def first_root(found: Sequence[Region], top: Fraction | None) -> tuple[Fraction, Fraction] | None:
    """(a, b) with M(a) > 0 > M(b) proven and b/a − 1 about 1e-13, at the first sign change found; None if there is
    none."""
    from scipy.optimize import brentq

    grid = _grid(found, top)
    values = _response(found, grid)
    changed = np.flatnonzero((values[:-1] > 0) & (values[1:] < 0))
    if not changed.size:
        return None
    index = changed[0]
    root = brentq(
        lambda x: float(_response(found, np.array([x]))[0]), grid[index], grid[index + 1], xtol=1e-300, rtol=1e-15
    )
    for spread in (13, 12, 11, 9):
        share = Fraction(1, 10**spread)
        lower, upper = Fraction(root) * (1 - share), Fraction(root) * (1 + share)
        lower, upper = lower.limit_denominator(10**18), upper.limit_denominator(10**18)
        width = 1e-20
        if response_ball(found, lower, bits=96, width=width) > 0 > response_ball(found, upper, bits=96, width=width):
            return lower, upper
    return None


def simplest_between(lower: Fraction, upper: Fraction) -> Fraction:
    """The rational of least denominator in (lower, upper], and of least numerator among those."""
    whole = lower.numerator // lower.denominator
    if whole + 1 <= upper:
        return Fraction(whole + 1)
    # Both between two integers.
    for denominator in range(1, 10**4):
        numerator = lower * denominator // 1 + 1
        if Fraction(numerator, denominator) <= upper:
            return Fraction(numerator, denominator)
    return (lower + upper) / 2
