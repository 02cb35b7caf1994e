"""What the report says of figures: what a sampled number is compared with, and how many there are."""

import re

from ste_theory.claims import registry
from ste_theory.claims.report import _figure_json
from ste_theory.claims.stored import _figure as stored_figure
from ste_theory.claims.verdict import Level, WitnessKind
from ste_theory.claims.witness import Context, Figure
from ste_theory.render.report.evidence import _agreement, _pulls

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
