"""What is said of a surrogate whose expected coarse gradient exists at small scales only, or at none."""

import json
from fractions import Fraction

import pytest

from ste_theory.analysis import catalogue
from ste_theory.analysis.analyze import analyze
from ste_theory.analysis.comparison import recommend
from ste_theory.analysis.existence import existence
from ste_theory.analysis.soundness import soundness
from ste_theory.checker import check
from ste_theory.render.analysis import headline

GROWS = "1 + x*exp(x**2/1000)"


def test_sound_up_to_where_the_mean_ends() -> None:
    """E|μ′(ρξ)| = ∞ for ρ² ≥ 500. Would have caught "sound at every scale", read off the even part 1."""
    found = analyze(catalogue.surrogate(GROWS))
    assert (found.sound, found.max_scale, found.exists_until) == ("proved", "559/25", "22.3606797749979")
    assert "Sound for ‖w‖ up to 22.36" in headline(found)
    assert "From ‖w‖ = 22.36067977 on the expected coarse gradient does not exist" in headline(found)
    assert not found.sound_as_asked
    assert found.behaviour.large_scales == "does not exist"
    assert "0 < x <= 559/25" in check(json.loads(json.dumps(found.to_json()))).statement


def test_no_signal_up_to_where_the_mean_ends() -> None:
    """Would have caught "no signal at every scale" for an odd surrogate that has no mean at most of them."""
    found = analyze(catalogue.surrogate("x*exp(x**2/1000)"))
    assert (found.sound, found.max_scale) == ("no signal", "559/25")
    assert "M = 0 for 0 < x <= 559/25" in check(json.loads(json.dumps(found.to_json()))).statement


def test_scales_below_the_end_are_answered_as_asked() -> None:
    """Would have caught a warning about scales that nobody asked for."""
    found = analyze(catalogue.surrogate(GROWS), max_scale=10)
    assert (found.sound, found.max_scale, found.exists_until) == ("proved", "10", "")
    assert found.sound_as_asked


def test_what_may_outgrow_every_gaussian_is_undecided() -> None:
    """E|ξ|e^{cξ⁴} = ∞ at every scale. Would have caught a proof from the even part, and values of M beside it."""
    found = analyze(catalogue.surrogate("1 + x*exp(x**4/10**7)"))
    assert (found.sound, found.certificate, found.exists_until) == ("undecided", None, "0")
    assert {response.value for response in found.responses} == {"not shown to exist"}
    assert "not shown" in found.reason
    assert soundness(catalogue.surrogate("1 + x*exp(x**4/10**7)"), Fraction(1)).verdict == "undecided"


@pytest.mark.parametrize(
    ("text", "top", "beyond"),
    [
        ("exp(x**2/200)", Fraction(9999, 1000), True),
        ("(1 - x**2)*exp(x**2/1000)", Fraction(2236, 100), True),
        ("cos(x)*exp(x**2/1000)", Fraction(2236, 100), False),
        ("exp(Abs(x))", None, False),
        ("exp(x**2/10**7)", Fraction(2236), True),
    ],
)
def test_the_end_is_where_the_gaussian_is_outgrown(text: str, top: Fraction | None, beyond: bool) -> None:
    """1/√(2γ), from below where that is rational. Would have caught an end that belongs to the range."""
    found = existence(catalogue.surrogate(text))
    assert (found.top, found.beyond, found.problem) == (top, beyond, "")


def test_the_whole_catalogue_has_a_mean_at_every_scale() -> None:
    """Would have caught a test of existence that an entry fails."""
    assert {existence(catalogue.surrogate(name)).until for name in catalogue.names()} == {""}


def test_several_steps_are_judged_where_the_mean_exists() -> None:
    """Would have caught networks, and scales in the reason, at which there is no expected coarse gradient."""
    found = analyze(catalogue.surrogate("exp(x**2/10)"), catalogue.quantizer("ternary(1/2)"))
    assert Fraction(found.max_scale) < 5**0.5 < 2.2361
    assert found.counterexample is None or Fraction(found.counterexample.rho) <= Fraction(found.max_scale)


def test_a_comparison_prefers_what_is_sound_at_the_scales_asked_for() -> None:
    """Would have caught a recommendation of a surrogate that has no expected gradient at large scales."""
    analyses = [analyze(catalogue.surrogate(text)) for text in (GROWS, "Max(0, 1 - Abs(x))/10")]
    assert recommend(analyses).surrogate == "Max(0, 1 - Abs(x))/10"
    assert not recommend(analyses[:1]).surrogate
