"""The table of planted errors against witnesses: who noticed what."""

from ste_theory.claims.report import Report
from ste_theory.claims.verdict import WitnessKind
from ste_theory.render.table import columns
from ste_theory.render.witnesses import LETTERS, NOTICED, REPAIRED


def error_table(report: Report) -> list[str]:
    """One line per planted error: the witness that must notice it, and what each witness that looked said."""
    lines: list[str] = []
    for claim in report.claims:
        result = claim.witness(WitnessKind.PLANTED)
        if result is None or not result.catches:
            continue
        repaired = any(catch.repaired for catch in result.catches)
        title = f" {claim.id}" + (", repaired" if repaired else "")
        rows: list[tuple[str, ...]] = [(title, "must not" if repaired else "must", *LETTERS.values())]
        for catch in result.catches:
            outcomes = dict(catch.outcomes)
            marks = REPAIRED if catch.repaired else NOTICED
            seen = (marks[outcomes[kind]] if kind in outcomes else "·" for kind in LETTERS)
            rows.append((f"{' ' if catch.caught else '!'}  {catch.name}", LETTERS.get(catch.expected, "?"), *seen))
        lines += [*columns(rows, right=[]), ""]
    if lines:
        lines.append("✓ noticed  - looked and saw nothing  ? undecided  · did not look")
        lines.append("! must have noticed and did not")
    if any("must not" in line for line in lines):
        lines.append("repaired versions of false statements: - not refuted  ✗ refuted")
        lines.append("! refuted though it must not be")
    return lines
