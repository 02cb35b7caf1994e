"""One step of coarse gradient descent for all starts at once, and what becomes of w where it reaches 0."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ste_theory.dynamics.empirical import batch_gradients
from ste_theory.dynamics.loss import Loss
from ste_theory.dynamics.plane import gradients
from ste_theory.dynamics.state import Rows, Settings, State, Teacher, crossed
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Problem
from ste_theory.theory import batch as theory
from ste_theory.theory.double_double import Array

LARGEST = 1e60  # four weights are multiplied at most: within the range of floats


def in_plane(problem: Problem, settings: Settings) -> bool:
    """Whether the run takes place in plane coordinates: expectations of the binary activation."""
    return settings.batch == 0 and problem.is_binary


def step_gradients(
    problem: Problem, teacher: Teacher, settings: Settings, step: int, v: Array, w: Array, rows: Rows
) -> tuple[Array, Array]:
    """The gradients of one step at the starts numbered ``rows``; w in plane coordinates where ``in_plane``."""
    if settings.batch:
        sampled = batch_gradients(
            problem, teacher, v, w, batch=settings.batch, seed=settings.seed, step=step, rows=rows
        )
        return sampled[:2]
    if in_plane(problem, settings):
        return gradients(problem.surrogate, teacher, v, w)
    return theory.expected_coarse_gradient(problem, theory.points(v, w, teacher.v_star, teacher.w_star))


def advance(problem: Problem, teacher: Teacher, settings: Settings, state: State, loss: Loss) -> State:
    """The state one step later. w reaches or passes 0 where ⟨w′, w⟩ ≤ 0, at the fraction ρ²/⟨w, w − w′⟩ of the step.

    A w′ of exactly 0 is continued from −2⁻⁵²w: the direction it came with. ``loss`` gives the population loss.
    Raises ``InvalidInput`` when a weight grows beyond 1e60.
    """
    live = ~state.stopped
    rows = np.flatnonzero(live)
    if not len(rows):
        return replace(state, step=state.step + 1)
    v, w = state.v[rows], state.w[rows]
    with np.errstate(over="ignore", invalid="ignore"):
        v_gradient, w_gradient = step_gradients(problem, teacher, settings, state.step, v, w, rows)
        v_new, w_new = v - settings.step_size * v_gradient, w - settings.step_size * w_gradient
    _require_bounded(v_new, w_new, settings, state.step, rows)
    passed: npt.NDArray[np.bool_] = np.less_equal(_dot(w_new, w), 0)
    w_new = np.where(np.asarray(w_new.any(axis=1))[:, None], w_new, -(2.0**-52) * w)
    if settings.normalize:
        w_new = w_new / np.sqrt(_dot(w_new, w_new))[:, None]
    crossings, stopped = state.crossings, state.stopped
    if passed.any():
        where = np.zeros(len(state.v), dtype=bool)
        where[rows[passed]] = True
        at = np.flatnonzero(passed & (crossings.count[rows] == 0))  # details are kept of the first crossing alone
        details = {name: np.full(len(state.v), np.nan) for name in ("first", "before", "after")}
        if len(at):
            details["first"][rows[at]] = state.step + _dot(w[at], w[at]) / (
                settings.step_size * _dot(w[at], w_gradient[at])
            )
            details["before"][rows[at]], details["after"][rows[at]] = loss(v[at], w[at]), loss(v_new[at], w_new[at])
        crossings = crossed(crossings, where, state.step, **details)
        if settings.at_zero == "stop":
            stopped = stopped | where
    v_all, w_all = state.v.copy(), state.w.copy()
    v_all[rows], w_all[rows] = v_new, w_new
    return State(state.step + 1, v_all, w_all, crossings, stopped)


def _dot(a: Array, b: Array) -> Array:
    return np.asarray(np.sum(a * b, axis=1))


def _require_bounded(v: Array, w: Array, settings: Settings, step: int, rows: Rows) -> None:
    # nan compares as not within.
    bad = ~((np.abs(v) <= LARGEST).all(axis=1) & (np.abs(w) <= LARGEST).all(axis=1))
    if bad.any():
        start = int(rows[int(np.argmax(bad))])
        raise InvalidInput(
            f"step {step + 1} of start {start}: the weights grow beyond {LARGEST:g}; take a step size below"
            f" {settings.step_size:g}"
        )
