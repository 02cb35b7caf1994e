"""The Gaussian moments of a surrogate derivative that the gradients consist of.

With T ~ N(0, 1), all functions of a scale x > 0, as sums over the pieces h = μ′(±·) on (l, u), α = l/x, β = u/x:

    first     ∫_α^β tφ(t) h(xt) dt                          constant h: hφ(α)·(1 − e^{−(β²−α²)/2})
    zeroth    ∫_α^β φ(t) h(xt) dt                           constant h: h(Φ(β) − Φ(α))
    overlap   ∫_α^β tφ(t) erfcx(κt/√2) h(xt) dt, κ = |cosθ|   constant h on (0, ∞): hφ(0)/(1 + κ)

    K = E|a|μ′(ρa), a₀ = E aμ′(ρa): sum and difference of ``first`` over the two half-lines at x = ρ
    M = E μ′(ρsξ): sum of ``zeroth`` at x = ρs
    s²L = E|a|μ′(ρa) erfc(κ|a|/(s√2)): s² times the sum of ``overlap`` at x = ρs (a = st; φ(st)erfc = φ(t)erfcx)

a₁ = E[aμ′(ρa)1{a>0}] = ½(K + a₀), and b∥ = E[aμ′(ρa)Φ(ca/s)] = ½(a₀ + K − s²L) for c ≥ 0, ½(a₀ − K + s²L) for c < 0.
For a constant h the antiderivative of ``overlap`` is −φ(t)(erfcx(κt/√2) − κ erfcx(t/√2))/s²: its difference of two
nearly equal terms loses all digits as s → 0, so a bounded window is integrated by a fixed rule instead (positive,
entire, on a range of known scale: relative rounding accuracy).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import erf, erfc, erfcx

from ste_theory.model.surrogates import Surrogate
from ste_theory.theory.double_double import Array
from ste_theory.theory.mesh import mesh
from ste_theory.theory.pieces import HalfPiece, half_pieces
from ste_theory.theory.quadrature import LAST, Owners, adaptive, between, falls, fixed, paneled

PHI_0 = 1 / math.sqrt(2 * math.pi)
ROOT_2 = math.sqrt(2.0)
# e^(−84/2) < 1e-18: past √(α² + 84) a Gaussian window of constant height has no digit left.
FALL = 84.0
CHUNK = 1000
# First panels of non-constant pieces: in t, where the Gaussian varies, and in x = scale·t, where formulas do.
GAUSSIAN_GRID = np.array([0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 10, 13, 17, 23, 30])
FORMULA_GRID = np.concatenate([[0.0], 2.0 ** np.arange(-10, 10.25, 0.5)])

Weight = Callable[[Array, Array], Array]


@dataclass(frozen=True, eq=False)
class Moments:
    """K, a₀, L, M of k points, each of shape (k,)."""

    K: Array
    a0: Array
    L: Array
    M: Array


def _density(t: Array) -> Array:
    return np.asarray(PHI_0 * np.exp(-t * t / 2))


def _weight_zeroth(t: Array, _: Array) -> Array:
    return _density(t)


def _weight_first(t: Array, _: Array) -> Array:
    return t * _density(t)


def _weight_overlap(t: Array, kappa: Array) -> Array:
    return np.asarray(t * _density(t) * erfcx(kappa[:, None] * t / ROOT_2))


def _ends(piece: HalfPiece, x: Array) -> tuple[Array, Array]:
    with np.errstate(over="ignore"):
        return piece.lower / x, piece.upper / x


def _window(weight: Weight, piece: HalfPiece, x: Array, kappa: Array) -> Array:
    """∫_α^β weight(t) dt for a constant piece by the fixed rule."""
    alpha = np.minimum(_ends(piece, x)[0], 2 * LAST)
    with np.errstate(over="ignore"):
        length = np.minimum(piece.width / x, FALL / (alpha + np.sqrt(alpha * alpha + FALL)))
    return fixed(lambda t, owner: weight(t, kappa[owner]), alpha, alpha + length)


def polynomial(
    weight: Weight, piece: HalfPiece, lower: Array | float, width: Array | float, x: Array, kappa: Array
) -> Array:
    """∫_α^β weight(t) μ′(±xt) dt for windows of a polynomial piece, broadcast over windows and scales x > 0.

    Two panels follow the fall of the Gaussian.
    """
    with np.errstate(over="ignore"):
        alpha = np.minimum(lower / x, 2 * LAST)[..., None]
        ends = np.minimum((width / x)[..., None], falls(alpha))
    nodes, weights = between(np.concatenate([np.zeros_like(alpha), ends[..., :1]], axis=-1), ends)
    nodes += alpha
    return np.asarray(np.sum(weight(nodes, kappa) * piece(x[..., None] * nodes) * weights, axis=-1))


def _meshed(weight: Weight, piece: HalfPiece, cuts: Array, x: Array, kappa: Array) -> Array:
    """The same with the cuts of the piece's mesh."""
    with np.errstate(over="ignore"):
        alpha = np.minimum(piece.lower / x, 2 * LAST)[:, None]
        fallen = falls(alpha)
        end = np.minimum((piece.width / x)[:, None], fallen[:, 1:])
        bounds = np.concatenate([np.zeros_like(alpha), fallen[:, :1], cuts / x[:, None] - alpha, end], axis=1)
    bounds = np.sort(np.minimum(np.maximum(bounds, 0.0), end), axis=1)

    def integrand(distance: Array, owner: Owners) -> Array:
        t = alpha[owner] + distance
        return weight(t, kappa[owner]) * piece(x[owner][:, None] * t)

    return paneled(integrand, bounds)


