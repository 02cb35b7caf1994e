"""Soundness under the binary quantizer: expected verdicts from theory, exact ends, canaries."""

from fractions import Fraction
from itertools import pairwise

import pytest
from flint import arb
from scipy.optimize import brentq
from scipy.stats import norm

from ste_theory.analysis.boxes import cover
from ste_theory.analysis.even_part import Undecided, halves
from ste_theory.analysis.mass import response_ball
from ste_theory.analysis.search import simplest_between
from ste_theory.analysis.signs import regions, sign_changes
from ste_theory.analysis.soundness import soundness
from ste_theory.model.surrogates import Surrogate, clipped_relu, from_formulas, identity, relu

SWISH = from_formulas("swish", ("5*(2 - 5*x*tanh(5*x/2))/(1 + cosh(5*x))",))
PLATEAU = from_formulas("plateau", ("-1/10", "1", "-1/10"), (-1, 1))
FAR = from_formulas("far", ("0", "-3", "1", "-3", "0"), (-2000, -1000, 1000, 2000))


@pytest.mark.parametrize("surrogate", [identity(), relu(), clipped_relu(), SWISH], ids=lambda s: s.name)
def test_sound_surrogates_are_proved(surrogate: Surrogate) -> None:
    """Would have caught a sound surrogate left undecided, SwishSign's negative values taken for unsoundness."""
    verdict = soundness(surrogate, None)
    assert verdict.verdict == "proved"
    assert verdict.certificate is not None
    assert verdict.certificate.max_scale == "inf"


def test_a_root_without_a_slope_is_settled_by_its_parts() -> None:
    """Would have caught: √|x|·exp(−x²) left undecided, for its derivative is infinite at 0; a sign change within 1/2000
    of such a root taken for none."""
    root = from_formulas("root", ("sqrt(-x)*exp(-x^2)", "sqrt(x)*exp(-x^2)"), (0,))
    found = soundness(root, None)
    assert (found.verdict, found.certificate is not None) == ("proved", True)
    assert sign_changes(regions(halves(root))) == 0
    wrong = from_formulas("wrong", ("0", "sqrt(x)*(x - 1/2000)"), (0,))
    try:
        assert sign_changes(regions(halves(wrong))) == 1
    except Undecided:
        assert soundness(wrong, None).verdict != "proved"


@pytest.mark.parametrize("text", ["tanh(x)", "1/(1 + exp(-x)) - 1/2", "x^3", "x*exp(-x^2)"])
def test_odd_surrogates_have_no_signal(text: str) -> None:
    """Would have caught an odd part mistaken for a tiny response: M is exactly zero."""
    assert soundness(from_formulas("odd", (text,)), None).verdict == "no signal"


def test_the_even_part_of_gelu_is_a_constant() -> None:
    """Would have caught cancelling terms that leave the sign undecided: the derivative of GELU has even part 1/2."""
    gelu = from_formulas("gelu", ("(1 + erf(x/sqrt(2)))/2 + x*exp(-x^2/2)/sqrt(2*pi)",))
    assert soundness(gelu, None).verdict == "proved"
    assert response_ball(regions(halves(gelu)), Fraction(7)).contains(arb(1) / 2)


def test_a_negative_plateau_is_refuted_where_theory_says() -> None:
    """Would have caught a wrong end of the sound range: −1.2 + 2.2Φ(1/x) = 0."""
    verdict = soundness(PLATEAU, None)
    root = brentq(lambda x: -1.2 + 2.2 * norm.cdf(1 / x), 1, 100, xtol=1e-14)
    assert verdict.verdict == "refuted"
    assert float(verdict.sound_until) == pytest.approx(root, rel=1e-12)
    assert verdict.counterexample is not None
    assert verdict.counterexample.rho == "9", "the simplest scale beyond the root"
    assert float(verdict.counterexample.correlation) < 0


def test_the_verdict_depends_on_the_largest_scale() -> None:
    """Would have caught an end of the range that is not looked at: sound up to 8, not up to 9."""
    assert soundness(PLATEAU, Fraction(8)).verdict == "proved"
    assert soundness(PLATEAU, Fraction(9)).verdict == "refuted"


