"""A surrogate under a Gaussian that is not centred: E μ′(m + sξ), its square, and where it is zero.

    E h(m + sξ) = Σ over pieces ∫_α^β φ(t) h(m + st) dt,  α = (lower − m)/s,  β = (upper − m)/s

Constant pieces are differences of Φ. For polynomials, with I_k = ∫_α^β t^k φ(t) dt,

    I_0 = Φ(β) − Φ(α),   I_1 = φ(α) − φ(β),   I_k = (k − 1)I_{k−2} + α^{k−1}φ(α) − β^{k−1}φ(β)

Where their terms cancel, as over a window much narrower than s, and for other formulas, the integral is taken
adaptively, cut where φ and the formula vary.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from ste_theory.model.errors import InvalidInput
from ste_theory.model.expressions import FLOATS, ZERO, Number, fold
from ste_theory.model.signs import rational_function
from ste_theory.model.surrogates import Piece, Surrogate
from ste_theory.theory.quadrature import Owners, adaptive

Array = npt.NDArray[np.float64]
# φ(39) underflows.
LAST = 39.0
PHI_0 = 1 / math.sqrt(2 * math.pi)
# Closed forms of polynomials up to this degree, where they lose at most two digits.
HIGHEST, CONDITION = 16, 64.0
_T = np.array([0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 11.0, 15.0, 21.0, 29.0])
_X = 2.0 ** np.arange(-12, 11)


@dataclass(frozen=True)
class Response:
    """What a layer passes back where its input is N(m, s²).

    ``mean`` = E μ′(m + sξ); ``gain`` = √(E μ′(m + sξ)²), by which the root mean square of an independent gradient is
    multiplied; ``outside`` = P(μ′(m + sξ) = 0).
    """

    mean: float
    gain: float
    outside: float


def shifted_response(surrogate: Surrogate, mean: float, deviation: float) -> Response:
    """E μ′, √(E μ′²) and P(μ′ = 0) at m + sξ, ξ ~ N(0, 1).

    Domain: finite m, s ≥ 0; at s = 0 the values at m. For m = 0 the first is the response M(s).
    Guarantee: constant pieces to rounding; other formulas to about 1e-13 of E|μ′| if their features are not much
    narrower than their distance from 0 and from the breakpoints.
    Raises ``InvalidInput`` outside the domain, and where a formula cannot be integrated.

    >>> from ste_theory.model import surrogates
    >>> round(shifted_response(surrogates.relu(), 1.0, 1.0).mean, 9)
    0.841344746
    """
    m, s = float(mean), float(deviation)
    if not (math.isfinite(m) and math.isfinite(s)) or s < 0:
        raise InvalidInput(
            f"mean and deviation must be finite, the deviation not negative, got {mean!r}, {deviation!r}"
        )
    if s == 0:
        value = float(surrogate(np.array([m]))[0])
        return Response(value, abs(value), float(value == 0))
    first = second = outside = 0.0
    for piece in surrogate.pieces:
        alpha = -math.inf if piece.lower is None else (float(piece.lower) - m) / s
        beta = math.inf if piece.upper is None else (float(piece.upper) - m) / s
        if piece.formula == ZERO:
            outside += _probability(alpha, beta)
        elif isinstance(piece.formula, Number):
            height = float(piece.formula.value)
            first += height * _probability(alpha, beta)
            second += height * height * _probability(alpha, beta)
        else:
            first += _closed(piece, m, s, 1) or _integral(surrogate, piece, m, s, 1)
            second += _closed(piece, m, s, 2) or _integral(surrogate, piece, m, s, 2)
    return Response(first, math.sqrt(second), outside)


def _probability(alpha: float, beta: float) -> float:
    """Φ(β) − Φ(α), on the side of the tail where nothing cancels."""
    if alpha > 0:
        alpha, beta = -beta, -alpha
    return float(ndtr(beta) - ndtr(alpha))


def _closed(piece: Piece, m: float, s: float, power: int) -> float | None:
    """∫_α^β φ(t) h(m + st)^power dt for a polynomial h by moments; ``None`` for another, or if the terms cancel."""
    quotient = rational_function(piece.formula)
    if quotient is None or len(quotient[1]) != 1 or (len(quotient[0]) - 1) * power > HIGHEST:
        return None
    shifted = np.polynomial.Polynomial([float(c / quotient[1][0]) for c in quotient[0]])
    in_t = np.asarray((shifted**power)(np.polynomial.Polynomial([m, s])).coef, dtype=np.float64)
    alpha, beta = (
        infinite if end is None else (float(end) - m) / s
        for end, infinite in ((piece.lower, -math.inf), (piece.upper, math.inf))
    )
    value = float(_moments(alpha, beta, len(in_t)) @ in_t)
    # The terms themselves are differences: what they are differences of counts too.
    size = float(_sizes(alpha, beta, len(in_t)) @ np.abs(in_t))
    return value if size <= CONDITION * abs(value) else None


def _moments(alpha: float, beta: float, count: int) -> Array:
    """I_0, I_1, …"""
    found = [_probability(alpha, beta), _at(alpha, 0) - _at(beta, 0)]
    for k in range(2, count):
        found.append((k - 1) * found[k - 2] + _at(alpha, k - 1) - _at(beta, k - 1))
    return np.array(found[:count])


def _sizes(alpha: float, beta: float, count: int) -> Array:
    """The same recursion with the sizes of its terms."""
    found = [_probability(alpha, beta), _at(alpha, 0) + _at(beta, 0)]
    for k in range(2, count):
        found.append((k - 1) * found[k - 2] + abs(_at(alpha, k - 1)) + abs(_at(beta, k - 1)))
    return np.array(found[:count])


def _at(t: float, power: int) -> float:
    """t^power φ(t), 0 at ±∞."""
    return 0.0 if abs(t) > LAST else t**power * PHI_0 * math.exp(-t * t / 2)


def _integral(surrogate: Surrogate, piece: Piece, m: float, s: float, power: int) -> float:
    """∫_α^β φ(t) h(m + st)^power dt for a formula."""
    low = m - LAST * s if piece.lower is None else max(float(piece.lower), m - LAST * s)
    high = m + LAST * s if piece.upper is None else min(float(piece.upper), m + LAST * s)
    if low >= high:
        return 0.0
    centres = [0.0, *(float(place) for place in surrogate.breakpoints)]
    near = [np.concatenate([c - _X, [c], c + _X]) for c in centres]
    cuts = np.concatenate([[m], m + s * _T, m - s * _T, *near])
    bounds = np.concatenate([[low], np.sort(np.clip(cuts, low, high)), [high]])

    def integrand(x: Array, _: Owners) -> Array:
        t = (x - m) / s
        with np.errstate(all="ignore"):
            # Nodes are pulled into the piece: rounding may put one past its end.
            inside = np.clip(x, low, high)
            values = np.broadcast_to(fold(piece.formula, FLOATS, {"x": inside}), x.shape)
        return np.asarray(PHI_0 / s * np.exp(-t * t / 2) * values**power)

    return float(adaptive(integrand, bounds[None, :])[0])
