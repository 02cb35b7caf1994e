"""``st.derive``: the derivation of a claim, from its definitions to its closed forms."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ste_theory.claims import registry
from ste_theory.model.errors import InvalidInput, UnknownName

if TYPE_CHECKING:
    from ste_theory.calculus.derivation import Derivation
    from ste_theory.claims.claim import Claim


def one_claim(claim_id: str, corpus: Sequence[Path] = ()) -> "Claim":
    """The claim with this id. Raises ``UnknownName`` with the nearest ids, also for the prefix of several claims."""
    available = registry.claims(corpus)
    matches = registry.select(available, [claim_id])
    if claim_id not in available:
        raise UnknownName(
            f"{claim_id!r} is the prefix of {len(matches)} claims, not a claim; one of them is {matches[0]}"
        )
    return available[claim_id]


def derive(claim_id: str) -> "Derivation":
    """The derivation of a claim; ``.steps`` are its steps, and ``step.recheck()`` decides each one again.

    Raises ``UnknownName`` for an unknown id, ``InvalidInput`` for a claim that is settled without a derivation.
    """
    claim = one_claim(claim_id)
    if claim.derivation is None:
        raise InvalidInput(f"{claim_id} has no derivation; `ste-theory show {claim_id}` says how it is settled")
    return claim.derivation()
