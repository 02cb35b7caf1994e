"""The example of a claim's page: the verdict at one point, and numbers on both sides."""

import re

import pytest

from ste_theory.claims.shown import ShownExample, ShownNumber
from ste_theory.notation.formula import Letter
from ste_theory.render.report.claim import _example, _held


def line(left: float, sign: str, right: float, error: float = 0.0) -> ShownNumber:
    """A sentence x sign y at one point."""
    x, y = Letter("x", "x"), Letter("y", "y")
    return ShownNumber(x, Letter(sign, f" {sign} "), y, y, right, error, left)


@pytest.mark.parametrize(
    ("sign", "below", "same", "above"),
    [
        ("<", True, False, False),
        ("≤", True, True, False),
        (">", False, False, True),
        ("≥", False, True, True),
        ("=", False, True, False),
        ("≠", True, False, True),
    ],
)
def test_every_relation_is_decided_at_equal_and_unequal_sides(sign: str, below: bool, same: bool, above: bool) -> None:
    """Would have caught: 0 > 0 without a word, or 2 ≥ 2 that does not hold."""
    for left, expected in ((1.0, below), (2.0, same), (3.0, above)):
        for found in (_held(line(left, sign, 2.0)), _held(line(left - 2, sign, 0.0))):
            assert ("it holds" in found, "it fails" in found) == (expected, not expected)


def test_errors_leave_open_what_they_leave_open() -> None:
    """Would have caught: an equation that fails because a float was rounded, 0 > 1e-61 decided by noise."""
    assert "it holds" in _held(line(0.1 + 0.2, "=", 0.3, 1e-60))
    assert "it holds" in _held(line(-3e-61, "=", 0.0, 7e-60))
    for sign in ("<", ">", "≥", "≠"):
        found = _held(line(-3e-61, sign, 0.0, 7e-60))
        assert "open" in found
        assert "it holds" not in found
        assert "it fails" not in found


def test_the_verdict_stands_on_the_page() -> None:
    """Would have caught: an example that ends without saying whether the statement holds there."""
    shown = re.sub(r"<[^>]+>", "", _example(ShownExample("a name", (), (line(0.0, ">", 0.0),))))
    assert shown.endswith("it fails there")


def test_numbers_stand_on_both_sides_of_the_sign() -> None:
    """Would have caught: "x ≥ y" followed by "x → 1", the left side without its numbers."""
    one, two = Letter("1", "1"), Letter("2", "2")
    x, y = Letter("x", "x"), Letter("y", "y")
    sentence = ShownNumber(x, Letter(r" \geq ", " ≥ "), y, one, 1.0, 0.0, 2.0, two)
    shown = re.sub(r"<[^>]+>", "", _example(ShownExample("a name", (), (sentence,))))
    assert "x≥y" in shown
    assert "2≥1" in shown
    assert "→" not in shown
