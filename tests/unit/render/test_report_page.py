"""Parts of the HTML report that need no browser."""

import itertools

import pytest

from ste_theory.claims.graph import essential
from ste_theory.notation.formula import Letter, Row, Term, Terms
from ste_theory.render.markup import Html, joined, tag
from ste_theory.render.report.axes import Axis, written
from ste_theory.render.report.layout import GAP, MARGIN, NODE_HEIGHT, NODE_WIDTH, placed
from ste_theory.render.report.mathematics import linking, prose, ranges


def test_text_is_escaped_and_markup_is_not() -> None:
    """Would have caught: a < that opens an element, a quote that ends an attribute, markup shown as text."""
    found = tag(
        "p", "x < y & z", tag("b", "bold"), None, ["a", Html("<br>")], title='"<', class_="c", hidden=True, id=None
    )
    assert found == '<p title="&quot;&lt;" class="c" hidden>x &lt; y &amp; z<b>bold</b>a<br></p>'
    assert joined("</script>") == "&lt;/script&gt;"
    assert tag("input", type="text") == '<input type="text">'


NODES = ["a", "b", "c", "d", "e", "f"]
EDGES = [("b", "a"), ("c", "a"), ("d", "b"), ("d", "c"), ("e", "a"), ("f", "d"), ("f", "a"), ("e", "b")]


def test_claims_stand_right_of_what_they_rest_on_and_apart() -> None:
    """Would have caught: boxes over each other, an edge that runs backwards or ends at another box."""
    found = placed(NODES, EDGES)
    for above, below in EDGES:
        assert found.nodes[above][0] > found.nodes[below][0]
        points = found.edges[above, below]
        assert points[0] == (found.nodes[below][0] + NODE_WIDTH, found.nodes[below][1] + NODE_HEIGHT / 2)
        assert points[-1] == (found.nodes[above][0], found.nodes[above][1] + NODE_HEIGHT / 2)
        assert all(x1 <= x2 for (x1, _), (x2, _) in itertools.pairwise(points))
    for one, two in itertools.combinations(NODES, 2):
        (x1, y1), (x2, y2) = found.nodes[one], found.nodes[two]
        assert x1 != x2 or abs(y1 - y2) >= NODE_HEIGHT + GAP - 1e-9
    for x, y in found.nodes.values():
        assert MARGIN <= x <= found.width - MARGIN - NODE_WIDTH
        assert 0 <= y <= found.height - NODE_HEIGHT
    assert placed(NODES, EDGES) == found


def test_a_picture_of_nothing_and_of_one() -> None:
    """Would have caught: a report of a single claim that cannot be drawn."""
    assert placed([], []).nodes == {}
    assert set(placed(["a"], []).nodes) == {"a"}


def test_edges_that_others_imply_are_left_out() -> None:
    """Would have caught: a foundation that is not connected any more."""
    assert essential(EDGES) == {("b", "a"), ("c", "a"), ("d", "b"), ("d", "c"), ("f", "d"), ("e", "b")}


@pytest.mark.parametrize(
    ("axis", "ticks"),
    [
        (Axis(0, 1, 0, 100), [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (Axis(-3, 3, 0, 100), [-2, 0, 2]),
        (Axis(8192, 5e6, 0, 100, log=True), [1e4, 1e5, 1e6]),
        (Axis(2, 2, 0, 100), [2]),
    ],
)
def test_ticks_are_round_and_inside(axis: Axis, ticks: list[float]) -> None:
    """Would have caught: a tick outside of its axis, or at 0.30000000000000004."""
    assert axis.ticks() == pytest.approx(ticks)
    assert all(0 <= axis.at(tick) <= 100 for tick in axis.ticks())
    assert not any(len(written(tick)) > 6 for tick in axis.ticks())


def test_an_axis_writes_its_powers_in_one_way() -> None:
    """Would have caught: 10000 beside 10⁵ on one axis."""
    assert [written(tick) for tick in Axis(8192, 5e6, 0, 100, log=True).ticks()] == ["10⁴", "10⁵", "10⁶"]


def test_a_long_formula_in_a_sentence_may_be_broken() -> None:
    """Would have caught: a formula wider than a telephone, or one whose parts lost a term."""
    found = prose("It is ⅛[vᵀ(I+11ᵀ)v − 2vᵀ((1−2θ/π)I + 11ᵀ)v* + v*ᵀ(I+11ᵀ)v*], and f = 1.")
    assert found.count("<math>") > 3
    assert found.count("<math>") == found.count("</math>")
    assert "</math>,</span> and " in found  # the comma stays with its formula
    assert prose("x = 1").count("<math>") == 1


def test_a_long_range_may_be_broken() -> None:
    """Would have caught: a page wider than a telephone, because a range stood on one line."""
    x, at_most, zero = Letter("x", "x"), Letter(r" \leq ", " ≤ "), Letter("0", "0")
    long = Terms(tuple(Term(False, Letter(name * 6, name * 6)) for name in "abcdef"))
    found = ranges([Row((zero, at_most, x, at_most, long)), Row((zero, at_most, x))])
    assert found.count("<math>") > 3
    assert ",</span></span> <math>" in found  # the comma stays with the last part
    assert ranges([Row((zero, at_most, x))]).count("<math>") == 1


def test_ids_of_claims_in_sentences_are_links() -> None:
    """Would have caught: "see general.descent" that leads nowhere, or a link to a claim the report does not have."""
    said = "See yin2019.one-two, general.descent. Not general.descent-rate or b.c."
    with linking(frozenset({"yin2019.one-two", "general.descent"})):
        found = prose(said)
    assert found.count("<a ") == 2
    assert (
        '<a href="#yin2019.one-two">yin2019.one-two</a>, <a href="#general.descent">general.descent</a>. Not' in found
    )
    assert "<a " not in prose(said)
