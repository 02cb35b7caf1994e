"""The properties witness looks at the public functions in full dimension: what it would catch in them, and where."""

import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import ste_theory
from ste_theory.checks.full_dimension import GENERIC_CASE, public_properties
from ste_theory.checks.full_points import Case
from ste_theory.checks.model_properties import Counterexample
from ste_theory.claims import registry
from ste_theory.claims.verdict import Level, Outcome, WitnessKind
from ste_theory.claims.witness import Context, WitnessResult
from ste_theory.model.gradient import Gradient
from ste_theory.model.problem import Point, Problem
from ste_theory.theory.batch import points
from ste_theory.theory.coarse_gradient import components, expected_coarse_gradient
from ste_theory.theory.correlation import correlation
from ste_theory.theory.gradient import population_gradient
from ste_theory.theory.invariants import invariants
from ste_theory.theory.loss import population_loss


def examined(claim_id: str, level: Level = Level.QUICK, seed: int = 1) -> WitnessResult:
    """What the properties witness says about a claim."""
    (witness,) = (found for found in registry.witnesses() if found.kind is WitnessKind.PROPERTIES)
    return witness.examine(registry.claims()[claim_id], Context(level, seed))


def teacher_for_u(problem: Problem, point: Point) -> Gradient:
    """E g_μ along w* in place of û."""
    at = invariants(point)
    of = components(problem.surrogate, at)
    teacher = point.w_star / np.linalg.norm(point.w_star)
    right = expected_coarse_gradient(problem, point)
    return Gradient(right.v, of.radial[0] * at.w_hat[0] + of.tangential[0] * teacher)


def first_coordinate_for_u(problem: Problem, point: Point) -> Gradient:
    """∂f/∂w along ŵ turned in the first two coordinates: right for n = 2 only."""
    right = population_gradient(problem, point)
    if point.n < 2:
        return right
    turned = np.zeros(point.n)
    turned[0], turned[1] = -point.w[1], point.w[0]
    sign = math.copysign(1.0, float(turned @ right.w))
    return Gradient(right.v, sign * float(np.linalg.norm(right.w)) * turned / max(float(np.linalg.norm(turned)), 1e-9))


def last_row_dropped(problem: Problem, point: Point) -> Gradient:
    """∂f/∂v with 0 in its last row where there are several."""
    right = population_gradient(problem, point)
    kept = np.where(np.arange(point.m) < max(point.m - 1, 1), right.v, 0.0)
    return Gradient(kept, right.w)


def arccos_loss(problem: Problem, point: Point) -> float:
    """f with θ = arccos⟨ŵ, ŵ*⟩ in double precision: half the digits are gone near 0 and π."""
    cosine = float(point.w @ point.w_star) / float(np.linalg.norm(point.w) * np.linalg.norm(point.w_star))
    wrong, right = math.acos(min(1.0, max(-1.0, cosine))), float(invariants(point).theta[0])
    return population_loss(problem, point) + (wrong - right) * float(point.v @ point.v_star) / (2 * math.pi)


def arccos_correlation(problem: Problem, point: Point) -> float:
    """The correlation with sinθ from the same arccos."""
    at = invariants(point)
    cosine = float(point.w @ point.w_star) / float(np.linalg.norm(point.w) * np.linalg.norm(point.w_star))
    sine = math.sin(math.acos(min(1.0, max(-1.0, cosine))))
    right = correlation(problem, point)
    return right * sine / float(at.sine[0]) if at.sine[0] else right


def wrong_rounding(problem: Problem, point: Point) -> float:
    """f with a relative error of 1e-12."""
    return population_loss(problem, point) * (1 + 1e-12)


