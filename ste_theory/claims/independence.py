"""Which samplers a claim may be simulated with: none that rests on the claim itself.

A sampler rests on the claims that say that its expectation is the program's, and on all that their proofs rest on. A
simulation by it takes these for granted, so it says nothing about any of them.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ste_theory.model.errors import InvalidInput, UnknownName
from ste_theory.montecarlo.samplers.sampler import RESTS_ON

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim


def foundations(sampler: str, claims: "Mapping[str, Claim]") -> frozenset[str]:
    """The ids of all claims that the sampler's expectation rests on, directly or through proofs and statements.

    Raises ``UnknownName`` for a sampler that does not exist.
    """
    if sampler not in RESTS_ON:
        raise UnknownName(f"no sampler {sampler!r}; there are {', '.join(RESTS_ON)}")
    found: set[str] = set()
    waiting = list(RESTS_ON[sampler])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(claims[name].rests_on if name in claims else ())
    return frozenset(found)


def require_independent(sampler: str, claim: "Claim", claims: "Mapping[str, Claim]") -> None:
    """Raises ``InvalidInput`` if a simulation by this sampler would assume what it is to validate.

    ``claims`` are all that are known; empty, those of the registry.
    """
    if not RESTS_ON.get(sampler, (claim.id,)):
        return
    if not claims:
        from ste_theory.claims import registry

        claims = registry.claims()
    if claim.id in foundations(sampler, claims):
        raise InvalidInput(f"the sampler {sampler} rests on {claim.id}: a simulation by it would assume what it tests")
