"""The meaning of an expression in numbers: expectations and integrals by panel quadrature at a point, with an error
estimate.

Used to look at a derivation step a second time, without its verifier: both sides are evaluated from the definition of
E, ∫ and d/dt alone. Not rigorous; the enclosures are. An expression is compiled once and then evaluated at many
points.
"""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import mpmath as mp
import numpy as np
import numpy.typing as npt
import sympy as sp
from sympy.core.function import AppliedUndef

from ste_theory.calculus.clipped import ClippedIntegral
from ste_theory.calculus.compiled import arrays, compiled
from ste_theory.calculus.cuts import REACH, Bend, Cuts, bent, crossing, cuts
from ste_theory.calculus.definitions import INNER_PRODUCTS
from ste_theory.calculus.expectation import Expectation, indicator, unfold
from ste_theory.calculus.orthants import Orthant, OrthantSlope, digits
from ste_theory.calculus.rules.derivatives import DirectionalDerivative
from ste_theory.model.symbols import StandardNormal, a, b, rho, rho_star, theta, w_star_vector, w_vector

_PANELS = 6  # per piece of an inner integral: length at most 3
_ORDERS = (20, 14)
_HALVINGS, _MOST_PANELS = 60, 512  # of a panel; of all panels at once
_ROUNDED = 2.0**-51
Array = npt.NDArray[np.float64]
Numeric = Callable[[Sequence[float], int], float]  # (parameters, order) -> value


@dataclass(frozen=True)
class Value:
    """A number and an estimate of its error."""

    number: float
    error: float

    def agrees(self, other: "Value") -> bool:
        """Whether the two numbers agree within ten times their estimated errors."""
        return abs(self.number - other.number) <= 10 * (self.error + other.error)


def evaluate(expression: sp.Expr, values: Mapping[sp.Expr, float]) -> Value:
    """The number that ``expression`` denotes where its free symbols have the given ``values``.

    The error is the difference between two quadrature orders plus a rounding bound on the sum of absolute terms. Raises
    ``ValueError`` if something without a numerical meaning is left (an undefined function, a sum over m rows, a
    symbol).
    """
    plan = _plan(expression)
    missing = [symbol for symbol in plan.symbols if symbol not in values]
    if missing:
        raise ValueError(f"no value for {missing}")
    parameters = [float(values[symbol]) for symbol in plan.symbols]
    results = []
    for order in _ORDERS:
        numbers = [node(parameters, order) for node in plan.nodes]
        results.append([float(term) for term in plan.terms(*parameters, *numbers)])
    fine, coarse = (sum(terms) for terms in results)
    return Value(fine, abs(fine - coarse) + 1e-13 * (sum(abs(term) for term in results[0]) + 1e-300))


@dataclass(frozen=True)
class _Plan:
    """A compiled expression: its symbols, its integrals, and its terms in both."""

    symbols: tuple[sp.Expr, ...]
    nodes: tuple[Numeric, ...]
    terms: Callable[..., Sequence[float]]


@lru_cache(maxsize=2048)
def _plan(expression: sp.Expr) -> _Plan:
    meant = expression.replace(lambda node: isinstance(node, ClippedIntegral), lambda node: node.integral())
    meant = unfold(meant)
    kinds = (Expectation, sp.Integral, DirectionalDerivative, Orthant, OrthantSlope)
    found = sorted(meant.atoms(*kinds), key=sp.default_sort_key)
    outer = [node for node in found if not any(node != other and other.has(node) for other in found)]
    names = {node: sp.Dummy(f"node{index}") for index, node in enumerate(outer)}
    flat = meant.xreplace(names)
    bases = {index.base.label for index in flat.atoms(sp.Indexed)}
    indices = {place for index in flat.atoms(sp.Indexed) for place in index.indices}
    plain = {symbol for symbol in flat.free_symbols if symbol not in names.values() and isinstance(symbol, sp.Symbol)}
    inner = {symbol for node in outer for symbol in node.free_symbols if isinstance(symbol, sp.Symbol)}
    derivatives = [node for node in outer if isinstance(node, DirectionalDerivative)]
    if derivatives:  # its direction is a vector's name, not a number; where it is taken is given by ρ and θ
        inner = (inner - {node.direction for node in derivatives}) | {rho, theta}
    symbols = tuple(
        sorted((plain | inner | flat.atoms(sp.Indexed)) - bases - indices - {a, b}, key=sp.default_sort_key)
    )
    terms = compiled(sp.Tuple(*sp.Add.make_args(flat)), [*symbols, *names.values()], "floats")
    return _Plan(symbols, tuple(_numeric(node, symbols) for node in outer), terms)


