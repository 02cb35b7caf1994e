"""Why a verdict is not the documented one, in the words that the terminal has for it."""

import textwrap

from ste_theory.claims.reason import reason
from ste_theory.claims.report import ClaimReport, Report
from ste_theory.render.failures import explain
from ste_theory.render.markup import Html, joined, tag


def troubles(claim: ClaimReport, report: Report) -> Html:
    """Why the verdict is not the documented one, what the witnesses say and the command that runs them again."""
    head, *said = explain(reason(report, claim.id), report)
    return joined(
        f" {head.partition(claim.id)[2].strip()}", tag("pre", textwrap.dedent("\n".join(said))) if said else None
    )
