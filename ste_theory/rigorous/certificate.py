"""Certificates: what a proof found, as a document that a program of its own can check (``ste_theory.checker``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

SCHEMA = "ste-theory-certificate/1"

Ends = tuple[Fraction, Fraction]
Box = tuple[Ends, ...]


@dataclass(frozen=True)
class Sign:
    """The sign is read from the ball over the box."""

    def document(self) -> Mapping[str, Any]:
        """As JSON."""
        return {"kind": "sign"}


@dataclass(frozen=True)
class Outside:
    """A hypothesis is negative on the whole box."""

    hypothesis: int

    def document(self) -> Mapping[str, Any]:
        """As JSON."""
        return {"kind": "outside", "hypothesis": self.hypothesis}


@dataclass(frozen=True)
class Series:
    """f = f⁽ᵏ⁾(ξ)(x − p)ᵏ/k!: the lower coefficients vanish at p, and the k-th derivative has a sign on the box."""

    variable: str
    point: Fraction
    order: int

    def document(self) -> Mapping[str, Any]:
        """As JSON."""
        return {"kind": "series", "variable": self.variable, "point": str(self.point), "order": self.order}


Reason = Sign | Outside | Series


@dataclass(frozen=True)
class ProvedCase:
    """One statement with rational ranges, in the language of certificates, and the boxes that prove it."""

    variables: tuple[tuple[str, Ends, tuple[str, ...]], ...]
    expression: str
    hypotheses: tuple[str, ...]
    strict: bool
    boxes: tuple[tuple[Box, Reason], ...]


@dataclass(frozen=True)
class Certificate:
    """The claim and the substitutions in words; what is proved are the cases."""

    claim: str
    substitution: tuple[str, ...]
    bits: int
    cases: tuple[ProvedCase, ...]

    @property
    def boxes(self) -> int:
        """How many boxes there are."""
        return sum(len(case.boxes) for case in self.cases)

    def to_json(self) -> dict[str, Any]:
        """The document, of dictionaries, lists, texts and integers alone."""
        return {
            "schema": SCHEMA,
            "claim": self.claim,
            "substitution": list(self.substitution),
            "bits": self.bits,
            "cases": [_document(case) for case in self.cases],
        }


def _document(case: ProvedCase) -> dict[str, Any]:
    return {
        "variables": [
            {"name": name, "range": [str(end) for end in ends], "open": list(sides)}
            for name, ends, sides in case.variables
        ],
        "expression": case.expression,
        "hypotheses": list(case.hypotheses),
        "strict": case.strict,
        "boxes": [
            {"box": [[str(lower), str(upper)] for lower, upper in box], "reason": dict(reason.document())}
            for box, reason in case.boxes
        ],
    }
