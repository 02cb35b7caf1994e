"""Where a statement comes from, as far as a reader must know."""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim

OURS = "this project"  # the source of a claim that no text prints


class Origin(StrEnum):
    """A statement as a text prints it, its corrected form, a result of this project, or what a text must have meant."""

    PUBLISHED = "published"
    CORRECTED = "corrected"
    GENERAL = "general"
    RECONSTRUCTED = "reconstructed"


def origin(claim: "Claim") -> Origin:
    """The origin of a claim. A reconstruction carries the tag, or says so in its source: it is never taken for what the
    text says."""
    said = " ".join((*claim.tags, str(claim.source), claim.source.remark)).lower()
    if Origin.RECONSTRUCTED in said:
        return Origin.RECONSTRUCTED
    if claim.corrects is not None:
        return Origin.CORRECTED
    return Origin.GENERAL if claim.source.work == OURS else Origin.PUBLISHED
