"""Read a report back from the JSON that ``verify --json`` wrote."""

from collections.abc import Mapping
from typing import Any

from ste_theory.claims.report import SCHEMA, ClaimReport, Report
from ste_theory.claims.verdict import Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Catch, Figure, WitnessResult
from ste_theory.model.errors import InvalidInput


def from_json(content: Any, name: str = "report") -> Report:
    """The report that ``Report.to_json`` wrote; ``name`` says in an error where it came from.

    Raises ``InvalidInput`` for another schema and for a report with a part missing or of the wrong type.
    """
    if not isinstance(content, Mapping) or "schema" not in content:
        raise InvalidInput(f"{name}: not a report of `ste-theory verify --json`")
    if content["schema"] != SCHEMA:
        raise InvalidInput(f"{name}: schema {content['schema']!r}; this version reads {SCHEMA!r}")
    try:
        return Report(
            level=Level(content["level"]),
            seed=int(content["seed"]),
            environment={str(key): str(value) for key, value in content["environment"].items()},
            claims=tuple(_claim(entry) for entry in content["claims"]),
            seconds=float(content["seconds"]),
            interrupted=bool(content["interrupted"]),
            missing=tuple(content["missing"]),
        )
    except KeyError as error:
        raise InvalidInput(f"{name}: damaged report, {error} is missing; write it again") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise InvalidInput(f"{name}: damaged report ({error}); write it again") from None


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
        statement_uses=tuple(entry.get("statement_uses", ())),  # reports of older versions have none
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
    # ``null`` stands for a value that was not finite.
    value, claimed, error = (
        float("nan") if entry[key] is None else entry[key] for key in ("value", "claimed", "error")
    )
    return Figure(entry["label"], value, claimed, error, entry["pull"], entry["detectable"])


def _catch(entry: Mapping[str, Any]) -> Catch:
    outcomes = tuple((WitnessKind(kind), Outcome(outcome)) for kind, outcome in entry["outcomes"].items())
    return Catch(entry["name"], WitnessKind(entry["expected"]), outcomes, entry.get("repaired", False))
