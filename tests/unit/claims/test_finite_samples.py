"""Extra teacher rows, input with a covariance and batch sizes: the claims' figures against the running program."""

import math

import numpy as np
import pytest
import sympy as sp

from ste_theory.calculus.evaluate import evaluate
from ste_theory.calculus.expectation import Expectation, indicator
from ste_theory.claims import registry
from ste_theory.model.problem import Point, Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import Surrogate, clipped_relu, identity, relu
from ste_theory.model.symbols import D, S_star, V_star, a, b, c, m, s, theta
from ste_theory.montecarlo.decide import critical_value
from ste_theory.montecarlo.estimate import estimate_moments
from ste_theory.montecarlo.program import Layout, columns

RATE = 1e-9
CLAIMS = registry.claims()
BATCHES, EXTRA = CLAIMS["general.sample-size"].statement, CLAIMS["general.misspecified"].statement
X, Y = sp.symbols("x y", real=True)
SECOND = {name: BATCHES.sentence(f"the {name}, one row").right for name in ("identity", "ReLU")}
MEAN = {
    name: CLAIMS[f"yin2019.{name.lower()}"].statement.formula(Quantity.COARSE_TANGENTIAL).subs(D, X * Y)
    for name in SECOND
}
# The stated example: Σ = R², w̃ = Rw = e₁, w̃* = Rw* = e₂.
ROOT, SIGMA = np.array([[2.0, 1.0], [1.0, 1.0]]), np.array([[5.0, 3.0], [3.0, 2.0]])
OBLIQUE_W, OBLIQUE_W_STAR = np.array([1.0, -1.0]), np.array([-1.0, 2.0])
ROWS = (math.cos(1.0), math.sin(1.0))


def _per_sample(surrogate: Surrogate, v: list[float], v_star: list[float], samples: int, seed: int) -> np.ndarray:
    """q = g·û for ρ = ρ* = 1, θ = 1, n = 2."""
    point = Point(v, [1.0, 0.0], v_star, list(ROWS))
    z = np.random.default_rng(seed).standard_normal((samples, len(v), 2))
    found: np.ndarray = columns(Problem(binary(), surrogate), point, z)[:, Layout(len(v), 2).groups["coarse_gradient"]][
        :, 1
    ]
    return found


@pytest.mark.parametrize(("surrogate", "drift"), [(identity(), 8 / 9 / math.sqrt(2 * math.pi)), (relu(), 0.0)])
def test_the_program_drifts_at_the_good_minimum_as_stated(surrogate: Surrogate, drift: float) -> None:
    """Would have caught extra rows that enter the coarse gradient other than through the residual's mean.

    The teacher's third row meets a student's weight 0: the definition of the model, no formula of the claim.
    """
    point = Point([4 / 3, 4 / 3, 0.0], [1.0, 0.0], [1.0, 1.0, 1.0], [1.0, 0.0])
    moments = estimate_moments(Problem(binary(), surrogate), point, samples=400_000, seed=11)
    bound = critical_value(RATE, 6)
    for label, expected in (("coarse_gradient[0]", drift), ("coarse_gradient[1]", 0.0), ("loss", 1 / 6)):
        found = moments.column(label)
        assert abs(found.value - expected) <= bound * found.standard_error + 1e-12, label


def test_the_other_one_sided_surrogate_rests_and_its_weights_do_too() -> None:
    """Would have caught a minimizer in v that is none, or a clipped ReLU that drifts like the identity."""
    point = Point([4 / 3, 4 / 3, 0.0], [2.0, 0.0], [1.0, 1.0, 1.0], [1.0, 0.0])
    moments = estimate_moments(Problem(binary(), clipped_relu()), point, samples=400_000, seed=12)
    for label in ("v_gradient[0]", "v_gradient[1]", "coarse_gradient[0]"):
        found = moments.column(label)
        assert abs(found.value) <= critical_value(RATE, 3) * found.standard_error, label


def test_no_network_is_below_the_stated_minimum() -> None:
    """Would have caught a stationary point that is not the minimum: 4000 students against the formula of the loss."""
    rng = np.random.default_rng(13)
    teacher, extra = np.array([1.0, 0.5]), np.array([0.75, -0.25, 1.0])
    values = {S_star: teacher.sum(), V_star: teacher @ teacher, m: 2}
    values |= {sp.Symbol("T", real=True): extra.sum(), sp.Symbol("W", nonnegative=True): extra @ extra}
    least = float(EXTRA.sentence("the minimum").right.subs(values))
    letters = {str(letter): letter for letter in EXTRA.sentence("the minimum").left.free_symbols}
    loss = sp.lambdify(
        [letters["V"], letters["S"], letters["D"], theta], EXTRA.sentence("the minimum").left.subs(values), "math"
    )
    students = teacher + extra.sum() / 3 + rng.standard_normal((4000, 2)) * rng.choice([0.01, 0.3, 2.0], (4000, 1))
    found = [loss(v @ v, v.sum(), v @ teacher, t) for v, t in zip(students, rng.uniform(0, math.pi, 4000), strict=True)]
    assert min(found) >= least
    assert min(found) < least + 0.05


