"""Numbers, names of quantities and letters, as the report has them for people."""

import pytest

from ste_theory.claims.verdict import Outcome, WitnessKind
from ste_theory.claims.witness import Catch, Figure, WitnessResult
from ste_theory.model.quantities import Quantity
from ste_theory.notation.formula import Letter, Quotient
from ste_theory.notation.prose import spans
from ste_theory.render.report.evidence import _digits, _planted, _pulls
from ste_theory.render.report.mathematics import breakable
from ste_theory.render.report.tables import LONG, table
from ste_theory.render.report.wording import number, said, typeset
from tests.unit.render.test_report_evidence import STATED, words


@pytest.mark.parametrize(
    ("plain", "printed"),
    [
        ("6.7e-05", "6.7·10⁻⁵"),
        ("(6.7)e-05", "(6.7)·10⁻⁵"),
        ("±1e-04", "±10⁻⁴"),
        ("-1.20e+2", "−1.20·10²"),
        ("[-1, -0.5]", "[−1, −0.5]"),
        ("3-4", "3-4"),
        ("one-row", "one-row"),
    ],
)
def test_numbers_have_one_form(plain: str, printed: str) -> None:
    """Would have caught: (6.7)e−05 beside 6.7e-05 and 10⁻⁵, a hyphen for a minus sign."""
    assert number(plain) == printed


def test_one_box_is_no_boxes() -> None:
    """Would have caught: "over 1 boxes"."""
    assert said("2 by a certificate over 1 boxes") == "2 by a certificate over 1 box"
    assert said("over 21 boxes") == "over 21 boxes"


@pytest.mark.parametrize("quantity", list(Quantity))
def test_every_quantity_is_shown_by_its_letter(quantity: Quantity) -> None:
    """Would have caught: coarse_gradient.radial in a table below formulas with ⟨E g_μ, ŵ⟩."""
    assert quantity not in said(f"{quantity}: term 2 negated")
    assert said(f"{quantity}: term 2 negated").endswith(": term 2 negated")
    assert f'title="{quantity} in results.json"' in typeset(quantity)


def test_words_stay_words() -> None:
    """Would have caught: "the f" for "the loss", a claim's id with a Greek letter in it."""
    for words_ in ("the loss: turned round", "a loss above 1", "the correlation does not fade", "general.rho-star"):
        assert said(words_) == words_


def test_names_of_letters_are_letters() -> None:
    """Would have caught: "rho_star in place of rho"."""
    assert said("rho_star in place of rho, S_star = -1") == "ρ* in place of ρ, S* = −1"


def test_evidence_has_no_names_of_programs_and_no_signs_of_ascii() -> None:
    """Would have caught: one table or plot that is left out."""
    enclosed = Figure("plane.b_perpendicular on a box ±1e-04 (binary/relu)", 1e-7, 1e-7, 1e-9, digits=("-1.2e-7",) * 2)
    catch = Catch(
        "plane.s1_star: rho_star in place of rho", WitnessKind.SAMPLING, ((WitnessKind.SAMPLING, Outcome.FAIL),)
    )
    planted = WitnessResult(WitnessKind.PLANTED, Outcome.PASS, "1 caught", 1, 0.1, catches=(catch,))
    for shown in (_pulls(STATED), _digits([enclosed]), _planted(planted)):
        text = words(shown)
        for plain in ("v_gradient", "b_perpendicular", "s1_star", "rho", "e-0", "1e-", " -1"):
            assert plain not in text
    assert "−1.2·10⁻⁷" in words(_digits([enclosed]))


def test_an_index_of_a_letter_and_a_digit_stays_together() -> None:
    """Would have caught: v_{i}1 for v_i1."""
    (formula,) = (span.text for span in spans("v_i1") if span.is_formula)
    assert formula == "v_{i1}"
    assert "<mn>1</mn></mrow></msub>" in typeset("with v_i1 ≥ 1")


def test_a_long_fraction_scrolls_in_its_own_box() -> None:
    """Would have caught: a telephone that scrolls sideways for a fraction in a line of text."""
    wide = Quotient(Letter("x" * 60, "x" * 60), Letter("2", "2"))
    found = breakable(wide, ",")
    assert 'class="wide" tabindex="0" role="math" aria-label="' in found
    assert "wide" not in breakable(Letter("x", "x"))


def test_long_tables_are_folded() -> None:
    """Would have caught: hundreds of rows to scroll over, a short table that must be opened."""
    rows = [(str(number_), "x") for number_ in range(LONG + 1)]
    assert f"<summary>Values: {LONG + 1} rows</summary>" in table("Values", ("", "x"), rows)
    assert "<details" not in table("Values", ("", "x"), rows[1:])
