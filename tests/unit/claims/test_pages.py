"""Pages of claims in a file: there and back, and what is refused."""

import json
from dataclasses import replace
from functools import cache

import pytest
import sympy as sp

from ste_theory.claims import registry
from ste_theory.claims.example import example
from ste_theory.claims.origin import Origin, origin
from ste_theory.claims.pages import with_pages
from ste_theory.claims.report import Report
from ste_theory.claims.shown import Page
from ste_theory.claims.stored import check_claims, check_pages, from_json
from ste_theory.claims.structure import decode, encode
from ste_theory.claims.verdict import Level, Verdict
from ste_theory.model.errors import InvalidInput
from ste_theory.model.symbols import D, V, rho, theta, v
from ste_theory.notation import stored
from ste_theory.notation.formula import Letter
from ste_theory.notation.numbers import number, with_numbers
from ste_theory.notation.printer import formula
from ste_theory.notation.unicode import text
from tests.unit.claims.runs import reported

SHOWN = ("yin2019.relu", "yin2019.origin", "general.descent")


@cache
def report() -> Report:
    """A run that settled nothing, with the pages of one claim of each sort."""
    claims = registry.claims()
    lines = tuple(reported(claims[name], Verdict.NOT_RUN) for name in SHOWN)
    return with_pages(Report(Level.QUICK, 7, {"ste-theory": "0"}, lines, 1.5), claims)


def test_pages_go_there_and_back() -> None:
    """Would have caught: a formula, a step or an empty field that a file does not give back as it was."""
    content = json.loads(json.dumps(report().to_json(), allow_nan=False))
    assert from_json(content) == report()
    page = report().pages["yin2019.relu"]
    assert len(page.document.parts) >= 3
    assert page.document.parts[0].steps[0].grade == "exact"
    assert report().pages["yin2019.origin"].document.proof is not None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda page: {**page, "more": 1}, "unknown entry 'more'"),
        (lambda page: {}, "'document' is missing"),
        (lambda page: [], "an object expected"),
        (lambda page: {"document": {**page["document"], "parts": {}}}, r"document\.parts: a list expected"),
        (lambda page: {"document": {**page["document"], "parts": [{"quantity": ["row"]}]}}, "is missing"),
    ],
)
def test_a_page_of_another_shape_is_refused(change, message: str) -> None:  # type: ignore[no-untyped-def]
    """Would have caught: a renderer that meets an AttributeError in the middle of its work."""
    content = encode(report().pages["yin2019.relu"])
    with pytest.raises(InvalidInput, match=message):
        decode(Page, change(content), "pages.x")


@pytest.mark.parametrize(
    "content",
    [None, [], "x", ["letter", 1, 2], ["letter", "x"], ["nonsense"], ["terms", ["*", ["letter", "x", "x"]]], [[]]],
)
def test_what_is_no_formula_is_refused(content: object) -> None:
    """Would have caught: a wrong entry that becomes part of a statement."""
    with pytest.raises(InvalidInput, match="not a formula"):
        stored.from_json(content)


def test_claims_and_pages_must_match() -> None:
    """Would have caught: a page shown under the verdict of another claim, or of another version's claim."""
    whole = report()
    check_pages(whole, "x")
    check_claims(whole, registry.claims(), "x")
    without = {name: page for name, page in whole.pages.items() if name != SHOWN[0]}
    exchanged = {**whole.pages, SHOWN[0]: whole.pages[SHOWN[1]]}
    for wrong, message in (
        (replace(whole, pages={}), "without pages"),
        (replace(whole, pages=without), f"do not match .{SHOWN[0]}"),
        (replace(whole, pages=exchanged), f"do not match .{SHOWN[0]}"),
        (replace(whole, claims=()), "nothing to show"),
    ):
        with pytest.raises(InvalidInput, match=message):
            check_pages(wrong, "x")
    older = replace(whole, claims=(replace(whole.claims[0], statement="f = 2"), *whole.claims[1:]))
    with pytest.raises(InvalidInput, match=f"{SHOWN[0]} states something else"):
        check_claims(older, registry.claims(), "x")
    with pytest.raises(InvalidInput, match="--corpus"):
        check_claims(whole, {}, "x")


def test_an_example_gives_the_number_of_the_formula() -> None:
    """Would have caught: numbers of another point than the one that is named, or a letter left without its number."""
    shown = example(registry.claims()["yin2019.identity-correlation"])
    assert shown is not None
    (line,) = shown.lines
    values = {text(entry.letter): sp.sympify(text(entry.value).replace("−", "-")) for entry in shown.values}
    assert set(values) == {"ρ", "D", "θ"}
    value = values["D"] ** 2 * sp.sin(values["θ"]) / (sp.sqrt(2 * sp.pi) ** 3 * values["ρ"])
    assert line.result == pytest.approx(float(value), rel=1e-14)
    assert not {"D", "ρ", "θ"} & set(text(line.numbers))


def test_the_example_of_a_false_sentence_is_its_counterexample() -> None:
    """Would have caught: a false statement shown at a point where it happens to hold."""
    shown = example(registry.claims()["yin2019.origin"])
    assert shown is not None
    assert shown.lines[0].expected == 0
    assert shown.lines[0].result == 6


@pytest.mark.parametrize("claim_id", ["long2021.summability", "long2021.preconditioning", "general.descent"])
def test_an_example_is_not_nothing_against_nothing(claim_id: str) -> None:
    """Would have caught: 0 ≥ 0, or 0 and what rounding leaves of it, where another point says more; a side without its
    numbers."""
    shown = example(registry.claims()[claim_id])
    assert shown is not None
    (line,) = shown.lines
    assert line.expected is not None
    assert max(abs(line.expected), abs(line.result)) > 2 * line.error
    assert line.left_numbers is not None
    letters = {text(entry.letter) for entry in shown.values}
    assert not any(text(written) in letters for written in (line.left_numbers, line.numbers))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (2 * rho * D, "2 · 3/4·(−5)"),
        (V**2 / rho, "(1/2)²/(3/4)"),
        (sp.sin(theta), "sin(3/10)"),
        (sp.Sum(v[sp.Symbol("k")], (sp.Symbol("k"), 1, 2)) * D, "(−5) Σ_{k=1..2} v_k"),
        (D**2, "(−5)²"),
    ],
)
def test_numbers_in_the_place_of_letters(expression: sp.Expr, expected: str) -> None:
    """Would have caught: 2·3/4 written as 23/4, and an entry of v replaced where its index runs."""
    values = {rho: "3/4", D: -5, V: "1/2", theta: "3/10", v[sp.Symbol("k")]: 7}
    letters = {formula(symbol): number(sp.Rational(value)) for symbol, value in values.items()}
    found = text(with_numbers(formula(expression), {k: x for k, x in letters.items() if isinstance(k, Letter)}))
    assert found == expected


def test_origins() -> None:
    """Would have caught: a reconstruction, or our own result, that is shown as what a text prints."""
    claims = registry.claims()
    assert origin(claims["yin2019.loss"]) is Origin.PUBLISHED
    assert origin(claims["yin2019.origin-corrected"]) is Origin.CORRECTED
    assert origin(claims["general.descent"]) is Origin.GENERAL
    for claim in claims.values():  # who prints a statement numbers it
        assert (origin(claim) is Origin.PUBLISHED) == bool(claim.source.statement) or claim.corrects or claim.tags
    assert origin(replace(claims["yin2019.loss"], tags=("reconstructed",))) is Origin.RECONSTRUCTED
