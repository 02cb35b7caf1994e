"""The answer of ``why``."""

import textwrap
from collections.abc import Sequence

from ste_theory.claims.reason import Reason
from ste_theory.claims.report import Report
from ste_theory.claims.verdict import Outcome, Verdict
from ste_theory.render.colour import paint, styles_of
from ste_theory.render.failures import evidence, explain, one_line
from ste_theory.render.page import wrapped

_WIDTH = 80


def render(why: Reason, report: Report, *, colour: bool = False, extra: Sequence[str] = ()) -> str:
    """The claim's effective verdict, the way down to the weakest claim, and the witness that decides there."""
    claim, weakest = why.claim, why.weakest
    lines = explain(why, report, colour=colour, extra=extra)
    if weakest is not claim:
        for above, below in zip(why.chain, why.chain[1:], strict=False):
            lines.append(f"    the proof of {above.id} (own verdict {above.verdict}) rests on {below.id}")
        verdict = paint(str(weakest.verdict), *styles_of(weakest), colour=colour)
        lines.append(f"{verdict} {weakest.id}, the weakest: {one_line(weakest.title)}")
        lines += evidence(why, report, extra=extra)
    elif claim.effective_verdict is Verdict.CONFIRMED:
        passed = [result for result in claim.witnesses if result.outcome is Outcome.PASS]
        lines += [x for r in passed for x in wrapped(f"PASS {r.kind}: {one_line(r.detail)}", 4, 8)]
        if why.below:
            lines += _wrap(f"CONFIRMED as well, all that its proof rests on: {', '.join(c.id for c in why.below)}")
    if why.also_weak:
        lines += _wrap(f"also below: {', '.join(f'{c.id} (own verdict {c.verdict})' for c in why.also_weak)}")
    if claim.statement_uses:
        lines += _wrap(f"its statement uses {', '.join(claim.statement_uses)}; no verdict travels from there")
    lines.append(f"level {report.level}, seed {report.seed}")
    return "\n".join(lines) + "\n"


def _wrap(text: str) -> list[str]:
    """Lines that never break inside an id."""
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent="    ",
        subsequent_indent="        ",
        break_long_words=False,
        break_on_hyphens=False,
    )
