"""Certificates of the sentences that a proof leaves to a search: found again, for a reader to check elsewhere."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from ste_theory.claims import registry
from ste_theory.claims.claim import Claim
from ste_theory.claims.proof import Search
from ste_theory.claims.sentence import Sentence
from ste_theory.claims.verdict import Level
from ste_theory.model.errors import InvalidInput


@dataclass(frozen=True)
class Certified:
    """What a search made of a sentence: its certificate, or ``None`` and why there is none."""

    sentence: str
    document: Mapping[str, Any] | None
    detail: str


Progress = Callable[[str], None]


@runtime_checkable
class Certifier(Protocol):
    """The witness that can search again."""

    def certificates(self, claim: Claim, level: Level, progress: Progress) -> Iterator[Certified]:
        """One answer for each searched sentence of the claim, in the order of its proof."""
        ...


def searched(claim: Claim) -> tuple[Sentence, ...]:
    """The sentences, lemmas included, that the claim's proof establishes by a search."""
    proof = claim.proof() if claim.proof is not None else None
    if proof is None:
        return ()
    sentences = (*proof.lemmas, *claim.statement.sentences)
    return tuple(s for s in sentences if isinstance(proof.justifications.get(s.name), Search))


def certifier() -> Certifier:
    """The witness of the registry that can search again. Raises ``InvalidInput`` if there is none."""
    for witness in registry.witnesses():
        if isinstance(witness, Certifier):
            return witness
    raise InvalidInput("no witness here makes certificates")


def check_searched(available: Mapping[str, Claim], chosen: Sequence[str]) -> None:
    """Raise ``InvalidInput`` for a claim without a searched sentence, with those that have one."""
    lacking = [claim_id for claim_id in chosen if not searched(available[claim_id])]
    if not lacking:
        return
    having = [claim_id for claim_id, claim in available.items() if searched(claim)]
    known = f"these have: {', '.join(having)}" if having else "no claim has one"
    raise InvalidInput(f"{', '.join(lacking)}: no sentence is proved by a search, so there is no certificate; {known}")
