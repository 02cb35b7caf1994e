"""Run the witnesses over the selected claims and compute the verdicts."""

import logging
import secrets
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ste_theory.claims.environment import environment
from ste_theory.claims.graph import effective_verdicts, in_order, weakest_foundation
from ste_theory.claims.origin import origin
from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.verdict import Level, Outcome, Verdict, WitnessKind, verdict
from ste_theory.claims.witness import Context, Witness, WitnessResult
from ste_theory.claims.workers import Settings, examined
from ste_theory.model.errors import InvalidInput

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim

FALSE_ALARM_PER_RUN = 1e-6

_LOG = logging.getLogger(__name__)


def root_seed(seed: int | None) -> int:
    """The run's seed, drawn from the operating system if none is given; a number that a person can retype."""
    if seed is None:
        return secrets.randbelow(2**32)
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**64:
        raise InvalidInput(f"seed must be an integer from 0 to 2**64 − 1, got {seed!r}")
    return seed


def examine(witness: Witness, claim: "Claim", context: Context) -> WitnessResult:
    """One witness on one claim, with its time.

    A witness that breaks is INCONCLUSIVE, with the reason: the claims already settled are not lost. The traceback goes
    to the log of this module.
    """
    start = time.perf_counter()
    if not witness.applies(claim):
        return WitnessResult(witness.kind, Outcome.NOT_SELECTED, "the claim has no such face")
    try:
        result = witness.examine(claim, context)
    except Exception as error:  # noqa: BLE001  (whatever it is, the run goes on and says so)
        _LOG.debug("%s: the witness %s broke", claim.id, witness.kind, exc_info=True)
        words = " ".join(f"{type(error).__name__}: {error}".split())
        result = WitnessResult(
            witness.kind, Outcome.INCONCLUSIVE, f"the witness itself broke ({words}): a defect in it"
        )
    if result.outcome is Outcome.PASS and result.assertions == 0:
        result = replace(result, outcome=Outcome.INCONCLUSIVE, detail=f"no assertion was made ({result.detail})")
    return replace(result, seconds=time.perf_counter() - start)


def run(
    claims: "Mapping[str, Claim]",
    witnesses: Sequence[Witness],
    *,
    selected: Sequence[str] = (),
    level: Level = Level.STANDARD,
    seed: int | None = None,
    threads: int = 1,
    jobs: int = 1,
    corpus: Sequence[Path] = (),
    kinds: Sequence[WitnessKind] = tuple(WitnessKind),
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """Examine the selected claims and all their proofs rest on, foundations first.

    The false-alarm rate of the whole run is 1e-6, split over all random comparisons. An interruption
    (KeyboardInterrupt) ends the run and keeps the claims finished so far. A run over no claim is an error: it would
    look like a success.

    ``jobs`` > 1 examines claims in that many processes, which read them from the registry (``corpus`` included); the
    figures are the same.
    """
    start = time.perf_counter()
    # Now, because the checkout may be another one when the run ends.
    place = environment()
    wanted = tuple(selected) or tuple(claims)
    if not wanted:
        raise InvalidInput("there are no claims to verify")
    order = in_order(claims, wanted)
    active = [witness for witness in witnesses if witness.kind in kinds]
    context = Context(level, root_seed(seed), threads=threads, claims=claims)
    results: dict[str, tuple[WitnessResult, ...]] = {}
    interrupted = False
    try:
        progress("counting the comparisons")
        total = sum(w.comparisons(claims[name], level) for w in active for name in order if w.applies(claims[name]))
        context.false_alarm = FALSE_ALARM_PER_RUN / max(total, 1)
        if jobs > 1 and len(order) > 1:
            settings = Settings(level, context.seed, context.false_alarm, tuple(kinds), tuple(corpus))
            progress(f"{len(order)} claims in {min(jobs, len(order))} processes")
            shares = {claim_id: _work(claims[claim_id], context.seed) for claim_id in order}
            for number, (claim_id, outcome) in enumerate(examined(order, settings, jobs=jobs, shares=shares), 1):
                results[claim_id] = outcome
                progress(f"{number}/{len(order)} {claim_id} done")
        else:
            for number, claim_id in enumerate(order, 1):
                found = []
                for witness in active:
                    label = f"{number}/{len(order)} {claim_id}: {witness.kind}"
                    context.progress = partial(_relay, progress, label)
                    progress(label)
                    found.append(examine(witness, claims[claim_id], context))
                results[claim_id] = tuple(found)
    except KeyboardInterrupt:
        interrupted = True
    verdicts = {claim_id: verdict(claims[claim_id].kind, level, found) for claim_id, found in results.items()}
    effective = effective_verdicts(claims, verdicts)
    reports = tuple(
        _report(claims[claim_id], results[claim_id], verdicts, effective, claims, claim_id in wanted)
        for claim_id in order
        if claim_id in results
    )
    missing = tuple(claim_id for claim_id in order if claim_id not in results)
    return Report(level, context.seed, place, reports, time.perf_counter() - start, interrupted, missing)


def _work(claim: "Claim", seed: int) -> frozenset[Hashable]:
    """What may be computed once for several claims: simulations of a problem, derivations of foundations."""
    domain = claim.domain
    simulations = ((problem, domain.unit_teacher, domain.spurious) for problem in claim.instances(seed))
    return frozenset((claim.id, *claim.proof_uses, *simulations))


def _relay(progress: Callable[[str], None], label: str, text: str) -> None:
    progress(f"{label} {text}")


def _report(
    claim: "Claim",
    results: tuple[WitnessResult, ...],
    verdicts: Mapping[str, Verdict],
    effective: Mapping[str, Verdict],
    claims: "Mapping[str, Claim]",
    requested: bool,
) -> ClaimReport:
    return ClaimReport(
        id=claim.id,
        title=claim.title,
        kind=str(claim.kind),
        source=str(claim.source),
        statement=claim.statement.latex,
        expected=claim.expected,
        verdict=verdicts[claim.id],
        effective_verdict=effective[claim.id],
        rests_on=claim.proof_uses,
        weakest_foundation=weakest_foundation(claims, verdicts, claim.id),
        witnesses=results,
        requested=requested,
        statement_uses=claim.statement_uses,
        origin=origin(claim),
        corrects=claim.corrects,
    )
