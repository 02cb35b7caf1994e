"""A run: k starts, advanced step by step, with records on the way. Interrupted anywhere, it stands at a whole step."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ste_theory.dynamics.loss import population_loss
from ste_theory.dynamics.plane import Plane, plane_of
from ste_theory.dynamics.state import Settings, State, Teacher, initial
from ste_theory.dynamics.step import advance, in_plane, step_gradients
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Problem
from ste_theory.theory import batch as theory
from ste_theory.theory.double_double import Array
from ste_theory.theory.scope import require_isotropic

RECORDED = ("loss", "theta", "rho", "D", "S", "V")
TRACKED = 100  # starts whose way is recorded; a thousand records of six numbers each are 5 MB


@dataclass(frozen=True, eq=False)
class History:
    """Records of the first starts: ``steps`` (r,), and ``values[name]`` of shape (r, tracked) for RECORDED."""

    steps: Array
    values: dict[str, Array]


class Run:
    """Coarse gradient descent from v (k, m), w (k, n); ``state`` is where it stands.

    Expected dynamics of the binary activation take place in the plane of w and w* (``plane``), all others in R^n.
    What start i does depends on nothing but itself, its number i and the settings, bit for bit.

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.relu())
    >>> run = Run(problem, Teacher([1, 0.5], [1, 0]), Settings(0.5), np.ones((1, 2)), np.ones((1, 2)))
    >>> run.advance(200)
    >>> run.state.v.round(3).tolist(), bool(run.losses()[0] < 1e-6)
    ([[1.0, 0.5]], True)
    """

    def __init__(self, problem: Problem, teacher: Teacher, settings: Settings, v: Array, w: Array) -> None:
        checked = theory.points(v, w, teacher.v_star, teacher.w_star)
        state = initial(checked.v, checked.w)
        plane, w_star = None, teacher.w_star
        if in_plane(problem, settings):
            plane, inside = plane_of(checked.w, teacher)
            state, w_star = initial(checked.v, inside), np.array([float(np.linalg.norm(teacher.w_star)), 0.0])
        self._begin(problem, teacher, settings, plane, w_star)
        self._done: tuple[State, int] = state, 0
        self._records: list[tuple[int, Array]] = []
        self._commit(state)

    def _begin(
        self, problem: Problem, teacher: Teacher, settings: Settings, plane: Plane | None, w_star: Array
    ) -> None:
        require_isotropic(problem, "a run")
        self.problem, self.teacher, self.settings, self.plane, self._w_star = problem, teacher, settings, plane, w_star
        self._loss = population_loss(problem, teacher, w_star)

    @classmethod
    def restored(
        cls, problem: Problem, teacher: Teacher, settings: Settings, state: State, plane: Plane | None, history: History
    ) -> "Run":
        """The run that stood at ``state`` with these records."""
        if (plane is not None) != in_plane(problem, settings):
            raise InvalidInput("the saved run is of another kind than its settings say")
        run = cls.__new__(cls)
        w_star = teacher.w_star if plane is None else np.array([float(np.linalg.norm(teacher.w_star)), 0.0])
        run._begin(problem, teacher, settings, plane, w_star)
        table = np.stack([history.values[name] for name in RECORDED], axis=1)
        run._records = [(int(step), row) for step, row in zip(history.steps, table, strict=True)]
        run._done = state, len(run._records)
        return run

    @property
    def state(self) -> State:
        """The last whole step."""
        return self._done[0]

    @property
    def history(self) -> History:
        """The records so far."""
        kept = self._records[: self._done[1]]
        table = np.stack([row for _, row in kept])
        return History(
            np.array([step for step, _ in kept], dtype=np.int64),
            {name: table[:, index] for index, name in enumerate(RECORDED)},
        )

    @property
    def weights(self) -> Array:
        """w (k, n) of all starts."""
        return self.state.w if self.plane is None else self.plane.lift(self.state.w)

    def losses(self) -> Array:
        """The population loss of all starts where they stand, shape (k,)."""
        return self._loss(self.state.v, self.state.w)

    def points(self) -> theory.Points:
        """All starts where they stand, in the coordinates of the run."""
        return theory.points(self.state.v, self.state.w, self.teacher.v_star, self._w_star)

    def radial(self) -> Array:
        """A = ⟨E g_μ, ŵ⟩ (of the next batch, with batches) of all starts where they stand, shape (k,)."""
        state = self.state
        _, g = step_gradients(
            self.problem, self.teacher, self.settings, state.step, state.v, state.w, np.arange(len(state.v))
        )
        return np.asarray(np.sum(g * state.w, axis=1) / np.sqrt(np.sum(state.w * state.w, axis=1)))

    def loss_of_no_student(self) -> float:
        """The population loss of v = 0."""
        return float(self._loss(np.zeros((1, self.teacher.m)), self.state.w[:1])[0])

    def advance(self, step: int, progress: Callable[[int], None] | None = None) -> None:
        """Go on until ``step`` steps are done. An exception (KeyboardInterrupt too) leaves the last whole step."""
        while self.state.step < step:
            self._commit(advance(self.problem, self.teacher, self.settings, self.state, self._loss))
            if progress:
                progress(self.state.step)

    def _commit(self, state: State) -> None:
        # The one assignment to _done makes step and record count; what an interruption left over is dropped.
        count = self._done[1]
        del self._records[count:]
        if state.step % self.settings.every == 0:
            self._records.append((state.step, self._record(state)))
            count += 1
        self._done = state, count

    def _record(self, state: State) -> Array:
        v, w = state.v[:TRACKED], state.w[:TRACKED]
        at = theory.points(v, w, self.teacher.v_star, self._w_star).invariants
        return np.stack([self._loss(v, w), at.theta, at.rho, at.D, at.S, at.V])
