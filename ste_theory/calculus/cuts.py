"""Where an integrand jumps or changes quickly, so that quadrature is cut there: no node sees what lies between two.

Indicators jump where their argument is 0. An erf is settled beyond ±6, a Gaussian bump beyond six of its widths.
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


@dataclass(frozen=True)
class Cuts:
    """Where an integrand jumps, and where it changes quickly without a jump, as functions of the parameters.

    A jump adds to an integral what its place is off by, times its height; the place of another cut does not matter.
    """

    jumps: tuple[Place, ...]
    turns: tuple[Place, ...]

    def at(self, parameters: Sequence[float]) -> tuple[list[float], list[float]]:
        """The jumps and the other cuts at a point."""
        jumps, turns = ([float(place(*parameters)) for place in places] for places in (self.jumps, self.turns))
        return jumps, [0.0, *turns]


def cuts(expression: sp.Expr, variable: sp.Expr, parameters: Sequence[sp.Expr]) -> Cuts:
    """The cuts along the variable, without those of ``bent`` indicators.

    Where an indicator of the inner variable b switches at b = 0 and ±REACH, the inner integral bends: no jump.
    """
    jumps, turns = list[Place](), list[Place]()
    for place in sorted(expression.atoms(indicator, sp.erf), key=sp.default_sort_key):
        argument, slope = place.args[0], sp.diff(place.args[0], variable)
        if slope == 0 or slope.has(variable):
            continue
        inner = (-REACH, 0, REACH) if variable == a and argument.has(b) else (0,)
        levels = (-_SETTLED, 0, _SETTLED) if isinstance(place, sp.erf) else (0,)
        found = jumps if levels == inner == (0,) else turns
        for level, place_of_b in itertools.product(levels, inner):
            offset = argument.xreplace({variable: sp.S.Zero, b: sp.Float(place_of_b)})
            found.append(arrays((level - offset) / slope, (), parameters))
    for bump in sorted(expression.atoms(sp.exp), key=sp.default_sort_key):
        turns += _bump(bump.args[0], variable, parameters)
    return Cuts(tuple(jumps), tuple(turns))


def _bump(exponent: sp.Expr, variable: sp.Expr, parameters: Sequence[sp.Expr]) -> list[Place]:
    """The top and both feet of exp(−(x − c)²/s²), of every width; none for other exponents, nor along the inner b."""
    slope = sp.diff(exponent, variable)
    bend = sp.diff(slope, variable)
    if bend == 0 or bend.has(variable) or exponent.has(b):
        return []
    curved, straight = arrays(bend, (), parameters), arrays(slope.xreplace({variable: sp.S.Zero}), (), parameters)

    def foot(level: float) -> Place:
        def place(*values: float) -> Array:
            curvature = float(curved(*values))
            if curvature == 0:  # at this point the exponent is a line
                return np.asarray(np.inf)
            return np.asarray(-straight(*values) / curvature + level * np.sqrt(2 / abs(curvature)))

        return place

    return [foot(level) for level in (-_SETTLED, 0, _SETTLED)]


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
        places ever closer to both ends. So two changes between the same nodes are found, unless the argument turns
        twice between them."""
        ends = np.concatenate([start + (stop - start) * _TOWARDS_ENDS, stop - (stop - start) * _TOWARDS_ENDS])
        points = np.unique(np.concatenate([[start, stop], nodes, ends]))
        with np.errstate(all="ignore"):  # the slope of a root at 0
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
