"""The population loss along a run: the closed form where there is one, else a mean over one fixed batch."""

from collections.abc import Callable

import numpy as np

from ste_theory.dynamics.state import Teacher
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.program import columns
from ste_theory.theory import batch as theory
from ste_theory.theory.double_double import Array

Loss = Callable[[Array, Array], Array]
EVALUATION = 2  # the first word of the spawn key of the fixed batch
SAMPLES = 4096


def closed_form_loss(problem: Problem, teacher: Teacher, w_star: Array) -> Loss:
    """f(v, w) at k points; ``w_star`` is w* in the coordinates of w."""

    def loss(v: Array, w: Array) -> Array:
        return theory.population_loss(problem, theory.points(v, w, teacher.v_star, w_star))

    return loss


def sampled_loss(problem: Problem, teacher: Teacher, seed: int) -> Loss:
    """Mean ℓ over the same 4096 inputs at every point: relative errors of a few percent, smooth along a run."""
    sequence = np.random.SeedSequence(seed, spawn_key=(EVALUATION,))
    z = np.random.Generator(np.random.SFC64(sequence)).standard_normal((SAMPLES, teacher.m, teacher.n))

    def loss(v: Array, w: Array) -> Array:
        rows = [Point(a, b, teacher.v_star, teacher.w_star) for a, b in zip(v, w, strict=True)]
        return np.array([columns(problem, row, z)[:, -1].mean() for row in rows])

    return loss


def has_closed_form(problem: Problem, teacher: Teacher) -> bool:
    """Whether the float functions know the population loss of this quantizer."""
    try:
        theory.population_loss(problem, theory.points(teacher.v_star, teacher.w_star, teacher.v_star, teacher.w_star))
    except InvalidInput:
        return False
    return True
