"""Why a verdict is not the documented one: what the terminal says (failures.py), in the letters and numbers of the
report, and which two things disagree.
"""

import re

from ste_theory.claims.reason import reason
from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.verdict import Outcome, WitnessKind
from ste_theory.claims.witness import WitnessResult
from ste_theory.render.failures import cause, command
from ste_theory.render.markup import Html, joined, tag
from ste_theory.render.report.evidence import detail
from ste_theory.render.report.wording import cut

# The two things that a witness compares; if it fails, they disagree.
_COMPARED = {
    WitnessKind.DERIVATION: "the formula that is derived and the stated formula",
    WitnessKind.ENCLOSURE: "the defining integral and the stated formula",
    WitnessKind.SAMPLING: "the mean of the sampled program and the stated formula",
    WitnessKind.PROPERTIES: "what must hold of the statement and the statement at a drawn point",
    WitnessKind.PROOF: "a certified counterexample and the statement",
    WitnessKind.PLANTED: "what the witnesses noticed and what they had to notice",
}
_FUNCTION = re.compile(r"st\.\w+(?:\.\w+)*")


def troubles(claim: ClaimReport, report: Report) -> Html:
    """Why the verdict is not the documented one, what the witnesses say and the command that runs them again."""
    words, told = cause(reason(report, claim.id), report)
    if told is None:
        return joined(words)
    if isinstance(told, WitnessResult):
        return joined(words, tag("ul", _said(told)))
    failed = [result for result in told.deciding if result.outcome is Outcome.FAIL]
    disagree = [
        tag("p", f"Of the witness {result.kind}, two things disagree: {disagreement(result)}.") for result in failed
    ]
    said = [_said(result) for result in (*told.deciding, *told.against)]
    absent = tag("p", f"Not run: {', '.join(told.absent)}") if told.absent else None
    again = tag("pre", tag("code", command(told, report)), tabindex="0") if told.deciding else None
    return joined(words, disagree, tag("ul", said) if said else None, absent, again)


def disagreement(result: WitnessResult) -> str:
    """In words, the two things of which a witness that failed says that they are not the same."""
    _, code = cut(result.counterexample or result.detail)
    called = _FUNCTION.match(code)
    if called is not None and result.kind is WitnessKind.PROPERTIES:
        return f"the public function {called[0]} and the stated formula"
    return _COMPARED[result.kind]


def _said(result: WitnessResult) -> Html:
    return tag("li", tag("strong", f"{str(result.outcome).upper()} {result.kind}"), ": ", detail(result))
