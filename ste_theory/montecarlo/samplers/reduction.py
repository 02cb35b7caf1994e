"""From R^{m×n} to three numbers: A = ⟨E g,ŵ⟩, B = ⟨E g,û⟩ and κ = E σ(ρa)σ*(ρ*(ca + sb)).

    E g_μ = ŵ A + û B        E ∂ℓ/∂v_i = v_i(s₂ − s₁²) + s₁²S − v*_i(κ − s₁s₁*) − s₁s₁*S*
    f = ½[(s₂ − s₁²)V + s₁²S² − 2((κ − s₁s₁*)D + s₁s₁*SS*) + (s₂* − s₁*²)‖v*‖² + s₁*²S*²]

with s₁ = E σ(ρa), s₂ = E σ(ρa)² and s₁*, s₂* for the teacher: sums of values of the normal distribution function. This
is ``general.plane-reduction``; what is estimated through it must not be used to validate it.
"""

import math
from dataclasses import dataclass

import numpy as np

from ste_theory.model.errors import InvalidInput, UndefinedQuantity
from ste_theory.model.numbers import Vector
from ste_theory.model.problem import Point, Problem
from ste_theory.model.quantizers import Staircase
from ste_theory.montecarlo.frame import plane_frame
from ste_theory.montecarlo.program import Matrix

REDUCED = ("radial", "tangential", "overlap")


def normal_distribution(x: Vector) -> Vector:
    """Φ(x)."""
    from scipy.special import ndtr

    return np.asarray(ndtr(x))


@dataclass(frozen=True, eq=False)
class Reduction:
    """A point of the problem as seen in the plane: lengths, cosine and sine of θ, sums of weights, means of σ.

    Where w and w* are parallel (always for n = 1) ``sine`` is 0 and ``u_hat`` a zero vector: B = 0 there.
    """

    problem: Problem
    point: Point
    rho: float
    rho_star: float
    cosine: float
    sine: float
    w_hat: Vector
    u_hat: Vector
    mean: float
    square: float
    teacher_mean: float
    teacher_square: float

    @property
    def sums(self) -> tuple[float, float, float, float, float]:
        """V, S, D, V*, S*."""
        v, v_star = self.point.padded.v, self.point.v_star
        return float(v @ v), float(v.sum()), float(v @ v_star), float(v_star @ v_star), float(v_star.sum())

    @property
    def constant(self) -> float:
        """(S² − V)s₁ − (SS* − D)s₁*: what the other rows contribute to a row's residual, summed over rows."""
        V, S, D, _, S_star = self.sums
        return (S * S - V) * self.mean - (S * S_star - D) * self.teacher_mean

    def embedding(self) -> tuple[Vector, Matrix]:
        """(offset, matrix): the expectations of the program's columns are offset + matrix·(A, B, κ), shape (k,)."""
        m, n = self.point.m, self.point.n
        v, v_star = self.point.v, self.point.v_star[:m]
        V, S, D, V_star, S_star = self.sums
        spread = self.square - self.mean**2
        product = self.mean * self.teacher_mean
        offset, matrix = np.zeros(m + n + 1), np.zeros((m + n + 1, 3))
        offset[:m] = spread * v + self.mean**2 * S + product * v_star - product * S_star
        matrix[:m, 2] = -v_star
        matrix[m : m + n, 0], matrix[m : m + n, 1] = self.w_hat, self.u_hat
        teacher = self.teacher_square - self.teacher_mean**2
        offset[-1] = 0.5 * (
            spread * V
            + self.mean**2 * S**2
            + 2 * product * D
            - 2 * product * S * S_star
            + teacher * V_star
            + self.teacher_mean**2 * S_star**2
        )
        matrix[-1, 2] = -D
        return offset, matrix


def _activation(quantizer: Staircase, scale: float) -> tuple[float, float]:
    """E σ(ρa) and E σ(ρa)²."""
    thresholds = np.array([float(t) for t in quantizer.thresholds])
    heights = np.array([float(d) for d in quantizer.heights])
    above = normal_distribution(-thresholds / scale)
    levels = float(quantizer.offset) + np.cumsum(heights)
    # Level k is taken where t_k < x ≤ t_{k+1}; E σ² telescopes over the squares of the levels.
    squares = np.diff(np.concatenate([[float(quantizer.offset)], levels]) ** 2)
    return (
        float(quantizer.offset) + float(heights @ above),
        float(quantizer.offset) ** 2 + float(squares @ above),
    )


def reduction(problem: Problem, point: Point) -> Reduction:
    """The point reduced to the plane. Raises ``UndefinedQuantity`` for w = 0, where there is no plane, and
    ``InvalidInput`` for input with a covariance.

    >>> from ste_theory.model import quantizers, surrogates
    >>> found = reduction(Problem(quantizers.binary(), surrogates.relu()), Point([1], [2, 0], [1], [0, 3]))
    >>> found.rho, found.rho_star, found.cosine, found.sine, found.mean
    (2.0, 3.0, 0.0, 1.0, 0.5)
    """
    if problem.input_root is not None:
        raise InvalidInput(
            "input_covariance: the samplers are for input N(0, I); leave the sampler out or name program"
        )
    if not np.any(point.w):
        raise UndefinedQuantity("w = 0 has no direction: only the plain program can be sampled there")
    rho, rho_star = math.hypot(*point.w), math.hypot(*point.w_star)
    try:
        frame = plane_frame(point)
        w_hat, u_hat, cosine, sine = frame.w_hat, frame.u_hat, frame.cosine, frame.sine
    except UndefinedQuantity:
        largest = np.max(np.abs(point.w))
        w_hat = point.w / largest / math.hypot(*(point.w / largest))
        u_hat, cosine, sine = np.zeros(point.n), math.copysign(1.0, float(w_hat @ point.w_star)), 0.0
    return Reduction(
        problem,
        point,
        rho,
        rho_star,
        cosine,
        sine,
        w_hat,
        u_hat,
        *_activation(problem.quantizer, rho),
        *_activation(problem.teacher, rho_star),
    )
