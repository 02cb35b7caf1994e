"""Input with a covariance: the correlation as it stands, sampled, for whitened input and for a preconditioned step."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import UndefinedQuantity
from ste_theory.model.problem import Point, Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import Surrogate
from ste_theory.montecarlo.estimate import estimate_moments
from ste_theory.theory.coarse_gradient import components, expected_coarse_gradient
from ste_theory.theory.correlation import correlation
from ste_theory.theory.gradient import population_gradient
from ste_theory.theory.invariants import invariants

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Correlations:
    """⟨E g_μ, ∂f/∂w⟩ at one point under one covariance, sampled with its standard error, and what repairs its sign."""

    title: str
    surrogate: str
    covariance: Matrix
    point: Point
    exact: float
    sampled: float
    error: float
    whitened: float
    preconditioned: float


def example() -> tuple[Matrix, Point]:
    """Σ = [[5, 3], [3, 2]], w = (1, −1), w* = (−1, 2): Σ^{1/2}w = e₁, Σ^{1/2}w* = e₂ (general.non-isotropic)."""
    return np.array([[5.0, 3.0], [3.0, 2.0]]), Point([1], [1, -1], [1], [-1, 2])


def adverse(surrogate: Surrogate, seen: Point) -> tuple[Matrix, Point]:
    """A covariance that makes the correlation −D²/(2πρ), for the network with Σ^{1/2}w, Σ^{1/2}w* = those of ``seen``.

    On the plane of ŵ and û it is [[1 + q², q], [q, 1]] with q = D(1 + b⊥)/A, elsewhere the identity. Raises
    ``UndefinedQuantity`` where A = 0 or D = 0: there is none then.
    """
    at = invariants(seen)
    of = components(surrogate, at)
    radial, overlap = float(of.radial[0]), float(at.D[0])
    if radial == 0 or overlap == 0:
        raise UndefinedQuantity("A = 0 or D = 0: the sign is that of M for every covariance")
    q = (overlap - float(of.tangential[0])) / radial  # the tangential part is −Db⊥
    w_hat, u_hat = at.w_hat[0], at.u_hat[0]
    frame = np.stack([w_hat, u_hat], axis=1)
    sigma = np.eye(seen.n) + frame @ (np.array([[1 + q * q, q], [q, 1.0]]) - np.eye(2)) @ frame.T
    sigma = (sigma + sigma.T) / 2
    root = Problem(binary(), surrogate, input_covariance=sigma).input_root
    assert root is not None
    return sigma, Point(seen.v, np.linalg.solve(root, seen.w), seen.v_star, np.linalg.solve(root, seen.w_star))


def correlations(
    title: str, surrogate: Surrogate, covariance: Matrix, point: Point, *, samples: int, seed: int, stream: int
) -> Correlations:
    """All four numbers; the sample is of the program with that input, projected on the exact ∂f/∂w."""
    problem = Problem(binary(), surrogate, input_covariance=covariance)
    gradient = population_gradient(problem, point)
    coarse = expected_coarse_gradient(problem, point)
    moments = estimate_moments(problem, point, samples=samples, seed=seed, stream=(stream,))
    sampled = moments.along("coarse_gradient", gradient.w)
    root = problem.input_root
    assert root is not None
    # The network that sees whitened input has the weights Σ^{1/2}w, Σ^{1/2}w*.
    white = correlation(problem.isotropic, Point(point.v, root @ point.w, point.v_star, root @ point.w_star))
    return Correlations(
        title,
        surrogate.name,
        covariance,
        point,
        correlation(problem, point),
        sampled.value,
        sampled.standard_error,
        white,
        float(np.linalg.solve(covariance, coarse.w) @ gradient.w),
    )
