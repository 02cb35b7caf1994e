"""The count of failures of the stopping guarantees, at small size: every rule is in it, and one that lies is seen."""

import runpy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ste_theory as st
from ste_theory.montecarlo import estimate
from ste_theory.montecarlo.accuracy import choice
from ste_theory.montecarlo.accuracy.request import Reached, Request
from ste_theory.montecarlo.accuracy.unseen import Unseen
from ste_theory.montecarlo.samplers import one_coordinate, one_row, strata
from ste_theory.montecarlo.standard_point import standard_point

PROGRAM = runpy.run_path(str(Path(__file__).parents[3] / "benchmarks" / "coverage.py"))


def test_every_argument_for_stopping_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: a rule that is left out because it is slow, a case that runs another rule than it says, a
    failure of which the side is not counted."""
    asked: set[str] = set()

    def noting(name: str, rule: Any) -> Callable[..., Reached | None]:
        def noted(request: Request, *rest: str) -> Reached | None:
            found: Reached | None = rule(request, *rest)
            if found is not None:
                asked.add(name)
            return found

        return noted

    for name in ("by_strata", "by_bernstein", "by_nets", "by_looks", "by_known_variance"):
        monkeypatch.setattr(choice, name, noting(name, getattr(choice, name)))
    rules = {
        "Hoeffding": "by_strata",
        "empirical Bernstein sequence": "by_bernstein",
        "t over scrambles": "by_nets",
        "t at sizes that double": "by_looks",
        "Catoni, known variance": "by_known_variance",
    }
    for case in PROGRAM["CASES"]:
        asked.clear()
        found = PROGRAM["run"](case, 0.99, range(2))
        assert asked == {rules[case.rule]}, case
        assert found.runs == 2
        assert found.failures <= found.above + found.below <= 2 * found.failures
    assert {case.rule for case in PROGRAM["CASES"]} == set(rules)
    for rule in set(rules) - {"Catoni, known variance"}:
        assert {PROGRAM["SKEWED"]} < {case.problem for case in PROGRAM["CASES"] if case.rule == rule}


@pytest.mark.parametrize("case", [case for case in PROGRAM["CASES"] if case.m == 2 and case.most > 100], ids=str)
def test_a_wrong_tangential_part_is_seen(case: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: a standard point with D = vᵀv* = 0, where nothing lies along û and every B = 0 is right.

    Five times the tangential values: every run fails. At heavy skew the part itself is 0.0024, beyond what the
    confidence sequence promises there.
    """

    def wrong(right: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
        def scaled(*drawn: Any) -> np.ndarray:
            found = right(*drawn)
            found[1] *= 5
            return found

        return scaled

    for module in (one_row, one_coordinate, strata):  # nets take those of one row
        monkeypatch.setattr(module, "values", wrong(module.values))
    found = PROGRAM["run"](case, 0.99, range(3))
    assert found.failures == (0 if (case.sampler, case.problem) == ("one-coordinate", PROGRAM["SKEWED"]) else 3)


@pytest.mark.parametrize("sampler", ["sobol", "one-row"])
def test_a_rare_event_that_is_missed_is_seen(sampler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: cases in which no rule for stopping meets what its first look does not have."""
    case = next(case for case in PROGRAM["CASES"] if (case.sampler, case.problem) == (sampler, PROGRAM["RARE"]))
    monkeypatch.setattr(Unseen, "missed", lambda cells, probability: np.zeros(3))
    found = PROGRAM["run"](case, 0.99, range(case.most))
    assert PROGRAM["too_many"](found.failures, case.most, 0.01)


@pytest.mark.parametrize("m", range(1, 9))
def test_the_standard_point_depends_on_its_angle(m: int) -> None:
    """Would have caught: v = (½, 1, …), for which vᵀv* = 0 for every even m, and E g_μ is the same for every θ."""
    problem = st.Problem(st.quantizers.binary(), st.surrogates.relu())
    one, two = (st.expected_coarse_gradient(problem, standard_point(m, 2, theta=theta)).w for theta in (1.0, 2.0))
    point = standard_point(m, 2)
    assert float(point.v @ point.v_star) == (3 * m + 5 * (m % 2)) / 8
    assert abs(np.linalg.norm(one) - np.linalg.norm(two)) > 0.01


def test_a_rule_that_promises_too_much_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: a count that cannot be but 0: a radius of a sixth of Student's."""
    right = choice.reach

    def liar(request: Request, sampler: str | None = None) -> Reached:
        found = right(request, sampler)
        return replace(found, guarantee=replace(found.guarantee, radius=found.guarantee.radius / 6))

    case = next(case for case in PROGRAM["CASES"] if case.sampler == "sobol")
    honest = PROGRAM["run"](case, 0.9, range(60))
    monkeypatch.setattr(estimate, "reach", liar)
    found = PROGRAM["run"](case, 0.9, range(60))
    assert not PROGRAM["too_many"](honest.failures, 60, 0.1)
    assert PROGRAM["too_many"](found.failures, 60, 0.1)
    assert found.above
    assert found.below
