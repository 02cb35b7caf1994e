"""The population loss along a run."""

from collections.abc import Callable

from ste_theory.dynamics.state import Teacher
from ste_theory.model.problem import Problem
from ste_theory.theory import batch as theory
from ste_theory.theory.double_double import Array

Loss = Callable[[Array, Array], Array]


def population_loss(problem: Problem, teacher: Teacher, w_star: Array) -> Loss:
    """f(v, w) at k points; ``w_star`` is w* in the coordinates of w."""

    def loss(v: Array, w: Array) -> Array:
        return theory.population_loss(problem, theory.points(v, w, teacher.v_star, w_star))

    return loss
