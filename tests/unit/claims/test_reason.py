"""Why a claim has its verdict."""

from dataclasses import replace
from itertools import product

import pytest

from ste_theory.claims.reason import reason
from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.runner import run
from ste_theory.claims.verdict import Kind, Level, Outcome, Verdict, WitnessKind, verdict
from ste_theory.model.errors import UnknownName
from tests.unit.claims.fakes import FAIL, INCONCLUSIVE, PASS, all_witnesses, by_id, claim, result

CLAIMS = by_id(
    claim("a.top", rests_on=["b.mid", "c.side"]),
    claim("b.mid", rests_on=["d.base"]),
    claim("c.side"),
    claim("d.base"),
)


def test_the_way_leads_down_to_the_weakest() -> None:
    """Would have caught: the direct foundation blamed, or a way through a claim that is not on it."""
    report = run(CLAIMS, all_witnesses(enclosure={"d.base": result(WitnessKind.ENCLOSURE, INCONCLUSIVE)}), seed=1)
    why = reason(report, "a.top")
    assert [claim.id for claim in why.chain] == ["a.top", "b.mid", "d.base"]
    assert (why.claim.id, why.weakest.id) == ("a.top", "d.base")
    assert [found.kind for found in why.deciding] == [WitnessKind.ENCLOSURE]
    assert (why.against, why.absent) == ((), ())


def test_a_dispute_names_both_sides() -> None:
    """Would have caught: only the failure shown, so that nobody sees what it contradicts."""
    report = run(CLAIMS, all_witnesses(sampling={"c.side": result(WitnessKind.SAMPLING, FAIL)}), seed=1)
    why = reason(report, "c.side")
    assert [found.kind for found in why.deciding] == [WitnessKind.SAMPLING]
    assert WitnessKind.DERIVATION in {found.kind for found in why.against}
    assert WitnessKind.PLANTED not in {found.kind for found in why.against}


def test_what_was_not_run_is_listed() -> None:
    """Would have caught: NOT RUN without saying what."""
    report = run(CLAIMS, all_witnesses()[:2], selected=["d.base"], seed=1)
    assert reason(report, "d.base").absent == (WitnessKind.SAMPLING, WitnessKind.PROPERTIES, WitnessKind.PLANTED)


def test_an_escaped_planted_error_is_a_reason() -> None:
    """Would have caught: INCONCLUSIVE without any reason, because planted errors are not evidence about the claim."""
    report = run(CLAIMS, all_witnesses(planted={"d.base": result(WitnessKind.PLANTED, FAIL)}), seed=1)
    why = reason(report, "d.base")
    assert why.weakest.verdict is Verdict.INCONCLUSIVE
    assert [found.kind for found in why.deciding] == [WitnessKind.PLANTED]


def test_a_planted_witness_that_could_not_decide_is_a_reason() -> None:
    """Would have caught: INCONCLUSIVE with nothing said, which is what people saw when this witness broke."""
    report = run(CLAIMS, all_witnesses(planted={"d.base": ZeroDivisionError("1/0")}), seed=1)
    (found,) = reason(report, "d.base").deciding
    assert found.kind is WitnessKind.PLANTED
    assert "ZeroDivisionError" in found.detail


def test_every_unsettled_verdict_has_a_reason() -> None:
    """Would have caught: any combination of outcomes whose verdict nobody explains."""
    outcomes = (PASS, FAIL, INCONCLUSIVE, Outcome.NOT_SELECTED)
    for kind in Kind:
        for chosen in product(outcomes, repeat=len(WitnessKind)):
            answers = {
                witness: {"e.x": result(witness, outcome)} for witness, outcome in zip(WitnessKind, chosen, strict=True)
            }
            found = verdict(kind, Level.QUICK, [answer["e.x"] for answer in answers.values()])
            line = ClaimReport(
                "e.x", "", kind, "", "", found, found, found, (), None, tuple(a["e.x"] for a in answers.values())
            )
            why = reason(Report(Level.QUICK, 1, {}, (line,), 0.0), "e.x")
            assert bool(why.deciding or why.absent) == (found is not Verdict.CONFIRMED), (kind, chosen)


