"""Why a claim has its effective verdict: the weakest claim its proof rests on, and the witness that decides there."""

from dataclasses import dataclass, replace

from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.verdict import REQUIRED, Kind, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import WitnessResult


@dataclass(frozen=True)
class Reason:
    """``chain`` leads from the claim asked about to the one its effective verdict comes from (one entry if it is
    itself), every step along a proof edge. ``below`` are all other claims that the proof rests on, nearest first.

    ``deciding`` are the results that settle that last claim's own verdict, ``against`` those that contradict them,
    ``absent`` the kinds of witness that are required and were not run. For a CONFIRMED claim all three are empty.
    """

    chain: tuple[ClaimReport, ...]
    deciding: tuple[WitnessResult, ...]
    against: tuple[WitnessResult, ...]
    absent: tuple[WitnessKind, ...]
    below: tuple[ClaimReport, ...] = ()

    @property
    def claim(self) -> ClaimReport:
        """The claim asked about."""
        return self.chain[0]

    @property
    def weakest(self) -> ClaimReport:
        """The claim the verdict comes from."""
        return self.chain[-1]

    @property
    def also_weak(self) -> tuple[ClaimReport, ...]:
        """The other claims below whose own verdict is not CONFIRMED: settling the weakest alone would not do."""
        return tuple(claim for claim in self.below if claim.verdict is not Verdict.CONFIRMED)


def reason(report: Report, claim_id: str) -> Reason:
    """Where the effective verdict of ``claim_id`` comes from. Raises ``UnknownName`` if the report lacks the claim."""
    chain = _chain(report, report.claim(claim_id))
    return replace(_settled(report, chain), below=_below(report, chain))


def own_reason(report: Report, claim_id: str) -> Reason:
    """Where the claim's own verdict comes from, whatever it rests on."""
    return _settled(report, (report.claim(claim_id),))


def _settled(report: Report, chain: tuple[ClaimReport, ...]) -> Reason:
    last = chain[-1]
    required = REQUIRED[Kind(last.kind)][report.level]
    match last.verdict:
        case Verdict.CONFIRMED:
            return Reason(chain, (), (), ())
        case Verdict.REFUTED | Verdict.DISPUTED:
            return Reason(chain, _with(last, Outcome.FAIL), _with(last, Outcome.PASS), ())
        case Verdict.INCONCLUSIVE:
            open_ = _with(last, Outcome.FAIL, planted=True) + _with(last, Outcome.INCONCLUSIVE, planted=True)
            deciding = tuple(result for result in open_ if result.outcome is Outcome.FAIL or result.kind in required)
            return Reason(chain, deciding, (), ())
        case Verdict.NOT_RUN:
            return Reason(chain, (), (), _absent(last, required))


def _with(claim: ClaimReport, outcome: Outcome, *, planted: bool = False) -> tuple[WitnessResult, ...]:
    """The results with this outcome; planted errors speak about the witnesses, not about the claim."""
    return tuple(
        result
        for result in claim.witnesses
        if result.outcome is outcome and (planted or result.kind is not WitnessKind.PLANTED)
    )


def _absent(claim: ClaimReport, required: tuple[WitnessKind, ...]) -> tuple[WitnessKind, ...]:
    results = {result.kind: result.outcome for result in claim.witnesses}
    return tuple(kind for kind in required if results.get(kind, Outcome.NOT_SELECTED) is Outcome.NOT_SELECTED)


def _chain(report: Report, claim: ClaimReport) -> tuple[ClaimReport, ...]:
    """A shortest way from ``claim`` to the claim its effective verdict comes from."""
    target = claim.weakest_foundation or claim.id
    known = {entry.id: entry for entry in report.claims}
    paths: list[tuple[ClaimReport, ...]] = [(claim,)]
    seen = {claim.id}
    for path in paths:
        if path[-1].id == target:
            return path
        for below in path[-1].rests_on:
            if below not in seen and below in known:  # a run may be interrupted before a foundation
                seen.add(below)
                paths.append((*path, known[below]))
    return (claim,)


def _below(report: Report, chain: tuple[ClaimReport, ...]) -> tuple[ClaimReport, ...]:
    """All claims that the first of the chain rests on, without the last of the chain."""
    known = {entry.id: entry for entry in report.claims}
    found = [chain[0].id]
    for name in found:
        found.extend(below for below in known[name].rests_on if below in known and below not in found)
    return tuple(known[name] for name in found if name not in (chain[0].id, chain[-1].id))
