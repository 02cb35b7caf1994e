"""The float functions against the definitions of the plane, integrated by QUADPACK.

A row of Z has coordinates a = ŵᵀz, b = ûᵀz. Given a, the teacher's unit is on where ca + sb > 0: with probability
Φ(ca/s), and E[b; on] = φ(ca/s). That leaves one integral over a for each of a₀, a₁, b∥, b⊥, from which G1 assembles the
gradient. The tolerance is QUADPACK's own error estimate, plus 1e-13 (the float functions' guarantee for formulas), of
the sum of the absolute values.
"""

import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

import ste_theory.theory.batch as batch
from ste_theory.model import quantizers, surrogates
from ste_theory.model.problem import Point, Problem
from ste_theory.model.surrogates import Surrogate, from_formulas
from ste_theory.theory.coarse_gradient import expected_coarse_gradient
from ste_theory.theory.correlation import correlation
from ste_theory.theory.gradient import population_gradient
from ste_theory.theory.loss import population_loss
from ste_theory.theory.response import response

SURROGATES = {
    "identity": surrogates.identity(),
    "relu": surrogates.relu(),
    "clipped_relu": surrogates.clipped_relu(),
    "clipped_relu_0.3": surrogates.clipped_relu("0.3"),
    "off_centre_windows": from_formulas("windows", ("0", "1", "0", "-1/2", "2", "0"), (-3, -1, "1/2", 1, 4)),
    "sigmoid_derivative": from_formulas("sigmoid", ("1/(2 + 2*cosh(b*x))",), b=4),
    "gaussian_bump": from_formulas("bump", ("exp(-x^2/(2*t^2))",), t="0.2"),
    "swish_sign": from_formulas("swish_sign", ("b*(2 - b*x*tanh(b*x/2))/(1 + cosh(b*x))",), b=5),
    "odd": from_formulas("odd", ("x/(1 + x^2)",)),
    "tent": from_formulas("tent", ("0", "2 + 2*x", "2 - 2*x", "0"), (-1, 0, 1)),
}
POINTS = 20
Scalar = Callable[[float], float]


class Integral(NamedTuple):
    value: float
    error: float


def phi(t: float) -> float:
    return math.exp(-t * t / 2) / math.sqrt(2 * math.pi)


def integral(function: Scalar, marks: list[float]) -> Integral:
    """Over (−12, 12), cut at the marks, with its error; what lies beyond is below 1e-29 for |μ′| ≤ 10."""
    cuts = sorted({-12.0, 12.0, 0.0, *(x for mark in marks for x in (mark, -mark) if abs(x) < 12)})
    value, error = 0.0, 1e-29
    for low, high in pairwise(cuts):
        part = quad(function, low, high, epsabs=1e-17, epsrel=1e-13, limit=200, full_output=1)
        value, error = value + part[0], error + part[1] + 1e-13 * abs(part[0])
    return Integral(value, error)


def random_point(rng: np.random.Generator) -> Point:
    m, n = int(rng.integers(1, 7)), int(rng.integers(2, 9))
    w, u = rng.normal(size=n), rng.normal(size=n)
    w /= np.linalg.norm(w)
    u -= (u @ w) * w
    u /= np.linalg.norm(u)
    theta = rng.choice([rng.uniform(0, np.pi), 10 ** rng.uniform(-4, 0), np.pi - 10 ** rng.uniform(-4, 0)])
    w_star = 10 ** rng.uniform(-1, 1) * (math.cos(theta) * w + math.sin(theta) * u)
    return Point(rng.normal(size=m), 10 ** rng.uniform(-1.5, 1.5) * w, rng.normal(size=m), w_star)


