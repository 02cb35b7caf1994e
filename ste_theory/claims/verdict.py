"""Outcomes, verdicts and the rules that turn one into the other. Nobody writes a verdict by hand.

CONFIRMED      every witness that the kind of claim requires passes, every derivation step is exact
REFUTED        a certified counterexample exists and no witness for all parameters contradicts it
DISPUTED       witnesses contradict each other
INCONCLUSIVE   a required witness could not decide, or only uncertified witnesses object
NOT RUN        a required witness was not selected
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from ste_theory.model.errors import InvalidInput

if TYPE_CHECKING:
    from ste_theory.claims.witness import WitnessResult


class Kind(StrEnum):
    """What a claim asserts; it decides which witnesses are required."""

    IDENTITY = "identity"
    INEQUALITY = "inequality"
    EXISTENCE = "existence"
    LIMIT = "limit"
    ALGORITHM = "algorithm"


class WitnessKind(StrEnum):
    """The kinds of evidence, each with its own technology (one file in ``checks/`` each)."""

    DERIVATION = "derivation"
    ENCLOSURE = "enclosure"
    SAMPLING = "sampling"
    PROPERTIES = "properties"
    PROOF = "proof"
    PLANTED = "planted"


# The witnesses that draw points or samples; a derivation and a proof search are the same for every seed.
RANDOMIZED = (WitnessKind.ENCLOSURE, WitnessKind.SAMPLING, WitnessKind.PROPERTIES)


class Outcome(StrEnum):
    """What one witness says."""

    PASS = "pass"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    NOT_SELECTED = "not selected"


class Verdict(StrEnum):
    """What all witnesses of a claim say together."""

    CONFIRMED = "CONFIRMED"
    REFUTED = "REFUTED"
    DISPUTED = "DISPUTED"
    INCONCLUSIVE = "INCONCLUSIVE"
    NOT_RUN = "NOT RUN"


class Level(StrEnum):
    """How much work a run spends; the witnesses required are the same, their budgets are not."""

    QUICK = "quick"
    STANDARD = "standard"
    FULL = "full"


_IDENTITY = (
    WitnessKind.DERIVATION,
    WitnessKind.ENCLOSURE,
    WitnessKind.SAMPLING,
    WitnessKind.PROPERTIES,
    WitnessKind.PLANTED,
)

REQUIRED: Mapping[Kind, Mapping[Level, tuple[WitnessKind, ...]]] = {
    Kind.IDENTITY: dict.fromkeys(Level, _IDENTITY),
    # Their derivation is the proof: identities decided exactly, decompositions, searches.
    Kind.INEQUALITY: dict.fromkeys(Level, (WitnessKind.PROOF, WitnessKind.PROPERTIES, WitnessKind.PLANTED)),
    Kind.EXISTENCE: dict.fromkeys(Level, (WitnessKind.PROOF, WitnessKind.PROPERTIES, WitnessKind.PLANTED)),
    Kind.LIMIT: dict.fromkeys(Level, (WitnessKind.PROOF, WitnessKind.PROPERTIES, WitnessKind.PLANTED)),
    Kind.ALGORITHM: dict.fromkeys(
        Level, (WitnessKind.DERIVATION, WitnessKind.SAMPLING, WitnessKind.PROPERTIES, WitnessKind.PLANTED)
    ),
}

# Witnesses that speak about every parameter of the domain; a certified counterexample contradicts them.
_UNIVERSAL = frozenset({WitnessKind.DERIVATION, WitnessKind.PROOF})

# Whose counterexamples can be certified (sampling and properties never refute), and whose passing then makes a dispute
# of it. A derivation certifies that *its result* differs from the statement; if the definition itself encloses the
# statement, one errs.
_CONTRADICTS: Mapping[WitnessKind, frozenset[WitnessKind]] = {
    WitnessKind.DERIVATION: _UNIVERSAL | {WitnessKind.ENCLOSURE},
    WitnessKind.ENCLOSURE: _UNIVERSAL,
    WitnessKind.PROOF: _UNIVERSAL,
}

_ORDER = (Verdict.CONFIRMED, Verdict.NOT_RUN, Verdict.INCONCLUSIVE, Verdict.DISPUTED)


def verdict(kind: Kind, level: Level, results: Iterable["WitnessResult"]) -> Verdict:
    """The verdict that the results of a claim's witnesses imply.

    Raises ``InvalidInput`` if a kind of witness appears twice: one of the two results would be lost.
    """
    by_kind: dict[WitnessKind, WitnessResult] = {}
    for result in results:
        if result.kind in by_kind:
            raise InvalidInput(f"two results of the witness {result.kind}; each kind speaks once")
        by_kind[result.kind] = result
    evidence = [result for key, result in by_kind.items() if key is not WitnessKind.PLANTED]
    failed = [result for result in evidence if result.outcome is Outcome.FAIL]
    passed = {result.kind for result in evidence if result.outcome is Outcome.PASS}
    refuting = [result.kind for result in failed if result.certified and result.kind in _CONTRADICTS]
    if refuting:
        contradicted = any(_CONTRADICTS[witness] & passed for witness in refuting)
        return Verdict.DISPUTED if contradicted else Verdict.REFUTED
    if failed:
        return Verdict.DISPUTED if passed else Verdict.INCONCLUSIVE
    outcomes = {
        required: by_kind[required].outcome if required in by_kind else Outcome.NOT_SELECTED
        for required in REQUIRED[kind][level]
    }
    # A planted error that slipped through says nothing against the claim, but the witnesses cannot be trusted.
    if any(outcome in (Outcome.INCONCLUSIVE, Outcome.FAIL) for outcome in outcomes.values()):
        return Verdict.INCONCLUSIVE
    if any(outcome is Outcome.NOT_SELECTED for outcome in outcomes.values()):
        return Verdict.NOT_RUN
    return Verdict.CONFIRMED


def doubt(foundation: Verdict) -> int:
    """How gravely a foundation's effective verdict weakens a proof: 0 (CONFIRMED) to 3 (DISPUTED).

    A refuted foundation leaves the proof open, like an INCONCLUSIVE one: what it should show may still be true.
    """
    return _ORDER.index(Verdict.INCONCLUSIVE if foundation is Verdict.REFUTED else foundation)


def weakest(own: Verdict, foundations: Iterable[Verdict]) -> Verdict:
    """The effective verdict: the weakest of a claim's own and of the effective verdicts of all its proof rests on.

    A claim that rests on a refuted one is INCONCLUSIVE until its proof is repaired. A refutation is as good as the
    foundations of its certificate: DISPUTED if one of them is, INCONCLUSIVE if one is anything else but CONFIRMED.
    """
    worst = max(map(doubt, foundations), default=0)
    if own is not Verdict.REFUTED:
        return _ORDER[max(worst, _ORDER.index(own))]
    if worst == 0:
        return own
    return Verdict.DISPUTED if _ORDER[worst] is Verdict.DISPUTED else Verdict.INCONCLUSIVE
