"""Two half-spaces under a Gaussian: {a > α} and {ca + sb > τ} for a, b iid N(0, 1), c = cosθ, s = sinθ.

With y = (cα − τ)/s, the place of the second edge seen from the first,

    P(a > α, ca + sb > τ) = ½Φ(−α) + ½Φ(−τ) − T(α, −y/α) − T(τ, −z/τ) − ½·1{ατ < 0},   z = (cτ − α)/s

(Owen 1956). Both numerators cancel at θ = 0 and π, so they are computed from α ∓ τ and the tangent of half an angle:

    (cx − t)/s = (x − t)/s − x tan(θ/2)  for c ≥ 0,      = −(x + t)/s + x tan((π − θ)/2)  for c < 0
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, owens_t

from ste_theory.theory.double_double import Array
from ste_theory.theory.invariants import Invariants


def quiet() -> np.errstate:
    """No warnings: limits at s = 0 and at thresholds never passed are told from infinities and, as 0/0, from nan."""
    return np.errstate(divide="ignore", invalid="ignore", over="ignore")


@dataclass(frozen=True, eq=False)
class Angle:
    """θ of k points by what formulas need of it, each of shape (k, 1, 1) to broadcast over pairs of steps."""

    theta: Array
    cosine: Array
    sine: Array
    half: Array  # tan(θ/2) for cosθ ≥ 0, else tan((π − θ)/2)

    @property
    def mirrored(self) -> "Angle":
        """The angle π − θ."""
        return Angle(np.pi - self.theta, -self.cosine, self.sine, self.half)

    def turned(self, signs: Array) -> "Angle":
        """θ where a sign is 1 and π − θ where it is −1: shapes (k, P, 1)."""
        sign = signs[:, None]
        theta = np.where(sign > 0, self.theta, np.pi - self.theta)
        return Angle(theta, self.cosine * sign, self.sine, self.half)

    @property
    def _members(self) -> tuple[Array, ...]:
        return self.theta, self.cosine, self.sine, self.half

    def flat(self) -> "Angle":
        """The same with one axis for steps: shapes (k, 1)."""
        return Angle(*(array[:, :, 0] for array in self._members))

    def deep(self) -> "Angle":
        """The inverse of ``flat``."""
        return Angle(*(array[:, :, None] for array in self._members))

    def rows(self, rows: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> "Angle":
        """Some of the points."""
        return Angle(*(array[rows] for array in self._members))


def angle(at: Invariants) -> Angle:
    """The angle between w and w* at k points with w ≠ 0; exactly 0 or π where they are parallel to within rounding."""
    near = at.cosine >= 0
    smaller = np.where(at.parallel, 0.0, np.where(near, at.theta, at.supplement))
    return Angle(
        np.where(near, smaller, np.pi - smaller)[:, None, None],
        at.cosine[:, None, None],
        np.where(at.parallel, 0.0, at.sine)[:, None, None],
        np.tan(smaller / 2)[:, None, None],
    )


def _over_sine(x: Array, sine: Array) -> Array:
    """x/s with 0/0 = 0: the limit for an edge that both half-spaces share."""
    return np.asarray(np.where(x == 0, 0.0, x / sine))


def edge(x: Array, t: Array, of: Angle) -> Array:
    """(cx − t)/s; ±∞ where s = 0 and x ≠ ±t. Callers ignore the divisions by 0."""
    far = of.cosine < 0
    if not far.any():
        return np.asarray(_over_sine(x - t, of.sine) - _finite(x) * of.half)
    # −(x + t)/s + x tan((π − θ)/2)
    turned = np.where(far, -x, x)
    return np.asarray(_over_sine(turned - t, of.sine) - _finite(turned) * of.half)


def _finite(x: Array) -> Array:
    return np.where(np.isfinite(x), x, 0.0)  # only ends of pieces are infinite; there the first term decides


def _owen(threshold: Array, other: Array) -> Array:
    """T(h, a) with a = −other/h, and its limit ±¼ for h = 0 (where other ≠ 0)."""
    slope = np.where(threshold == 0, -np.sign(other) * np.inf, -other / threshold)
    return np.asarray(owens_t(threshold, np.where(np.isnan(slope), 0.0, slope)))


def covariance(alpha: Array, tau: Array, of: Angle) -> Array:
    """P(a > α, ca + sb > τ) − Φ(−α)Φ(−τ), broadcast; an absolute error of a few 2⁻⁵³.

    >>> right = Angle(*(np.full((1, 1, 1), x) for x in (np.pi / 2, 0.0, 1.0, 1.0)))
    >>> float(abs(covariance(np.array([1.0]), np.array([0.3]), right)).max()) < 1e-16
    True
    """
    passed, teacher_passed = ndtr(-alpha), ndtr(-tau)
    product = passed * teacher_passed
    with quiet():
        places = _owen(alpha, edge(alpha, tau, of)) + _owen(tau, edge(tau, alpha, of))
    opposite = ((alpha < 0) != (tau < 0)) * 0.5
    value = (passed + teacher_passed) / 2 - places - opposite - product
    value = np.where((alpha == 0) & (tau == 0), (np.pi / 2 - of.theta) / (2 * np.pi), value)
    if of.sine.all():
        return np.asarray(value)
    # At θ = 0: P(a > max) − P·P = P(a > max)P(a < min); at θ = π: P(α < a < −τ) − P·P.
    aligned = ndtr(-np.maximum(alpha, tau)) * ndtr(np.minimum(alpha, tau))
    against = -np.minimum(product, ndtr(alpha) * ndtr(tau))
    return np.asarray(np.where(of.sine == 0, np.where(of.cosine >= 0, aligned, against), value))


def covariance_slope(alpha: Array, tau: Array, of: Angle) -> Array:
    """−∂/∂θ of ``covariance``: (1/2π) exp(−(α² − 2ατc + τ²)/(2s²)), Plackett's identity, without cancellation.

    The exponent is −½((α − τ)/s)² − ατ/(1 + c), for c < 0 −½((α + τ)/s)² + ατ/(1 − c). At s = 0 it is the limit.
    """
    turned = np.where(of.cosine >= 0, tau, -tau)
    with quiet():
        distance = _over_sine(alpha - turned, of.sine) ** 2 / 2
    return np.asarray(np.exp(-distance - alpha * turned / (1 + np.abs(of.cosine))) / (2 * np.pi))
