"""Run one claim's witnesses again with a given seed, without the claims it rests on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ste_theory.claims.runner import FALSE_ALARM_PER_RUN, examine, root_seed
from ste_theory.claims.verdict import RANDOMIZED, Level, Outcome, WitnessKind
from ste_theory.claims.witness import Context, Witness, WitnessResult

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim


@dataclass(frozen=True)
class Replay:
    """What the witnesses of one claim said again."""

    claim_id: str
    level: Level
    seed: int
    results: tuple[WitnessResult, ...]

    @property
    def exit_code(self) -> int:
        """1 if a witness fails, else 3 if one cannot decide or none looked, else 0."""
        outcomes = {result.outcome for result in self.results} - {Outcome.NOT_SELECTED}
        if Outcome.FAIL in outcomes:
            return 1
        return 3 if Outcome.INCONCLUSIVE in outcomes or not outcomes else 0


def replay(
    claim: "Claim",
    witnesses: Sequence[Witness],
    *,
    seed: int,
    level: Level,
    threads: int = 1,
    kinds: Sequence[WitnessKind] = RANDOMIZED,
    progress: Callable[[str], None] = lambda _: None,
) -> Replay:
    """Examine one claim with the witnesses of the given kinds.

    Guarantee: the figures equal those of any run with the same seed and level. The threshold may differ: the
    false-alarm rate is split over the comparisons of this claim alone, so a figure at the edge can fail here and pass
    there.
    """
    active = [witness for witness in witnesses if witness.kind in kinds]
    total = sum(witness.comparisons(claim, level) for witness in active if witness.applies(claim))
    context = Context(level, root_seed(seed), FALSE_ALARM_PER_RUN / max(total, 1), threads, progress)
    return Replay(claim.id, level, context.seed, tuple(examine(witness, claim, context) for witness in active))
