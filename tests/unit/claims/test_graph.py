"""What rests on what."""

from dataclasses import replace

import pytest

from ste_theory.claims.graph import diagram, effective_verdicts, in_order, weakest_foundation
from ste_theory.claims.verdict import Verdict
from ste_theory.model.errors import InvalidInput, UnknownName
from tests.unit.claims.fakes import by_id, claim

C, N, U, D, R = (Verdict(word) for word in ("CONFIRMED", "NOT RUN", "INCONCLUSIVE", "DISPUTED", "REFUTED"))

#   x.top → x.left → x.base,  x.top → x.right → x.base;  x.reader needs x.base for its words only
DIAMOND = by_id(
    claim("x.base"),
    claim("x.left", rests_on=["x.base"]),
    claim("x.right", rests_on=["x.base"]),
    claim("x.top", rests_on=["x.right", "x.left"]),
    claim("x.reader", rests_on=["y.alone"], statement_uses=["x.base"]),
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
    assert found == {"x.base": D, "x.left": D, "x.right": D, "x.top": D, "x.reader": C, "y.alone": C}
    assert weakest_foundation(DIAMOND, own, "x.top") == "x.base"
    assert weakest_foundation(DIAMOND, own, "y.alone") is None


def test_a_foundation_without_a_verdict_counts_as_not_run() -> None:
    """Would have caught: a claim CONFIRMED on top of something nobody looked at."""
    assert effective_verdicts(DIAMOND, {"x.left": C}) == {"x.left": N}
    assert weakest_foundation(DIAMOND, {"x.left": C}, "x.left") == "x.base"


def test_a_refuted_foundation_leaves_the_claim_open_and_is_named() -> None:
    """Would have caught: a claim refuted by association, or a search that passes through the refuted claim."""
    own = {"x.base": C, "x.left": R, "x.right": U, "x.top": C}
    found = effective_verdicts(DIAMOND, own)
    assert (found["x.left"], found["x.top"]) == (R, U)
    # x.right is open itself, x.left leaves open what rests on it: the first in the alphabet is followed.
    assert weakest_foundation(DIAMOND, own, "x.top") == "x.left"
    assert weakest_foundation(DIAMOND, own, "x.left") == "x.left"


def test_a_claim_that_is_itself_the_weakest_is_named() -> None:
    """Would have caught: a foundation blamed for the claim's own failure."""
    own = dict.fromkeys(DIAMOND, C) | {"x.top": D, "x.base": U}
    assert weakest_foundation(DIAMOND, own, "x.top") == "x.top"
    assert weakest_foundation(DIAMOND, own, "x.right") == "x.base"


@pytest.mark.parametrize("foundation", [N, U, D, R])
def test_doubt_does_not_travel_along_a_statement_edge(foundation: Verdict) -> None:
    """Would have caught: a claim that inherits the verdict of a statement which its words mention and its proof does
    not use, as while both kinds of edges were one."""
    own = dict.fromkeys(DIAMOND, C) | {"x.base": foundation}
    assert effective_verdicts(DIAMOND, own)["x.reader"] is C
    assert weakest_foundation(DIAMOND, own, "x.reader") is None


def test_a_statement_edge_orders_but_does_not_select() -> None:
    """Would have caught: a run that examines what only the words need, or shows a claim before the words it uses."""
    assert in_order(DIAMOND, ["x.reader"]) == ("y.alone", "x.reader")
    assert in_order(by_id(claim("a.a", statement_uses=["b.b"]), claim("b.b")), ["a.a", "b.b"]) == ("b.b", "a.a")
    # b.b lies behind a statement edge, and yet its proof's foundation, selected by itself, comes before a.a.
    chained = by_id(claim("a.a", statement_uses=["b.b"]), claim("b.b", rests_on=["c.c"]), claim("c.c"))
    assert in_order(chained, ["a.a", "c.c"]) == ("c.c", "a.a")


@pytest.mark.parametrize(("foundation", "effective"), [(C, R), (N, U), (U, U), (D, D), (R, U)])
def test_a_refutation_is_as_good_as_what_its_certificate_rests_on(foundation: Verdict, effective: Verdict) -> None:
    """Would have caught: a statement called false on the strength of a formula that nobody confirmed, or the claim
    itself named where the foundation is the reason."""
    own = {"x.base": foundation, "x.left": R}
    assert effective_verdicts(DIAMOND, own)["x.left"] is effective
    assert weakest_foundation(DIAMOND, own, "x.left") == ("x.left" if foundation is C else "x.base")


def test_the_doubt_about_a_refutation_travels_on() -> None:
    """Would have caught: a claim two steps above a foundation that was not run, blamed on the refutation between."""
    own = dict.fromkeys(DIAMOND, C) | {"x.left": R, "x.base": N}
    assert effective_verdicts(DIAMOND, own)["x.top"] is U
    assert weakest_foundation(DIAMOND, own, "x.top") == "x.base"


def test_a_diagram_shows_both_kinds_of_edges_and_corrections() -> None:
    """Would have caught: a kind of edge missing or turned into the other, a correction left out beside the false
    statement, or claims drawn that nobody asked for."""
    claims = by_id(
        claim("p.false", rests_on=["p.base"], expected=R),
        replace(claim("p.right", rests_on=["p.base"], statement_uses=["p.false"]), corrects="p.false"),
        claim("p.base"),
        claim("p.other"),
    )
    for selected in (["p.false"], ["p.right"]):
        drawn = diagram(claims, selected, {"p.false": R})
        assert [(node.id, node.verdict) for node in drawn.nodes] == [
            ("p.base", None),
            ("p.false", R),
            ("p.right", None),
        ]
        assert drawn.proof == (("p.false", "p.base"), ("p.right", "p.base"))
        assert drawn.statement == (("p.right", "p.false"),)
        assert drawn.corrections == (("p.right", "p.false"),)
    with pytest.raises(UnknownName):
        diagram(claims, ["p.typo"])