@lru_cache(maxsize=4096)
def _numeric(node: sp.Expr, symbols: tuple[sp.Expr, ...]) -> Numeric:
    if isinstance(node, DirectionalDerivative):
        return lambda parameters, order: _slope(node, dict(zip(symbols, parameters, strict=True)))
    if isinstance(node, sp.Integral):
        return _integral(node, symbols)
    if isinstance(node, Orthant):
        place = compiled(sp.Tuple(*node.args), symbols, "floats")
        return lambda parameters, order: _quadrant(*map(float, place(*parameters)), order)
    if isinstance(node, OrthantSlope):
        return lambda parameters, order: _orthant_slope(node, dict(zip(symbols, parameters, strict=True)))
    normals = node.normals
    if not normals:  # E of a constant
        constant = arrays(node.integrand, (), symbols)
        return lambda parameters, order: float(constant(*parameters))
    known = all(isinstance(normal, StandardNormal) for normal in normals) and not node.atoms(AppliedUndef)
    if not known or len(normals) > 2:
        raise ValueError(f"no numerical value: {node}")
    return _line_mean(node, normals[0], symbols) if len(normals) == 1 else _plane_mean(node, symbols)


def _slope(node: DirectionalDerivative, values: Mapping[sp.Expr, float]) -> float:
    """d/dt f(‖w + te‖, angle(w + te, w*)) at t = 0 by a central difference in 40 digits; its error is of order
    1e-20."""
    step = sp.Float("1e-10", 40)
    on_w, on_w_star = (INNER_PRODUCTS[frozenset({node.direction, other})] for other in (w_vector, w_star_vector))

    def moved(t: sp.Float) -> sp.Expr:
        length = sp.sqrt(rho**2 + 2 * t * on_w + t**2)
        angle = sp.acos((rho * rho_star * sp.cos(theta) + t * on_w_star) / (length * rho_star))
        return unfold(node.function).subs({rho: length, theta: angle}, simultaneous=True)

    exact = {symbol: sp.Float(value, 40) for symbol, value in {rho_star: 1.0, **values}.items()}
    return float(sp.N(((moved(step) - moved(-step)) / (2 * step)).subs(exact), 40))


@lru_cache(maxsize=4096)
def _quadrant(h: float, k: float, angle: float, order: int) -> float:
    """L(h, k, θ) as its value at θ = π/2 and an integral over the angle."""

    def height(u: Array) -> Array:
        sine = np.sin(u)
        return np.asarray(np.exp(-(h * h - 2 * h * k * np.cos(u) + k * k) / (2 * sine * sine)) / (2 * np.pi))

    corner = math.erfc(h / math.sqrt(2)) * math.erfc(k / math.sqrt(2)) / 4
    lower, upper = sorted((angle, math.pi / 2))
    rest = _quadrature(height, lower, upper, [], order) if lower < upper else 0.0
    return corner + (rest if angle < math.pi / 2 else -rest)


