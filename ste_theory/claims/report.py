"""The result of a run: per claim, what each witness said and the verdicts that follow."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from ste_theory.claims.origin import Origin
from ste_theory.claims.shown import Page
from ste_theory.claims.structure import encode
from ste_theory.claims.verdict import Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Figure, WitnessResult
from ste_theory.model.errors import UnknownName

SCHEMA = "ste_theory.report/2"


@dataclass(frozen=True)
class ClaimReport:
    """One claim's line: verdicts, and the results of its witnesses in the order of ``WitnessKind``.

    ``rests_on`` are the claims that its proof uses, along which verdicts travel; ``statement_uses`` those that its
    words need.
    """

    id: str
    title: str
    kind: str
    source: str
    statement: str
    expected: Verdict
    verdict: Verdict
    effective_verdict: Verdict
    rests_on: tuple[str, ...]
    weakest_foundation: str | None
    witnesses: tuple[WitnessResult, ...]
    requested: bool = True
    statement_uses: tuple[str, ...] = ()
    origin: Origin = Origin.PUBLISHED
    corrects: str | None = None

    @property
    def as_documented(self) -> bool:
        """Whether the verdict is the one the project documents (its own, and in effect).

        A refutation counts only if the witnesses do not refute the repaired versions of the statement as well.
        """
        planted = self.witness(WitnessKind.PLANTED)
        trusted = self.expected is not Verdict.REFUTED or planted is None or planted.outcome is not Outcome.FAIL
        return trusted and self.verdict is self.expected and self.effective_verdict is self.expected

    def witness(self, kind: WitnessKind) -> WitnessResult | None:
        """The result of one kind of witness, if it was run."""
        return next((result for result in self.witnesses if result.kind is kind), None)

    @property
    def planted(self) -> tuple[int, int]:
        """(tried, caught) planted errors."""
        result = self.witness(WitnessKind.PLANTED)
        return (0, 0) if result is None else (len(result.catches), sum(catch.caught for catch in result.catches))


@dataclass(frozen=True)
class Report:
    """A whole run. ``interrupted`` says that the claims listed are only those finished before the interruption.

    ``pages`` are statements, derivations and proofs by claim, as ``verify --report`` shows them; other runs have none.
    """

    level: Level
    seed: int
    environment: Mapping[str, str]
    claims: tuple[ClaimReport, ...]
    seconds: float
    interrupted: bool = False
    missing: tuple[str, ...] = ()
    pages: Mapping[str, Page] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 as documented; 1 an undocumented or disputed verdict (wins); 3 inconclusive; 130 interrupted."""
        if self.interrupted:
            return 130
        surprising = [claim for claim in self.claims if not claim.as_documented]
        undecided = (Verdict.INCONCLUSIVE, Verdict.NOT_RUN)
        if any(not (claim.verdict in undecided or claim.verdict is claim.expected) for claim in surprising):
            return 1
        if any(claim.effective_verdict is Verdict.DISPUTED for claim in self.claims):
            return 1
        return 3 if surprising else 0

    def claim(self, claim_id: str) -> ClaimReport:
        """What the report says about one claim. Raises ``UnknownName`` if it does not mention it."""
        for claim in self.claims:
            if claim.id == claim_id:
                return claim
        unfinished = " (the run was interrupted before it)" if claim_id in self.missing else ""
        raise UnknownName(f"the report has no claim {claim_id!r}{unfinished}; it has {len(self.claims)} claims")

    def about(self, claim_id: str) -> "Report":
        """The part of the report that concerns one claim: itself and all its proof rests on, as far as the
        report has them."""
        wanted = [self.claim(claim_id).id]
        for name in wanted:
            known = next((claim for claim in self.claims if claim.id == name), None)
            wanted.extend(below for below in (known.rests_on if known else ()) if below not in wanted)
        kept = tuple(replace(claim, requested=claim.id == claim_id) for claim in self.claims if claim.id in wanted)
        pages = {name: page for name, page in self.pages.items() if name in wanted}
        return replace(self, claims=kept, interrupted=False, missing=(), pages=pages)

    def __str__(self) -> str:
        """The table that ``ste-theory verify`` prints, without colours."""
        from ste_theory.render.verification import render

        return render(self)

    def _repr_html_(self) -> str:
        """The table in a notebook."""
        from ste_theory.render.notebook import report_table

        return report_table(self)

    def to_json(self) -> dict[str, Any]:
        """The versioned form that ``verify --json`` writes (plain dict, lists, strings and numbers).

        ``digest`` is the SHA-256 of all the rest (``claims.stored``): a file that lost a part does not pass for whole.
        """
        content: dict[str, Any] = {
            "schema": SCHEMA,
            "seed": self.seed,
            "level": str(self.level),
            "environment": dict(self.environment),
            "seconds": round(self.seconds, 3),
            "interrupted": self.interrupted,
            "missing": list(self.missing),
            "claims": [_claim_json(claim) for claim in self.claims],
        }
        if self.pages:
            content["pages"] = {name: encode(page) for name, page in self.pages.items()}
        return {**content, "digest": digest(content)}


def digest(content: Mapping[str, Any]) -> str:
    """The SHA-256 of a report's JSON, its own entry left out, whatever the spaces and the order of its keys."""
    rest = {key: value for key, value in content.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _claim_json(claim: ClaimReport) -> dict[str, Any]:
    tried, caught = claim.planted
    return {
        "id": claim.id,
        "title": claim.title,
        "kind": claim.kind,
        "source": claim.source,
        "statement": claim.statement,
        "expected": str(claim.expected),
        "verdict": str(claim.verdict),
        "effective_verdict": str(claim.effective_verdict),
        "rests_on": list(claim.rests_on),
        "statement_uses": list(claim.statement_uses),
        "weakest_foundation": claim.weakest_foundation,
        "requested": claim.requested,
        "origin": str(claim.origin),
        "corrects": claim.corrects,
        "witnesses": [_witness_json(result) for result in claim.witnesses],
        "planted": {"tried": tried, "caught": caught},
    }


def _number(value: float | None) -> float | None:
    """JSON has no infinity and no NaN: they are written as ``null``."""
    return float(value) if value is not None and isfinite(value) else None


def _witness_json(result: WitnessResult) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "kind": str(result.kind),
        "verdict": str(result.outcome),
        "detail": result.detail,
        "seconds": round(result.seconds, 3),
        "assertions": result.assertions,
    }
    if result.outcome is Outcome.FAIL:
        entry["certified"] = result.certified
        entry["counterexample"] = result.counterexample
    if result.figures:
        entry["figures"] = [_figure_json(figure) for figure in result.figures]
    if result.catches:
        entry["catches"] = [
            {
                "name": catch.name,
                "expected": str(catch.expected),
                "caught": catch.caught,
                "repaired": catch.repaired,
                "outcomes": {str(kind): str(outcome) for kind, outcome in catch.outcomes},
            }
            for catch in result.catches
        ]
    return entry


def _figure_json(figure: Figure) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "label": figure.label,
        "value": _number(figure.value),
        "claimed": _number(figure.claimed),
        "error": _number(figure.error),
        "pull": _number(figure.pull),
        "detectable": _number(figure.detectable),
    }
    if figure.place:
        entry["place"] = figure.place
    if figure.running:
        entry["running"] = [[samples, _number(value), _number(error)] for samples, value, error in figure.running]
    if figure.digits is not None:
        entry["digits"] = list(figure.digits)
    if figure.against:
        entry["against"] = figure.against
    return entry
