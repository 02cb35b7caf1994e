"""What is not as documented, loudest first: the verdict, who says what, the counterexample, and how to see it again."""

import shlex
import textwrap
from collections.abc import Sequence

from ste_theory.claims.reason import Reason, own_reason, reason
from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.verdict import RANDOMIZED, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import WitnessResult
from ste_theory.render.colour import paint, styles_of
from ste_theory.render.page import wrapped

_WIDTH = 80
_SHOWN = 5  # planted errors that escaped

# Verdicts in words.
MEANING = {
    Verdict.CONFIRMED: "every required witness passes",
    Verdict.REFUTED: "a certified counterexample exists",
    Verdict.DISPUTED: "witnesses contradict each other: one of them, or the claim, is wrong",
    Verdict.INCONCLUSIVE: "a required witness could not decide",
    Verdict.NOT_RUN: "required witnesses were not run",
}


def urgency(claim: ClaimReport) -> int:
    """0 disputed, 1 wrong, 2 undecided, 3 as documented: the order in which people should read."""
    if Verdict.DISPUTED in (claim.verdict, claim.effective_verdict):
        # A claim that is disputed itself stands before those that rest on it.
        return 0 if claim.verdict is Verdict.DISPUTED else 1
    if claim.as_documented:
        return 4
    return 3 if claim.verdict in (claim.expected, Verdict.INCONCLUSIVE, Verdict.NOT_RUN) else 2


def failures(report: Report, *, colour: bool = False, extra: Sequence[str] = ()) -> list[str]:
    """A block per claim whose verdict is not the documented one (or is DISPUTED), a line where it only rests on one."""
    lines: list[str] = []
    for claim in sorted(report.claims, key=urgency):
        if not claim.as_documented or claim.effective_verdict is Verdict.DISPUTED:
            lines += explain(reason(report, claim.id), report, colour=colour, extra=extra)
    return lines


def refutations(report: Report, *, colour: bool = False) -> list[str]:
    """Claims that are false and documented as such, each with its counterexample: nothing to worry about."""
    lines = []
    for claim in report.claims:
        if not (claim.as_documented and claim.effective_verdict is Verdict.REFUTED):
            continue
        found = [one_line(result.counterexample or result.detail) for result in claim.witnesses if _refutes(result)]
        head = f"{paint(str(Verdict.REFUTED), *styles_of(claim), colour=colour)} as documented {claim.id}: "
        plain = f"{Verdict.REFUTED} as documented {claim.id}: "
        wrapped = textwrap.wrap(
            plain + "; ".join(found), _WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
        )
        lines += [head.rstrip() + wrapped[0].removeprefix(plain.rstrip()), *wrapped[1:]]
    return lines


def _refutes(result: WitnessResult) -> bool:
    return result.outcome is Outcome.FAIL and result.certified


def explain(why: Reason, report: Report, *, colour: bool = False, extra: Sequence[str] = ()) -> list[str]:
    """The claim asked about, in a line if its verdict comes from another claim, else with what its witnesses say."""
    expected = " as documented" if why.claim.as_documented and why.claim.expected is Verdict.REFUTED else ""
    head = paint(str(why.claim.effective_verdict), *styles_of(why.claim), colour=colour) + f"{expected} {why.claim.id}"
    words, told = cause(why, report)
    if isinstance(told, WitnessResult):
        return [head + words, *_says(told)]
    return [head + words, *(evidence(told, report, extra=extra) if told else ())]


def cause(why: Reason, report: Report) -> tuple[str, Reason | WitnessResult | None]:
    """The verdict in words, and what is to be told of it: the witnesses that decide, the planted errors, or nothing."""
    claim = why.claim
    documented = "" if claim.as_documented else f" (documented: {claim.expected})"
    planted = claim.witness(WitnessKind.PLANTED)
    if documented and planted and claim.effective_verdict is claim.expected:
        # The verdict is right, but by witnesses that refute repaired versions of the statement as well.
        return f"{documented}: its witnesses refute what is true as well", planted
    if why.weakest is not claim:
        below = f"{documented}: rests on {why.weakest.id}, which is {why.weakest.verdict}"
        if claim.verdict in (claim.expected, Verdict.CONFIRMED):
            return below, None
        # The claim has troubles of its own, which would stay when the one below is repaired.
        own = own_reason(report, claim.id)
        return f"{below}; by itself {claim.verdict}: {_meaning(own)}", own
    return f"{documented}: {_meaning(why)}", why


def _meaning(why: Reason) -> str:
    """The verdict in words; planted errors that escape say nothing against the claim."""
    if why.deciding and all(result.kind is WitnessKind.PLANTED for result in why.deciding):
        return "a planted error was not caught, so its witnesses cannot be trusted"
    return MEANING[why.claim.verdict]


def evidence(why: Reason, report: Report, *, extra: Sequence[str] = ()) -> list[str]:
    """What the witnesses of the weakest claim say, and the command that runs them again."""
    lines = []
    for result in why.deciding:
        lines += _says(result)
    for result in why.against:
        lines += _says(result)
    if why.absent:
        lines.append(f"    not run: {', '.join(why.absent)}")
    if why.deciding:
        lines.append(f"    again: {command(why, report, extra)}")
    return lines


def command(why: Reason, report: Report, extra: Sequence[str] = ()) -> str:
    """The command line that repeats what decided: a replay where a randomized witness did, else the whole claim."""
    word = "replay" if any(result.kind in RANDOMIZED for result in why.deciding) else "verify"
    return shlex.join(["ste-theory", word, why.weakest.id, "--seed", str(report.seed), "--level", report.level, *extra])


def _says(result: WitnessResult) -> list[str]:
    certified = " (certified)" if result.certified else ""
    detail = one_line(result.detail)
    lines = wrapped(f"{str(result.outcome).upper()} {result.kind}{certified}: {detail}", 4, 8)
    if result.counterexample and one_line(result.counterexample) not in detail:
        lines += wrapped(f"counterexample: {one_line(result.counterexample)}", 8, 12)
    if result.kind is WitnessKind.PLANTED:
        # The first one usually stands in the detail already.
        escaped = [catch for catch in result.catches if not catch.caught and one_line(catch.name) not in detail]
        for catch in escaped[:_SHOWN]:
            done = "refutes a repaired version too" if catch.repaired else "did not catch"
            lines += wrapped(f"{catch.expected} {done}: {one_line(catch.name)}", 8, 12)
        if len(escaped) > _SHOWN:
            lines.append(f"        and {len(escaped) - _SHOWN} more; --json lists them")
    return lines


def one_line(text: str) -> str:
    """The text without line breaks: a detail is one line, whatever a witness wrote."""
    return " ".join(text.split())
