"""Where runs start: at random, near the spurious minimum, or from a file."""

import json
from pathlib import Path

import numpy as np

from ste_theory.dynamics.fixed_points import spurious_v
from ste_theory.dynamics.state import Teacher
from ste_theory.model.errors import InvalidInput
from ste_theory.theory import batch as theory
from ste_theory.theory.double_double import Array

STARTS = 0  # the first word of the spawn key


def default_teacher(m: int, n: int) -> Teacher:
    """v* = (1, −½, 1, −½, …), w* = e₁: for m ≥ 2 a teacher with a spurious minimum and S* ≠ 0.

    >>> default_teacher(3, 2).v_star.tolist()
    [1.0, -0.5, 1.0]
    """
    for name, value in (("rows", m), ("dimension", n)):
        if value < 1:
            raise InvalidInput(f"{name} must be a positive integer, got {value!r}")
    return Teacher(np.where(np.arange(m) % 2 == 0, 1.0, -0.5), np.eye(n)[0])


def _draws(seed: int, index: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(STARTS, index)))


def random_starts(teacher: Teacher, count: int, seed: int) -> tuple[Array, Array]:
    """v ~ N(0, ‖v*‖²/m I), w uniform on the unit sphere. Start i depends on (seed, i) alone."""
    m, n = teacher.m, teacher.n
    drawn = np.array([_draws(seed, index).standard_normal(m + n) for index in range(_positive(count))])
    w = drawn[:, m:]
    return drawn[:, :m] * np.sqrt(teacher.V / m), w / np.sqrt(np.sum(w * w, axis=1, keepdims=True))


def near_spurious(teacher: Teacher, count: int, seed: int, distance: float = 0.01) -> tuple[Array, Array]:
    """v = v_sp + ``distance``‖v*‖x, w = −ŵ* + ``distance``y with x, y uniform on spheres; ‖w‖ ≈ 1.

    Raises ``InvalidInput`` for a teacher without a spurious minimum.
    """
    v_sp = spurious_v(teacher)
    m, n = teacher.m, teacher.n
    drawn = np.array([_draws(seed, index).standard_normal(m + n) for index in range(_positive(count))])
    x, y = (part / np.sqrt(np.sum(part * part, axis=1, keepdims=True)) for part in (drawn[:, :m], drawn[:, m:]))
    w_hat_star = teacher.w_star / np.linalg.norm(teacher.w_star)
    return v_sp + distance * np.sqrt(teacher.V) * x, -w_hat_star + distance * y


def read_starts(path: Path) -> tuple[Teacher, Array, Array]:
    """A JSON object with v (k, m), w (k, n), v_star (m,), w_star (n,)."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise InvalidInput(f"{path}: not JSON; write an object with v, w, v_star, w_star") from None
    if not isinstance(content, dict) or (missing := {"v", "w", "v_star", "w_star"} - content.keys()):
        lacking = "" if not isinstance(content, dict) else f", lacks {', '.join(sorted(missing))}"
        raise InvalidInput(f"{path}: needs an object with v, w, v_star, w_star{lacking}")
    try:
        teacher = Teacher(content["v_star"], content["w_star"])
        checked = theory.points(content["v"], content["w"], teacher.v_star, teacher.w_star)
    except InvalidInput as error:
        raise InvalidInput(f"{path}: {error}") from None
    return teacher, checked.v, checked.w


def _positive(count: int) -> int:
    if count < 1:
        raise InvalidInput(f"starts must be a positive integer, got {count!r}")
    return count
