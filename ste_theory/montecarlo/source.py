"""What a sampler's blocks contain, and how the program's columns follow from it: mean = offset + matrix·drawn."""

from dataclasses import dataclass

import numpy as np

from ste_theory.model.numbers import Vector
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.program import Matrix
from ste_theory.montecarlo.samplers.reduction import Reduction, reduction
from ste_theory.montecarlo.samplers.sampler import IN_PLANE, PROGRAM, sampler
from ste_theory.montecarlo.sampling import Task


@dataclass(frozen=True, eq=False)
class Source:
    """The task that draws, and the affine map from its columns to the program's (``None``: the same)."""

    task: Task
    offset: Vector | None = None
    matrix: Matrix | None = None

    def mean(self, drawn: Vector) -> Vector:
        """The means of the program's columns, shape (m + n + 1,)."""
        if self.matrix is None:
            return drawn
        return np.asarray(self.matrix @ drawn + (0.0 if self.offset is None else self.offset))

    def covariance(self, drawn: Matrix) -> Matrix:
        """Their covariance. A diagonal that rounding made negative is zero."""
        if self.matrix is None:
            return drawn
        found = self.matrix @ drawn @ self.matrix.T
        np.fill_diagonal(found, np.maximum(np.diagonal(found), 0.0))
        return found


def _plane_point(at: Reduction) -> Point:
    """The same problem with n = 2: w = (ρ, 0), w* = ρ*(c, s)."""
    return Point(
        at.point.v,
        [at.rho, 0.0],
        at.point.v_star,
        [at.rho_star * at.cosine, at.rho_star * at.sine],
    )


def _from_plane(at: Reduction) -> Matrix:
    """From the columns of the program with n = 2 to those with n, shape (m + n + 1, m + 3)."""
    m, n = at.point.m, at.point.n
    matrix = np.zeros((m + n + 1, m + 3))
    matrix[:m, :m] = np.eye(m)
    matrix[m : m + n, m], matrix[m : m + n, m + 1] = at.w_hat, at.u_hat
    matrix[-1, -1] = 1.0
    return matrix


def sampled_columns(name: str, problem: Problem, point: Point, seed: int, stream: tuple[int, ...]) -> Source:
    """The source of this name. Raises ``UnknownName`` for another one, ``UndefinedQuantity`` at w = 0 for all but the
    program."""
    if name == PROGRAM:
        return Source(Task(problem, point, seed, stream))
    at = reduction(problem, point)
    if name == IN_PLANE:
        return Source(Task(problem, _plane_point(at), seed, stream), None, _from_plane(at))
    return Source(Task(problem, point, seed, stream, sampler=sampler(name).name), *at.embedding())
