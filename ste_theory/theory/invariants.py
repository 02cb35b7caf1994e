"""The scalars of a point on which every expectation depends, and the frame (ŵ, û), accurate also where they degenerate.

    ρ = ‖w‖   ρ* = ‖w*‖   θ = angle(w, w*)   V = ‖v‖²   S = 1ᵀv   D = vᵀv*   V* = ‖v*‖²   S* = 1ᵀv*

θ comes from r = ‖w‖²w* − ⟨w,w*⟩w = ρ²ρ* sinθ·û, evaluated in pairs of floats: θ = atan2(‖r‖, ρ⟨w,w*⟩). The cancellation
in r costs 2⁻¹⁰⁴/sinθ instead of 2⁻⁵³/sinθ, so θ, π − θ, sinθ and û keep full *relative* accuracy down to angles of
1e-16 from 0 and π. (arccos loses them below 1e-8; the half-angle formula 2·atan2(‖ŵ−ŵ*‖, ‖ŵ+ŵ*‖) below 1e-16/tolerance,
through the rounding of ŵ and ŵ*.)
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ste_theory.model.problem import Point
from ste_theory.theory.double_double import Array, Pair, dot, scale, subtract, total, two_sum


@dataclass(frozen=True, eq=False)
class Invariants:
    """Invariants of k points: arrays of shape (k,), the frame of shape (k, n); m and n are common to all points.

    Differences that formulas need without cancellation are members of their own. At w = 0 the angles are nan and ŵ is
    0; where w and w* are exactly parallel (always for n = 1) û is 0. Angles are in radians.

    Guarantee: every member has a relative error of a few 2⁻⁵³ (V, D, … and their differences: relative to
    2⁻⁵³|value| + 2⁻¹⁰⁰ Σ|terms|), for |v_i|, |v*_i| in 10^±150 and any finite w, w* that are not subnormal.

    >>> point = invariants(Point([1, 1], [1e-9, 1e9], [1, -1], [0, 1]))
    >>> float(point.theta[0]), float(point.D[0]), point.u_hat.tolist()
    (1e-18, 0.0, [[-1.0, 1e-18]])
    """

    m: int
    n: int
    rho: Array
    rho_star: Array
    theta: Array
    supplement: Array  # π − θ, the angle between w and −w*
    cosine: Array
    sine: Array
    parallel: npt.NDArray[np.bool_]  # equal ratios w_j/w*_j to within the rounding of the entries
    V: Array
    S: Array
    D: Array
    V_star: Array
    S_star: Array
    excess: Array  # S − S*
    toward: Array  # V − D = vᵀ(v − v*)
    away: Array  # V + D = vᵀ(v + v*)
    distance: Array  # ‖v − v*‖²
    opposite: Array  # ‖v + v*‖²
    w_hat: Array
    u_hat: Array

    @property
    def zero(self) -> npt.NDArray[np.bool_]:
        """Where w = 0."""
        return np.asarray(self.rho == 0)

    @property
    def sine_half(self) -> Array:
        """sin(θ/2) = ½‖ŵ − ŵ*‖, relatively accurate for θ → 0."""
        return np.asarray(np.sin(self.theta / 2))

    @property
    def cosine_half(self) -> Array:
        """cos(θ/2) = ½‖ŵ + ŵ*‖, relatively accurate for θ → π."""
        return np.asarray(np.sin(self.supplement / 2))


def _rounded(pair: Pair) -> Array:
    return np.asarray(pair[0] + pair[1])


def _normalized(x: Array) -> tuple[Array, npt.NDArray[np.int32]]:
    """x·2^−e with largest entry in [½, 1) per row, and e: exact, so that no square over- or underflows to matter."""
    _, exponent = np.frexp(np.maximum.reduce(np.abs(x), axis=-1))
    return np.ldexp(x, -exponent[..., None]), exponent


def _norm(x: Array) -> Array:
    """‖x‖: each square and their sum are rounded once."""
    return np.sqrt(_rounded(total(x * x)))


def _dots(x: Array, y: Array) -> tuple[Pair, Pair, Pair]:
    """xᵀx, xᵀy, yᵀy per row."""
    high, low = dot(np.array([x, x, y]), np.array([x, y, y]))
    return (high[0], low[0]), (high[1], low[1]), (high[2], low[2])


def _parallel(w: Array, w_star: Array) -> npt.NDArray[np.bool_]:
    """Whether one rounding per entry explains that w and w* differ from multiples of one vector.

    With w = fl(αx), w* = fl(βx) the computed ratios agree to six half-ulps: 2 + 2 of the data, 2 of the divisions.
    """
    both = (w != 0) & (w_star != 0)
    ratio = np.where(both, w / np.where(both, w_star, 1.0), np.nan)
    any_ratio = both.any(axis=-1)
    high = np.fmax.reduce(ratio, axis=-1, initial=-np.inf)
    low = np.fmin.reduce(ratio, axis=-1, initial=np.inf)
    same_zeros = ((w == 0) == (w_star == 0)).all(axis=-1)
    with np.errstate(invalid="ignore"):
        close = high - low <= 3 * np.finfo(np.float64).eps * np.minimum(np.abs(high), np.abs(low))
    return np.asarray(any_ratio & same_zeros & close)


def batch_invariants(v: Array, w: Array, v_star: Array, w_star: Array) -> Invariants:
    """Invariants of k points given as arrays v (k, m), w (k, n), v* (k, m), w* (k, n); the teacher's rows are not zero.

    ``ste_theory.theory.batch`` validates and broadcasts; this function computes.
    """
    zero = np.asarray(~w.any(axis=-1))
    one = np.zeros(w.shape[-1])
    one[0] = 1.0
    w_scaled, exponent = _normalized(np.where(zero[:, None], one, w))
    t_scaled, exponent_star = _normalized(w_star)

    square, overlap, square_star = _dots(w_scaled, t_scaled)
    length, length_star = np.sqrt(_rounded(square)), np.sqrt(_rounded(square_star))
    # ‖w‖²w* and ⟨w, w*⟩w at once, and their difference.
    high, low = scale(
        (np.array([square[0], overlap[0]])[..., None], np.array([square[1], overlap[1]])[..., None]),
        np.array([t_scaled, w_scaled]),
    )
    rest = _rounded(subtract((high[0], low[0]), (high[1], low[1])))
    w_hat = w_scaled / length[:, None]
    rest -= np.add.reduce(w_hat * rest, axis=-1, keepdims=True) * w_hat
    rest_scaled, rest_exponent = _normalized(rest)
    rest_length = _norm(rest_scaled)
    u_hat = rest_scaled / np.where(rest_length > 0, rest_length, 1.0)[:, None]

    opposite_side = np.ldexp(rest_length, rest_exponent)
    adjacent = _rounded(overlap) * length
    nan = np.where(zero, np.nan, 0.0)
    return Invariants(
        m=v.shape[-1],
        n=w.shape[-1],
        rho=np.where(zero, 0.0, np.ldexp(length, exponent)),
        rho_star=np.ldexp(length_star, exponent_star),
        theta=np.arctan2(opposite_side, adjacent) + nan,
        supplement=np.arctan2(opposite_side, -adjacent) + nan,
        cosine=np.minimum(np.maximum(_rounded(overlap) / (length * length_star), -1.0), 1.0) + nan,
        sine=np.minimum(opposite_side / (_rounded(square) * length_star), 1.0) + nan,
        parallel=_parallel(w_scaled, t_scaled) & ~zero,
        w_hat=np.where(zero[:, None], 0.0, w_hat),
        u_hat=np.where(zero[:, None], 0.0, u_hat),
        **_second_layer(v, v_star),
    )


def _second_layer(v: Array, v_star: Array) -> dict[str, Array]:
    """V, S, D, V*, S* and their differences."""
    joint = np.concatenate([v, v_star], axis=-1)
    scaled, exponent = _normalized(joint)
    x, y = scaled[:, : v.shape[-1]], scaled[:, v.shape[-1] :]
    # 1ᵀv, 1ᵀv*, ‖v‖², vᵀv*, ‖v*‖² in one sum.
    sums = dot(np.array([x, y, x, x, y]), np.array([np.ones_like(x), np.ones_like(x), x, y, y]))
    high, low = sums[0][:2], sums[1][:2]
    squares, overlap, squares_star = ((sums[0][i], sums[1][i]) for i in (2, 3, 4))
    # S − S*, V − D, V + D at once.
    left = np.array([high[0], squares[0], squares[0]]), np.array([low[0], squares[1], squares[1]])
    right = np.array([high[1], overlap[0], -overlap[0]]), np.array([low[1], overlap[1], -overlap[1]])
    differences = _rounded(subtract(left, right))
    # ‖v ∓ v*‖², from differences with their rounding errors.
    apart, error = two_sum(x, np.array([-y, y]))
    norms = np.add.reduce(apart * (apart + 2 * error), axis=-1)
    with np.errstate(over="ignore"):
        singles = np.ldexp(np.array([*(high + low), differences[0]]), exponent)
        doubles = np.ldexp(
            np.array([*(_rounded(pair) for pair in (squares, overlap, squares_star)), *differences[1:], *norms]),
            2 * exponent,
        )
    names = ("S", "S_star", "excess"), ("V", "D", "V_star", "toward", "away", "distance", "opposite")
    return dict(zip(names[0], singles, strict=True)) | dict(zip(names[1], doubles, strict=True))


def invariants(point: Point) -> Invariants:
    """The invariants of one point, as arrays of shape (1,); m counts the teacher's rows."""
    point = point.padded
    return batch_invariants(point.v[None], point.w[None], point.v_star[None], point.w_star[None])