def test_a_surrogate_that_is_negative_only_far_out_is_refuted() -> None:
    """Would have caught a tail cut off: at scales up to 10 everything beyond 1000 is beyond the quadrature's reach."""
    assert soundness(FAR, Fraction(10)).verdict == "proved"
    verdict = soundness(FAR, None)
    assert verdict.verdict == "refuted"
    assert 300 < float(verdict.sound_until) < 3000


def test_heights_of_a_step_enter_cubed() -> None:
    """Would have caught the correlation of the binary activation printed for the sign function."""
    one = soundness(PLATEAU, None, Fraction(1)).counterexample
    two = soundness(PLATEAU, None, Fraction(2)).counterexample
    assert one is not None
    assert two is not None
    assert float(two.correlation) == pytest.approx(8 * float(one.correlation), rel=1e-6)


def test_negative_next_to_zero_is_refuted_at_small_scales() -> None:
    """Would have caught a search that starts at scale 1 only."""
    verdict = soundness(from_formulas("dip", ("1", "-1", "1"), ("-1/1000", "1/1000")), None)
    assert (verdict.verdict, verdict.sound_until) == ("refuted", "0")


def test_ties_at_infinity_are_decided_exactly() -> None:
    """Would have caught a strict inequality where ∫μ′ = 0: M(x) = (1 + x²)^(−3/2) > 0 all the same."""
    assert soundness(from_formulas("hat", ("(1 - x^2)*exp(-x^2/2)",)), None).verdict == "proved"
    assert soundness(from_formulas("boxes", ("0", "-1", "1", "-1", "0"), (-2, -1, 1, 2)), None).verdict == "proved"


def test_several_sign_changes_are_covered_by_boxes() -> None:
    """Would have caught a gap between boxes, or a lemma for one sign change applied to more."""
    wave = from_formulas("wave", ("1", "-1", "1", "-1", "1"), (-2, -1, 1, 2))
    found = regions(halves(wave))
    assert sign_changes(found) == 2
    boxes = cover(found, None)
    assert (boxes[0].lower, boxes[-1].upper) == ("0", "inf")
    for one, two in pairwise(boxes):
        assert one.upper == two.lower
    assert all(float(box.bound) > 0 for box in boxes)


def test_boxes_refuse_what_is_not_positive() -> None:
    """Would have caught a cover that certifies a range with a root inside."""
    with pytest.raises(Undecided):
        cover(regions(halves(PLATEAU)), Fraction(20))


def test_two_roots_are_told_from_none() -> None:
    """Would have caught a dip between two positive ranges that a coarse grid steps over."""
    dip = from_formulas("dip", ("1/10", "-1", "1", "-1", "1/10"), (-3, -1, 1, 3))
    verdict = soundness(dip, None)
    assert verdict.verdict == "refuted"
    root = float(verdict.sound_until)
    assert abs(float(response_ball(regions(halves(dip)), Fraction(root)))) < 1e-10


def test_sums_of_cosines_are_decided() -> None:
    """Would have caught a surrogate with sign changes without end reported as undecided: M is a sum of Gaussians."""
    assert soundness(from_formulas("waves", ("cos(x) + cos(3*x)/3",)), None).verdict == "proved"


def test_what_is_not_settled_is_said() -> None:
    """Would have caught a guess: an even part whose sign far out no rule gives."""
    verdict = soundness(from_formulas("hard", ("cos(x^2)",)), None)
    assert verdict.verdict == "undecided"
    assert "far out" in verdict.reason


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [("8.7", "17", "9"), ("0.31", "0.34", "1/3"), ("2.2", "2.4", "7/3"), ("0.9", "1", "1")],
)
def test_the_simplest_fraction_between(lower: str, upper: str, expected: str) -> None:
    """Would have caught a counterexample with fifteen digits where a small number does."""
    assert simplest_between(Fraction(lower), Fraction(upper)) == Fraction(expected)
