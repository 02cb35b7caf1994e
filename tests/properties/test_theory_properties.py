"""Hypothesis on the float functions: sign, descent, symmetries and limits at every point of a difficult space.

m in 1..16, n in 1..32, weights over six decades, angles within 1e-12 of 0 and π and exactly there, points near the
minima. A failure prints a call to paste. With u = 2⁻⁵³, tolerances count roundings: K·u of the sum of the terms'
absolute values.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

import ste_theory
from ste_theory.model.problem import Point, Problem
from ste_theory.theory.coarse_gradient import expected_coarse_gradient
from ste_theory.theory.correlation import correlation
from ste_theory.theory.descent import descent_step, loss_change
from ste_theory.theory.gradient import population_gradient, v_gradient
from ste_theory.theory.invariants import Invariants, invariants
from ste_theory.theory.loss import population_loss
from ste_theory.theory.response import response

Array = npt.NDArray[np.float64]
U = 2.0**-53
NONNEGATIVE = (
    "identity()",
    "relu()",
    "clipped_relu()",
    "clipped_relu('0.3')",
    "from_formulas('sigmoid', ('1/(2 + 2*cosh(x))',))",
    "from_formulas('window', ('0', '1', '0'), (-2, 1))",
)
SIGNED = (*NONNEGATIVE, "from_formulas('swish_sign', ('5*(2 - 5*x*tanh(5*x/2))/(1 + cosh(5*x))',))")


@dataclass(frozen=True)
class Case:
    """A problem and a point that print as code."""

    surrogate: str
    point: Point

    @property
    def problem(self) -> Problem:
        return _problem(self.surrogate)

    def call(self, function: str) -> str:
        problem = f"ste_theory.Problem(ste_theory.quantizers.binary(), ste_theory.surrogates.{self.surrogate})"
        return f"ste_theory.{function}({problem}, ste_theory.{self.point!r})"

    def moved(
        self, *, v: Array | None = None, w: Array | None = None, t: Array | None = None, z: Array | None = None
    ) -> "Case":
        """The case with v, w, v* (t) or w* (z) replaced."""
        old = self.point
        return Case(
            self.surrogate,
            Point(
                old.v if v is None else v,
                old.w if w is None else w,
                old.v_star if t is None else t,
                old.w_star if z is None else z,
            ),
        )


@cache
def _problem(surrogate: str) -> Problem:
    """One object for each surrogate: what is set up for it once (meshes) is set up once.

    Made by the code of this file that a failure prints, so that what is pasted is what was tested.
    """
    return Problem(ste_theory.quantizers.binary(), eval(f"s.{surrogate}", {"s": ste_theory.surrogates}))


def weights(size: int) -> st.SearchStrategy[Array]:
    """Entries 0 or ±[1, 1000)·10^e with e in −3..0: six decades."""
    entry = st.one_of(
        st.integers(-3, 3).map(float),
        st.builds(lambda x, e: x * 10.0**e, st.floats(1, 999) | st.floats(-999, -1), st.integers(-3, 0)),
    )
    return st.lists(entry, min_size=size, max_size=size).map(lambda values: np.array(values))


@st.composite
def cases(draw: st.DrawFn, surrogates: tuple[str, ...] = SIGNED) -> Case:
    m, n = draw(st.integers(1, 16)), draw(st.integers(1, 32))
    w, v_star = draw(weights(n)), draw(weights(m))
    assume(w.any() and v_star.any())
    w_star = draw(weights(n))
    angle = draw(st.sampled_from(("any", "close", "exact")))
    if angle != "any":
        sign = draw(st.sampled_from((1.0, -1.0))) * 2.0 ** draw(st.integers(-9, 9))
        gap = 10.0 ** draw(st.integers(-15, -12)) if angle == "close" else 0.0
        w_star = sign * (w + gap * float(np.abs(w).max()) / max(float(np.abs(w_star).max()), 1.0) * w_star)
    assume(w_star.any())
    place, gap = draw(st.sampled_from(("any", "teacher", "spurious", "opposite"))), 10.0 ** draw(st.integers(-16, -3))
    v = draw(weights(m))
    if place != "any":
        centre = {
            "teacher": v_star,
            "spurious": -v_star + 2 * v_star.sum() / (m + 1),
            "opposite": -v_star,
        }[place]
        v = centre * (1 + gap * v / 1000)
    return Case(draw(st.sampled_from(surrogates)), Point(v, w, v_star, w_star))


def sizes(case: Case) -> tuple[Invariants, float, float]:
    """Invariants; (‖v‖ + ‖v*‖)²(1 + m), above every sum of terms in f; E|μ′| and its like are at most 10."""
    x = invariants(case.point)
    norm = math.sqrt(float(x.V[0])) + math.sqrt(float(x.V_star[0]))
    return x, norm**2 * (1 + x.m), float(x.sine[0])


thorough = settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


@thorough
@given(cases(NONNEGATIVE))
def test_correlation_is_positive_and_exact(case: Case) -> None:
    """μ′ ≥ 0: ⟨E g_μ, ∂f/∂w⟩ = D² s M(ρs)/((2π)^{3/2}ρ) ≥ 0, zero only where D, s or M is. Would have caught: a sign, a
    frame whose û has a part along ŵ (the radial part of E g_μ would leak in).
    """
    x, _, s = sizes(case)
    value = correlation(case.problem, case.point)
    D, rho = float(x.D[0]), float(x.rho[0])
    M = float(response(case.problem.surrogate, rho * s))
    exact = D**2 * s * M / ((2 * math.pi) ** 1.5 * rho)
    assert value >= 0, case.call("correlation")
    assert (value > 0) == (exact > 0), case.call("correlation")
    assert abs(value - exact) <= 12 * U * exact, case.call("correlation")
    if not x.parallel[0]:
        coarse, slope = (
            expected_coarse_gradient(case.problem, case.point).w,
            population_gradient(case.problem, case.point).w,
        )
        # The product rounds n + 2 times; û is orthogonal to ŵ to n + 12 roundings.
        allowed = 4 * (x.n + 14) * U * float(np.linalg.norm(coarse) * np.linalg.norm(slope))
        assert abs(float(coarse @ slope) - value) <= allowed, case.call("correlation")


@thorough
@given(cases(), st.sampled_from((1e-12, 1e-6, 0.1, 0.5, 0.9, 1.0)))
def test_the_loss_descends_below_the_step_bound(case: Case, part: float) -> None:
    """G7: f(v − ηp, w − ηE g_μ) − f(v, w) ≤ bound ≤ 0. Would have caught: any wrong sign or factor in p, E g_μ, the
    bound.

    The difference form rounds ``terms`` at most 2m + 40 times (m in v*ᵀp, 24 in each entry of p, 12 in turn and D);
    an error e in p changes −η‖p‖² by 2ηe‖p‖, the same as the bound to first order, hence the factor 4.
    """
    assume(
        float(response(case.problem.surrogate, float(invariants(case.point).rho[0] * invariants(case.point).sine[0])))
        >= 0
    )
    step = part * descent_step(case.problem, case.point)
    change = loss_change(case.problem, case.point, step * (1 - 4 * U))
    call = (
        case.call("theory.descent.loss_change").removesuffix(")") + f", {step!r})  # import ste_theory.theory.descent"
    )
    assert change.admissible, call
    allowed = 4 * (2 * case.point.m + 40) * U * change.terms
    assert change.total <= change.bound + allowed, call
    assert change.bound <= allowed, call


@thorough
@given(cases(), st.integers(-20, 20), st.integers(-20, 20), st.integers(-20, 20))
def test_scaling_by_powers_of_two_is_exact(case: Case, a: int, b: int, c: int) -> None:
    """f(αv, βw; αv*, γw*) = α²f; ∂f/∂v ~ α; ∂f/∂w ~ α²/β; E g_μ ~ α² for the identity and the ReLU. Bit for bit.

    Would have caught: a constant with a scale in it, a threshold that is absolute.
    """
    alpha, beta, gamma = 2.0**a, 2.0**b, 2.0**c
    old = case.point
    scaled = case.moved(v=alpha * old.v, w=beta * old.w, t=alpha * old.v_star, z=gamma * old.w_star)
    problem = case.problem
    assert population_loss(problem, scaled.point) == alpha**2 * population_loss(problem, old), case.call(
        "population_loss"
    )
    assert np.array_equal(v_gradient(problem, scaled.point), alpha * v_gradient(problem, old))
    x = invariants(old)
    if not x.parallel[0]:
        slope, expected = population_gradient(problem, scaled.point).w, population_gradient(problem, old).w
        assert np.array_equal(slope, alpha**2 / beta * expected), case.call("population_gradient")
    if case.surrogate in ("identity()", "relu()"):
        coarse, expected = expected_coarse_gradient(problem, scaled.point).w, expected_coarse_gradient(problem, old).w
        assert np.array_equal(coarse, alpha**2 * expected), case.call("expected_coarse_gradient")


@thorough
@given(cases())
def test_signs(case: Case) -> None:
    """(v, v*) → −(v, v*): f and the w-gradients stay, ∂f/∂v turns; (w, w*) → −(w, w*), which Z → −Z undoes: the
    w-gradients turn. Bit for bit. Would have caught: a sign taken from one factor only, μ′ mirrored.
    """
    old, problem = case.point, case.problem
    flipped = case.moved(v=-old.v, t=-old.v_star).point
    assert population_loss(problem, flipped) == population_loss(problem, old), case.call("population_loss")
    here, there = expected_coarse_gradient(problem, old), expected_coarse_gradient(problem, flipped)
    assert np.array_equal(there.v, -here.v), case.call("expected_coarse_gradient")
    assert np.array_equal(there.w, here.w), case.call("expected_coarse_gradient")
    mirrored = case.moved(w=-old.w, z=-old.w_star).point
    assert population_loss(problem, mirrored) == population_loss(problem, old), case.call("population_loss")
    assert np.array_equal(expected_coarse_gradient(problem, mirrored).w, -here.w), case.call("expected_coarse_gradient")
    assert correlation(problem, mirrored) == correlation(problem, old), case.call("correlation")


@thorough
@given(cases(), st.randoms(use_true_random=False))
def test_rows_and_coordinates_may_be_permuted(case: Case, random: object) -> None:
    """Rows of Z: (v, v*); coordinates: (w, w*), with signs. Would have caught: an index that is not summed over.

    Only the order of sums changes: the roundings of the guarantees, twice.
    """
    x, size, _ = sizes(case)
    old, problem = case.point, case.problem
    order = random.sample(range(old.m), old.m)  # type: ignore[attr-defined]
    columns = random.sample(range(old.n), old.n)  # type: ignore[attr-defined]
    signs = np.array([random.choice((-1.0, 1.0)) for _ in range(old.n)])  # type: ignore[attr-defined]
    new = case.moved(v=old.v[order], t=old.v_star[order], w=signs * old.w[columns], z=signs * old.w_star[columns]).point
    loss = population_loss(problem, old)
    assert abs(population_loss(problem, new) - loss) <= 2 * (24 + x.m) * U * loss, case.call("population_loss")
    here, there = expected_coarse_gradient(problem, old), expected_coarse_gradient(problem, new)
    entry = math.sqrt(size) * 2
    assert np.abs(there.v - here.v[order]).max() <= 48 * U * entry, case.call("expected_coarse_gradient")
    # Moments of the signed surrogate are at most E|a|·|μ′| ≤ 10; panels are the same, so quadrature adds rounding only.
    allowed = 2 * (60 + x.n) * U * 10 * size
    assert np.abs(there.w - signs * here.w[columns]).max() <= allowed, case.call("expected_coarse_gradient")


@thorough
@given(cases(), st.integers(0, 2**32 - 1))
def test_rotations(case: Case, seed: int) -> None:
    """(w, w*) → (Qw, Qw*): f stays, gradients turn with Q. Would have caught: coordinates treated unequally.

    Products with Q round each vector by (n + 8)u of its length, θ by δ = 4(n + 8)u, û by δ/s, E g_μ by its change over
    δ.
    """
    x, size, s = sizes(case)
    old, problem = case.point, case.problem
    q, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((old.n, old.n)))
    new = case.moved(w=q @ old.w, z=q @ old.w_star).point
    delta = 4 * (old.n + 8) * U
    D, rho = abs(float(x.D[0])), float(x.rho[0])
    loss = population_loss(problem, old)
    allowed = D * delta / (2 * math.pi) + 2 * (24 + x.m) * U * loss
    assert abs(population_loss(problem, new) - loss) <= allowed, case.call("population_loss")
    here, there = expected_coarse_gradient(problem, old).w, expected_coarse_gradient(problem, new).w
    # |∂E g_μ/∂θ| and |ρ ∂E g_μ/∂ρ| are at most 10·size each (moments of |μ′| ≤ 10 against Gaussian weights); ŵ and û
    # enter as Dŵ* = D(cŵ + sû), which is continuous at s = 0.
    assert np.abs(there - q @ here).max() <= 40 * delta * size, case.call("expected_coarse_gradient")
    if delta < 0.1 * s:
        slope, turned = population_gradient(problem, old).w, population_gradient(problem, new).w
        assert np.abs(turned - q @ slope).max() <= 4 * D / (2 * math.pi * rho) * delta / s, case.call(
            "population_gradient"
        )


@thorough
@given(cases(), st.sampled_from((1.0, -1.0)), st.integers(-30, 30))
def test_exactly_parallel(case: Case, sign: float, exponent: int) -> None:
    """w = ±2^k w*: θ ∈ {0, π}: f = ⅛(‖v ∓ v*‖² + …), no correlation, E g_μ along w; ∂f/∂w exists iff D = 0 or n = 1.

    Would have caught: nan from û = 0/0, tangential noise, an error raised or missing.
    """
    old, problem = case.point, case.problem
    case = case.moved(w=sign * 2.0**exponent * old.w_star)
    x, _, s = sizes(case)
    assert s == 0, case.call("population_loss")
    assert correlation(problem, case.point) == 0, case.call("correlation")
    coarse = expected_coarse_gradient(problem, case.point).w
    along = float(coarse @ x.w_hat[0])
    assert np.abs(coarse - along * x.w_hat[0]).max() <= (old.n + 12) * U * abs(along), case.call(
        "expected_coarse_gradient"
    )
    D, excess = float(x.D[0]), float(x.excess[0])
    expected = (float(np.sum((old.v - old.v_star) ** 2)) + excess**2) / 8 + (D / 2 if sign < 0 else 0.0)
    terms = expected + (abs(D) if sign < 0 else 0.0) + abs(D) / 2
    assert abs(population_loss(problem, case.point) - expected) <= (30 + 2 * x.m) * U * terms, case.call(
        "population_loss"
    )
    if D == 0 or old.n == 1:
        assert not population_gradient(problem, case.point).w.any(), case.call("population_gradient")
    else:
        with pytest.raises(ste_theory.UndefinedQuantity):
            population_gradient(problem, case.point)


@thorough
@given(cases())
def test_no_overlap_no_signal(case: Case) -> None:
    """D = 0 (v on the odd rows, v* on the even ones): ∂f/∂w = 0, correlation 0, E g_μ along w. Needs m ≥ 2.

    Would have caught: D replaced by an absolute value or a norm.
    """
    old, problem = case.point, case.problem
    assume(old.m >= 2)
    even = np.arange(old.m) % 2 == 0
    t = np.where(even, old.v_star, 0.0)
    assume(t.any())
    case = case.moved(v=np.where(even, 0.0, old.v), t=t)
    x, _, _ = sizes(case)
    assert not population_gradient(problem, case.point).w.any(), case.call("population_gradient")
    assert correlation(problem, case.point) == 0, case.call("correlation")
    coarse = expected_coarse_gradient(problem, case.point).w
    along = float(coarse @ x.w_hat[0])
    assert np.abs(coarse - along * x.w_hat[0]).max() <= (old.n + 12) * U * abs(along), case.call(
        "expected_coarse_gradient"
    )


@thorough
@given(cases(), st.integers(-15, -1), st.sampled_from((1.0, -1.0)))
def test_limits_at_both_ends(case: Case, exponent: int, sign: float) -> None:
    """θ = 10^e beside the exact end: |f − f₀| ≤ θ|D|/2π and |E g_μ − E g₀| ≤ 10θ‖v‖‖v*‖ plus rounding, n ≥ 2.

    Would have caught: a formula that is right inside and jumps at the end.
    """
    old, problem = case.point, case.problem
    assume(old.n >= 2)
    w = old.w_star
    across = np.zeros(old.n)
    i, j = np.argsort(-np.abs(w))[:2]
    across[i], across[j] = -w[j], w[i]
    end = case.moved(w=sign * w)
    near = case.moved(w=sign * w + 10.0**exponent * across)
    x, size, _ = sizes(near)
    angle = float(x.theta[0] if sign > 0 else x.supplement[0])
    loss, loss_end = population_loss(problem, near.point), population_loss(problem, end.point)
    allowed = angle * abs(float(x.D[0])) / (2 * math.pi) + 2 * (24 + x.m) * U * max(loss, loss_end)
    assert abs(loss - loss_end) <= allowed * (1 + 32 * U), near.call("population_loss")
    here, there = expected_coarse_gradient(problem, near.point).w, expected_coarse_gradient(problem, end.point).w
    # 40 as in test_rotations: θ and, to second order, ρ change; plus the roundings of both.
    assert np.abs(here - there).max() <= (40 * angle + 2 * (60 + x.n) * U * 10) * size, near.call(
        "expected_coarse_gradient"
    )


@thorough
@given(cases())
@example(Case("identity()", Point([1.0], [1.0], [1.0], [1.0])))
def test_single_row_and_balanced_teacher(case: Case) -> None:
    """m = 1: f = ¼(v − v*)² + θvv*/2π. S* = 0, v = −v*, θ = π: everything vanishes. Would have caught: 11ᵀ counted
    once.
    """
    old, problem = case.point, case.problem
    one = case.moved(v=old.v[:1], t=np.where(old.v_star[:1] == 0, 1.0, old.v_star[:1]))
    x = invariants(one.point)
    a, b, theta = float(one.point.v[0]), float(one.point.v_star[0]), float(x.theta[0])
    expected = (a - b) ** 2 / 4 + theta * a * b / (2 * math.pi)
    terms = (a - b) ** 2 / 4 + theta * abs(a * b)
    assert abs(population_loss(problem, one.point) - expected) <= 32 * U * terms, one.call("population_loss")
    balanced = np.concatenate([old.v_star, -old.v_star])
    minimum = case.moved(v=-balanced, t=balanced, w=-2 * old.w_star).point
    assert population_loss(problem, minimum) == 0, case.call("population_loss")
    gradient = expected_coarse_gradient(problem, minimum)
    assert not gradient.v.any()
    assert not gradient.w.any()


@pytest.mark.slow
def test_a_failing_property_prints_a_call_to_paste() -> None:
    """Planted: "the correlation exceeds D²". The message must evaluate to the offending value, at a small point."""

    @settings(database=None, derandomize=True, max_examples=100)
    @given(cases(("identity()",)))
    def wrong(case: Case) -> None:
        value = correlation(case.problem, case.point)
        assert value > float(invariants(case.point).D[0]) ** 2, case.call("correlation")

    with pytest.raises(AssertionError) as failure:
        wrong()
    text = str(failure.value).splitlines()[0]
    assert text.startswith("ste_theory.correlation(ste_theory.Problem(")
    assert math.isfinite(eval(text, {"ste_theory": ste_theory}))
    assert len(text) < 250