def _orthant_slope(node: OrthantSlope, values: Mapping[sp.Expr, float]) -> float:
    """The derivative of L in one argument by a central difference in 40 digits; its error is of order 1e-20."""
    with mp.workdps(40):
        exact = {symbol: sp.Float(value, 40) for symbol, value in values.items()}
        place = [mp.mpf(sp.N(argument.subs(exact), 40)) for argument in node.args[1:]]
        step, moved = mp.mpf(10) ** -10, node.argument - 1
        sides = [digits(*(x + (number == moved) * h for number, x in enumerate(place))) for h in (step, -step)]
        return float((sides[0] - sides[1]) / (2 * step))


@cache
def _legendre(order: int) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(order)
    return nodes, weights


def _panels(lower: float, upper: float, cuts: Sequence[float], order: int) -> tuple[Array, Array]:
    """Gauss–Legendre nodes and weights on panels of length at most 2 between the cuts."""
    if lower == upper:
        return np.array([lower]), np.array([0.0])
    inner = [cut for cut in cuts if lower < cut < upper]
    ends = sorted({lower, upper, *inner})
    fine = [np.linspace(p, q, max(2, int(np.ceil((q - p) / 2)) + 1)) for p, q in pairwise(ends)]
    edges = np.unique(np.concatenate(fine))
    nodes, weights = _legendre(order)
    middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
    return (middle[:, None] + half[:, None] * nodes).ravel(), (half[:, None] * weights).ravel()


def _quadrature(
    function: Callable[[Array], Array], lower: float, upper: float, cuts: Sequence[float], order: int
) -> float:
    """∫ f between the cuts, on panels halved until this order and a lower one agree on each of them.

    So features of any width are resolved: 1/ρ wide at the ends of p and q. Where rounding noise keeps many panels from
    agreeing, they are taken as they are: the noise shows in the difference between the orders of ``evaluate``.
    """
    ends = sorted({lower, upper, *(cut for cut in cuts if lower < cut < upper)})
    edges = np.unique(np.concatenate([np.linspace(p, q, int(np.ceil((q - p) / 2)) + 1) for p, q in pairwise(ends)]))
    left, right, done, size = edges[:-1], edges[1:], 0.0, 0.0
    rules = _legendre(order), _legendre(order - 6)
    for halving in range(_HALVINGS):
        middle, half = (left + right) / 2, (right - left) / 2
        sums, check = (
            half * (function((middle[:, None] + half[:, None] * nodes).ravel()).reshape(len(middle), -1) @ weights)
            for nodes, weights in rules
        )
        settled = np.abs(sums - check) <= 1e-14 * (size + np.sum(np.abs(sums)))
        if halving == _HALVINGS - 1 or np.count_nonzero(~settled) > _MOST_PANELS:
            settled[:] = True
        done, size = done + float(np.sum(sums[settled])), size + float(np.sum(np.abs(sums[settled])))
        if settled.all():
            break
        left, middle, right = left[~settled], middle[~settled], right[~settled]
        left, right = np.concatenate([left, middle]), np.concatenate([middle, right])
    return done


def _places(
    found: Cuts, bends: Sequence[Bend], lower: float, upper: float, parameters: Sequence[float], order: int
) -> list[float]:
    """All cuts at a point, jumps as ``_rounded`` has them."""
    jumps, turns = found.at(parameters)
    if bends:
        nodes = _panels(lower, upper, [*jumps, *turns], order)[0]
        jumps = [*jumps, *(place for bend in bends for place in bend.switches(lower, upper, nodes, parameters))]
    return [*map(float, _rounded(np.asarray(jumps, dtype=float), order)), *turns]


def _rounded(jumps: Array, order: int) -> Array:
    """Places of jumps in a column; for all orders but the first neighbours are a few roundings closer together or
    farther apart, so that the difference of the orders shows what the rounding of their places costs."""
    if order == _ORDERS[0]:
        return jumps
    ordered = np.sort(jumps, axis=0)
    signs = np.resize([1.0, -1.0], len(ordered)).reshape(-1, *[1] * (ordered.ndim - 1))
    size = np.abs(np.where(np.isfinite(ordered), ordered, 0.0))
    return np.asarray(ordered + signs * _ROUNDED * size)


