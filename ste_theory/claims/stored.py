"""Read a report back from the JSON that ``verify --json`` wrote."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ste_theory.claims.origin import Origin
from ste_theory.claims.report import SCHEMA, ClaimReport, Report, digest
from ste_theory.claims.shown import Page
from ste_theory.claims.structure import decode
from ste_theory.claims.verdict import Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Catch, Figure, WitnessResult
from ste_theory.model.errors import InvalidInput

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim


def from_json(content: Any, name: str = "report") -> Report:
    """The report that ``Report.to_json`` wrote; ``name`` says in an error where it came from.

    Raises ``InvalidInput`` for another schema, for a report with a part missing or of the wrong type, for one whose
    parts do not belong together, and for one that is not as it was written (``digest``).
    """
    if not isinstance(content, Mapping) or "schema" not in content:
        raise InvalidInput(f"{name}: not a report of `ste-theory verify --json`")
    if content["schema"] != SCHEMA:
        raise InvalidInput(f"{name}: schema {content['schema']!r}; this version reads {SCHEMA!r}")
    try:
        report = Report(
            level=Level(content["level"]),
            seed=int(content["seed"]),
            environment={str(key): str(value) for key, value in content["environment"].items()},
            claims=tuple(_claim(entry) for entry in content["claims"]),
            seconds=float(content["seconds"]),
            interrupted=bool(content["interrupted"]),
            missing=tuple(content["missing"]),
            pages={
                str(claim_id): decode(Page, page, f"pages.{claim_id}")
                for claim_id, page in content.get("pages", {}).items()
            },
        )
        written = content["digest"]
    except KeyError as error:
        raise InvalidInput(f"{name}: damaged report, {error} is missing; write it again") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise InvalidInput(f"{name}: damaged report ({error}); write it again") from None
    except InvalidInput as error:
        raise InvalidInput(f"{name}: damaged report, {error}; write it again") from None
    if written != digest(content):
        raise InvalidInput(f"{name}: changed or cut since it was written (its digest is another); write it again")
    return report


def check_pages(report: Report, name: str) -> None:
    """Raise ``InvalidInput`` unless the report has a page for every claim, and the claims it names.

    A renderer of pages asks this first.
    """
    if not report.claims:
        raise InvalidInput(f"{name}: no claim was finished, there is nothing to show")
    if not report.pages:
        raise InvalidInput(f"{name}: without pages; write it with `ste-theory verify --report DIR`")
    claims, pages = {claim.id for claim in report.claims}, set(report.pages)
    if claims != pages:
        odd = sorted(claims ^ pages)[0]
        raise InvalidInput(f"{name}: claims and pages do not match ({odd}); write it again")
    for claim in report.claims:
        page = report.pages[claim.id].document.claim
        if (page.id, page.title, page.source) != (claim.id, claim.title, claim.source):
            raise InvalidInput(f"{name}: claims and pages do not match ({claim.id}); write it again")


def check_claims(report: Report, available: "Mapping[str, Claim]", name: str) -> None:
    """Raise ``InvalidInput`` if the report has a claim that is not ``available``, or that states something else."""
    for claim in report.claims:
        if claim.id not in available:
            raise InvalidInput(f"{name}: no claim {claim.id!r} here; name its folder with --corpus")
        if claim.statement != available[claim.id].statement.latex:
            version = report.environment.get("ste-theory", "unknown")
            raise InvalidInput(
                f"{name}: {claim.id} states something else there (version {version}) than here; write it again"
            )


def _claim(entry: Mapping[str, Any]) -> ClaimReport:
    return ClaimReport(
        id=entry["id"],
        title=entry["title"],
        kind=entry["kind"],
        source=entry["source"],
        statement=entry["statement"],
        expected=Verdict(entry["expected"]),
        verdict=Verdict(entry["verdict"]),
        effective_verdict=Verdict(entry["effective_verdict"]),
        rests_on=tuple(entry["rests_on"]),
        weakest_foundation=entry["weakest_foundation"],
        witnesses=tuple(_witness(result) for result in entry["witnesses"]),
        requested=entry["requested"],
        statement_uses=tuple(entry["statement_uses"]),
        origin=Origin(entry["origin"]),
        corrects=entry["corrects"],
    )


def _witness(entry: Mapping[str, Any]) -> WitnessResult:
    return WitnessResult(
        kind=WitnessKind(entry["kind"]),
        outcome=Outcome(entry["verdict"]),
        detail=entry["detail"],
        assertions=entry["assertions"],
        seconds=entry["seconds"],
        certified=entry.get("certified", False),
        counterexample=entry.get("counterexample"),
        figures=tuple(_figure(figure) for figure in entry.get("figures", ())),
        catches=tuple(_catch(catch) for catch in entry.get("catches", ())),
    )


def _figure(entry: Mapping[str, Any]) -> Figure:
    value, claimed, error = (_float(entry[key]) for key in ("value", "claimed", "error"))
    running = tuple((samples, _float(number), _float(spread)) for samples, number, spread in entry.get("running", ()))
    digits = tuple(entry["digits"]) if "digits" in entry else None
    return Figure(
        entry["label"],
        value,
        claimed,
        error,
        entry["pull"],
        entry["detectable"],
        entry.get("place", ""),
        running,
        None if digits is None else (str(digits[0]), str(digits[1])),
        str(entry.get("against", "")),
    )


def _float(number: float | None) -> float:
    """``null`` stands for a value that was not finite."""
    return float("nan") if number is None else number


def _catch(entry: Mapping[str, Any]) -> Catch:
    outcomes = tuple((WitnessKind(kind), Outcome(outcome)) for kind, outcome in entry["outcomes"].items())
    return Catch(entry["name"], WitnessKind(entry["expected"]), outcomes, entry.get("repaired", False))
