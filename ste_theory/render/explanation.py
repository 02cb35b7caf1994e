"""The answer of ``why``."""

from collections.abc import Sequence

from ste_theory.claims.reason import Reason
from ste_theory.claims.report import Report
from ste_theory.claims.verdict import Outcome, Verdict
from ste_theory.render.colour import paint, styles_of
from ste_theory.render.failures import evidence, explain, one_line


def render(why: Reason, report: Report, *, colour: bool = False, extra: Sequence[str] = ()) -> str:
    """The claim's effective verdict, the way down to the weakest claim, and the witness that decides there."""
    claim, weakest = why.claim, why.weakest
    lines = explain(why, report, colour=colour, extra=extra)
    if weakest is not claim:
        for above, below in zip(why.chain, why.chain[1:], strict=False):
            lines.append(f"    {above.id} (own verdict {above.verdict}) rests on {below.id}")
        verdict = paint(str(weakest.verdict), *styles_of(weakest), colour=colour)
        lines.append(f"{verdict} {weakest.id}, the weakest: {one_line(weakest.title)}")
        lines += evidence(why, report, extra=extra)
    elif claim.effective_verdict is Verdict.CONFIRMED:
        passed = [result for result in claim.witnesses if result.outcome is Outcome.PASS]
        lines += [f"    PASS {result.kind}: {one_line(result.detail)}" for result in passed]
        count = len(report.claims) - 1
        if count:
            lines.append(f"    and all it rests on ({count}): CONFIRMED")
    lines.append(f"level {report.level}, seed {report.seed}")
    return "\n".join(lines) + "\n"
