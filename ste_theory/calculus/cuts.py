"""Where an integrand changes quickly, so that quadrature is cut there: no node sees what lies between two nodes.

Indicators switch where their argument is 0. An erf is settled beyond ±6, a Gaussian bump beyond six of its widths.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sympy as sp

from ste_theory.calculus.compiled import arrays
from ste_theory.calculus.expectation import indicator
from ste_theory.model.symbols import a, b

REACH = 9.0  # |x| beyond which the standard normal density is below 1e-18
_SETTLED = 6  # |x| beyond which an erf is ±1, and beyond which a bump exp(−x²) is 0, to rounding
_HALVINGS = 80  # of a range with a change of sign
# Shares of a range at which its ends are looked at: towards an end at which an argument is 0, every scale of numbers.
_TOWARDS_ENDS = 2.0 ** -np.arange(1.0, 54.0)
Array = npt.NDArray[np.float64]
Place = Callable[..., Array]


def cuts(expression: sp.Expr, variable: sp.Expr, parameters: Sequence[sp.Expr]) -> list[Place]:
    """Where something changes quickly along the variable, as functions of the parameters; a bent indicator (``bent``)
    is not among them.

    Indicators of b count too, for the inner integral over b, which is settled beyond |b| = REACH.
    """
    found = []
    for place in sorted(expression.atoms(indicator, sp.erf), key=sp.default_sort_key):
        argument, slope = place.args[0], sp.diff(place.args[0], variable)
        if slope == 0 or slope.has(variable):
            continue
        levels = (-_SETTLED, 0, _SETTLED) if isinstance(place, sp.erf) else (0,)
        inner = (-REACH, 0, REACH) if variable == a and argument.has(b) else (0,)
        for level, place_of_b in itertools.product(levels, inner):
            offset = argument.xreplace({variable: sp.S.Zero, b: sp.Float(place_of_b)})
            found.append(arrays((level - offset) / slope, (), parameters))
    for bump in sorted(expression.atoms(sp.exp), key=sp.default_sort_key):
        found += _bump(bump.args[0], variable, parameters)
    return found


def _bump(exponent: sp.Expr, variable: sp.Expr, parameters: Sequence[sp.Expr]) -> list[Place]:
    """The top and both feet of exp(−(x − c)²/s²), of every width; none for other exponents."""
    slope = sp.diff(exponent, variable)
    bend = sp.diff(slope, variable)
    if bend == 0 or bend.has(variable) or exponent.has(b):
        return []
    top, width = -slope.xreplace({variable: sp.S.Zero}) / bend, sp.sqrt(2 / sp.Abs(bend))
    return [arrays(top + level * width, (), parameters) for level in (-_SETTLED, 0, _SETTLED)]


def crossing(one: sp.Expr, other: sp.Expr, parameters: Sequence[sp.Expr]) -> Place:
    """The outer point at which two lines b = b(a) cross; no finite one where they are parallel."""
    difference = one - other
    slope = arrays(sp.diff(difference, a), (), parameters)
    offset = arrays(difference.xreplace({a: sp.S.Zero}), (), parameters)

    def place(*values: float) -> Array:
        rising = slope(*values)
        return np.asarray(-offset(*values) / rising if rising != 0 else np.inf, dtype=float)

    return place


@dataclass(frozen=True)
class Bend:
    """The argument of an indicator that is not linear in the variable, and its slope."""

    argument: Place
    slope: Place

    def switches(self, start: float, stop: float, nodes: Array, parameters: Sequence[float]) -> list[float]:
        """Where the argument changes its sign: between neighbours among the nodes, the places at which it turns and
        places ever closer to both ends. So two changes between the same nodes are found as well."""
        ends = np.concatenate([start + (stop - start) * _TOWARDS_ENDS, stop - (stop - start) * _TOWARDS_ENDS])
        points = np.unique(np.concatenate([[start, stop], nodes, ends]))
        turning = _changes(lambda x: self.slope(x, *parameters), points)
        return _changes(lambda x: self.argument(x, *parameters), np.unique(np.concatenate([points, turning])))


def bent(expression: sp.Expr, variable: sp.Expr, parameters: Sequence[sp.Expr]) -> list[Bend]:
    """The indicators of ``expression`` whose argument bends along the variable."""
    found = []
    for place in sorted(expression.atoms(indicator), key=sp.default_sort_key):
        slope = sp.diff(place.args[0], variable)
        if slope.has(variable):
            found.append(Bend(*(arrays(part, (variable,), parameters) for part in (place.args[0], slope))))
    return found


def _changes(function: Callable[[Array], Array], points: Array) -> list[float]:
    """The places between the points at which the sign changes. Points at which it is 0 or undefined say nothing."""
    signs = np.nan_to_num(np.sign(function(points)))
    known = np.flatnonzero(signs)
    return [_bisected(function, points[p], points[q]) for p, q in itertools.pairwise(known) if signs[p] != signs[q]]


def _bisected(function: Callable[[Array], Array], left: float, right: float) -> float:
    sign = float(function(np.asarray(left)))
    for _ in range(_HALVINGS):
        middle = (left + right) / 2
        if float(function(np.asarray(middle))) * sign > 0:
            left = middle
        else:
            right = middle
    return (left + right) / 2
