"""E μ′(xξ) is shown to exist before anything is said about it: on both sides apart, before terms cancel."""

import json
from typing import Any

import pytest

from ste_theory.analysis import catalogue
from ste_theory.analysis.soundness import soundness
from ste_theory.checker import Rejected, check
from ste_theory.checker.check import precision
from ste_theory.checker.existence import growth
from ste_theory.checker.surrogate import Surrogate

Document = dict[str, Any]


def response(formula: str, proof: str = "even part", max_scale: str = "inf") -> Document:
    """A certificate written by hand: one piece, one region."""
    zero = proof == "odd"
    return {
        "schema": "ste-theory-response/1",
        "surrogate": "by hand",
        "pieces": [{"lower": "-inf", "upper": "inf", "formula": formula}],
        "statement": "M = 0" if zero else "M > 0",
        "max_scale": max_scale,
        "proof": proof,
        "argument": "x",
        "regions": [{"lower": "0", "upper": "inf", "sign": 0 if zero else 1, "method": ""}],
        "boxes": [],
    }


NO_MEAN = [
    ("1 + 1/x", "even part"),
    ("1 + 1/x^3", "even part"),
    ("1 + 1/sin(x)", "even part"),
    ("1 + sin(x)/cos(x)", "even part"),
    ("1 + x/(x^2-1)^2", "even part"),
    ("1 + x/(x-1000)^2 + x/(x+1000)^2", "even part"),
    ("1 + x*exp(x^2/1000)", "even part"),
    ("1 + x*exp(x^2)", "even part"),
    ("1 + x*exp(x^4)", "even part"),
    ("exp(x^2) - exp(x^2) + 1", "even part"),
    ("1 + 1/0 - 1/0", "even part"),
    ("1 + x*log(-1-x^2)", "even part"),
    ("1 + 0*log(0-1-x^2)", "even part"),
    ("log(0-1-x^2)/log(0-1-x^2)", "even part"),
    ("1 + 0*log(1000000 - x)", "even part"),
    ("cos(x) + 1/x", "cosines"),
    ("cos(x*(1/0))", "cosines"),
    ("1/x", "odd"),
    ("x*exp(x^2)", "odd"),
    ("x*log(-1-x^2)", "odd"),
]


@pytest.mark.parametrize(("formula", "proof"), NO_MEAN)
def test_a_surrogate_without_a_mean_has_no_response(formula: str, proof: str) -> None:
    """Would have caught: an odd part without a mean, or without a value, that cancels before anything looks at it."""
    with pytest.raises(Rejected, match=r"finite near|far out|at every scale"):
        check(response(formula, proof))


@pytest.mark.parametrize(
    ("formula", "proof"),
    [
        ("1 + x", "even part"),
        ("1 + x*exp(x)", "even part"),
        ("1 + x*exp(0-x^4)", "even part"),
        ("1 + x/(1 + (x-100)^2)", "even part"),
        ("1 + x/(1 + exp(x^4))", "even part"),
        ("1 + x*log(1 + x^2)", "even part"),
        ("cosh(x)^2 + x^3", "even part"),
        ("2 + cos(x)", "cosines"),
        ("x*sqrt(1 + x^2)", "odd"),
        ("x*exp(1/3*log(1 + x^2))", "odd"),
    ],
)
def test_a_surrogate_with_a_mean_has_one(formula: str, proof: str) -> None:
    """Would have caught a test of existence that refuses what exists: odd parts, fast growth below the Gaussian's."""
    assert check(response(formula, proof)).boxes > 0


def test_up_to_the_scale_where_the_mean_ends() -> None:
    """E|ξ|e^{x²ξ²/1000} < ∞ iff x² < 500, and 22.36² = 499.97. Would have caught a bound of γ that is off by two."""
    assert "x <= 559/25" in check(response("1 + x*exp(x^2/1000)", max_scale="559/25")).statement
    for scale in ("2237/100", "inf"):
        with pytest.raises(Rejected, match="mean is not shown to exist"):
            check(response("1 + x*exp(x^2/1000)", max_scale=scale))


