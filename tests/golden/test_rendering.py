"""Rendered text against files. To accept a change: STE_THEORY_UPDATE_GOLDEN=1, then read the difference."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from ste_theory.claims.reason import reason
from ste_theory.claims.replay import Replay
from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.shown import (
    ShownArgument,
    ShownClaim,
    ShownComparison,
    ShownDocument,
    ShownEquation,
    ShownLine,
    ShownPart,
    ShownProof,
    ShownRelation,
    ShownSentence,
    ShownStep,
)
from ste_theory.claims.verdict import Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Catch, Figure, WitnessResult
from ste_theory.notation.formula import Letter, Power, Row, Term, Terms
from ste_theory.render import errors, explanation, figures, listing, markdown, statement, verification
from ste_theory.render.latex import fragment

FOLDER = Path(__file__).parent
PASS, FAIL, INCONCLUSIVE = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE
CONFIRMED, REFUTED, DISPUTED = Verdict.CONFIRMED, Verdict.REFUTED, Verdict.DISPUTED


def catches(tried: int, caught: int) -> tuple[Catch, ...]:
    return tuple(
        Catch(f"error {number}", WitnessKind.SAMPLING, ((WitnessKind.SAMPLING, FAIL if number < caught else PASS),))
        for number in range(tried)
    )


def sampled(value: float, claimed: float, error: float, detectable: float, outcome: Outcome = PASS) -> WitnessResult:
    figure = Figure("component", value, claimed, error, (value - claimed) / error, detectable)
    harmless = Figure("other", 1.0, 1.0, 0.5, 0.0, 0.9)
    return WitnessResult(WitnessKind.SAMPLING, outcome, "2 figures", 2, 1.0, figures=(harmless, figure))


def said(kind: WitnessKind, outcome: Outcome = PASS, detail: str = "as stated", **more: object) -> WitnessResult:
    return WitnessResult(kind, outcome, detail, 3, 0.5, **more)  # type: ignore[arg-type]


DERIVED, ENCLOSED = said(WitnessKind.DERIVATION, detail="7 steps, all exact"), said(WitnessKind.ENCLOSURE)
HELD = said(WitnessKind.PROPERTIES)


def line(claim_id: str, own: Verdict, effective: Verdict, *witnesses: WitnessResult, **more: object) -> ClaimReport:
    return ClaimReport(
        claim_id,
        f"Title of {claim_id}",
        "identity",
        "Source",
        "f = 1",
        more.pop("expected", CONFIRMED),  # type: ignore[arg-type]
        own,
        effective,
        more.pop("rests_on", ()),  # type: ignore[arg-type]
        more.pop("weakest", None),  # type: ignore[arg-type]
        witnesses,
        **more,  # type: ignore[arg-type]
    )


MIXED = Report(
    Level.STANDARD,
    20190301,
    {},
    (
        line(
            "general.sound-iff-positive-response",
            CONFIRMED,
            CONFIRMED,
            DERIVED,
            ENCLOSED,
            sampled(0.314159, 0.3142, 0.00021, 0.0021),
            HELD,
            said(WitnessKind.PROOF),
            said(WitnessKind.PLANTED, catches=catches(4, 4)),
            requested=False,
        ),
        line(
            "yin2019.loss",
            DISPUTED,
            DISPUTED,
            DERIVED,
            ENCLOSED,
            replace(
                sampled(-1.25e-5, 2e-5, 3.1e-6, 0.013, FAIL),
                detail="10 standard\nerrors apart",
                counterexample="θ = 1/2",
            ),
            HELD,
            said(WitnessKind.PLANTED, catches=catches(12, 12)),
            weakest="yin2019.loss",
        ),
        line(
            "yin2019.gradient",
            CONFIRMED,
            DISPUTED,
            DERIVED,
            ENCLOSED,
            sampled(1234.5, 1230.0, 56.7, 0.05),
            HELD,
            said(WitnessKind.PLANTED, catches=catches(3, 3)),
            rests_on=("yin2019.loss", "general.sound-iff-positive-response"),
            weakest="yin2019.loss",
        ),
        line(
            "yin2019.relu-bound",
            REFUTED,
            REFUTED,
            said(WitnessKind.PROOF, FAIL, "false on a box", certified=True, counterexample="θ = 3"),
            expected=REFUTED,
        ),
        line(
            "yin2019.relu-limit",
            Verdict.INCONCLUSIVE,
            Verdict.INCONCLUSIVE,
            said(WitnessKind.DERIVATION, INCONCLUSIVE, "step 3 is checked at points only"),
            HELD,
            said(WitnessKind.PLANTED, FAIL, "1 of 2 slipped through", catches=catches(2, 1)),
            weakest="yin2019.relu-limit",
        ),
        line(
            "yin2019.origin",
            CONFIRMED,
            CONFIRMED,
            DERIVED,
            ENCLOSED,
            HELD,
            expected=REFUTED,
        ),
        line("yin2019.relu", Verdict.NOT_RUN, Verdict.NOT_RUN, DERIVED, weakest="yin2019.relu"),
        line(
            "yin2019.relu-correlation",
            Verdict.INCONCLUSIVE,
            Verdict.INCONCLUSIVE,
            DERIVED,
            said(WitnessKind.ENCLOSURE, INCONCLUSIVE, "balls too wide"),
            said(WitnessKind.PLANTED, FAIL, "7 of 9 slipped through", catches=catches(9, 2)),
            rests_on=("yin2019.relu-limit",),
            weakest="yin2019.relu-limit",
        ),
    ),
    754.3,
)
CLEAN = replace(MIXED, claims=(replace(MIXED.claims[0], requested=True), MIXED.claims[3]), seconds=12.34)
INTERRUPTED = replace(CLEAN, interrupted=True, missing=("a.a", "a.b", "a.c", "a.d"))

V = Letter("V", "V")
LONG = Terms((*(Term(bool(number % 3), Power(V, Letter(str(number), str(number)))) for number in range(2, 40)),))

SHOWN = ShownClaim(
    id="yin2019.loss",
    title="Population loss",
    kind="identity",
    expected="CONFIRMED",
    work="Yin et al. 2019",
    source="Yin et al. 2019, Lemma 1",
    remark="stated without proof",
    words="The loss is a quadratic form in v and v* whose coefficients depend on the angle alone. " * 2,
    equations=(
        ShownEquation("vector", Letter(r"\mathbb{E}\,g", "E g"), V, ""),
        ShownEquation("loss", Letter("f", "f"), LONG, "the population loss"),
    ),
    components=(ShownEquation("radial", Letter("g_1", "g_1"), V, "the first component"),),
    domain="w ≠ 0",
    degenerate="θ ∈ {0, π} by continuity",
    problems=("binary × identity",),
    required=(("quick, standard, full", "derivation, planted"),),
    statement_uses=(),
    proof_uses=("general.plane-reduction",),
    planted=(("angle counted once", "sampling"),),
    corrects="yin2019.old",
    symbols=(("V", "‖v‖²"), ("θ", "angle between w and w*")),
)
PARTS = (
    ShownPart(
        Letter("f", "f"),
        "the population loss",
        V,
        tuple(
            ShownStep(
                number, "rule & co", "v* = w", f"reason {number}", V, LONG if number == 2 else V, "exact", "as so"
            )
            for number in range(1, 11)
        ),
        comparison=ShownComparison(V, "exact", "it is the same"),
    ),
    ShownPart(Letter("g", "g"), "what is given", V, (), ("general.one", "general.two")),
)
DOCUMENT = ShownDocument(SHOWN, PARTS)

X, Y = Letter("x", "x"), Letter("y", "y")
AT_LEAST, EQUAL, PLUS = Letter(r" \geq ", " ≥ "), Letter(" = ", " = "), Letter(" + ", " + ")
RANGE = Row((X, AT_LEAST, V))
BOUND = ShownSentence(
    name="the bound",
    label="the-bound",
    words="x is large where V is, whatever y is, and this goes on for longer than a line of a terminal is",
    over="all networks",
    constants=(Row((Y, AT_LEAST, V)),),
    ranges=(RANGE,),
    hypotheses=(ShownRelation(LONG, AT_LEAST, V), ShownRelation(X, AT_LEAST, Y)),
    relation=ShownRelation(LONG, AT_LEAST, X),
)
LEMMA = ShownSentence("a lemma", "a-lemma", "short", "", (), (RANGE,), (), ShownRelation(X, EQUAL, X), same=True)
SUM = (
    ShownLine(ShownRelation(Letter("l - r", "l − r"), EQUAL, V), "by the range of x"),
    ShownLine(ShownRelation(Letter("", ""), PLUS, LONG)),
    ShownLine(ShownRelation(Letter("", ""), PLUS, X), "by the range of x"),
)
ARGUMENTS = (
    ShownArgument("a lemma", "by a search, which leaves a certificate", "one variable", lemma=LEMMA),
    ShownArgument("the bound", "left − right is a sum", "V is not negative", SUM, is_sum=True, label="the-bound"),
)
VALUES = (ShownLine(ShownRelation(X, EQUAL, V)), ShownLine(ShownRelation(Y, EQUAL, X), "as it is"))
COUNTER = ShownArgument(
    "the bound", "refuted by a counterexample", "there y = x", VALUES, refutes=True, label="the-bound"
)
SENTENCES = replace(SHOWN, equations=(), components=(), sentences=(BOUND,), corrects=None)
PROVED = ShownDocument(SENTENCES, (), ShownProof(ARGUMENTS, "So it is."))
FALSE = replace(SENTENCES, expected="REFUTED", corrected_by=("yin2019.right", "yin2019.other"))
DISPROVED = ShownDocument(FALSE, (), ShownProof((COUNTER,)))

REPAIRED = tuple(
    Catch(name, WitnessKind.PROOF, ((WitnessKind.PROOF, outcome),), repaired=True)
    for name, outcome in (("only x > 0", PASS), ("only V > 0", INCONCLUSIVE), ("always", FAIL))
)
REFUTATION = said(WitnessKind.PROOF, FAIL, "the bound: at θ = 3", certified=True, counterexample="θ = 3")
FALSE_STATEMENTS = replace(
    CLEAN,
    claims=(
        line(
            "yin2019.relu-bound",
            REFUTED,
            REFUTED,
            REFUTATION,
            said(WitnessKind.PLANTED, detail="2 repaired versions not refuted", catches=REPAIRED[:2]),
            expected=REFUTED,
        ),
        line(
            "yin2019.origin",
            REFUTED,
            REFUTED,
            replace(REFUTATION, counterexample="v = (1, 2), " * 12 + "θ = 3"),
            said(WitnessKind.PLANTED, FAIL, "proof refutes a true statement too: always", catches=REPAIRED),
            expected=REFUTED,
        ),
        line(
            "yin2019.loss",
            Verdict.INCONCLUSIVE,
            Verdict.INCONCLUSIVE,
            DERIVED,
            said(WitnessKind.PLANTED, FAIL, "sampling did not notice: error 1", catches=catches(2, 1)),
            weakest="yin2019.loss",
        ),
    ),
)

RENDERED = {
    "verify_mixed": verification.render(MIXED, command=["ste-theory", "verify", "yin2019"]),
    "verify_clean": verification.render(CLEAN),
    "verify_interrupted": verification.render(INTERRUPTED),
    "why_disputed_below": explanation.render(reason(MIXED, "yin2019.gradient"), MIXED),
    "why_refuted": explanation.render(reason(MIXED, "yin2019.relu-bound"), MIXED.about("yin2019.relu-bound")),
    "why_planted": explanation.render(reason(MIXED, "yin2019.relu-limit"), MIXED),
    "why_confirmed": explanation.render(
        reason(CLEAN, "general.sound-iff-positive-response"), CLEAN.about("general.sound-iff-positive-response")
    ),
    "replay": figures.render(Replay("yin2019.loss", Level.QUICK, 7, MIXED.claims[1].witnesses)),
    "claims": listing.render(
        [("a.b", "identity", "CONFIRMED", "Source", "Title"), ("a.long-one", "limit", "", "", "")]
    ),
    "show": statement.render_text(DOCUMENT),
    "show_latex": fragment(DOCUMENT),
    "show_markdown": markdown.page(replace(DOCUMENT, claim=replace(SHOWN, expected="REFUTED")), ["yin2019.old"]),
    "show_underived": statement.render_text(replace(DOCUMENT, parts=())),
    "show_proof": statement.render_text(PROVED),
    "show_proof_latex": fragment(PROVED),
    "show_proof_markdown": markdown.page(PROVED, []),
    "show_refuted": statement.render_text(DISPROVED),
    "show_refuted_latex": fragment(DISPROVED),
    "show_refuted_markdown": markdown.page(DISPROVED, ["yin2019.right"]),
    "verify_refuted": verification.render(FALSE_STATEMENTS, errors=True),
    "index_markdown": markdown.index([DOCUMENT]),
}


@pytest.mark.parametrize("name", RENDERED)
def test_rendered_text_is_the_golden_file(name: str) -> None:
    """Would have caught: any change of what people see that nobody meant."""
    file = FOLDER / f"{name}.txt"
    if os.environ.get("STE_THEORY_UPDATE_GOLDEN"):
        file.write_text(RENDERED[name], encoding="utf-8")
        pytest.fail(f"{file.name} is written: read the difference and run again without STE_THEORY_UPDATE_GOLDEN")
    assert RENDERED[name] == file.read_text(encoding="utf-8")


def test_every_golden_file_is_compared() -> None:
    """Would have caught: a file left behind by a rendering that no longer exists. (Exports are `test_export.py`'s.)"""
    exported = {"yin2019.identity.py"}
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(RENDERED) | exported


@pytest.mark.parametrize("name", RENDERED)
def test_no_line_ends_in_a_blank_and_the_text_in_one_newline(name: str) -> None:
    """Would have caught: padding that makes lines wrap in a narrow terminal."""
    text = RENDERED[name]
    assert all(row == row.rstrip() for row in text.split("\n"))
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_the_table_fits_eighty_columns() -> None:
    """Would have caught: a column widened until the longest id of ours, with ordinary figures, wraps."""
    claim = CLEAN.claims[0]
    many = replace(claim.witnesses[-1], catches=catches(64, 64))
    report = replace(CLEAN, claims=(replace(claim, witnesses=(*claim.witnesses[:-1], many)),))
    table, legend, _ = verification.render(report).split("\n\n")
    assert len(claim.id) == 35
    assert "64/64" in table
    assert max(map(len, [*table.splitlines(), *legend.splitlines()])) <= 80


def test_colours_change_nothing_but_colours() -> None:
    """Would have caught: a column shifted by escape sequences, or a text that only colour carries."""
    coloured = verification.render(MIXED, colour=True, command=["ste-theory", "verify", "yin2019"])
    assert "\x1b[1;31mDISPUTED\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == RENDERED["verify_mixed"]


def test_planted_errors_against_witnesses() -> None:
    """Would have caught: an error that its witness missed shown like one that was noticed, or witnesses in the wrong
    columns."""
    seen = (
        Catch("half", WitnessKind.SAMPLING, ((WitnessKind.DERIVATION, PASS), (WitnessKind.SAMPLING, FAIL))),
        Catch("sign", WitnessKind.ENCLOSURE, ((WitnessKind.ENCLOSURE, PASS),)),
    )
    planted = WitnessResult(WitnessKind.PLANTED, FAIL, "one missed", 2, catches=seen)
    claim = ClaimReport(
        "a.claim", "title", "identity", "source", "f = 1", CONFIRMED, CONFIRMED, CONFIRMED, (), None, (planted,)
    )
    lines = errors.error_table(Report(Level.QUICK, 1, {}, (claim,), 1.0))
    half, sign = (next(line for line in lines if name in line).split() for name in ("half", "sign"))
    assert half == ["half", "S", "-", "·", "✓", "·", "·"]
    assert sign == ["!", "sign", "E", "·", "-", "·", "·", "·"]
