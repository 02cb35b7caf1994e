"""The plane span(w, w*): unit vectors ŵ and û, the angle θ between w and w*, and the length ρ = ‖w‖."""

import math
from dataclasses import dataclass

import numpy as np

from ste_theory.model.errors import UndefinedQuantity
from ste_theory.model.numbers import Vector
from ste_theory.model.problem import Point


@dataclass(frozen=True, eq=False)
class Frame:
    """ŵ = w/ρ and û, the unit vector of (I − ŵŵᵀ)w*, of shape (n,); ρ = ‖w‖, cosine and sine of θ = angle(w, w*)."""

    w_hat: Vector
    u_hat: Vector
    rho: float
    cosine: float
    sine: float


def _unit(x: Vector) -> Vector:
    scaled = x / np.max(np.abs(x))  # the sum of squares of the entries as they come may overflow
    return np.asarray(scaled / math.sqrt(float(scaled @ scaled)))


def plane_frame(point: Point) -> Frame:
    """ŵ, û, ρ, cosθ, sinθ of a point with w ≠ 0 and 0 < θ < π.

    û is orthogonalised twice, so |⟨ŵ,û⟩| is at rounding level also for small sinθ.

    Raises ``UndefinedQuantity`` if w = 0, or if θ is 0 or π to within the rounding of the inputs (always for n = 1).

    >>> frame = plane_frame(Point([1], [2, 0], [1], [0, 3]))
    >>> frame.u_hat.tolist(), frame.rho, frame.cosine, frame.sine
    ([0.0, 1.0], 2.0, 0.0, 1.0)
    """
    if not np.any(point.w):
        raise UndefinedQuantity("w = 0 has no direction: ŵ, û and the angle θ do not exist")
    w_hat, teacher = _unit(point.w), _unit(point.w_star)
    cosine = float(w_hat @ teacher)
    rest = teacher - cosine * w_hat
    correction = float(w_hat @ rest)
    rest = rest - correction * w_hat
    sine = math.sqrt(float(rest @ rest))
    # Each entry of ``rest`` carries a few roundings of numbers of size at most 1; below that, its direction is noise.
    if sine <= 8 * np.finfo(np.float64).eps * math.sqrt(point.n):
        raise UndefinedQuantity("w and w* are parallel (θ = 0 or π): the direction û does not exist")
    return Frame(w_hat, np.asarray(rest / sine), math.hypot(*point.w), cosine + correction, sine)


def orthogonal(w_hat: Vector, u_hat: Vector) -> Vector:
    """A unit vector orthogonal to both: the projection of the coordinate axis that they cover least."""
    axis = np.argmin(w_hat**2 + u_hat**2)
    vector = np.zeros_like(w_hat)
    vector[axis] = 1.0
    for _ in range(2):
        vector = vector - (vector @ w_hat) * w_hat
        vector = vector - (vector @ u_hat) * u_hat
    return np.asarray(vector / np.linalg.norm(vector))