def test_both_ends_count_and_the_left_one_alone_does() -> None:
    """Would have caught a growth that is read off the right side only."""
    pieces = [
        {"lower": "-inf", "upper": "0", "formula": "exp(x^2/8)"},
        {"lower": "0", "upper": "inf", "formula": "exp(x^2/18)"},
    ]
    for given in (pieces, [pieces[1] | {"lower": "-inf", "upper": "0"}, pieces[0] | {"lower": "0", "upper": "inf"}]):
        with precision(128):
            found = growth(Surrogate(given))
            assert found.below is not None
            assert found.above.overlaps(found.below)
            assert abs(found.above - 1 / 8) < 1e-30


def test_a_power_that_is_no_root_is_finite_at_0() -> None:
    """x^(1/3) is written e^{log(x)/3}. Would have caught a surrogate that is refused for its logarithm at 0."""
    pieces = [
        {"lower": "-inf", "upper": "0", "formula": "-exp(1/3*log(-x))"},
        {"lower": "0", "upper": "inf", "formula": "exp(1/3*log(x))"},
    ]
    assert check({**response("x", "odd"), "pieces": pieces}).boxes == 1
    worse = [piece | {"formula": piece["formula"].replace("1/3", "(-1/3)")} for piece in pieces]
    with pytest.raises(Rejected, match="finite near"):
        check({**response("x", "odd"), "pieces": worse})


def test_the_other_evidence_needs_values_too() -> None:
    """Would have caught: a membership, a region or a counterexample about a formula that has no values."""
    membership = {
        "schema": "ste-theory-class/1",
        "surrogate": "by hand",
        "pieces": [
            {"lower": "-inf", "upper": "0", "formula": "0"},
            {"lower": "0", "upper": "inf", "formula": "1 + 0*log(0-1-x)"},
        ],
        "source": "",
        "place": "in",
        "bound": "inf",
        "lower": "1",
        "upper": "1",
        "at": "",
    }
    with pytest.raises(Rejected, match="far out"):
        check(membership)
    quick = [membership["pieces"][0], {"lower": "0", "upper": "inf", "formula": "exp(x^4)"}]
    assert check({**membership, "pieces": quick, "bound": "1", "upper": "3"}).boxes == 1


def test_a_counterexample_beyond_the_scale_where_the_mean_ends() -> None:
    """Would have caught a network whose expected coarse gradient is infinite."""
    found = soundness(catalogue.surrogate("x^2 - 1"), None)
    assert found.counterexample is not None
    document = json.loads(json.dumps(found.counterexample.to_json(catalogue.surrogate("x^2 - 1"), _binary())))
    assert check(document).boxes == 1
    pieces = [{"lower": "-inf", "upper": "inf", "formula": "x^2 - 1 + x*exp(x^2)"}]
    with pytest.raises(Rejected, match="mean is not shown to exist"):
        check({**document, "pieces": pieces, "rho": "1"})


def _binary() -> Any:
    return catalogue.quantizer("binary")


def roots(left: str, right: str) -> Document:
    """A certificate that M > 0 for a formula with a root at 0."""
    pieces = [
        {"lower": "-inf", "upper": "0", "formula": left},
        {"lower": "0", "upper": "inf", "formula": right},
    ]
    return {**response("x"), "pieces": pieces}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("sqrt(-x)", "sqrt(x)"),
        ("0", "sqrt(x)/(1 + sqrt(x))"),
        ("sqrt(-x)*exp(x)", "sqrt(x)*exp(-x)"),
    ],
)
def test_roots_at_0_have_a_sign(left: str, right: str) -> None:
    """√u has no slope at 0; its sign is that of its parts. Would have caught: a proof of `analyze` that its checker
    refuses near 0.
    """
    assert check(roots(left, right)).boxes > 0


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("0", "0-sqrt(x)"),
        ("0", "sqrt(x) - 1/1000"),
        ("-2*sqrt(-x)", "sqrt(x)"),
        ("0", "sqrt(x)*(x - 1/2000)"),
        ("0", "sqrt(x)*log(1 + x - 1/2000)"),
        ("0", "1/sqrt(x)"),
        ("0", "sqrt(x)^(-3)"),
        ("0", "sqrt(x)*sin(x)"),
    ],
)
def test_roots_at_0_have_no_other_sign(left: str, right: str) -> None:
    """Would have caught: a sign taken from a part that changes its own, or from one without a value at 0."""
    with pytest.raises(Rejected):
        check(roots(left, right))
