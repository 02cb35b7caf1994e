"""``replay``: the table of figures."""

from ste_theory.claims.replay import Replay
from ste_theory.claims.verdict import Level, Outcome, WitnessKind
from ste_theory.claims.witness import Figure, WitnessResult
from ste_theory.render.figures import render

OWN = Figure("loss (binary/relu)", 1.0, 0.5, 1.25)
BESIDE = Figure("antithetic loss (binary/relu)", 1.01, 0.25, 1.0, against="the program's mean")


def shown(*figures: Figure) -> str:
    """The answer for one sampling witness."""
    result = WitnessResult(WitnessKind.SAMPLING, Outcome.PASS, "as stated", 1, 0.1, figures=figures)
    return render(Replay("yin2019.loss", Level.QUICK, 7, (result,)))


def test_a_row_of_a_sampler_says_whose_error_it_has() -> None:
    """Would have caught: the error of a difference that is read as that of the number before it."""
    words = " ".join(shown(OWN, BESIDE, BESIDE).split())
    note = "compared with the program's mean, which is what is claimed; brackets hold the error of the difference."
    assert words.count(note) == 1
    assert "compared with" not in shown(OWN)