def _curved(weight: Weight, piece: HalfPiece, x: Array, kappa: Array) -> Array:
    """∫_α^β weight(t) μ′(±xt) dt for a formula: a polynomial, one with a mesh up to these scales, or adaptively.

    Chunks bound the memory.
    """
    if piece.is_polynomial:
        return polynomial(weight, piece, piece.lower, piece.width, x, kappa)
    panels = mesh(piece)
    cuts = panels.cuts if panels is not None and panels.holds(x) else None
    result = np.empty_like(x)
    for start in range(0, len(x), CHUNK):
        part = slice(start, start + CHUNK)
        scales, kappas = x[part], kappa[part]
        if cuts is not None:
            result[part] = _meshed(weight, piece, cuts, scales, kappas)
            continue
        alpha, beta = (np.minimum(end, LAST)[:, None] for end in _ends(piece, scales))
        with np.errstate(over="ignore"):
            grid = np.concatenate(
                [np.broadcast_to(GAUSSIAN_GRID, (len(scales), len(GAUSSIAN_GRID))), FORMULA_GRID / scales[:, None]],
                axis=1,
            )
        bounds = np.concatenate([alpha, np.sort(np.clip(grid, alpha, beta), axis=1), beta], axis=1)

        def integrand(t: Array, owner: Owners, scales: Array = scales, kappas: Array = kappas) -> Array:
            return weight(t, kappas[owner]) * piece(scales[owner][:, None] * t)

        result[part] = adaptive(integrand, bounds)
    return result


def first_constant(lower: Array | float, upper: Array | float, width: Array | float, x: Array) -> Array:
    """φ(α) − φ(β) = ∫_α^β tφ(t) dt, broadcast over windows and scales x > 0."""
    with np.errstate(over="ignore"):
        alpha = lower / x
        exponent = (width / x) * (alpha + upper / x) / 2
    return np.asarray(-_density(np.minimum(alpha, 2 * LAST)) * np.expm1(-exponent))


def first(piece: HalfPiece, x: Array) -> Array:
    """∫_α^β tφ(t) μ′(±xt) dt, shape (k,), x > 0."""
    if (height := piece.constant) is None:
        return _curved(_weight_first, piece, x, np.zeros_like(x))
    return height * first_constant(piece.lower, piece.upper, piece.width, x)


def zeroth(piece: HalfPiece, x: Array) -> Array:
    """∫_α^β φ(t) μ′(±xt) dt, shape (k,), x > 0."""
    if (height := piece.constant) is None:
        return _curved(_weight_zeroth, piece, x, np.zeros_like(x))
    alpha, beta = _ends(piece, x)
    if piece.lower == 0:
        return np.asarray(height * erf(beta / ROOT_2) / 2)
    if math.isinf(piece.upper):
        return np.asarray(height * erfc(alpha / ROOT_2) / 2)
    return height * _window(_weight_zeroth, piece, x, np.zeros_like(x))


def overlap(piece: HalfPiece, x: Array, kappa: Array) -> Array:
    """∫_α^β tφ(t) erfcx(κt/√2) μ′(±xt) dt, shape (k,), x > 0 and 0 ≤ κ ≤ 1."""
    if (height := piece.constant) is None:
        return _curved(_weight_overlap, piece, x, kappa)
    if piece.lower == 0 and math.isinf(piece.upper):
        return height * PHI_0 / (1 + kappa)
    return height * _window(_weight_overlap, piece, x, kappa)


def at_zero(surrogate: Surrogate) -> float:
    """M(0) = ½(μ′(0⁺) + μ′(0⁻)), the limit of M(x) for x → 0."""
    return sum(float(piece(np.zeros(1))[0]) for piece in half_pieces(surrogate) if piece.lower == 0) / 2


def moments(surrogate: Surrogate, rho: Array, sine: Array, cosine: Array) -> Moments:
    """K, a₀, L, M at ρ > 0, sinθ ≥ 0, cosθ, each of shape (k,). Where ρ sinθ = 0: M(0), L = 0 (it enters as s²L)."""
    x, kappa = rho * sine, np.abs(cosine)
    live = x > 0
    K, a0, L, M = (np.zeros(len(rho)) for _ in range(4))
    M[~live] = at_zero(surrogate) if not live.all() else 0.0
    for piece in half_pieces(surrogate):
        half = first(piece, rho)
        K += half
        a0 += piece.sign * half
        M[live] += zeroth(piece, x[live])
        L[live] += overlap(piece, x[live], kappa[live])
    return Moments(K, a0, L, M)
