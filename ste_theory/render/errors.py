"""The table of planted errors against witnesses: who noticed what."""

from ste_theory.claims.report import Report
from ste_theory.claims.verdict import Outcome, WitnessKind
from ste_theory.render.table import columns

_LETTERS = {
    WitnessKind.DERIVATION: "D",
    WitnessKind.ENCLOSURE: "E",
    WitnessKind.SAMPLING: "S",
    WitnessKind.PROPERTIES: "P",
}
_SEEN = {Outcome.FAIL: "✓", Outcome.PASS: "-", Outcome.INCONCLUSIVE: "?", Outcome.NOT_SELECTED: "·"}


def error_table(report: Report) -> list[str]:
    """One line per planted error: the witness that must notice it, and what each witness that looked said."""
    lines: list[str] = []
    for claim in report.claims:
        result = claim.witness(WitnessKind.PLANTED)
        if result is None or not result.catches:
            continue
        rows: list[tuple[str, ...]] = [(f" {claim.id}", "must", *_LETTERS.values())]
        for catch in result.catches:
            outcomes = dict(catch.outcomes)
            seen = (_SEEN[outcomes[kind]] if kind in outcomes else "·" for kind in _LETTERS)
            rows.append((f"{' ' if catch.caught else '!'}  {catch.name}", _LETTERS.get(catch.expected, "?"), *seen))
        lines += [*columns(rows, right=[]), ""]
    if lines:
        lines.append(
            "✓ noticed  - looked and saw nothing  ? undecided  · did not look    ! must have noticed and did not"
        )
    return lines
