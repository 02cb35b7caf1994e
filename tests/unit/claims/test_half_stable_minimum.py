"""general.half-stable-minimum against the public functions: its numbers, its signs, and where descent goes."""

import math

import numpy as np
import pytest
import sympy as sp
from scipy.stats import norm

import ste_theory as st
from ste_theory.claims import registry
from ste_theory.dynamics.run import Run
from ste_theory.dynamics.state import Settings, Teacher
from ste_theory.model.problem import Point, Problem
from ste_theory.model.surrogates import Surrogate

TEACHERS = ([1.0], [1.0, -0.5, 1.0], [2.0, 1.0], [1.0, -1.0], [-3.0, 0.25, 0.5, 1.0])
NETWORKS = [(st.surrogates.relu(), None), (st.surrogates.clipped_relu(3), 3)]


def numbers_at(rho: float, clip: int | None) -> tuple[float, ...]:
    """(s₁, s₁*, q, k, a₀, a₁, b∥) of the steps at 0, 1, 2 at ρ and ρ* = 1, θ = 0, from Φ and φ."""
    own, other = np.arange(3) / rho, np.arange(3.0)
    s, s_star = norm.sf(own).sum(), norm.sf(other).sum()
    q = norm.sf(np.maximum(own[:, None], own)).sum() - s**2
    k = norm.sf(np.maximum(own[:, None], other)).sum() - s * s_star
    end = norm.pdf(clip / rho) if clip else 0.0
    a0, a1, b = norm.pdf(0) - end, norm.pdf(own).sum() - 3 * end, norm.pdf(other).sum() - 3 * end
    return tuple(float(x) for x in (s, s_star, q, k, a0, a1, b))


def brackets(rho: float) -> dict[str, float]:
    """X₁, X₀, X₂ as the claim names them."""
    s, s_star, q, k, a0, a1, b = numbers_at(rho, None)
    second, both = q + s**2, k + s * s_star
    return {
        "X₁": (b - a0 * s_star) * q - k * (a1 - a0 * s),
        "X₀": b * second - both * a1,
        "X₂": b * s**2 + a0 * s_star * second - both * a0 * s - s * s_star * a1,
    }


@pytest.mark.parametrize("name", ["X₁", "X₀", "X₂"])
@pytest.mark.parametrize(("side", "rho", "sign"), [("beyond", 1.1, 1), ("before", 0.9, -1)])
def test_the_sentences_are_about_the_brackets(name: str, side: str, rho: float, sign: int) -> None:
    """Would have caught: a sentence whose formula is not the slope of the bracket that it names."""
    sentences = registry.claims()["general.half-stable-minimum"].statement.sentences
    (sentence,) = (found for found in sentences if found.name == f"{name} {side} the minimum")
    (letter,) = sentence.left.free_symbols
    slope = (brackets(rho + 1e-5)[name] - brackets(rho - 1e-5)[name]) / 2e-5
    # The difference quotient errs by h²/6 of the third derivative and by roundings of 1e-16/h.
    assert float(sp.N(sentence.left.subs(letter, sp.Rational(str(rho))))) == pytest.approx(sign * slope, abs=1e-9)


def best(teacher: list[float], numbers: tuple[float, ...]) -> np.ndarray:
    """v(ρ) as the claim gives it."""
    s, s_star, q, k, *_ = numbers
    v_star = np.array(teacher)
    m, mean = len(v_star), v_star.mean()
    return np.asarray(k / q * (v_star - mean) + (k + m * s * s_star) / (q + m * s**2) * mean)


@pytest.mark.parametrize(("surrogate", "clip"), NETWORKS, ids=["relu", "clipped"])
@pytest.mark.parametrize("teacher", TEACHERS, ids=str)
@pytest.mark.parametrize("rho", [0.82, 0.97, 1.0001, 1.03, 1.12])
def test_the_signs_at_the_best_v(surrogate: Surrogate, clip: int | None, teacher: list[float], rho: float) -> None:
    """Would have caught: a wrong covariance of the two staircases, a sign, a v that is not the best one."""
    numbers = numbers_at(rho, clip)
    problem = Problem(st.quantizers.uniform_relu(2), surrogate)
    point = Point(best(teacher, numbers), [rho], teacher, [1.0])
    population, coarse = st.population_gradient(problem, point), st.expected_coarse_gradient(problem, point)
    assert np.abs(population.v).max() < 1e-12, "v(ρ) is where ∂f/∂v = 0"
    assert coarse.w[0] < 0, "a step makes ‖w‖ grow on both sides"
    assert np.sign(population.w[0]) == np.sign(rho - 1), "the loss is least at ρ*"
    # The kink in θ of the step at 0 leaves the correlation its limit: the coarse gradient's tangential part vanishes.
    tilted = Point(point.v, [rho * math.cos(1e-9), rho * math.sin(1e-9)], teacher, [1.0, 0.0])
    assert np.sign(st.correlation(problem, tilted)) == np.sign(1 - rho)
    s, s_star, _, _, a0, a1, b = numbers
    v, v_star = point.v, point.v_star
    own, other = v.sum(), v_star.sum()
    radial = v @ v * (a1 - a0 * s) - v @ v_star * (b - a0 * s_star) + own * a0 * (s * own - s_star * other)
    # Some twenty roundings of terms up to 30.
    assert coarse.w[0] == pytest.approx(radial, rel=1e-9, abs=1e-13)


@pytest.mark.parametrize(
    ("surrogate", "low", "high"), [(st.surrogates.relu(), 6.0, math.inf), (st.surrogates.clipped_relu(3), 1.26, 1.27)]
)
def test_descent_leaves_the_global_minimum(surrogate: Surrogate, low: float, high: float) -> None:
    """A start 1 % above it: ‖w‖ and the loss grow; under the ReLU without an end, else ‖w‖ rests above ρ*.

    Would have caught: a claim about a curve that descent does not follow.
    """
    teacher = Teacher([1.0, -0.5, 1.0], [1.0, 0.0])
    problem = Problem(st.quantizers.uniform_relu(2), surrogate)
    run = Run(problem, teacher, Settings(0.1), np.array([teacher.v_star]), np.array([[1.01, 0.0]]))
    norms, losses = [], []
    for steps in (50, 100, 200, 400, 1500):
        run.advance(steps)
        norms.append(float(np.linalg.norm(run.state.w)))
        losses.append(float(run.losses()[0]))
    assert norms == sorted(norms)
    assert losses == sorted(losses)
    assert low < norms[-1] < high
    assert losses[-1] > 0.06
