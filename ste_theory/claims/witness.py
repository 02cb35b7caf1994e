"""What a witness is, what it is given and what it returns."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ste_theory.claims.verdict import Level, Outcome, WitnessKind

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim

T = TypeVar("T")


@dataclass(frozen=True)
class Figure:
    """One number a witness compared: ``value ± error`` against ``claimed``.

    ``pull`` = (value − claimed)/error where the error is a standard error; ``detectable`` is the smallest relative
    error the comparison would have caught. ``place`` says where. ``against`` says what ``claimed`` is, "" for what is
    stated; a sampler is compared with "the program's mean", itself drawn. ``running`` are (samples, value, standard
    error) after the first 1, 2, 4, … blocks of the samples and after all. ``digits`` are value and claimed value with
    all digits that balls prove.
    """

    label: str
    value: float
    claimed: float
    error: float
    pull: float | None = None
    detectable: float | None = None
    place: str = ""
    running: tuple[tuple[int, float, float], ...] = ()
    digits: tuple[str, str] | None = None
    against: str = ""


@dataclass(frozen=True)
class Catch:
    """What became of one planted error: the outcome of each witness that looked at it, and which had to catch it.

    ``repaired``: the statement is documented as false and this version of it is true, so the witness must not fail.
    """

    name: str
    expected: WitnessKind
    outcomes: tuple[tuple[WitnessKind, Outcome], ...]
    repaired: bool = False

    @property
    def caught(self) -> bool:
        """Whether the witness that is named for this error failed on it, or refrained from refuting what is true."""
        outcome = dict(self.outcomes).get(self.expected)
        return outcome is not None and (outcome is not Outcome.FAIL) == self.repaired


@dataclass(frozen=True)
class WitnessResult:
    """What one witness says about one claim, how sure it is, and in how many assertions.

    ``certified`` marks a failure that is an exact or ball-certified counterexample; ``detail`` is one line for people.
    """

    kind: WitnessKind
    outcome: Outcome
    detail: str
    assertions: int = 0
    seconds: float = 0.0
    certified: bool = False
    counterexample: str | None = None
    figures: tuple[Figure, ...] = ()
    catches: tuple[Catch, ...] = ()


@dataclass
class Context:
    """What every witness of one run shares: level, seed, the false-alarm rate of one comparison, and finished work.

    ``claims`` are all that are known (empty: those of the registry), for what a proof rests on.
    ``examples`` limits the search for counterexamples to each property (``None``: what the level says);
    ``shrink`` says whether what only people read is made: a counterexample as small as possible, running means, digits
    (the outcome does not depend on it).
    ``remember`` keeps results that several claims or planted errors need (moments of one simulated problem, an
    enclosure); it belongs to the run, so no state survives it.
    """

    level: Level
    seed: int
    false_alarm: float = 1e-9
    threads: int = 1
    progress: Callable[[str], None] = lambda _: None
    examples: int | None = None
    shrink: bool = True
    claims: Mapping[str, "Claim"] = field(default_factory=dict)
    _memory: dict[Hashable, Any] = field(default_factory=dict)

    def remember(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The value computed for ``key``, computed now if this run has not needed it yet."""
        if key not in self._memory:
            self._memory[key] = compute()
        value: T = self._memory[key]
        return value


class Witness(Protocol):
    """A kind of evidence: one file in ``checks/``, run over every claim that has the face it needs."""

    kind: WitnessKind

    def applies(self, claim: "Claim") -> bool:
        """Whether the claim has the face this witness looks at."""
        ...

    def comparisons(self, claim: "Claim", level: Level) -> int:
        """How many random comparisons it will make: the run's false-alarm rate is split over their total."""
        ...

    def examine(self, claim: "Claim", context: Context) -> WitnessResult:
        """Look at the claim. Never raises for a wrong claim: that is a result."""
        ...
