"""The program against a loop over samples, rows and entries that a reader can check at sight."""

import math

import numpy as np
import pytest

from ste_theory.model import quantizers, surrogates
from ste_theory.model.errors import UndefinedQuantity
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.blocks import block_generator, block_inputs, block_size, fill_columns, workspace
from ste_theory.montecarlo.frame import plane_frame
from ste_theory.montecarlo.program import Layout, Matrix, columns

WINDOW = surrogates.from_formulas("window", ("0", "1 - x^2/4", "0"), (-2, 2))
PROBLEMS = {
    "binary, identity": Problem(quantizers.binary(), surrogates.identity()),
    "sign, window": Problem(quantizers.sign(), WINDOW),
    "four levels, clipped relu": Problem(quantizers.uniform_relu(2), surrogates.clipped_relu(3)),
}


def random_point(m: int, n: int, seed: int = 3) -> Point:
    draw = np.random.default_rng(seed)
    return Point(draw.normal(size=m), draw.normal(size=n), draw.normal(size=m), draw.normal(size=n))


def one_sample(problem: Problem, point: Point, z: Matrix, baseline: float) -> list[float]:
    """The definitions of theory and docstring, entry by entry, in Python floats."""

    def sigma(x: float) -> float:
        return float(problem.quantizer(x))

    m, n = z.shape
    h = [math.fsum(z[i, j] * point.w[j] for j in range(n)) for i in range(m)]
    h_star = [math.fsum(z[i, j] * point.w_star[j] for j in range(n)) for i in range(m)]
    y = math.fsum(point.v[i] * sigma(h[i]) for i in range(m))
    y_star = math.fsum(point.v_star[i] * sigma(h_star[i]) for i in range(m))
    loss = 0.5 * (y - y_star) ** 2
    coarse = [
        math.fsum(z[i, j] * float(problem.surrogate(h[i])) * point.v[i] for i in range(m)) * (y - y_star)
        for j in range(n)
    ]
    result = [sigma(h[i]) * (y - y_star) for i in range(m)] + coarse + [loss]
    rho, rho_star = math.hypot(*point.w), math.hypot(*point.w_star)
    c = math.fsum(point.w * point.w_star) / (rho * rho_star)
    s = math.sqrt(1 - c * c)
    by_theta = by_rho = 0.0
    for i in range(m):
        a = h[i] / rho
        b = (h_star[i] / rho_star - c * a) / s
        without = 0.5 * (y - y_star - (point.v[i] * sigma(h[i]) - point.v_star[i] * sigma(h_star[i]))) ** 2
        share = loss - without - baseline
        by_theta -= share * (a * b + c / s * (1 - b * b))
        by_rho += share * (a * a - 1 - c / s * a * b) / rho
    return [*result, by_rho, -by_theta / rho]


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize(("m", "n"), [(1, 2), (3, 5), (7, 3)])
def test_both_forms_agree_with_the_loop(name: str, m: int, n: int) -> None:
    """Would have caught: a wrong index, sign, factor or column order in the definition or in the blockwise program, a
    backward pass through σ, a missing v, a score that differs from the derivative of the log density."""
    problem, point = PROBLEMS[name], random_point(m, n)
    z = block_inputs(m, n, 11, (), 0)
    fast = fill_columns(problem, point, block_generator(11, (), 0), workspace(point, score=True), 0.25).T
    plain = columns(problem, point, z, score=True, baseline=0.25)
    loop = np.array([one_sample(problem, point, sample, 0.25) for sample in z[:200]])
    assert fast.shape == plain.shape == (block_size(m, n), Layout(m, n, score=True).width)
    # Sums of at most m·n products of numbers whose absolute values sum to less than the largest column entry times m·n.
    bound = 64 * m * n * np.finfo(np.float64).eps * np.abs(plain).max(axis=0)
    assert np.all(np.abs(fast - plain) <= bound)
    assert np.all(np.abs(loop - plain[:200]) <= bound)


def test_long_rows_are_projected_in_pieces() -> None:
    """Would have caught: a piece of a long row that is skipped, or added to the wrong projection."""
    point = random_point(1, 5000)
    problem = PROBLEMS["binary, identity"]
    fast = fill_columns(problem, point, block_generator(1, (), 0), workspace(point, score=False)).T
    plain = columns(problem, point, block_inputs(1, 5000, 1, (), 0))
    assert np.allclose(fast, plain, rtol=1e-12, atol=0)


def test_score_is_the_derivative_of_the_log_density() -> None:
    """Would have caught: a slip in the derivation of the two weights: they are compared with central differences."""
    point = random_point(1, 2)
    frame = plane_frame(point)
    z = np.array([[[0.7, -1.3]]])
    h, h_star = float(z[0, 0] @ point.w), float(z[0, 0] @ point.w_star)
    rho_star, theta = math.hypot(*point.w_star), math.atan2(frame.sine, frame.cosine)

    def log_density(rho: float, angle: float) -> float:
        x, y, c, s = h / rho, h_star / rho_star, math.cos(angle), math.sin(angle)
        return -math.log(rho * rho_star * s) - (x * x - 2 * c * x * y + y * y) / (2 * s * s)

    step = 1e-5
    by_rho = (log_density(frame.rho + step, theta) - log_density(frame.rho - step, theta)) / (2 * step)
    by_theta = (log_density(frame.rho, theta + step) - log_density(frame.rho, theta - step)) / (2 * step)
    row = columns(PROBLEMS["binary, identity"], point, z, score=True, baseline=-1.0)[0]
    weight = row[3] + 1.0
    assert row[4] == pytest.approx(weight * by_rho, rel=1e-7)
    assert row[5] == pytest.approx(-weight * by_theta / frame.rho, rel=1e-7)


def test_frame_is_orthonormal_at_a_tiny_angle() -> None:
    """Would have caught: û from one orthogonalisation, off by 1e-16/sinθ, or an angle from arccos, off by 1e-8."""
    w = np.array([1.0, 2.0, -3.0])
    side = np.array([3.0, 0.0, 1.0]) / math.sqrt(10)
    frame = plane_frame(Point([1], w, [1], 5 * (w + 1e-9 * math.hypot(*w) * side)))
    assert abs(frame.w_hat @ frame.u_hat) < 4e-16
    assert frame.sine == pytest.approx(1e-9, rel=1e-6)
    assert frame.u_hat == pytest.approx(side, abs=1e-6)


@pytest.mark.parametrize(
    ("w", "w_star", "why"),
    [
        ([0.0, 0.0], [1.0, 0.0], "w = 0"),
        ([0.1, 0.7, -0.3], [0.3, 2.1, -0.9], "parallel"),
        ([0.1, 0.7, -0.3], [-0.3, -2.1, 0.9], "parallel"),
        ([2.0], [-1.0], "parallel"),
        ([1e200, 1e200], [1e200, 1e200], "parallel"),
    ],
)
def test_score_needs_an_angle(w: list[float], w_star: list[float], why: str) -> None:
    """Would have caught: a division by sinθ ≈ 1e-17 that returns noise where the gradient has a kink."""
    with pytest.raises(UndefinedQuantity, match=why):
        plane_frame(Point([1], w, [1], w_star))


def test_zero_weights_run() -> None:
    """Would have caught: a program that divides by ‖w‖ without need; at w = 0, σ(0) = 0 and μ′(0) = 1 (identity)."""
    point = Point([2.0], [0.0, 0.0], [1.0], [0.0, 1.0])
    row = columns(PROBLEMS["binary, identity"], point, np.array([[[0.5, 3.0]]]))
    assert row.tolist() == [[0.0, -1.0, -6.0, 0.5]]
