"""Sampled moments against expectations known in closed form, and mutated programs that must not pass.

The false-alarm rate is 1e-6, split over the comparisons of this file, which are fewer than 1000; the seeds are fixed
besides.
"""

import math
from collections.abc import Callable, Mapping
from statistics import NormalDist

import numpy as np
import pytest

from ste_theory.model import quantizers, surrogates
from ste_theory.model.numbers import Vector
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.blocks import block_inputs, block_size
from ste_theory.montecarlo.decide import Comparison, Outcome, compare, critical_value, samples_needed
from ste_theory.montecarlo.estimate import estimate_coarse_gradient, estimate_moments
from ste_theory.montecarlo.frame import plane_frame
from ste_theory.montecarlo.moments import Moments
from ste_theory.montecarlo.program import Layout, Matrix, columns

CRITICAL = critical_value(1e-6, 1000)
PHI, DENSITY = NormalDist().cdf, NormalDist().pdf
BINARY_IDENTITY = Problem(quantizers.binary(), surrogates.identity())


def teacher_of_length_one(m: int, n: int, seed: int) -> Point:
    draw = np.random.default_rng(seed)
    w_star = draw.normal(size=n)
    return Point(
        draw.normal(size=m) + 1, 1.7 * draw.normal(size=n), draw.normal(size=m) + 1, w_star / np.linalg.norm(w_star)
    )


def known_values(point: Point) -> dict[str, float]:
    """Binary activation, identity surrogate, ‖w*‖ = 1: E g = (V ŵ − D w*)/√(2π), and the loss and its gradient in v."""
    v, v_star = point.v, point.v_star
    frame = plane_frame(point)
    theta = math.atan2(frame.sine, frame.cosine)
    coarse = (v @ v * frame.w_hat - v @ v_star * point.w_star) / math.sqrt(2 * math.pi)
    s, s_star, tilt = v.sum(), v_star.sum(), 1 - 2 * theta / math.pi
    loss = (v @ v + s * s - 2 * (tilt * (v @ v_star) + s * s_star) + v_star @ v_star + s_star**2) / 8
    v_gradient = (v + s - tilt * v_star - s_star) / 4
    values = np.concatenate([v_gradient, coarse, [loss]])
    return dict(zip(Layout(point.m, point.n).labels, values.tolist(), strict=True))


def judge_all(mean: Matrix, error: Matrix, samples: int, point: Point) -> list[Comparison]:
    """Every column against its known value, with errors relative to the largest entry of its observable."""
    layout, known = Layout(point.m, point.n), known_values(point)
    claimed = np.array(list(known.values()))
    return [
        compare(
            layout.labels[index],
            float(mean[index]),
            float(claimed[index]),
            float(error[index]),
            scale=float(np.abs(claimed[columns_]).max()),
            critical=CRITICAL,
            samples=samples,
            roundings=4 * point.m + point.n + 8,
        )
        for columns_ in layout.groups.values()
        for index in range(columns_.start, columns_.stop)
    ]


# One row, and several: more rows are the same program.
@pytest.mark.parametrize(
    ("m", "n", "samples"),
    [(1, 2, 4_000_000), (3, 4, 4_000_000), pytest.param(8, 12, 2_000_000, marks=pytest.mark.slow)],
)
def test_binary_activation_with_identity_surrogate(m: int, n: int, samples: int) -> None:
    """Would have caught: a wrong program, at errors of 2 % of the largest entry of each observable (all conclusive)."""
    point = teacher_of_length_one(m, n, seed=m)
    moments = estimate_moments(BINARY_IDENTITY, point, samples=samples, seed=20, threads=2)
    results = judge_all(moments.mean, moments.standard_error, moments.samples, point)
    assert {result.outcome for result in results} == {Outcome.PASS}, results
    assert max(result.detectable for result in results) < 0.02


def test_estimate_of_the_coarse_gradient() -> None:
    """Would have caught: standard errors of single samples, or of another column, beside the right mean."""
    point = teacher_of_length_one(2, 3, seed=5)
    known = known_values(point)
    estimate = estimate_coarse_gradient(BINARY_IDENTITY, point, samples=500_000, seed=3)
    pulls = [(estimate.mean.w[j] - known[f"coarse_gradient[{j}]"]) / estimate.standard_error.w[j] for j in range(3)]
    pulls += [(estimate.mean.v[i] - known[f"v_gradient[{i}]"]) / estimate.standard_error.v[i] for i in range(2)]
    assert max(map(abs, pulls)) < CRITICAL
    # Five pulls of a correct standard error all below 0.01 in size have probability 3e-11.
    assert max(map(abs, pulls)) > 0.01