def test_a_witness_that_is_not_required_is_no_reason() -> None:
    """Would have caught: an optional witness's doubt named in place of the required one's."""
    answers = {
        "sampling": {"e.x": result(WitnessKind.SAMPLING, INCONCLUSIVE)},
        "proof": {"e.x": result(WitnessKind.PROOF, INCONCLUSIVE)},
    }
    report = run(by_id(claim("e.x", kind=Kind.EXISTENCE)), all_witnesses(**answers), seed=1)
    assert [found.kind for found in reason(report, "e.x").deciding] == [WitnessKind.PROOF]


def test_a_confirmed_claim_and_an_unknown_one() -> None:
    """Would have caught: a reason invented where there is none, or a KeyError."""
    report = run(CLAIMS, all_witnesses(), seed=1)
    why = reason(report, "a.top")
    assert [claim.id for claim in why.chain] == ["a.top"]
    assert (why.deciding, why.against, why.absent) == ((), (), ())
    with pytest.raises(UnknownName):
        reason(report, "a.typo")


def test_a_run_interrupted_before_a_foundation() -> None:
    """Would have caught: an error about the claim that is missing, in place of the report of what was finished."""
    whole = run(CLAIMS, all_witnesses(), level=Level.QUICK, seed=1)
    above = next(entry for entry in whole.claims if entry.rests_on)
    unsettled = replace(above, effective_verdict=Verdict.NOT_RUN)
    partial = replace(whole, claims=(unsettled,), missing=tuple(above.rests_on), interrupted=True)
    assert reason(partial, above.id).weakest.id == above.id


def test_everything_below_is_named_with_its_own_verdict() -> None:
    """Would have caught: one weak claim named where two must be settled, or a claim above counted among those below."""
    answers = {"enclosure": {name: result(WitnessKind.ENCLOSURE, INCONCLUSIVE) for name in ("d.base", "c.side")}}
    report = run(CLAIMS, all_witnesses(**answers), seed=1)
    why = reason(report, "a.top")
    assert [claim.id for claim in why.below] == ["b.mid", "c.side"]
    assert [claim.id for claim in why.also_weak] == ["c.side"]
    assert [claim.id for claim in reason(report, "b.mid").also_weak] == []


def test_the_way_follows_proofs_only() -> None:
    """Would have caught: an answer that leads over a claim whose statement is used, where no verdict travels."""
    claims = by_id(
        claim("a.top", rests_on=["d.base"], statement_uses=["b.words"]),
        claim("b.words", rests_on=["d.base"]),
        claim("d.base"),
    )
    report = run(claims, all_witnesses(enclosure={"d.base": result(WitnessKind.ENCLOSURE, INCONCLUSIVE)}), seed=1)
    why = reason(report, "a.top")
    assert [found.id for found in why.chain] == ["a.top", "d.base"]
    assert (why.claim.statement_uses, why.below) == (("b.words",), ())


def test_a_weakened_refutation_is_explained_by_its_foundation() -> None:
    """Would have caught: INCONCLUSIVE explained by the certified counterexample, which is not in doubt."""
    claims = by_id(claim("a.false", rests_on=["d.base"], expected=Verdict.REFUTED), claim("d.base"))
    against = {"enclosure": {"a.false": result(WitnessKind.ENCLOSURE, FAIL, certified=True)}}
    for kind in (WitnessKind.DERIVATION, WitnessKind.PROOF):  # their passing would make a dispute of it
        against[kind] = {"a.false": result(kind, Outcome.NOT_SELECTED)}
    settled = run(claims, all_witnesses(**against), seed=1)
    assert reason(settled, "a.false").claim.effective_verdict is Verdict.REFUTED
    against["sampling"] = {"d.base": result(WitnessKind.SAMPLING, INCONCLUSIVE)}
    open_ = run(claims, all_witnesses(**against), seed=1)
    why = reason(open_, "a.false")
    assert (why.claim.verdict, why.claim.effective_verdict) == (Verdict.REFUTED, Verdict.INCONCLUSIVE)
    assert why.weakest.id == "d.base"
    assert [found.kind for found in why.deciding] == [WitnessKind.SAMPLING]
    assert open_.exit_code == 3