def test_the_integer_covariance_makes_the_program_climb() -> None:
    """Would have caught a root of Σ or a weight that does not belong to the stated example.

    The program in w̃ = Rw gives the coarse gradient per sample; R maps it back, ∂f/∂w = −û/(2π) in w̃.
    """
    assert np.array_equal(ROOT @ ROOT, SIGMA)
    rows = np.random.default_rng(14).multivariate_normal(np.zeros(2), SIGMA, size=400_000)
    on, teacher_on = rows @ OBLIQUE_W > 0, rows @ OBLIQUE_W_STAR > 0
    coarse = rows * (on * (on.astype(float) - teacher_on))[:, None]
    gradient = ROOT @ np.array([0.0, -1 / (2 * math.pi)])
    stated = float(CLAIMS["general.non-isotropic"].statement.sentence("its value").right)
    products = coarse @ gradient
    error = products.std(ddof=1) / math.sqrt(len(products))
    assert abs(products.mean() - stated) <= critical_value(RATE, 1) * error
    assert products.mean() + critical_value(RATE, 1) * error < 0


def test_the_loss_falls_against_the_gradient_used_for_the_example() -> None:
    """Would have caught a wrong ∂f/∂w in the example: the difference quotient of f = θ/2π for v = v* = 1."""

    def loss(at: np.ndarray) -> float:
        one, other = ROOT @ at, ROOT @ OBLIQUE_W_STAR
        return math.acos(one @ other / np.linalg.norm(one) / np.linalg.norm(other)) / (2 * math.pi)

    step = 1e-6
    quotients = [(loss(OBLIQUE_W + step * e) - loss(OBLIQUE_W - step * e)) / (2 * step) for e in np.eye(2)]
    assert quotients == pytest.approx(ROOT @ np.array([0.0, -1 / (2 * math.pi)]), abs=1e-8)


@pytest.mark.parametrize("angle", [0.2, 1.0, 2.9])
def test_the_second_moment_of_a_sector_is_the_expectation(angle: float) -> None:
    """Would have caught a sector with a wrong end: quadrature of E b²1{a>0}1{ca+sb>0} knows no polar angle."""
    found = evaluate(Expectation(b**2 * indicator(a) * indicator(c * a + s * b)), {theta: angle})
    assert float(BATCHES.sentence("both on").right.subs(theta, angle)) == pytest.approx(found.number, abs=1e-7)


@pytest.mark.parametrize(("surrogate", "formula"), [(identity(), SECOND["identity"]), (relu(), SECOND["ReLU"])])
@pytest.mark.parametrize(("v", "v_star"), [(1.5, 1.0), (0.7, -1.2)])
def test_the_second_moment_is_that_of_the_program(
    surrogate: Surrogate, formula: sp.Expr, v: float, v_star: float
) -> None:
    """Would have caught a half-plane counted for the wrong surrogate."""
    squares = _per_sample(surrogate, [v], [v_star], 400_000, 15) ** 2
    stated = float(formula.subs({X: v, Y: v_star, theta: 1}))
    assert abs(squares.mean() - stated) <= critical_value(RATE, 4) * squares.std(ddof=1) / math.sqrt(len(squares))


def test_the_bound_for_many_rows_holds_for_the_program() -> None:
    """Would have caught a bound that forgets the rows of the teacher or one factor m."""
    v, v_star = [1.0, -2.0, 0.5], [0.5, 1.0, -1.5]
    squares = _per_sample(identity(), v, v_star, 200_000, 16) ** 2
    V, W = (float(np.dot(x, x)) for x in (v, v_star))
    error = critical_value(RATE, 1) * squares.std(ddof=1) / math.sqrt(len(squares))
    assert squares.mean() - error <= 2 * 3 * (V + W) * V


@pytest.mark.parametrize("risk", [0.5, 0.1])
@pytest.mark.parametrize(
    ("surrogate", "second", "mean"),
    [
        (identity(), SECOND["identity"], MEAN["identity"]),
        (relu(), SECOND["ReLU"], MEAN["ReLU"]),
    ],
)
def test_the_batch_points_downhill_as_often_as_it_says(
    surrogate: Surrogate, second: sp.Expr, mean: sp.Expr, risk: float
) -> None:
    """Would have caught a batch that is too small: 20,000 batches, the rate of failures against δ.

    By Hoeffding's inequality a rate above δ + √(log(10⁹)/(2·20000)) has a probability below 1e-9 if the claim holds.
    """
    values = {X: 1.5, Y: 1.0, theta: 1}
    needed = (1 - risk) / risk * float((second / mean**2 - 1).subs(values))
    size, batches = math.ceil(needed), 20_000
    q = _per_sample(surrogate, [1.5], [1.0], size * batches, 17).reshape(batches, size).mean(axis=1)
    failures = float(np.mean(q * float(mean.subs(values)) <= 0))
    assert failures <= risk + math.sqrt(math.log(1 / RATE) / (2 * batches))
    assert size > 1
