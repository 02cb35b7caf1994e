"""The float functions at many points at once: arrays v (k, m), w (k, n), v* (k, m), w* (k, n).

A teacher or student common to all points may be given as one vector. The functions of single points are the case k = 1
of the same code; ``Domain``, ``Guarantee`` and ``Source`` are theirs. Where a quantity does not exist at one of the
points, ``UndefinedQuantity`` names the first such row. Numbers beyond the range of floats become infinite.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Problem
from ste_theory.theory.coarse_gradient import problem_coarse_gradient
from ste_theory.theory.correlation import problem_correlation
from ste_theory.theory.double_double import Array
from ste_theory.theory.gradient import problem_gradient, require_direction
from ste_theory.theory.invariants import Invariants, batch_invariants
from ste_theory.theory.loss import problem_loss


@dataclass(frozen=True, eq=False)
class Points:
    """k points as validated float64 arrays; make them with ``points``."""

    v: Array
    w: Array
    v_star: Array
    w_star: Array

    @property
    def invariants(self) -> Invariants:
        """The invariants of all points."""
        return batch_invariants(self.v, self.w, self.v_star, self.w_star)


def _rows(values: npt.ArrayLike, name: str) -> Array:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidInput(f"{name} must be an array of real numbers") from None
    array = np.atleast_2d(array)
    if array.ndim != 2 or array.size == 0:
        raise InvalidInput(f"{name} must have shape (k, length), got {array.shape}")
    bad = ~np.isfinite(array).all(axis=1)
    if bad.any():
        raise InvalidInput(f"{name} must be finite, row {int(np.argmax(bad))} is not")
    return array


def points(v: npt.ArrayLike, w: npt.ArrayLike, v_star: npt.ArrayLike, w_star: npt.ArrayLike) -> Points:
    """k points from arrays of shapes (k, m), (k, n), (k, m), (k, n) or (m,), (n,), (m,), (n,), broadcast over k.

    Raises ``InvalidInput`` for shapes that do not fit, entries that are not finite and zero teachers.

    >>> points([[1.0], [2.0]], [1.0, 0.0], [1.0], [0.0, 1.0]).w.shape
    (2, 2)
    """
    named = {"v": v, "w": w, "v_star": v_star, "w_star": w_star}
    arrays = {name: _rows(values, name) for name, values in named.items()}
    for student, teacher in (("v", "v_star"), ("w", "w_star")):
        if arrays[student].shape[1] != arrays[teacher].shape[1]:
            raise InvalidInput(f"{teacher} must have the length of {student}")
        empty = ~arrays[teacher].any(axis=1)
        if empty.any():
            raise InvalidInput(f"{teacher} must not be zero, row {int(np.argmax(empty))} is")
    count = max(len(array) for array in arrays.values())
    for name, array in arrays.items():
        if len(array) not in (1, count):
            raise InvalidInput(f"{name} has {len(array)} rows, others have {count}")
    return Points(**{name: np.broadcast_to(array, (count, array.shape[1])) for name, array in arrays.items()})


def _isotropic(problem: Problem, at: Points) -> tuple[Problem, Points]:
    """The same for input N(0, I)."""
    root = problem.input_root
    if root is None:
        return problem, at
    if len(root) != at.w.shape[1]:
        raise InvalidInput(f"input_covariance must have shape ({at.w.shape[1]}, {at.w.shape[1]}), got {root.shape}")
    return problem.isotropic, replace(at, w=at.w @ root, w_star=at.w_star @ root)


def _seen(problem: Problem, gradients: tuple[Array, Array]) -> tuple[Array, Array]:
    root = problem.input_root
    return gradients if root is None else (gradients[0], gradients[1] @ root)


def population_loss(problem: Problem, at: Points) -> Array:
    """f at k points, shape (k,).

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.relu())
    >>> population_loss(problem, points([[1], [3]], [0, 2], [1], [1, 0])).tolist()
    [0.25, 1.75]
    """
    problem, at = _isotropic(problem, at)
    return problem_loss(problem, at.invariants)


def population_gradient(problem: Problem, at: Points) -> tuple[Array, Array]:
    """(∂f/∂v, ∂f/∂w) at k points, shapes (k, m) and (k, n)."""
    plain, at = _isotropic(problem, at)
    scalars = at.invariants
    require_direction(scalars, "the population gradient")
    return _seen(problem, problem_gradient(plain, scalars, at.v, at.v_star))


def expected_coarse_gradient(problem: Problem, at: Points) -> tuple[Array, Array]:
    """(∂f/∂v, E g_μ) at k points, shapes (k, m) and (k, n)."""
    plain, at = _isotropic(problem, at)
    scalars = at.invariants
    require_direction(scalars, "the expected coarse gradient")
    return _seen(problem, problem_coarse_gradient(plain, scalars, at.v, at.v_star))


def correlation(problem: Problem, at: Points) -> Array:
    """⟨E g_μ, ∂f/∂w⟩ at k points, shape (k,)."""
    if problem.input_covariance is not None:
        coarse, slope = expected_coarse_gradient(problem, at)[1], population_gradient(problem, at)[1]
        return np.asarray(np.sum(coarse * slope, axis=1))
    scalars = at.invariants
    require_direction(scalars, "the correlation")
    return problem_correlation(problem, scalars)
