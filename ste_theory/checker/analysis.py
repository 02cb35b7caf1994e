"""An analysis as a document: whether its evidence proves its verdict."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ste_theory.checker.correlation import Network, Staircase
from ste_theory.checker.expression import Rejected
from ste_theory.checker.membership import Membership
from ste_theory.checker.reading import rational_or_end
from ste_theory.checker.region import Region
from ste_theory.checker.response import POSITIVE, ZERO, Response

SCHEMA = "ste-theory-analysis/1"
BITS = 128


class NothingClaimed(Rejected):
    """An analysis that is undecided and says so: it has no evidence, and needs none."""


def evidence(document: Mapping[str, Any]) -> list[Response | Network | Region | Membership]:
    """What an analysis rests on. Raises ``Rejected`` where it does not fit the verdict, ``NothingClaimed`` for none."""
    for key in ("sound", "max_scale", "pieces", "steps", "certificate", "counterexample", "region"):
        if key not in document:
            raise Rejected(f"the analysis lacks the key {key!r}")
    sound, top = document["sound"], rational_or_end(document["max_scale"], "max_scale", "inf")
    staircase = Staircase.read(document["steps"])
    found: list[Response | Network | Region | Membership] = []
    if document["certificate"] is not None:
        response = Response(document["certificate"])
        if staircase.thresholds != (Fraction(0),):
            raise Rejected("a response proves nothing about a quantizer that is not one step at 0")
        if response.top is not None and (top is None or response.top < top):
            raise Rejected(f"the certificate reaches to the scale {response.top}, the analysis to {top or 'inf'}")
        if {"proved": POSITIVE, "no signal": ZERO}.get(sound) != response.statement:
            raise Rejected(f"{response.statement} does not prove the verdict {str(sound)[:40]!r}")
        found.append(response)
    if document["counterexample"] is not None:
        network = Network(document["counterexample"])
        if sound != "refuted":
            raise Rejected(f"a counterexample does not prove the verdict {str(sound)[:40]!r}")
        if network.staircase != staircase:
            raise Rejected("the counterexample belongs to another quantizer")
        if top is not None and network.rho > top:
            raise Rejected(f"the counterexample has |w| = {network.rho}, beyond max_scale")
        found.append(network)
    if sound in ("proved", "no signal", "refuted") and not found:
        raise Rejected(f"the verdict {sound!r} has no evidence")
    if document["region"] is not None:
        region = Region(document["region"])
        if region.staircase != staircase:
            raise Rejected("the region belongs to another quantizer")
        found.append(region)
    if document.get("membership") is not None:
        # It says nothing about the verdict: an analysis whose verdict lacks evidence has been refused above.
        found.append(Membership(document["membership"]))
    if not found:
        error = NothingClaimed if sound == "undecided" else Rejected
        raise error(f"the verdict {str(sound)[:40]!r} comes without evidence: there is nothing to check")
    for item in found:
        if item.surrogate.texts != tuple(piece.get("formula") for piece in _pieces(document)):
            raise Rejected("the evidence belongs to another surrogate")
        if tuple(map(str, item.surrogate.breakpoints)) != tuple(piece.get("upper") for piece in _pieces(document)[:-1]):
            raise Rejected("the evidence belongs to a surrogate with other breakpoints")
    return found


def _pieces(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    pieces = document["pieces"]
    if not isinstance(pieces, list) or not pieces or not all(isinstance(piece, dict) for piece in pieces):
        raise Rejected("pieces is not a list of objects")
    return pieces
