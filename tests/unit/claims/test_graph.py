"""What rests on what."""

import pytest

from ste_theory.claims.graph import effective_verdicts, in_order, weakest_foundation
from ste_theory.claims.verdict import Verdict
from ste_theory.model.errors import InvalidInput, UnknownName
from tests.unit.claims.fakes import by_id, claim

C, N, U, D, R = (Verdict(word) for word in ("CONFIRMED", "NOT RUN", "INCONCLUSIVE", "DISPUTED", "REFUTED"))

#   x.top → x.left → x.base,  x.top → x.right → x.base  (x.right by its statement)
DIAMOND = by_id(
    claim("x.base"),
    claim("x.left", rests_on=["x.base"]),
    claim("x.right", statement_uses=["x.base"]),
    claim("x.top", rests_on=["x.right", "x.left"]),
    claim("y.alone"),
)


def test_foundations_come_first_and_once() -> None:
    """Would have caught: a claim examined before or twice what it rests on, or one that was not selected."""
    assert in_order(DIAMOND, ["x.top"]) == ("x.base", "x.left", "x.right", "x.top")
    assert in_order(DIAMOND, ["y.alone", "x.right", "x.right"]) == ("x.base", "x.right", "y.alone")


def test_a_circle_is_named() -> None:
    """Would have caught: endless recursion, or a message that does not say where the circle is."""
    circle = by_id(
        claim("c.in", rests_on=["c.a"]), claim("c.a", rests_on=["c.b"]), claim("c.b", statement_uses=["c.a"])
    )
    with pytest.raises(InvalidInput, match=r"circle: c.a → c.b → c.a$"):
        in_order(circle, ["c.in"])


def test_a_claim_on_itself_is_a_circle() -> None:
    """Would have caught: the shortest circle slips through."""
    with pytest.raises(InvalidInput, match=r"c.a → c.a"):
        in_order(by_id(claim("c.a", rests_on=["c.a"])), ["c.a"])


def test_unknown_foundation_and_unknown_selection_are_told_apart() -> None:
    """Would have caught: a KeyError, or a misspelt selection reported as a defect of a file."""
    with pytest.raises(InvalidInput, match=r"^a.b rests on a.missing, which no file defines$"):
        in_order(by_id(claim("a.b", rests_on=["a.missing"])), ["a.b"])
    with pytest.raises(UnknownName, match=r"no claim 'a.typo'"):
        in_order(DIAMOND, ["a.typo"])


def test_doubt_travels_up_every_way() -> None:
    """Would have caught: the effective verdict looks at direct foundations' own verdicts only."""
    own = dict.fromkeys(DIAMOND, C) | {"x.base": D}
    found = effective_verdicts(DIAMOND, own)
    assert found == {"x.base": D, "x.left": D, "x.right": D, "x.top": D, "y.alone": C}
    assert weakest_foundation(DIAMOND, own, "x.top") == "x.base"
    assert weakest_foundation(DIAMOND, own, "y.alone") is None


def test_a_foundation_without_a_verdict_counts_as_not_run() -> None:
    """Would have caught: a claim CONFIRMED on top of something nobody looked at."""
    assert effective_verdicts(DIAMOND, {"x.left": C}) == {"x.left": N}
    assert weakest_foundation(DIAMOND, {"x.left": C}, "x.left") == "x.base"


def test_a_refuted_foundation_leaves_the_claim_open_and_is_named() -> None:
    """Would have caught: a claim refuted by association, or a search that passes through the refuted claim."""
    own = {"x.base": U, "x.left": R, "x.right": C, "x.top": C}
    found = effective_verdicts(DIAMOND, own)
    assert (found["x.left"], found["x.top"]) == (R, U)
    # x.right carries the doubt of x.base, x.left its own refutation: the first in the alphabet is followed.
    assert weakest_foundation(DIAMOND, own, "x.top") == "x.left"
    assert weakest_foundation(DIAMOND, own, "x.left") == "x.left"


def test_a_claim_that_is_itself_the_weakest_is_named() -> None:
    """Would have caught: a foundation blamed for the claim's own failure."""
    own = dict.fromkeys(DIAMOND, C) | {"x.top": D, "x.base": U}
    assert weakest_foundation(DIAMOND, own, "x.top") == "x.top"
    assert weakest_foundation(DIAMOND, own, "x.right") == "x.base"
