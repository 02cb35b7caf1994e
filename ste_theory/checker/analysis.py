"""An analysis as a document: whether its evidence proves its verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ste_theory.checker.correlation import Network, Staircase
from ste_theory.checker.expression import Rejected
from ste_theory.checker.membership import INSIDE, Membership
from ste_theory.checker.reading import as_object, as_text, rational_or_end
from ste_theory.checker.region import Region
from ste_theory.checker.response import POSITIVE, ZERO, Response

SCHEMA = "ste-theory-analysis/1"
BITS = 128


class NothingClaimed(Rejected):
    """An analysis that is undecided and says so: it has no evidence, and needs none."""


VERDICTS: dict[str, str | None] = {"proved": POSITIVE, "no signal": ZERO, "refuted": None, "undecided": None}
Evidence = Response | Network | Region | Membership


@dataclass(frozen=True)
class Analysis:
    """A document, read: its verdict, what its author calls things, and what it rests on."""

    sound: str
    surrogate: str
    quantizer: str
    staircase: Staircase
    evidence: tuple[Evidence, ...]

    @property
    def decided(self) -> bool:
        """Whether there is evidence about soundness: a membership in the class of a paper is none."""
        return any(not isinstance(item, Membership) for item in self.evidence)

    def claim(self) -> str:
        """The verdict in words that say whose they are."""
        return (
            f"{self.sound}, for the quantizer with {self.staircase.words()}; the names are the author's: surrogate "
            f"{self.surrogate[:200]}, quantizer {self.quantizer[:200]}"
        )


def read(document: Mapping[str, Any]) -> Analysis:
    """An analysis. Raises ``Rejected`` where its evidence does not fit the verdict, ``NothingClaimed`` for none."""
    for key in ("sound", "max_scale", "pieces", "steps", "certificate", "counterexample", "region"):
        if key not in document:
            raise Rejected(f"the analysis lacks the key {key!r}")
    sound = document["sound"]
    if not isinstance(sound, str) or sound not in VERDICTS:
        raise Rejected(f"the verdict is none of {', '.join(VERDICTS)}: {str(sound)[:40]!r}")
    surrogate, quantizer = (as_text(document.get(key), key) for key in ("surrogate", "quantizer"))
    staircase = Staircase.read(document["steps"])
    found = [
        *_about_soundness(document, sound, staircase),
        # It says nothing about the verdict.
        *([Membership(document["membership"])] if document.get("membership") is not None else []),
    ]
    _require_class(document)
    if not found:
        raise NothingClaimed(f"the verdict {sound!r} comes without evidence: there is nothing to check")
    for item in found:
        if item.surrogate.texts != tuple(piece.get("formula") for piece in _pieces(document)):
            raise Rejected("the evidence belongs to another surrogate")
        if tuple(map(str, item.surrogate.breakpoints)) != tuple(piece.get("upper") for piece in _pieces(document)[:-1]):
            raise Rejected("the evidence belongs to a surrogate with other breakpoints")
    return Analysis(sound, surrogate, quantizer, staircase, tuple(found))


def _about_soundness(document: Mapping[str, Any], sound: str, staircase: Staircase) -> list[Evidence]:
    top = rational_or_end(document["max_scale"], "max_scale", "inf")
    found: list[Evidence] = []
    if document["certificate"] is not None:
        response = Response(document["certificate"])
        if staircase.thresholds != (Fraction(0),):
            raise Rejected("a response proves nothing about a quantizer that is not one step at 0")
        if response.top is not None and (top is None or response.top < top):
            raise Rejected(f"the certificate reaches to the scale {response.top}, the analysis to {top or 'inf'}")
        if VERDICTS[sound] != response.statement:
            raise Rejected(f"{response.statement} does not prove the verdict {sound!r}")
        found.append(response)
    if document["counterexample"] is not None:
        network = Network(document["counterexample"])
        if sound != "refuted":
            raise Rejected(f"a counterexample does not prove the verdict {sound!r}")
        if network.staircase != staircase:
            raise Rejected("the counterexample belongs to another quantizer")
        if top is not None and network.rho > top:
            raise Rejected(f"the counterexample has |w| = {network.rho}, beyond max_scale")
        found.append(network)
    if sound != "undecided" and not found:
        raise Rejected(f"the verdict {sound!r} has no evidence")
    if document["region"] is not None:
        region = Region(document["region"])
        if region.staircase != staircase:
            raise Rejected("the region belongs to another quantizer")
        found.append(region)
    return found


def _require_class(document: Mapping[str, Any]) -> None:
    """What is said about the class is what the membership says; without one nothing is said to be in it."""
    said, proved = document.get("class"), document.get("membership")
    if said is None:
        return
    keys = {"place", "reason", "bound", "lower", "upper", "at", "source"}
    content = as_object(said, "class", keys)
    place = as_text(content["place"], "class")
    inside = place.split()[:1] == [INSIDE]
    if proved is None:
        if inside:
            raise Rejected("nothing proves that the surrogate is in the class")
        return
    if (INSIDE if inside else place) != proved["place"]:
        raise Rejected("the class is not that of the membership")
    differs = [key for key in ("bound", "lower", "upper", "at", "source") if content[key] != proved[key]]
    if differs:
        raise Rejected(f"class and membership differ in {', '.join(differs)}")


def _pieces(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    pieces = document["pieces"]
    if not isinstance(pieces, list) or not pieces or not all(isinstance(piece, dict) for piece in pieces):
        raise Rejected("pieces is not a list of objects")
    return pieces
