"""Runs to be shown: of a few claims with real figures of a short simulation, and of as many as all."""

from dataclasses import replace

from ste_theory.claims import registry
from ste_theory.claims.claim import Claim
from ste_theory.claims.origin import Origin
from ste_theory.claims.replay import replay
from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.verdict import Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Catch, WitnessResult

# Equations with samples, a false sentence, its correction, and what the proofs of all of them rest on.
SHOWN = ("yin2019.relu", "yin2019.origin", "yin2019.origin-corrected", "yin2019.loss")
COUNT = 60


def reported(claim: Claim, verdict: Verdict, *witnesses: WitnessResult) -> ClaimReport:
    """The claim with a verdict, its own and effectively, and with what witnesses found."""
    return ClaimReport(
        claim.id,
        claim.title,
        str(claim.kind),
        str(claim.source),
        claim.statement.latex,
        claim.expected,
        verdict,
        verdict,
        claim.proof_uses,
        None,
        witnesses,
    )


def line(claim_id: str) -> ClaimReport:
    """A claim with real figures of a short simulation and two enclosures, and outcomes as documented."""
    claim = registry.claims()[claim_id]
    found: tuple[WitnessResult, ...] = ()
    if claim.statement.equations:
        kinds = (WitnessKind.SAMPLING, WitnessKind.ENCLOSURE)
        found = replay(claim, registry.witnesses(), seed=1, level=Level.QUICK, kinds=kinds).results
    refuted = claim.expected is Verdict.REFUTED
    proved = WitnessResult(
        WitnessKind.PROOF,
        Outcome.FAIL if refuted else Outcome.PASS,
        "certified counterexample" if refuted else "as stated",
        3,
        0.1,
        refuted,
    )
    seen = Outcome.PASS if refuted else Outcome.FAIL
    catches = tuple(Catch(e.name, e.caught_by, ((e.caught_by, seen),), refuted) for e in claim.planted)
    planted = WitnessResult(WitnessKind.PLANTED, Outcome.PASS, f"{len(catches)} caught", 1, 0.1, catches=catches)
    origin = Origin.CORRECTED if claim.corrects else Origin.PUBLISHED
    return replace(
        reported(claim, claim.expected, *found, proved, planted),
        statement_uses=claim.statement_uses,
        origin=origin,
        corrects=claim.corrects,
    )


def many(report: Report) -> Report:
    """The same claims again under other names, up to 60: as large as a report of everything."""
    claims, pages = list(report.claims), dict(report.pages)
    for number in range(COUNT - len(claims)):
        claim = report.claims[number % len(report.claims)]
        name = f"{claim.id}-{number}"
        page = report.pages[claim.id]
        claims.append(replace(claim, id=name, corrects=None))
        shown = replace(page.document.claim, id=name)
        pages[name] = replace(page, document=replace(page.document, claim=shown))
    return replace(report, claims=tuple(claims), pages=pages)
