"""The comparison of one number with its claim: outcomes, exact assertions, domains."""

from typing import Any

import pytest

from ste_theory.model.errors import InvalidInput
from ste_theory.montecarlo.decide import (
    Comparison,
    Outcome,
    compare,
    critical_value,
    detectable_error,
    rounding_bound,
    samples_needed,
)


def judge(value: float, claimed: float, standard_error: float, **changes: Any) -> Comparison:
    options: dict[str, Any] = {"scale": 1.0, "critical": 5.0, "samples": 10**6, "roundings": 20} | changes
    return compare("x", value, claimed, standard_error, **options)


@pytest.mark.parametrize(
    ("value", "standard_error", "outcome"),
    [
        (1.0049, 0.001, Outcome.PASS),
        (0.9951, 0.001, Outcome.PASS),
        (1.0051, 0.001, Outcome.FAIL),
        (0.9949, 0.001, Outcome.FAIL),
        (1.0, 0.0028, Outcome.INCONCLUSIVE),
        (1.1, 0.0028, Outcome.FAIL),
    ],
)
def test_outcomes(value: float, standard_error: float, outcome: Outcome) -> None:
    """Would have caught: a one-sided test, a pass of a test too weak to see 2 %, a failure called inconclusive."""
    result = judge(value, 1.0, standard_error)
    assert result.outcome is outcome
    assert result.pull == pytest.approx((value - 1.0) / standard_error)
    assert result.detectable == pytest.approx(7.3263 * standard_error, rel=1e-4)


def test_zero_variance_is_an_exact_assertion() -> None:
    """Would have caught: 0/0, a tolerance for numbers that must be equal, a rounding error called a contradiction."""
    assert judge(0.5, 0.5, 0.0) == Comparison(
        "x", 0.5, 0.5, 0.0, None, 5.0, judge(0.5, 0.5, 0.0).detectable, Outcome.PASS
    )
    assert judge(0.5, 0.5 + rounding_bound(20, 1.0), 0.0).outcome is Outcome.PASS
    assert judge(0.0, 0.001, 0.0).outcome is Outcome.FAIL
    assert judge(0.0, 1e-3, 0.0).pull is None


def test_zero_variance_may_hide_a_rare_event() -> None:
    """Would have caught: a false alarm for a surrogate whose support the samples never reached. 10⁶ samples miss an
    event of probability 1e-5 with probability e⁻¹⁰ = 5e-5 only, one of 1e-6 with probability 1/e."""
    result = judge(0.0, 1e-6, 0.0)
    assert result.outcome is Outcome.INCONCLUSIVE
    assert result.detectable > 1e-6
    assert judge(0.0, 1e-6, 0.0, samples=10**9).outcome is Outcome.FAIL
    assert judge(0.0, 0.0, 0.0, samples=100).outcome is Outcome.INCONCLUSIVE


def test_union_bound() -> None:
    """Would have caught: a critical value for one side, or for one comparison where there are many."""
    assert critical_value(0.05, 1) == pytest.approx(1.959964, abs=1e-6)
    assert critical_value(0.05, 10) == pytest.approx(critical_value(0.005, 1))
    assert critical_value(1e-6, 1) == pytest.approx(4.891638, abs=1e-6)


def test_plan_and_detectable_error_are_inverse() -> None:
    """Would have caught: a plan that forgets the power, the square root or the scale."""
    count = samples_needed(3.0, detect=0.01, scale=0.5, critical=5.5)
    for samples, within in ((count, True), (count - 1, False)):
        assert (detectable_error(3.0 / samples**0.5, scale=0.5, critical=5.5) <= 0.01) is within


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("value", {"value": float("nan")}),
        ("claimed", {"claimed": float("inf")}),
        ("standard_error", {"standard_error": -1.0}),
        ("standard_error", {"standard_error": float("nan")}),
        ("scale", {"scale": 0.0}),
        ("critical", {"critical": 0.0}),
        ("samples", {"samples": 0}),
        ("power", {"power": 1.0}),
    ],
)
def test_domains(name: str, changes: dict[str, Any]) -> None:
    """Would have caught: nan, which compares false with everything and so passes a test written the other way round."""
    arguments: dict[str, Any] = {"value": 1.0, "claimed": 1.0, "standard_error": 0.1} | changes
    with pytest.raises(InvalidInput, match=name):
        judge(**arguments)


@pytest.mark.parametrize(("rate", "count"), [(0.0, 1), (1.0, 1), (1e-6, 0), (1e-6, 1.5)])
def test_domain_of_the_critical_value(rate: float, count: Any) -> None:
    """Would have caught: an infinite critical value, which nothing exceeds."""
    with pytest.raises(InvalidInput):
        critical_value(rate, count)
