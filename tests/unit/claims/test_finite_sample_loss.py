"""The empirical loss along the negative coarse gradient, drawn by the program at many step sizes."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
import sympy as sp

from ste_theory.claims import registry
from ste_theory.model import symbols
from ste_theory.model.problem import Point, Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import identity
from ste_theory.model.symbols import D, m, rho
from ste_theory.montecarlo.program import columns
from ste_theory.theory.coarse_gradient import expected_coarse_gradient
from ste_theory.theory.loss import population_loss

V, V_STAR = [1.0, -0.5], [0.75, 0.25]
W, W_STAR = np.array([1.5, 0.0]), np.array([math.cos(2.0), math.sin(2.0)])
PROBLEM = Problem(binary(), identity())
# The direction of w* is reached at about 2.9, where the population loss begins to rise again.
STEPS, BEYOND = np.linspace(0.0, 2.5, 9), (3.2, 3.6)

STATED = registry.claims()["yin2019.finite-sample-loss"].statement
MOST = float(
    STATED.sentence("the largest loss")
    .variables[0]
    .lower.subs({m: 2, symbols.V: np.dot(V, V), symbols.V_star: np.dot(V_STAR, V_STAR)})
)


def _at(w: np.ndarray) -> Point:
    return Point(V, w, V_STAR, W_STAR)


GRADIENT = np.asarray(expected_coarse_gradient(PROBLEM, _at(W)).w)


def _line(step: float) -> np.ndarray:
    moved: np.ndarray = W - step * GRADIENT
    return moved


def _population(steps: Sequence[float]) -> np.ndarray:
    return np.array([float(population_loss(PROBLEM, _at(_line(step)))) for step in steps])


def _empirical(steps: np.ndarray, samples: int, seed: int) -> np.ndarray:
    z = np.random.default_rng(seed).standard_normal((samples, 2, 2))
    return np.array([columns(PROBLEM, _at(_line(step)), z)[:, -1].mean() for step in steps])


def test_the_population_curve_has_the_stated_slope() -> None:
    """Would have caught a turn whose speed is that of another parametrization: difference quotients of the loss."""
    overlap = float(np.dot(V, V_STAR))
    slope = STATED.sentence("the population curve").right
    for step in STEPS[1:-1]:
        h = 1e-5
        ahead, behind = (float(population_loss(PROBLEM, _at(_line(step + d)))) for d in (h, -h))
        values = {
            sp.Symbol("eta", nonnegative=True): step,
            sp.Symbol("A", real=True): float(GRADIENT[0]),
            sp.Symbol("b", nonnegative=True): abs(float(GRADIENT[1]) / overlap),
            D: overlap,
            rho: float(np.linalg.norm(W)),
        }
        assert (ahead - behind) / (2 * h) == pytest.approx(float(slope.subs(values)), rel=1e-6)


def test_few_samples_are_ragged() -> None:
    """Would have caught jumps that are not there, or more or larger ones than stated: 3 samples at 2001 step sizes."""
    losses = _empirical(np.linspace(0.0, 4.0, 2001), 3, 7)
    jumps = np.diff(losses)
    moved = np.abs(jumps) > 1e-12
    largest = np.abs(V).max()
    residual = np.abs(V).sum() + np.abs(V_STAR).sum()
    assert 1 <= moved.sum() <= 3 * 2
    # Two jumps between neighbouring step sizes would add up.
    assert np.abs(jumps).max() <= 2 * (largest * residual + largest**2 / 2) / 3


def test_few_samples_can_rise_where_the_population_falls() -> None:
    """Would have caught a picture in which the number of samples does not matter: some of 200 draws of 3 rise."""
    population = _population(list(STEPS))
    assert np.all(np.diff(population) < 0)
    assert np.all(np.diff(_population(BEYOND)) > 0)
    assert any(np.any(np.diff(_empirical(STEPS, 3, seed)) > 0) for seed in range(200))


def test_many_samples_fall_from_each_step_to_the_next() -> None:
    """Would have caught a number of samples that is too small: at risk δ = 0.05, ten draws.

    Were the claim right and no better, at most 5 % of draws would fail; more than five of ten have probability 3e-6.
    """
    steps = np.array([1.0, 1.75, 2.5])
    population = _population(list(steps))
    gap = float(-np.diff(population).max())
    needed = math.ceil(len(population) * MOST**2 / (0.05 * gap**2))
    assert needed < 400_000
    failures = sum(bool(np.any(np.diff(_empirical(steps, needed, seed)) >= 0)) for seed in range(10))
    assert failures <= 5


def test_no_loss_is_larger_than_stated() -> None:
    """Would have caught a bound that a sample exceeds, or one a hundred times too generous."""
    z = np.random.default_rng(9).standard_normal((20_000, 2, 2))
    losses = columns(PROBLEM, _at(W), z)[:, -1]
    assert MOST / 100 < losses.max() <= MOST
