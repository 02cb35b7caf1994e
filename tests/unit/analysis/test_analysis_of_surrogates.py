"""``analyze`` as a whole: several levels, behaviour, fit, step, comparison."""

import json
from fractions import Fraction

import pytest

import ste_theory as st
from ste_theory.analysis.analyze import Analysis, analyze
from ste_theory.analysis.comparison import Stage, follow, last_sound, recommend, schedule, warnings
from ste_theory.analysis.multilevel import certify
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import PlanePoint, Problem
from ste_theory.model.quantizers import sign, staircase, uniform_relu
from ste_theory.model.surrogates import Surrogate, clipped_relu, from_formulas, identity, relu

PLATEAU = from_formulas("plateau", ("-1/10", "1", "-1/10"), (-1, 1))


def test_the_known_counterexample_on_three_steps_is_certified() -> None:
    """Would have caught a radial part left out: at thresholds 0, 1, 2 the correlation is −0.0435 near θ = 5°."""
    problem = Problem(staircase([0, 1, 2], [1, 1, 1]), identity())
    point = PlanePoint(
        Fraction(4), Fraction(3, 2), Fraction(87, 1000), (Fraction(1), Fraction(-1)), (Fraction(2), Fraction(-2))
    )
    found = certify(problem, point)
    assert found is not None
    assert float(found.correlation) == pytest.approx(-0.0435, abs=5e-4)


def test_two_bits_with_the_identity_are_refuted_with_small_numbers() -> None:
    """Would have caught a search that finds nothing, or a counterexample with long fractions."""
    analysis = analyze(identity(), uniform_relu(2))
    assert analysis.sound == "refuted"
    assert analysis.counterexample is not None
    x = analysis.counterexample
    assert float(x.correlation) < 0
    assert all(len(number) <= 4 for number in (*x.v, *x.v_star, x.rho, x.rho_star, x.angle))


def test_nothing_is_certified_where_the_correlation_is_positive() -> None:
    """Would have caught a certificate without an inequality behind it."""
    problem = Problem(staircase([0, 1, 2], [1, 1, 1]), identity())
    point = PlanePoint(Fraction(1), Fraction(1), Fraction(1), (Fraction(1),), (Fraction(1),))
    assert certify(problem, point) is None


def test_one_step_of_any_height_is_decided_like_the_binary_activation() -> None:
    """Would have caught the sign function sent to the search for several levels."""
    assert analyze(clipped_relu(), sign()).sound == "proved"


def test_behaviour_of_the_papers_surrogates() -> None:
    """Would have caught a wrong drift (identity: −φ(0)), a dead zone or a jump overlooked."""
    of_identity, of_clipped = analyze(identity()).behaviour, analyze(clipped_relu()).behaviour
    assert not of_identity.stationary
    assert [float(x) for x in of_identity.drift] == pytest.approx([-0.39894228040143] * 3)
    assert of_clipped.stationary
    assert [str(x) for x in of_clipped.dead] == ["(-∞, 0)", "(1, ∞)"]
    assert [x.split(":")[0] for x in of_clipped.jumps] == ["0", "1"]
    assert of_clipped.large_scales == "0.3989422804/x"
    assert analyze(PLATEAU).behaviour.large_scales == "-0.1000000000"


def test_negative_and_unbounded_parts() -> None:
    """Would have caught a sign lost in the mirror image of the left half."""
    found = analyze(from_formulas("line", ("x + 2",))).behaviour
    assert [str(x) for x in found.negative] == ["(-∞, -2)"]
    assert found.unbounded == ("x → +∞", "x → −∞")


def test_the_window_is_compared_with_the_steps() -> None:
    """Would have caught a clipped surrogate that covers three steps of a quantizer reported as covering all."""
    found = analyze(clipped_relu(2), uniform_relu(2)).fit
    assert found.half_covered == ("0", "2")
    assert analyze(clipped_relu(1), uniform_relu(3)).fit.uncovered == ("2", "3", "4", "5", "6")