def test_projections_on_the_plane() -> None:
    """Would have caught: ŵ, û or the covariance in another basis: E g has no part orthogonal to span(w, w*)."""
    point = teacher_of_length_one(2, 4, seed=6)
    frame = plane_frame(point)
    moments = estimate_moments(BINARY_IDENTITY, point, samples=2_000_000, seed=4, threads=2)
    v, v_star = point.v, point.v_star
    orthogonal = np.linalg.svd(np.stack([frame.w_hat, frame.u_hat]))[2][2]
    claims: list[tuple[Vector, float]] = [
        (frame.w_hat, float(v @ v - v @ v_star * frame.cosine) / math.sqrt(2 * math.pi)),
        (frame.u_hat, -float(v @ v_star) * frame.sine / math.sqrt(2 * math.pi)),
        (orthogonal, 0.0),
    ]
    scale = math.hypot(*(claimed for _, claimed in claims))
    for direction, claimed in claims:
        value, error = moments.along("coarse_gradient", direction)
        result = compare(
            "g", value, claimed, error, scale=scale, critical=CRITICAL, samples=moments.samples, roundings=30
        )
        assert result.outcome is Outcome.PASS, result


def check_score(moments: Moments, radial: float, tangential: float, scale: float) -> None:
    for label, claimed in (("score.radial", radial), ("score.tangential", tangential)):
        value, error = moments.column(label)
        result = compare(
            label,
            value,
            claimed,
            error,
            scale=scale,
            critical=CRITICAL,
            samples=moments.samples,
            roundings=moments.roundings,
        )
        assert result.outcome is Outcome.PASS, result


def test_score_of_the_binary_activation() -> None:
    """Would have caught: a population gradient with the wrong sign, factor 1/ρ or radial part, at errors of 2 %:
    ∂f/∂w = −(D/(2πρ)) û."""
    point = Point([1.0, 2.0], [0.5, 0.0, 0.5], [1.5, 1.0], [0.0, 1.0, 1.0])
    moments = estimate_moments(BINARY_IDENTITY, point, samples=4_000_000, seed=7, score=True, threads=2)
    size = float(point.v @ point.v_star) / (2 * math.pi * math.sqrt(0.5))
    check_score(moments, 0.0, -size, size)


def test_score_of_a_staircase() -> None:
    """Would have caught: a radial part that is only right where it vanishes, at errors of 2 %. Thresholds 0, 1, 2:
    Plackett's identity gives ∂f/∂θ, differentiating the normal distribution functions ∂f/∂ρ."""
    rho, rho_star, theta, d = 1.5, 1.0, 1.1, 2.0
    point = Point([1.0], [rho, 0.0], [d], [rho_star * math.cos(theta), rho_star * math.sin(theta)])
    problem = Problem(quantizers.uniform_relu(2), surrogates.relu())
    moments = estimate_moments(problem, point, samples=6_000_000, seed=9, score=True, threads=2)
    c, s = math.cos(theta), math.sin(theta)
    student, teacher = [t / rho for t in (0, 1, 2)], [t / rho_star for t in (0, 1, 2)]
    pairs = [(a, b) for a in student for b in teacher]
    by_theta = d / (2 * math.pi) * sum(math.exp(-(a * a - 2 * a * b * c + b * b) / (2 * s * s)) for a, b in pairs)
    square = sum(DENSITY(max(a, b)) * max(a, b) / rho for a in student for b in student)
    overlap = sum(DENSITY(a) * a / rho * PHI((c * a - b) / s) for a, b in pairs)
    by_rho = square / 2 - d * overlap
    check_score(moments, by_rho, -by_theta / rho, math.hypot(by_rho, by_theta / rho))


Program = Callable[[Problem, Point, Matrix], Matrix]


def mutant(change: Callable[[Point, Matrix, Matrix, Matrix], tuple[Matrix, Matrix, Matrix]]) -> Program:
    """The program with ``change`` applied to (σ(h), residual, coarse gradient before the residual)."""

    def program(problem: Problem, point: Point, z: Matrix) -> Matrix:
        h = z @ point.w
        activation: Matrix = problem.quantizer(h).astype(np.float64)
        residual = activation @ point.v - problem.quantizer(z @ point.w_star) @ point.v_star
        coarse = np.einsum("bi,bij->bj", problem.surrogate(h) * point.v, z)
        activation, residual, coarse = change(point, activation, residual, coarse)
        r = residual[:, None]
        return np.concatenate([activation * r, coarse * r, 0.5 * r * r], axis=1)

    return program


