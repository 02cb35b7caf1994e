"""The count of failures of the stopping guarantees, at small size: every rule is in it, and one that lies is seen."""

import runpy
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist
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


@pytest.mark.parametrize("factor", [0.0, 5.0])
@pytest.mark.parametrize("case", [case for case in PROGRAM["CASES"] if case.m == 2 and case.most > 1000], ids=str)
def test_a_wrong_tangential_part_is_seen(case: Any, factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: a standard point with D = vᵀv* = 0, where nothing lies along û and every B = 0 is right; a
    skewed integrand whose rare part is below the radius, so that a rule may miss it altogether and never fail.

    No tangential values at all, as in a sample that lacks the rare ones, or five times of them: every run fails.
    """

    def wrong(right: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
        def scaled(*drawn: Any) -> np.ndarray:
            found = right(*drawn)
            found[1] *= factor
            return found

        return scaled

    for module in (one_row, one_coordinate, strata):  # nets take those of one row
        monkeypatch.setattr(module, "values", wrong(module.values))
    found = PROGRAM["run"](case, 0.99, range(3))
    assert found.failures == 3


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
    """Would have caught: a count that cannot be but 0: half of Student's radius.

    One component of three decides it, at a twelfth of 0.1: it fails in 19 % of the runs, and 700 runs mark that with
    probability 0.998.
    """
    right, runs = choice.reach, 700
    assert PROGRAM["power"](student(0.1 / 12, 2.0), runs, 0.1) > 0.99

    def liar(request: Request, sampler: str | None = None) -> Reached:
        found = right(request, sampler)
        return replace(found, guarantee=replace(found.guarantee, radius=found.guarantee.radius / 2))

    case = next(case for case in PROGRAM["CASES"] if case.problem == PROGRAM["UNBOUNDED"])
    honest = PROGRAM["run"](case, 0.9, range(runs // 5))
    monkeypatch.setattr(estimate, "reach", liar)
    found = PROGRAM["run"](case, 0.9, range(runs))
    assert not PROGRAM["too_many"](honest.failures, runs // 5, 0.1)
    assert PROGRAM["too_many"](found.failures, runs, 0.1)
    assert found.above
    assert found.below


def student(error_rate: float, factor: float) -> float:
    """How often a normal mean is outside a radius that is ``factor`` times smaller than that of ``error_rate``."""
    normal = NormalDist()
    return 2 * normal.cdf(normal.inv_cdf(error_rate / 2) / factor)


@pytest.mark.parametrize("stated", [0.1, 0.01])
def test_from_which_factor_a_liar_is_seen(stated: float) -> None:
    """Would have caught: ten thousand runs that see no liar but a gross one: exact binomial probabilities."""
    runs, power = 10_000, PROGRAM["power"]
    assert power(stated, runs, stated) < PROGRAM["SIGNIFICANCE"]  # an honest rule
    assert power(student(stated, 1.1), runs, stated) > 0.999
    assert power(student(stated, 1.02), runs, stated) < 0.2
    # Student's first look: half of the rate is spent, a sixth of it for each of three components, of which one counts.
    assert power(student(stated / 12, 1.8), runs, stated) > 0.999
    assert power(student(stated / 12, 1.3), runs, stated) < 0.01


def test_a_rate_above_the_stated_one_is_no_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Would have caught: exit code 1 for an exact rule in half of all counts, and for 1000 of 10,000 at 1 − 0.9."""

    class Here:
        """Runs what it is given at once."""

        def __init__(self, count: int) -> None:
            pass

        def __enter__(self) -> "Here":
            return self

        def __exit__(self, *error: object) -> None:
            pass

        def submit(self, work: Callable[..., Any], case: Any, confidence: float, seeds: range) -> Any:
            done: Future[Any] = Future()
            failures = round(len(seeds) * round(1 - confidence, 9) * planted["excess"])
            done.set_result(PROGRAM["Found"](len(seeds), failures, 0, 0, 1.0, 1.0, 1.0, 1.0))
            return done

    run, planted = PROGRAM["main"], {"excess": 1.0}
    monkeypatch.setitem(run.__globals__, "ProcessPoolExecutor", Here)
    for excess, code in ((1.0, 0), (1.02, 0), (2.0, 1)):
        planted["excess"] = excess
        assert run(["--runs", "80000", "--jobs", "1"]) == code
        assert ("TOO MANY" in capsys.readouterr().out) == bool(code)


def test_the_page_counts_every_case_and_none_fails_too_often() -> None:
    """Would have caught: a page of other cases, of few runs, or with a rate above the stated one."""
    text = PROGRAM["PAGE"].read_text(encoding="utf-8")
    found = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| ")]
    rows = [dict(zip(PROGRAM["HEADER"], cells, strict=True)) for cells in found[2:]]
    assert [(row["stopping by"], row["sampler"], row["integrand"]) for row in rows] == [
        (case.rule, case.sampler, case.problem) for case in PROGRAM["CASES"] for _ in PROGRAM["NOMINAL"]
    ]
    wanted = [min(case.most, 10_000) for case in PROGRAM["CASES"] for _ in PROGRAM["NOMINAL"]]
    assert [int(row["runs"].replace(",", "")) for row in rows] == wanted
    for row in rows:
        runs, stated = int(row["runs"].replace(",", "")), float(row["stated"].rstrip("%")) / 100
        assert not PROGRAM["too_many"](round(runs * float(row["failed"].rstrip("%")) / 100), runs, stated), row
