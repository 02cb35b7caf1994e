"""The table of planted errors against witnesses: who noticed what."""

from ste_theory.claims.report import Report
from ste_theory.claims.verdict import Outcome, WitnessKind
from ste_theory.render.table import columns

_LETTERS = {
    WitnessKind.DERIVATION: "D",
    WitnessKind.ENCLOSURE: "E",
    WitnessKind.SAMPLING: "S",
    WitnessKind.PROPERTIES: "P",
    WitnessKind.PROOF: "R",
}
# What is noticed in an error is a false alarm in a repaired version of a false statement.
_REPAIRED = {Outcome.FAIL: "✗", Outcome.PASS: "-", Outcome.INCONCLUSIVE: "-", Outcome.NOT_SELECTED: "·"}
_SEEN = {Outcome.FAIL: "✓", Outcome.PASS: "-", Outcome.INCONCLUSIVE: "?", Outcome.NOT_SELECTED: "·"}


def error_table(report: Report) -> list[str]:
    """One line per planted error: the witness that must notice it, and what each witness that looked said."""
    lines: list[str] = []
    for claim in report.claims:
        result = claim.witness(WitnessKind.PLANTED)
        if result is None or not result.catches:
            continue
        repaired = any(catch.repaired for catch in result.catches)
        title = f" {claim.id}" + (", repaired" if repaired else "")
        rows: list[tuple[str, ...]] = [(title, "must not" if repaired else "must", *_LETTERS.values())]
        for catch in result.catches:
            outcomes = dict(catch.outcomes)
            marks = _REPAIRED if catch.repaired else _SEEN
            seen = (marks[outcomes[kind]] if kind in outcomes else "·" for kind in _LETTERS)
            rows.append((f"{' ' if catch.caught else '!'}  {catch.name}", _LETTERS.get(catch.expected, "?"), *seen))
        lines += [*columns(rows, right=[]), ""]
    if lines:
        lines.append(
            "✓ noticed  - looked and saw nothing  ? undecided  · did not look    ! must have noticed and did not"
        )
    if any("must not" in line for line in lines):
        lines.append("repaired versions of false statements: - not refuted  ✗ refuted  ! refuted though it must not be")
    return lines
