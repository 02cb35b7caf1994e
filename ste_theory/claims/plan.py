"""How many samples the simulation needs to notice an error of a given size, and how long that takes here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from ste_theory.claims.runner import FALSE_ALARM_PER_RUN, root_seed
from ste_theory.claims.verdict import Level
from ste_theory.claims.witness import Context, Witness
from ste_theory.model.errors import InvalidInput

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim


@dataclass(frozen=True)
class Requirement:
    """What one stated quantity needs in one case (a problem at a point).

    ``noise`` is the standard deviation of one sample relative to the size of the stated vector or number; ``samples``
    the least number with which the error is noticed, and ``seconds`` the time they take in one thread. ``samples`` and
    ``seconds`` are ``None`` where the pilot could not tell the size from zero. ``stream`` identifies the case.
    """

    quantity: str
    case: str
    noise: float
    samples: int | None
    seconds: float | None
    stream: tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """The requirements of a claim. ``usual`` are the samples that a run at this level draws, per case (``stream``).

    ``comparisons`` are those of a run over all claims at this level, over which the false-alarm rate is split; an
    error of ``detect`` is noticed with probability ``power``.
    """

    claim_id: str
    detect: float
    level: Level
    seed: int
    comparisons: int
    false_alarm: float
    power: float
    requirements: tuple[Requirement, ...]
    usual: Mapping[tuple[int, ...], int]
    left_out: tuple[str, ...]

    @property
    def per_case(self) -> dict[tuple[int, ...], int]:
        """The samples with which every quantity of a case is settled, by ``stream``; cases without a number left
        out."""
        needed: dict[tuple[int, ...], int] = {}
        for requirement in self.requirements:
            if requirement.samples is not None:
                needed[requirement.stream] = max(needed.get(requirement.stream, 0), requirement.samples)
        return needed

    @property
    def seconds(self) -> float:
        """The time of all cases; the quantities of a case share one simulation, the slowest of them counts."""
        slowest: dict[tuple[int, ...], float] = {}
        for requirement in self.requirements:
            if requirement.seconds is not None:
                slowest[requirement.stream] = max(slowest.get(requirement.stream, 0.0), requirement.seconds)
        return sum(slowest.values())


@runtime_checkable
class Planner(Protocol):
    """A witness that can say how many samples it would need."""

    power: float

    def applies(self, claim: "Claim") -> bool:
        """Whether a stated quantity can be simulated."""
        ...

    def plan(self, claim: "Claim", detect: float, context: Context) -> tuple[Requirement, ...]:
        """The requirements of every quantity that can be simulated, in every case, from a pilot simulation."""
        ...

    def samples(self, claim: "Claim", level: Level, seed: int) -> Mapping[tuple[int, ...], int]:
        """The samples that a run at this level and with this seed draws, per case."""
        ...


def plan(
    claim: "Claim",
    witnesses: Sequence[Witness],
    claims: "Mapping[str, Claim]",
    *,
    detect: float,
    level: Level = Level.STANDARD,
    seed: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Plan:
    """The samples with which a relative error ``detect`` in each stated quantity is noticed with probability 0.99.

    Relative to the norm of the stated vector, for a component of one. The threshold is that of a run over all
    ``claims`` at this level, whose false-alarm rate is 1e-6 together; a run over fewer claims notices more. Raises
    ``InvalidInput`` unless 0 < detect < 1, and for a claim that states nothing that is simulated.
    """
    if not 0 < detect < 1:
        raise InvalidInput(f"detect must lie between 0 and 1 (0.001 is 0.1 %), got {detect!r}")
    planner = next((found for found in witnesses if isinstance(found, Planner) and found.applies(claim)), None)
    if planner is None or not claim.statement.equations:  # a simulated sentence has no mean to be known to a share
        raise InvalidInput(_nothing_to_simulate(claim, witnesses))
    total = sum(w.comparisons(other, level) for w in witnesses for other in claims.values() if w.applies(other))
    context = Context(level, root_seed(seed), FALSE_ALARM_PER_RUN / max(total, 1), progress=progress, claims=claims)
    found = planner.plan(claim, detect, context)
    if not found:
        raise InvalidInput(f"{claim.id}: no problem and point at which {', '.join(_stated(claim))} can be simulated")
    simulated = {requirement.quantity for requirement in found}
    return Plan(
        claim_id=claim.id,
        detect=detect,
        level=level,
        seed=context.seed,
        comparisons=total,
        false_alarm=FALSE_ALARM_PER_RUN,
        power=planner.power,
        requirements=found,
        usual=planner.samples(claim, level, context.seed),
        left_out=tuple(str(q) for q in _stated(claim) if q not in simulated),
    )


def rounded_up(samples: int) -> int:
    """The number rounded up to two significant digits: a pilot knows no more.

    >>> rounded_up(1_234_567), rounded_up(99), rounded_up(9_950)
    (1300000, 99, 10000)
    """
    step: int = 10 ** max(0, len(str(samples)) - 2)
    return -(-samples // step) * step


def _stated(claim: "Claim") -> list[str]:
    return [str(equation.quantity) for equation in claim.statement.equations]


def _nothing_to_simulate(claim: "Claim", witnesses: Sequence[Witness]) -> str:
    """What the claim has instead: its quantities and the witnesses that look at it."""
    stated = ", ".join(_stated(claim)) or "no quantity"
    others = ", ".join(str(witness.kind) for witness in witnesses if witness.applies(claim))
    return f"{claim.id} states {stated}: nothing that is simulated; its witnesses are {others or 'none'}"
