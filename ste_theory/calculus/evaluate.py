"""The meaning of an expression in numbers: expectations and integrals by panel quadrature at a point, with an error estimate.

Used to look at a derivation step a second time, without its verifier: both sides are evaluated from the definition of E and ∫
alone. Not rigorous; the enclosures are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import sympy as sp

from ste_theory.calculus.expectation import Expectation, indicator, unfold
from ste_theory.model.symbols import StandardNormal, a, b

_REACH = 9.0  # |x| beyond which the standard normal density is below 1e-18
_PANELS = 18  # per piece of an inner integral: length at most 1
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Value:
    """A number and an estimate of its error."""

    number: float
    error: float

    def agrees(self, other: "Value") -> bool:
        """Whether the two numbers agree within ten times their estimated errors plus rounding."""
        return abs(self.number - other.number) <= 10 * (self.error + other.error)


def evaluate(expression: sp.Expr, values: Mapping[sp.Basic, float]) -> Value:
    """The number that ``expression`` denotes where its free symbols have the given ``values``.

    The error is the difference between two quadrature orders plus a rounding bound on the sum of absolute terms. Raises
    ``ValueError`` if something without a numerical meaning is left (an undefined function, a sum over m rows).
    """
    bound = unfold(expression).xreplace({symbol: sp.Float(value, 17) for symbol, value in values.items()})
    fine, size = _number(bound, 20)
    coarse, _ = _number(bound, 14)
    return Value(fine, abs(fine - coarse) + 1e-13 * size)


def _number(expression: sp.Expr, order: int) -> tuple[float, float]:
    """The value and the sum of absolute values of the terms."""
    nodes = sorted(expression.atoms(Expectation, sp.Integral), key=sp.default_sort_key)
    outer = [node for node in nodes if not any(node != other and other.has(node) for other in nodes)]
    numbers = {node: sp.Float(_mean(node, order) if isinstance(node, Expectation) else _integral(node, order)) for node in outer}
    terms = [sp.N(term, 17) for term in sp.Add.make_args(expression.xreplace(numbers))]
    if not all(term.is_Float or term.is_Rational for term in terms):
        raise ValueError(f"no numerical value: {expression}")
    return float(sum(terms)), float(sum(abs(term) for term in terms))


def _function(expression: sp.Expr, variables: tuple[sp.Symbol, ...]) -> Callable[..., Array]:
    modules = [{"indicator": lambda x: (np.asarray(x) > 0).astype(float)}, "scipy"]
    compiled = sp.lambdify(variables, expression, modules=modules)
    return lambda *points: np.broadcast_to(np.asarray(compiled(*points), dtype=float), np.broadcast_shapes(*(p.shape for p in points)))


@cache
def _legendre(order: int) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(order)
    return nodes, weights


def _panels(lower: float, upper: float, cuts: list[float], order: int) -> tuple[Array, Array]:
    """Gauss–Legendre nodes and weights on panels of length at most 1 between the cuts."""
    inner = [cut for cut in cuts if lower < cut < upper]
    ends = sorted({lower, upper, *inner})
    fine = [np.linspace(p, q, max(2, int(np.ceil(q - p)) + 1)) for p, q in zip(ends, ends[1:], strict=False)]
    edges = np.unique(np.concatenate(fine))
    nodes, weights = _legendre(order)
    middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
    return (middle[:, None] + half[:, None] * nodes).ravel(), (half[:, None] * weights).ravel()


def _cuts(expression: sp.Expr, variable: sp.Symbol) -> list[float]:
    """Where indicators of the variable alone switch, their arguments being linear in it."""
    found = []
    for place in expression.atoms(indicator):
        argument = place.args[0]
        if argument.free_symbols == {variable}:
            slope = sp.diff(argument, variable)
            if not slope.has(variable) and slope != 0:
                found.append(float(-argument.xreplace({variable: sp.S.Zero}) / slope))
    return found


def _density(points: Array) -> Array:
    return np.asarray(np.exp(-(points**2) / 2) / np.sqrt(2 * np.pi))


def _mean(node: Expectation, order: int) -> float:
    normals = node.normals
    if not all(isinstance(normal, StandardNormal) for normal in normals) or len(normals) > 2:
        raise ValueError(f"no numerical value: {node}")
    if len(normals) == 1:
        (normal,) = normals
        points, weights = _panels(-_REACH, _REACH, [0.0, *_cuts(node.integrand, normal)], order)
        return float(np.sum(weights * _density(points) * _function(node.integrand, (normal,))(points)))
    outer_points, outer_weights = _panels(-_REACH, _REACH, [0.0, *_cuts(node.integrand, a)], order)
    integrand = _function(node.integrand, (a, b))
    lines = [
        (_function(sp.diff(place.args[0], b), (a,)), _function(place.args[0].xreplace({b: sp.S.Zero}), (a,)))
        for place in node.integrand.atoms(indicator)
        if place.has(b)
    ]
    switches = [np.clip(-offset(outer_points) / slope(outer_points), -_REACH, _REACH) for slope, offset in lines]
    ends = np.sort(np.stack([np.full_like(outer_points, -_REACH), *switches, np.full_like(outer_points, _REACH)]), axis=0)
    nodes, weights = _legendre(order)
    # Between each two switches: panels of equal length, at most 1; the lengths differ from one outer point to the next.
    fractions = (np.arange(_PANELS)[:, None] + (nodes + 1) / 2).ravel() / _PANELS
    total = np.zeros_like(outer_points)
    for left, right in zip(ends, ends[1:], strict=False):
        inner = left[:, None] + (right - left)[:, None] * fractions
        values = integrand(np.broadcast_to(outer_points[:, None], inner.shape), inner)
        inner_weights = np.tile(weights / 2, _PANELS) / _PANELS
        total += (right - left) * ((_density(inner) * values) @ inner_weights)
    return float(np.sum(outer_weights * _density(outer_points) * total))


def _integral(node: sp.Integral, order: int) -> float:
    variable, lower, upper = node.limits[0]
    ends = [float(np.clip(float(end), -60.0, 60.0)) for end in (lower, upper)]
    cuts = [0.0, *_cuts(node.function, variable)]
    points, weights = _panels(ends[0], ends[1], cuts, order)
    # An indicator of a cosine switches inside panels: cut at its zeros too.
    for place in node.function.atoms(indicator):
        values = _function(place.args[0], (variable,))(points)
        crossings = np.flatnonzero(np.diff(np.sign(values)))
        cuts.extend(_bisect(_function(place.args[0], (variable,)), points[k], points[k + 1]) for k in crossings)
    points, weights = _panels(ends[0], ends[1], cuts, order)
    return float(np.sum(weights * _function(node.function, (variable,))(points)))


def _bisect(function: Callable[..., Array], left: float, right: float) -> float:
    sign = float(function(np.asarray(left)))
    for _ in range(80):
        middle = (left + right) / 2
        if float(function(np.asarray(middle))) * sign > 0:
            left = middle
        else:
            right = middle
    return (left + right) / 2