def test_gain_and_learning_rate() -> None:
    """Would have caught a quotient upside down: the ReLU turns w half as fast as the identity."""
    analysis = analyze(relu())
    assert float(analysis.gain) == pytest.approx(0.5)
    assert float(analysis.learning_rate) == pytest.approx(2)
    assert float(analyze(relu(), reference=relu()).learning_rate) == pytest.approx(1)


def test_the_step_obeys_every_condition() -> None:
    """Would have caught a condition of the descent inequality left out."""
    small, large = analyze(identity(), rho="1/100").step, analyze(identity(), rho=100).step
    assert small is not None
    assert large is not None
    assert small.size < large.size
    assert large.size == pytest.approx(1 / (2 / 8 + 1 / (2 * 3.141592653589793)))


def test_the_analysis_is_data_and_text() -> None:
    """Would have caught a result that cannot be stored, hashed or shown."""
    analysis = st.analyze(PLATEAU, max_scale=9)
    assert json.loads(json.dumps(analysis.to_json()))["sound"] == "refuted"
    assert hash(analysis)
    assert "8.757695" in str(analysis)
    assert "8.757695" in analysis._repr_html_()
    assert str(analysis).splitlines()[0].startswith("Unsound")


def test_bad_arguments_are_named() -> None:
    """Would have caught a scale of zero or a surrogate that is none."""
    with pytest.raises(InvalidInput, match="max_scale"):
        analyze(identity(), max_scale=0)
    with pytest.raises(InvalidInput, match="surrogate"):
        analyze("identity")  # type: ignore[arg-type]


def test_the_recommendation_prefers_what_rests_at_the_minimum() -> None:
    """Would have caught a ranking by gain alone, or an unsound surrogate recommended."""
    analyses = [analyze(s) for s in (identity(), relu(), PLATEAU)]
    assert recommend(analyses).surrogate == "relu"
    assert recommend([analyze(PLATEAU)]).surrogate == ""


def test_schedules_say_when_they_become_unsound_or_explode() -> None:
    """Would have caught a schedule judged at its start."""

    def dip(depth: Fraction) -> tuple[Surrogate, Analysis]:
        surrogate = from_formulas("dip", ("0", "-d", "1", "-d", "0"), (-2, -1, 1, 2), d=depth)
        return surrogate, analyze(surrogate)

    name, values = schedule("d=1/2..400")
    assert name == "d"
    assert (values[0], values[-1], len(values)) == (Fraction(1, 2), Fraction(400), 9)
    stages = follow(values, dip)
    # ∫μ′ = 2 − 2d: sound at every scale exactly for d ≤ 1.
    until = last_sound(stages, dip)
    assert until is not None
    assert Fraction(99, 100) <= until <= 1
    said = warnings(stages, until)
    assert any(line.startswith("refuted from") for line in said)
    assert any(line.startswith("explodes") for line in said)
    with pytest.raises(InvalidInput, match="schedule"):
        schedule("d:1")


def test_a_schedule_that_never_turns_or_starts_unsound_has_no_end() -> None:
    """Would have caught a bisection between a stage and nothing."""

    def window(width: Fraction) -> tuple[Surrogate, Analysis]:
        surrogate = from_formulas("window", ("0", "1", "0"), (-width, width))
        return surrogate, analyze(surrogate)

    assert last_sound(follow((Fraction(1), Fraction(2)), window), window) is None
    unsound = [Stage(Fraction(k), analyze(PLATEAU), 1.0) for k in (1, 2)]
    assert last_sound(unsound, window) is None


def test_several_steps_get_a_recommendation_near_the_teacher() -> None:
    """Would have caught "no recommendation" for every quantizer with several steps, and the drift of the binary
    activation's spurious minimum shown for quantizers that have no such minimum."""
    two_bit = st.quantizers.uniform_relu(2)
    analyses = [analyze(s, two_bit) for s in (identity(), clipped_relu(3))]
    found = recommend(analyses)
    angles = {a.surrogate: Fraction(a.region.angle) for a in analyses if a.region}
    assert found.surrogate == max(angles, key=lambda name: angles[name])
    assert "proved sound near the teacher" in found.reason
    assert "spurious" not in found.reason
    assert "spurious" not in str(analyses[0])
    assert "one-sided" in str(analyses[0])
    assert "spurious minimum" in str(analyze(identity()))
