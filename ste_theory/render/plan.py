"""The answer of ``plan``: samples and time per stated quantity and case."""

import textwrap

from ste_theory.claims.plan import Plan, Requirement
from ste_theory.render.colour import paint
from ste_theory.render.number import duration
from ste_theory.render.table import columns

_WIDTH = 80


def render(plan: Plan, *, colour: bool = False) -> str:
    """A line per quantity and case, the cases in words, and what the numbers mean."""
    size = f"{100 * plan.detect:.4g} %"
    title = f"{plan.claim_id}: samples with which an error of {size} is noticed"
    places = list(dict.fromkeys((r.stream, r.case) for r in plan.requirements))
    number = {stream: str(index) for index, (stream, _) in enumerate(places, 1)}
    header = ("quantity", "case", "noise", "samples", "time", str(plan.level))
    rows = [_row(requirement, plan, number[requirement.stream]) for requirement in plan.requirements]
    table = columns([header, *rows], right=[1, 2, 3, 4, 5], gap="  ")
    lines = [paint(title, "bold", colour=colour), "", paint(table[0], "bold", colour=colour), *table[1:], ""]
    lines += [f"case {number[stream]}: {case}" for stream, case in places]
    lines += ["", *_notes(plan)]
    return "\n".join(lines) + "\n"


def _row(requirement: Requirement, plan: Plan, number: str) -> tuple[str, ...]:
    usual = _count(plan.usual[requirement.stream]) if requirement.stream in plan.usual else ""
    if requirement.samples is None or requirement.seconds is None:
        return (requirement.quantity, number, f"{requirement.noise:.3g}", "unknown", "", usual)
    return (
        requirement.quantity,
        number,
        f"{requirement.noise:.3g}",
        _count(requirement.samples),
        span(requirement.seconds),
        usual,
    )


def _notes(plan: Plan) -> list[str]:
    notes = [
        f"An error of {100 * plan.detect:.4g} % of the norm of the stated vector (or of the stated number) fails the"
        f" comparison with probability {plan.power:g} or more. Threshold: false-alarm rate {plan.false_alarm:g} split"
        f" over the {plan.comparisons} comparisons of a run over all claims at level {plan.level}.",
        "noise: standard deviation of one sample over that norm, from a pilot simulation."
        f" {plan.level}: the samples that a run at this level draws.",
        f"time: an estimate, from the rate of the pilot on this machine in one thread; all cases {span(plan.seconds)}"
        " (the quantities of a case share a simulation).",
    ]
    if any(requirement.samples is None for requirement in plan.requirements):
        notes.append("unknown: the pilot could not tell the vector from zero.")
    if plan.left_out:
        notes.append(f"Not simulated, settled by other witnesses: {', '.join(plan.left_out)}.")
    lines = [line for note in notes for line in textwrap.wrap(note, _WIDTH, break_on_hyphens=False)]
    return [*lines, f"level {plan.level}, seed {plan.seed}"]


def _count(samples: int) -> str:
    return f"{samples:.1e}"


def span(seconds: float) -> str:
    """A time that may be very long.

    >>> span(12.34), span(7200), span(300_000), span(1e9)
    ('12.3 s', '2.0 h', '3.5 days', '32 years')
    """
    if seconds < 3600:
        return duration(seconds)
    for unit, length in (("h", 3600), ("days", 86400)):
        if seconds < {"h": 86400, "days": 365 * 86400}[unit]:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds / (365.25 * 86400):.2g} years"