@pytest.mark.parametrize("name", SURROGATES)
def test_gradient_and_response_are_the_defining_integrals(name: str) -> None:
    """Would have caught: a wrong formula in any moment, a piece with the wrong sign or end, a panel not refined, an
    asymmetry between μ′ on the two half-lines (relu, the windows), odd parts leaking into M.
    """
    surrogate: Surrogate = SURROGATES[name]
    problem = Problem(quantizers.binary(), surrogate)
    rng = np.random.default_rng(len(name))
    for _ in range(POINTS):
        point = random_point(rng)
        x = batch.points(point.v, point.w, point.v_star, point.w_star).invariants
        rho, c, s, D = (float(values[0]) for values in (x.rho, x.cosine, x.sine, x.D))
        V, S, S_star = float(x.V[0]), float(x.S[0]), float(x.S_star[0])
        breaks = [float(t) for t in surrogate.breakpoints]
        inner = [scale * t for scale in (0.1, 0.3, 1, 3) for t in (1 / rho, s)]
        marks = [t / rho for t in breaks] + inner + [1.0, 3.0, 6.0, 9 * s, 27 * s]

        @cache  # the rules for different integrals have most nodes in common
        def mu(a: float, surrogate: Surrogate = surrogate, rho: float = rho) -> float:
            with np.errstate(over="ignore"):  # cosh far out: 1/∞ is the 0 that is meant
                return float(surrogate(rho * a))

        def cot(a: float, c: float = c, s: float = s) -> float:
            return c * a / s

        a0 = integral(lambda a: a * mu(a) * phi(a), marks)
        a1 = integral(lambda a: a * mu(a) * phi(a) * (a > 0), marks)
        b_parallel = integral(lambda a: a * mu(a) * phi(a) * float(ndtr(cot(a))), marks)
        b_perpendicular = integral(lambda a: mu(a) * phi(a) * phi(cot(a)), marks)
        M = integral(
            lambda a, s=s: mu(s * a) * phi(a),  # type: ignore[misc]
            [t / (rho * s) for t in breaks] + [t / s for t in inner] + [1.0, 3.0, 6.0],
        )
        coefficients = (V, (S * S - V) / 2 - (S * S_star - D) / 2, -D)
        A = sum(k * part.value for k, part in zip(coefficients, (a1, a0, b_parallel), strict=True))
        error = sum(abs(k) * part.error for k, part in zip(coefficients, (a1, a0, b_parallel), strict=True))
        expected = A * x.w_hat[0] - D * b_perpendicular.value * x.u_hat[0]
        scale = V + S * S + abs(S * S_star) + abs(D)
        allowed = (
            error + abs(D) * b_perpendicular.error + 1e-13 * scale * (abs(a1.value) + abs(a0.value) + abs(M.value))
        )

        got = expected_coarse_gradient(problem, point)
        assert np.abs(got.w - expected).max() <= allowed, point
        assert abs(float(response(surrogate, rho * s)) - M.value) <= M.error + 1e-13 * max(abs(M.value), 1e-3), point
        gradient = population_gradient(problem, point)
        slope = abs(D) / (2 * math.pi * rho)
        product = float(expected @ gradient.w)
        assert abs(correlation(problem, point) - product) <= slope * (allowed + 1e-14 * abs(A)), point


def test_loss_and_v_gradient_are_the_defining_expectations() -> None:
    """f and ∂f/∂v by enumerating which units are on: 4 cells of probability (π − θ)/(2π) (both, none), θ/(2π) (one).

    Would have caught: a wrong orthant probability, and rows mixed up. 2·4^m terms of rounding 4u each.
    """
    rng = np.random.default_rng(3)
    problem = Problem(quantizers.binary(), surrogates.relu())
    for _ in range(50):
        point = random_point(rng)
        v, v_star = point.v[:3], point.v_star[:3]
        point = Point(v, point.w, v_star, point.w_star)
        theta = float(batch.points(point.v, point.w, point.v_star, point.w_star).invariants.theta[0])
        same, other = (math.pi - theta) / (2 * math.pi), theta / (2 * math.pi)
        cells = [(1, 1, same), (0, 0, same), (1, 0, other), (0, 1, other)]
        loss, slope, size = 0.0, np.zeros(len(v)), 0.0
        for state in np.ndindex(*(4,) * len(v)):
            on = np.array([cells[i][0] for i in state], dtype=float)
            teacher = np.array([cells[i][1] for i in state], dtype=float)
            probability = math.prod(cells[i][2] for i in state)
            residual = float(on @ v - teacher @ v_star)
            loss += probability * residual**2 / 2
            slope += probability * on * residual
            size += probability * float(on @ np.abs(v) + teacher @ np.abs(v_star)) ** 2
        allowed = 4 ** len(v) * 4 * 2**-53 * size
        assert abs(population_loss(problem, point) - loss) <= allowed, point
        assert np.abs(population_gradient(problem, point).v - slope).max() <= 4 ** len(v) * 2**-51 * math.sqrt(size), (
            point
        )
