"""Results in a notebook: tables that carry their own colours, because a notebook has no style sheet of ours."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ste_theory.claims.verdict import Outcome, WitnessKind
from ste_theory.render.failures import urgency
from ste_theory.render.graph import EVIDENCE
from ste_theory.render.markup import Child, Html, joined, tag
from ste_theory.render.number import with_error
from ste_theory.render.report.mathematics import prose
from ste_theory.render.witnesses import COLUMNS, LETTERS, MARKS

if TYPE_CHECKING:
    from ste_theory.claims.report import ClaimReport, Report

_LEFT = "text-align:left"


def report_table(report: "Report") -> str:
    """One row per claim, those that are not as documented first, and how to repeat the run."""
    header = ("claim", "verdict", *LETTERS.values(), COLUMNS[WitnessKind.PLANTED].letter, "statement")
    rows = [_claim(claim) for claim in sorted(report.claims, key=urgency)]
    surprising = sum(not claim.as_documented for claim in report.claims)
    said = f"{surprising} not as documented" if surprising else "every verdict is the documented one"
    interrupted = "; interrupted" if report.interrupted else ""
    return joined(_table(header, rows), tag("p", f"{said}{interrupted}; level {report.level}, seed {report.seed}"))


def estimate_table(parts: Sequence[tuple[str, Sequence[float], Sequence[float]]], samples: int, seed: int) -> str:
    """Sampled vectors by components, each with its standard error: (name, means, errors)."""
    rows = [
        (f"{name}[{number}]", with_error(float(mean), float(error)), f"{float(error):.2g}")
        for name, means, errors in parts
        for number, (mean, error) in enumerate(zip(means, errors, strict=True))
    ]
    return joined(_table(("component", "sampled", "standard error"), rows), tag("p", f"{samples} samples, seed {seed}"))


def _claim(claim: "ClaimReport") -> tuple[Child, ...]:
    look = EVIDENCE[claim.effective_verdict]
    style = f"background:{look.fill};color:#000;border:1px solid {look.border};padding:0 .3em"
    results = [claim.witness(kind) for kind in LETTERS]
    marks = (MARKS[result.outcome if result is not None else Outcome.NOT_SELECTED] for result in results)
    tried, caught = claim.planted
    return (
        claim.id,
        tag("span", str(claim.effective_verdict), style=style),
        *marks,
        f"{caught}/{tried}" if tried else MARKS[Outcome.NOT_SELECTED],
        prose(claim.title),
    )


def _table(header: Sequence[Child], rows: Sequence[Sequence[Child]]) -> Html:
    head = tag("tr", (tag("th", cell, style=_LEFT) for cell in header))
    body = (tag("tr", (tag("td", cell, style=_LEFT) for cell in row)) for row in rows)
    return tag("table", tag("thead", head), tag("tbody", body))
