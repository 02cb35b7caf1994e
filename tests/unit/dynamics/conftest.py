"""A teacher with a spurious minimum and the problems compared at it."""

import numpy as np
import pytest

from ste_theory.dynamics.starts import default_teacher
from ste_theory.dynamics.state import Teacher
from ste_theory.model import quantizers, surrogates
from ste_theory.model.problem import Problem

PROBLEMS = {
    "identity": Problem(quantizers.binary(), surrogates.identity()),
    "relu": Problem(quantizers.binary(), surrogates.relu()),
    "clipped_relu": Problem(quantizers.binary(), surrogates.clipped_relu()),
    "formula": Problem(quantizers.binary(), surrogates.from_formulas("bell", ("1/(1 + x^2)",))),
}


@pytest.fixture
def teacher() -> Teacher:
    """v* = (1, −½, 1, −½) and a w* that is no coordinate axis, of length 2."""
    w_star = np.array([1.0, -2.0, 3.0])
    return Teacher(default_teacher(4, 3).v_star, 2 * w_star / np.linalg.norm(w_star))
