"""The report of ``verify``: what failed, one line per claim, how to read it, and how to run it again."""

import shlex
from collections import Counter
from collections.abc import Sequence

from ste_theory.claims.origin import Origin
from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.verdict import Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Figure
from ste_theory.render.colour import paint, styles_of
from ste_theory.render.errors import error_table
from ste_theory.render.failures import failures, one_line, refutations, urgency
from ste_theory.render.number import duration, percent, pull, with_error
from ste_theory.render.page import wrapped
from ste_theory.render.table import columns
from ste_theory.render.witnesses import LETTERS, MARKS

_LETTERS = "".join(LETTERS.values())
_LEGEND = (
    "D derivation  E enclosure  S sampling  P properties  R proof",
    "M planted errors caught/tried    ✓ pass  ✗ FAIL  ? inconclusive  · not run",
)


def render(
    report: Report,
    *,
    colour: bool = False,
    command: Sequence[str] | None = None,
    extra: Sequence[str] = (),
    errors: bool = False,
    full: bool = False,
) -> str:
    """The whole report as text; ``errors`` adds the table of planted errors against witnesses, ``full`` that and what
    every witness found.

    ``command`` is the command line that made it (without level and seed), ``extra`` what every replay needs as well.
    """
    blocks = [failures(report, colour=colour, extra=extra), _table(report, colour=colour), _legend(report)]
    blocks.append(refutations(report, colour=colour))
    if full:
        blocks += [_everything(claim, colour=colour) for claim in sorted(report.claims, key=urgency)]
    if errors or full:
        blocks.append(error_table(report))
    blocks.append(_summary(report, colour=colour, command=command))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def strongest_pull(claim: ClaimReport) -> Figure | None:
    """The sampling figure farthest from its claim in standard errors; ``None`` without sampling."""
    result = claim.witness(WitnessKind.SAMPLING)
    figures = result.figures if result else ()
    return max(figures, key=lambda figure: abs(figure.pull or 0.0), default=None)


def _table(report: Report, *, colour: bool) -> list[str]:
    if not report.claims:
        return []
    claims = sorted(report.claims, key=urgency)
    header: tuple[str, ...] = (" claim", "verdict", _LETTERS, "M", "sampling", "pull", "sees", "")
    rows = [_row(claim) for claim in claims]
    if not any(strongest_pull(claim) for claim in claims):
        header = header[:4] + header[7:]
        rows = [(*row[:4], f"{row[4]} {row[7]}".strip()) for row in rows]
    lines = columns([header, *rows], right=[5, 6] if len(header) == 8 else [])
    offset = max(len(row[0]) for row in [header, *rows]) + 1
    painted = [paint(lines[0], "bold", colour=colour)]
    for claim, line in zip(claims, lines[1:], strict=True):
        verdict = str(claim.effective_verdict)
        end = offset + len(verdict)
        name = paint(line[:offset], *(() if claim.requested else ("dim",)), colour=colour)
        painted.append(name + paint(verdict, *styles_of(claim), colour=colour) + line[end:])
    return painted


def _row(claim: ClaimReport) -> tuple[str, ...]:
    sign = "+" if not claim.requested else " "
    marks = "".join(
        MARKS[result.outcome if (result := claim.witness(kind)) else Outcome.NOT_SELECTED] for kind in LETTERS
    )
    tried, caught = claim.planted
    escaped = "!" if caught < tried else ""
    figure = strongest_pull(claim)
    note = "" if claim.verdict is claim.effective_verdict else f"own verdict {claim.verdict}"
    # Where nothing was compared by sampling that column is free, and a line stays within its width.
    label = str(claim.origin) if claim.origin is Origin.RECONSTRUCTED else ""
    return (
        (sign if claim.as_documented else "!") + claim.id,
        str(claim.effective_verdict),
        marks,
        f"{caught}/{tried}{escaped}" if tried else "·",
        with_error(figure.value, figure.error) if figure else label,
        pull(figure.pull) if figure else "",
        percent(figure.detectable) if figure else "",
        f"{label} {note}".strip() if figure else note,
    )


def _everything(claim: ClaimReport, *, colour: bool) -> list[str]:
    """A claim with its title, its verdicts and what each witness found."""
    head = paint(claim.id, "bold", colour=colour)
    own = "" if claim.verdict is claim.effective_verdict else f", own verdict {claim.verdict}"
    verdict = paint(str(claim.effective_verdict), *styles_of(claim), colour=colour)
    lines = [f"{head}: {verdict}{own}", *wrapped(f"{claim.title} ({claim.source})", 4)]
    for result in claim.witnesses:
        if result.outcome is not Outcome.NOT_SELECTED:
            words = f"{MARKS[result.outcome]} {result.kind}, {duration(result.seconds)}: {one_line(result.detail)}"
            lines += wrapped(words, 4, 6)
    if claim.rests_on:
        lines += wrapped(f"its proof rests on {', '.join(claim.rests_on)}", 4, 6)
    return lines


def _legend(report: Report) -> list[str]:
    if not report.claims:
        return []
    lines = list(_LEGEND)
    if any(caught < tried for tried, caught in (claim.planted for claim in report.claims)):
        lines.append("M with !: an error was planted that its witness did not catch")
    if any(catch.repaired for claim in report.claims for result in claim.witnesses for catch in result.catches):
        lines.append("M of a false statement: its repaired versions that are not refuted/tried")
    if any(strongest_pull(claim) for claim in report.claims):
        lines.append("sampling: the figure with the largest pull (in standard errors), and the")
        lines.append("smallest error it would have seen, relative to the norm of its vector")
    if any(claim.origin is Origin.RECONSTRUCTED for claim in report.claims):
        lines.append("reconstructed: the text of the source was not at hand, the wording is ours")
    signs = []
    if not all(claim.as_documented for claim in report.claims):
        signs.append("! not the documented verdict")
    if not all(claim.requested for claim in report.claims):
        signs.append("+ not asked for, others rest on it")
    return lines + (["    ".join(signs)] if signs else [])


def _summary(report: Report, *, colour: bool, command: Sequence[str] | None) -> list[str]:
    lines = []
    if report.interrupted:
        total = len(report.claims) + len(report.missing)
        shown = ", ".join(report.missing[:3]) + (", …" if len(report.missing) > 3 else "")
        text = f"INTERRUPTED: {len(report.claims)} of {total} claims finished; missing: {shown}"
        lines.append(paint(text, "bold", "red", colour=colour))
    if report.claims:
        lines.append(_count(report, colour=colour))
    lines.append(f"level {report.level}, seed {report.seed}, {duration(report.seconds)}")
    again = command or [
        "ste-theory",
        "verify",
        *(claim.id for claim in report.claims if claim.requested),
        *report.missing,
    ]
    lines.append(f"again: {shlex.join([*again, '--level', report.level, '--seed', str(report.seed)])}")
    return lines


def _count(report: Report, *, colour: bool) -> str:
    found = Counter(claim.effective_verdict for claim in report.claims)
    text = ", ".join(f"{found[verdict]} {verdict}" for verdict in Verdict if found[verdict])
    surprising = sum(not claim.as_documented for claim in report.claims)
    size = f"{len(report.claims)} claim{'s' if len(report.claims) > 1 else ''}"
    if not surprising:
        return f"{size}: {text}; " + paint("every verdict is the documented one", "green", colour=colour)
    return f"{size}: {text}; " + paint(f"{surprising} not as documented (above, first)", "bold", "red", colour=colour)