def _density(points: Array) -> Array:
    return np.asarray(np.exp(-(points**2) / 2) / np.sqrt(2 * np.pi))


def _line_mean(node: Expectation, normal: sp.Expr, symbols: tuple[sp.Expr, ...]) -> Numeric:
    integrand = arrays(node.integrand, (normal,), symbols)
    found, bends = cuts(node.integrand, normal, symbols), bent(node.integrand, normal, symbols)

    def value(parameters: Sequence[float], order: int) -> float:
        places = _places(found, bends, -REACH, REACH, parameters, order)
        return _quadrature(lambda x: _density(x) * integrand(x, *parameters), -REACH, REACH, places, order)

    return value


def _plane_mean(node: Expectation, symbols: tuple[sp.Expr, ...]) -> Numeric:
    """For every outer point a the inner integral over b is split where an indicator switches; all in one array."""
    integrand = arrays(node.integrand, (a, b), symbols)
    found = cuts(node.integrand, a, symbols)
    switching = [
        -place.args[0].xreplace({b: sp.S.Zero}) / sp.diff(place.args[0], b)
        for place in sorted(node.integrand.atoms(indicator), key=sp.default_sort_key)
        if place.has(b)
    ]
    lines = [arrays(line, (a,), symbols) for line in switching]
    # Where two of these lines cross, the inner integral has a kink.
    crossings = [crossing(one, other, symbols) for one, other in itertools.combinations(switching, 2)]

    def value(parameters: Sequence[float], order: int) -> float:
        places = _places(found, [], -REACH, REACH, parameters, order)
        places += [float(place(*parameters)) for place in crossings]
        outer, outer_weights = _panels(-REACH, REACH, places, order)
        edge = np.full_like(outer, REACH)
        switches = _rounded(np.stack([-edge, *(line(outer, *parameters) for line in lines), edge]), order)
        ends = np.sort(np.clip(switches, -REACH, REACH), axis=0)
        nodes, weights = _legendre(order)
        # Between each two switches: panels of equal length; the lengths differ from one outer point to the next.
        fractions = (np.arange(_PANELS)[:, None] + (nodes + 1) / 2).ravel() / _PANELS
        inner_weights = np.tile(weights / 2, _PANELS) / _PANELS
        total = np.zeros_like(outer)
        for left, right in pairwise(ends):
            inner = left[:, None] + (right - left)[:, None] * fractions
            values = integrand(np.broadcast_to(outer[:, None], inner.shape), inner, *parameters)
            total += (right - left) * ((_density(inner) * values) @ inner_weights)
        return float(np.sum(outer_weights * _density(outer) * total))

    return value


def _integral(node: sp.Integral, symbols: tuple[sp.Expr, ...]) -> Numeric:
    """∫ over a finite or infinite range; infinite ends are cut at 60, far beyond any Gaussian factor.

    An indicator of a linear argument is split where it switches; of an argument that bends, where it changes its sign.
    """
    variable, lower, upper = node.limits[0]
    integrand = arrays(node.function, (variable,), symbols)
    ends = [arrays(sp.Max(sp.Min(end, 60), -60) if end.is_infinite else end, (), symbols) for end in (lower, upper)]
    found, bends = cuts(node.function, variable, symbols), bent(node.function, variable, symbols)

    def value(parameters: Sequence[float], order: int) -> float:
        start, stop = (float(end(*parameters)) for end in ends)
        if start == stop:
            return 0.0
        return -rising(stop, start, parameters, order) if stop < start else rising(start, stop, parameters, order)

    def rising(start: float, stop: float, parameters: Sequence[float], order: int) -> float:
        if order != _ORDERS[0]:  # as the cuts
            start, stop = start - _ROUNDED * abs(start), stop + _ROUNDED * abs(stop)
        places = _places(found, bends, start, stop, parameters, order)
        return _quadrature(lambda x: integrand(x, *parameters), start, stop, places, order)

    return value