PLANTED: dict[str, tuple[str, Callable[..., object], str]] = {
    "û is w*": ("expected_coarse_gradient", teacher_for_u, "yin2019.identity"),
    "û lies in two coordinates": ("population_gradient", first_coordinate_for_u, "yin2019.gradient"),
    "a row is dropped": ("population_gradient", last_row_dropped, "yin2019.gradient"),
    "θ by arccos in f": ("population_loss", arccos_loss, "yin2019.loss"),
    "θ by arccos in the correlation": ("correlation", arccos_correlation, "yin2019.identity-correlation"),
    "a constant of too few digits": ("population_loss", wrong_rounding, "yin2019.loss"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_wrong_public_function_is_caught_with_a_call_to_paste(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught a witness that never looks at the public functions, or in the plane alone, or with tolerances
    that swallow what rounding does not explain."""
    function, wrong, claim_id = PLANTED[name]
    monkeypatch.setattr(ste_theory, function, wrong, raising=False)
    result = examined(claim_id)
    assert result.outcome is Outcome.FAIL, result.detail
    assert result.counterexample is not None
    call = result.counterexample[result.counterexample.index(": st.") + 2 :]
    assert call.startswith(f"st.{function}(st.Problem(st.quantizers.binary(), st.surrogates.")
    eval(call, {"st": ste_theory})


@pytest.mark.slow
def test_the_right_functions_pass_at_other_seeds() -> None:
    """Would have caught a tolerance that holds for one seed only."""
    for claim_id in ("yin2019.gradient", "yin2019.identity", "yin2019.loss", "yin2019.relu-correlation"):
        result = examined(claim_id, Level.STANDARD, seed=20190108)
        assert result.outcome is Outcome.PASS, result.detail


def test_the_reduction_is_exact_where_floats_are_not() -> None:
    """Would have caught θ computed in double precision by the witness itself: 1e-18 would have become 0."""
    case = Case(Point([1], [1e-9, 1e9], [1], [0, 1]), np.array([0, 1]), np.array([1.0, 1.0]))
    assert case.reduction.theta == 1e-18
    assert not case.reduction.parallel
    assert np.allclose([float(x) for x in case.reduction.u_hat], [-1, 1e-18], rtol=1e-15, atol=0)


def test_moved_points_have_the_same_invariants() -> None:
    """Would have caught a "rotation" that changes the angle, or permutes v and v* differently."""
    old, new = GENERIC_CASE.point, GENERIC_CASE.moved()
    assert sorted(np.abs(new.w)) == sorted(np.abs(old.w))
    both = points([old.v, new.v], [old.w, new.w], [old.v_star, new.v_star], [old.w_star, new.w_star]).invariants
    for values in (both.rho, both.theta, both.D, both.S):
        assert abs(values[0] - values[1]) < 1e-14
    assert not np.array_equal(new.w, old.w)


def test_every_claim_about_a_public_quantity_is_compared() -> None:
    """Would have caught a claim that the comparison silently leaves out."""
    claims = registry.claims()
    names = {
        name: [label for label, _ in public_properties(claims[name], claims[name].problems[-1])] for name in claims
    }
    assert names["yin2019.loss"] == ["public population_loss"]
    assert names["yin2019.gradient"] == ["public ∂f/∂v", "public population_gradient"]
    assert names["yin2019.identity"] == ["public expected_coarse_gradient", "public step descends"]
    assert names["general.correlation"] == ["public correlation"]
    assert names["general.binary-gradients"] == [
        "public ∂f/∂v",
        "public expected_coarse_gradient",
        "public population_gradient",
        "public step descends",
    ]
    assert names["general.coarse-gradient"] == ["public expected_coarse_gradient"]
    assert names["general.population-loss"] == ["public population_loss"]
    assert names["general.population-gradient"] == ["public population_gradient"]


@pytest.mark.parametrize("name", ["population_loss", "population_gradient", "expected_coarse_gradient"])
def test_a_staircase_function_that_is_off_is_a_counterexample(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught a tolerance for staircases so wide that a relative error of 1e-9 fits in, or a comparison that
    returns before it compares."""
    ids = {"population_loss": "loss", "population_gradient": "gradient", "expected_coarse_gradient": "gradient"}
    kind = "coarse" if name.startswith("expected") else "population"
    claim = registry.claims()[f"general.{kind}-{ids[name]}"]
    ((_, agrees),) = public_properties(claim, claim.problems[0])
    agrees(GENERIC_CASE)
    right = getattr(ste_theory, name)

    def off(problem: Problem, point: Point) -> float | Gradient:
        value = right(problem, point)
        return value * (1 + 1e-9) if isinstance(value, float) else Gradient(value.v, value.w * (1 + 1e-9))

    monkeypatch.setattr(ste_theory, name, off, raising=False)
    with pytest.raises(Counterexample, match="stated"):
        agrees(GENERIC_CASE)


def test_nothing_is_left_where_the_user_stands(tmp_path: Path) -> None:
    """Would have caught a folder .hypothesis in the working directory."""
    script = (
        "from ste_theory.claims import registry\n"
        "from ste_theory.claims.verdict import Level, WitnessKind\n"
        "from ste_theory.claims.witness import Context\n"
        "(witness,) = (w for w in registry.witnesses() if w.kind is WitnessKind.PROPERTIES)\n"
        "print(witness.examine(registry.claims()['yin2019.loss'], Context(Level.QUICK, 1)).outcome)\n"
    )
    run = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        env={key: value for key, value in os.environ.items() if key != "HYPOTHESIS_STORAGE_DIRECTORY"},
    )
    assert run.stdout.strip() == "pass"
    assert not list(tmp_path.iterdir())
