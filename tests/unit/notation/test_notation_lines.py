"""Where long formulas are broken."""

import pytest

from ste_theory.claims import registry
from ste_theory.notation import latex, unicode
from ste_theory.notation.formula import Formula, Group, Letter, Term, Terms
from ste_theory.notation.lines import Break, Line, Piece, broken
from ste_theory.notation.printer import formula


def items(text: str) -> list[Piece | Break]:
    """Letters are pieces; ``|`` is a break outside brackets, ``:`` one inside."""
    return [Break(0, "*") if sign == "|" else Break(1) if sign == ":" else Piece(sign, 1) for sign in text]


def test_what_fits_stays_on_one_line() -> None:
    """Would have caught: a break in a formula that is short enough."""
    assert broken(items("ab|cd"), width=4, step=1) == (Line(0, "abcd"),)
    assert len(broken(items("ab|cd"), width=4, step=1, lead=1)) == 2


def test_breaks_outside_brackets_come_first_and_lines_are_full() -> None:
    """Would have caught: a break inside a bracket that only saves a few columns, or a line more than needed."""
    assert broken(items("abc|d:ef"), width=5, step=1) == (Line(0, "abc"), Line(1, "*def"))
    assert broken(items("ab|cd|ef|gh"), width=6, step=0) == (Line(0, "abcdef"), Line(1, "*gh"))


def test_where_nothing_fits_as_little_as_possible_sticks_out() -> None:
    """Would have caught: an endless search or a lost piece for an unbreakable formula."""
    found = broken(items("abcdefgh|ij"), width=4, step=1)
    assert [line.text for line in found] == ["abcdefgh", "*ij"]


@pytest.mark.parametrize("room", [60, 75])
def test_no_line_of_any_derivation_is_too_wide_and_nothing_is_lost(room: int) -> None:
    """Would have caught: a kind of formula without a place to break it; a term dropped at the end of a line."""
    claim = registry.claims()["general.plane-reduction"]
    assert claim.derivation is not None
    for step in claim.derivation().steps:
        written = formula(step.after)
        found = unicode.lines(written, room=room)
        assert all(unicode.columns("  " * line.indent + line.text) <= max(room, 70) for line in found)
        joined = "".join(line.text.removeprefix("·") for line in found)
        assert joined.replace(" ", "") == unicode.text(written).replace(" ", "")
        rows = latex.lines(written, room=300)
        joined = "".join(line.text.removeprefix("{}").removeprefix(r"\cdot") for line in rows)
        assert joined.replace(" ", "").replace(r"\,", "") == latex.latex(written).replace(" ", "").replace(r"\,", "")


def test_brackets_in_brackets_are_measured_in_no_time() -> None:
    """Would have caught: every level of brackets measures what it holds twice, so that forty levels take for ever."""
    formula: Formula = Letter("x", "x")
    for _ in range(40):
        formula = Group("(", Terms((Term(False, formula), Term(False, Letter("1", "1")))))
    assert latex.width(formula) > 40 * latex.width(Letter("1", "1"))
