"""What the report says of figures: what a sampled number is compared with, and how many there are."""

import re
from dataclasses import replace
from html import unescape

from ste_theory.claims import registry
from ste_theory.claims.environment import environment
from ste_theory.claims.pages import with_pages
from ste_theory.claims.report import Report, _figure_json
from ste_theory.claims.stored import _figure as stored_figure
from ste_theory.claims.verdict import Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Catch, Context, Figure, WitnessResult
from ste_theory.montecarlo import decide
from ste_theory.render.report.evidence import _SEES, _agreement, _digits, _planted, _pulls, detail
from ste_theory.render.report.front import _alarms
from ste_theory.render.report.mathematics import prose
from ste_theory.render.report.troubles import disagreement
from tests.unit.claims.runs import line

RUNNING = ((100, 1.1, 0.2), (400, 0.9, 0.1), (1600, 1.0, 0.05))
STATED = tuple(
    Figure(f"v_gradient[{n}] (binary/relu)", 1.25 + n, 1.5 + n, 0.5, -0.5, 0.01, running=RUNNING) for n in range(6)
)
MEANS = tuple(
    Figure(f"v_gradient[{n}] by sobol (binary/relu)", 1.0 + n, 1.25 + n, 0.5, -0.5, 0.01, against="the program's mean")
    for n in range(3)
)


def words(markup: object) -> str:
    """The text of markup, entities read."""
    return re.sub(r"<[^>]+>", " ", str(markup)).replace("&#x27;", "'").replace("&#39;", "'")


def test_a_sampler_is_compared_with_the_programs_mean() -> None:
    """Would have caught: the program's sampled mean in a column headed "stated"."""
    text = words(_pulls([*STATED, *MEANS]))
    assert text.count("(the program's mean)") == len(MEANS)
    assert "compared with" in text
    assert f"{len(STATED)} sampled values minus the stated ones, {len(MEANS)} of a sampler" in text
    alone = words(_pulls(STATED))
    assert " stated " in alone
    assert "program" not in alone


def test_what_the_four_are_chosen_from_is_said() -> None:
    """Would have caught: "of 15" below "30 means", without a word on the other half."""
    text = words(_agreement([*STATED, *MEANS]))
    assert f"of {len(STATED)} that are compared with stated values" in text
    assert "that are compared" not in words(_agreement(STATED))


def test_a_file_keeps_what_a_figure_is_compared_with() -> None:
    """Would have caught: a report from a file that calls the program's mean stated again."""
    for figure in (*STATED, *MEANS):
        assert stored_figure(_figure_json(figure)) == figure


def test_the_witness_says_which_figures_are_of_the_sampler() -> None:
    """Would have caught: a figure that is not marked, and a number of means that the figures do not have."""
    (witness,) = (one for one in registry.witnesses() if one.kind is WitnessKind.SAMPLING)
    claim = registry.claims()["general.sampler-strata"]
    result = witness.examine(claim, Context(Level.QUICK, 3))
    marked = [figure for figure in result.figures if figure.against]
    assert marked == [figure for figure in result.figures if f" by {claim.sampler} " in figure.label]
    stated = [figure.claimed for figure in result.figures if not figure.against]
    assert [figure.claimed for figure in marked] != stated
    said = f"{len(result.figures)} means ({len(stated)} against stated values, {len(marked)} of {claim.sampler} against"
    assert said in result.detail


DISPUTED = Verdict.DISPUTED
CALL = "st.loss(st.Problem(st.quantizers.binary(), 'leaky'), st.Point(v=[1.0], v_star=[1e-3]))"
SAID = f"the part along ŵ is 0.0178462, stated 0.0178464: {CALL}"
FAILED = WitnessResult(WitnessKind.PROPERTIES, Outcome.FAIL, SAID)


def test_a_call_of_the_program_can_be_copied() -> None:
    """Would have caught: v_star and 1e-3 of a call typeset as mathematics."""
    shown = detail(FAILED)
    assert unescape(shown).endswith(f"<code>{CALL}</code>")
    assert "<math>" in shown.partition("<code>")[0]
    assert "<code>" not in detail(replace(FAILED, detail="the first. second"))


def test_two_numbers_that_should_be_one_have_their_difference() -> None:
    """Would have caught: 17 digits on both sides, and the reader who subtracts them."""
    assert "(difference−2·10−7,relative1.1·10−5)" in re.sub(r"\s", "", words(detail(FAILED)))


def test_an_alarm_says_which_two_things_disagree() -> None:
    """Would have caught: a red box with 5.7e-51, without the claim's title, FAIL beside PASS without a word."""
    assert disagreement(FAILED) == "the public function st.loss and the stated formula"
    assert "sampled program" in disagreement(replace(FAILED, kind=WitnessKind.SAMPLING, detail="x"))
    passed = WitnessResult(WitnessKind.ENCLOSURE, Outcome.PASS, "6 balls contain 0, widest 5.7e-51")
    claim = replace(line("yin2019.loss"), witnesses=(FAILED, passed), verdict=DISPUTED, effective_verdict=DISPUTED)
    run = with_pages(Report(Level.QUICK, 1, environment(), (claim,), 1.0), registry.claims())
    shown = _alarms(run)
    text = words(shown)
    assert prose(claim.title) in str(shown)
    assert "two things disagree: the public function st.loss and the stated formula" in text
    assert "5.7·10−51" in re.sub(r"\s", "", text)
    assert CALL in text


def test_undecided_is_undecided_of_repaired_versions_too() -> None:
    """Would have caught: "inconclusive" in the results, "-" (not refuted) on the page."""
    catch = Catch("only v > 0", WitnessKind.PROOF, ((WitnessKind.PROOF, Outcome.INCONCLUSIVE),), repaired=True)
    shown = str(_planted(replace(FAILED, kind=WitnessKind.PLANTED, catches=(catch,))))
    assert "<td>?</td>" in shown
    assert "? undecided" in shown


def test_captions_say_what_the_columns_are() -> None:
    """Would have caught: "relative" to the number of the row, an error of the difference beside a sampler's mean, 52
    digits proved beside 30 printed."""
    text = words(_pulls([*STATED, *MEANS]))
    assert "relative not to the number of the row but to a scale: the length of the whole vector" in text
    assert "in rows of a sampler that of the difference" in text
    assert "difference −0.25(50)" in text
    assert "1.00(50)" not in words(_pulls(MEANS))
    assert "probability of 99 %" in text
    assert "At most 30 are printed" in words(_digits([replace(STATED[0], digits=("1.5", "1.5"))]))


def test_captions_of_running_means_differ_and_are_typeset() -> None:
    """Would have caught: "∂f/∂v_2" above two plots of two points."""
    two = [replace(STATED[1], place=f"ρ = {number}/8") for number in (3, 5)]
    shown = str(_agreement(two))
    captions = re.findall(r"<caption>(.*?)</caption>", shown)
    assert len(set(captions)) == len(captions) == len(two)
    assert all("<math>" in caption for caption in captions)
    labels = re.findall(r'aria-label="([^"]*)"', shown)
    assert len(set(labels)) == len(labels)
    assert not any("_" in label for label in labels)
    assert any("∂f/∂v₂ of binary/relu at ρ = 3/8" in label for label in labels)


def test_the_caption_says_with_which_probability_an_error_is_seen() -> None:
    """Would have caught: another power of the simulation than the report says."""
    assert f"{100 * decide.POWER:.0f} %" in _SEES