def without_v(problem: Problem, point: Point, z: Matrix) -> Matrix:
    h, result = z @ point.w, columns(problem, point, z)
    residual = problem.quantizer(h) @ point.v - problem.quantizer(z @ point.w_star) @ point.v_star
    coarse = np.einsum("bi,bij->bj", problem.surrogate(h), z) * residual[:, None]
    result[:, Layout(point.m, point.n).groups["coarse_gradient"]] = coarse
    return result


MUTANTS: Mapping[str, tuple[Program, str]] = {
    "wrong sign of the coarse gradient": (mutant(lambda p, a, r, g: (a, r, -g)), "coarse_gradient"),
    "residual y* − y": (mutant(lambda p, a, r, g: (a, -r, g)), "v_gradient"),
    "v missing in the backward pass": (without_v, "coarse_gradient"),
    "σ′ in the backward pass": (mutant(lambda p, a, r, g: (a, r, 0 * g)), "coarse_gradient"),
    "relu in the backward pass": (
        lambda problem, point, z: columns(Problem(problem.quantizer, surrogates.relu()), point, z),
        "coarse_gradient",
    ),
    "sign in the forward pass": (
        lambda problem, point, z: columns(Problem(quantizers.sign(), problem.surrogate), point, z),
        "loss",
    ),
    "v-gradient without the activation": (mutant(lambda p, a, r, g: (0 * a + 1, r, g)), "v_gradient"),
    "loss three percent too large": (mutant(lambda p, a, r, g: (a, r * math.sqrt(1.03), g)), "loss"),
    "coarse gradient three percent too large": (mutant(lambda p, a, r, g: (a, r, 1.03 * g)), "coarse_gradient"),
    "inputs of variance 1.06": (lambda problem, point, z: columns(problem, point, 1.03 * z), "coarse_gradient"),
}


def judge_program(program: Program) -> dict[str, Comparison]:
    """A program on one million samples at (m, n) = (3, 4), every column against its known value."""
    point = teacher_of_length_one(3, 4, seed=3)
    count = total = 0
    sums, squares = np.zeros(8), np.zeros(8)
    while total < 1_000_000:
        rows = program(BINARY_IDENTITY, point, block_inputs(3, 4, 30, (), count))
        sums, squares = sums + rows.sum(axis=0), squares + (rows * rows).sum(axis=0)
        count, total = count + 1, total + block_size(3, 4)
    mean = sums / total
    error = np.sqrt(np.maximum(squares / total - mean**2, 0) / total)
    return {result.label: result for result in judge_all(mean, error, total, point)}


def test_the_unchanged_program_passes() -> None:
    """Would have caught: mutants that are refused for a reason of this test's own making."""
    for program in (columns, mutant(lambda p, a, r, g: (a, r, g))):
        assert {result.outcome for result in judge_program(program).values()} == {Outcome.PASS}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutated_program_is_caught(name: str) -> None:
    """Would have caught: a comparison too weak, at one million samples, to see the mistakes trainers make."""
    program, observable = MUTANTS[name]
    failed = {label for label, result in judge_program(program).items() if result.outcome is Outcome.FAIL}
    assert any(label.startswith(observable) for label in failed), failed


def test_a_plan_catches_the_error_it_was_made_for() -> None:
    """Would have caught: ``samples_needed`` off by the power, or in units of another scale: a claim wrong by exactly
    the planned 1 % fails in every one of 20 runs (each is missed with probability 0.01: two misses have 2 %, five
    1e-6)."""
    point = Point([1.0], [1.0, 0.0], [1.0], [0.0, 1.0])
    first = estimate_moments(BINARY_IDENTITY, point, samples=100_000, seed=1)
    value, error = first.column("loss")
    needed = samples_needed(error * math.sqrt(first.samples), detect=0.01, scale=0.25, critical=3.0)
    assert abs(value - 0.25) < 5 * error
    missed = 0
    for seed in range(20):
        moments = estimate_moments(BINARY_IDENTITY, point, samples=needed, seed=seed, stream=(1,))
        value, error = moments.column("loss")
        missed += (
            compare(
                "loss",
                value,
                0.2525,
                error,
                scale=0.25,
                critical=3.0,
                samples=moments.samples,
                roundings=moments.roundings,
            ).outcome
            is not Outcome.FAIL
        )
    assert missed <= 4
