"""The kinds of evidence on the page: letter, question, blind spot; and the marks of what they say."""

from collections.abc import Mapping
from dataclasses import dataclass

from ste_theory.claims.verdict import Outcome, WitnessKind


@dataclass(frozen=True)
class Column:
    """A witness in a table: its letter, the question it answers and what it cannot see."""

    letter: str
    asks: str
    blind: str


COLUMNS: Mapping[WitnessKind, Column] = {
    WitnessKind.DERIVATION: Column(
        "D", "Why is it true for every parameter? Every step is checked again by other means.", "a wrong model"
    ),
    WitnessKind.ENCLOSURE: Column(
        "E",
        "Does the formula equal the defining integral, in balls, at drawn points and over small boxes?",
        "anything outside them",
    ),
    WitnessKind.SAMPLING: Column(
        "S",
        "Is it the expectation of the program people train, in full dimension?",
        "errors below the size it states",
    ),
    WitnessKind.PROPERTIES: Column(
        "P", "Do symmetries, limits, inequalities and the public functions agree?", "what no drawn point shows"
    ),
    WitnessKind.PROOF: Column(
        "R", "Does it hold on the whole domain, or is there a certified counterexample?", "a wrong model"
    ),
    WitnessKind.PLANTED: Column("M", "Would the witnesses have noticed a wrong statement?", "errors nobody planted"),
}
MARKS: Mapping[Outcome, str] = {
    Outcome.PASS: "✓",
    Outcome.FAIL: "✗",
    Outcome.INCONCLUSIVE: "?",
    Outcome.NOT_SELECTED: "·",
}
# Every witness but the one that plants errors: it looks at the others.
LETTERS: Mapping[WitnessKind, str] = {
    kind: column.letter for kind, column in COLUMNS.items() if kind is not WitnessKind.PLANTED
}
# What an outcome means where a planted error is shown to a witness: to fail is to notice.
NOTICED: Mapping[Outcome, str] = {
    Outcome.FAIL: "✓",
    Outcome.PASS: "-",
    Outcome.INCONCLUSIVE: "?",
    Outcome.NOT_SELECTED: "·",
}
# What is noticed in an error is a false alarm in a repaired version of a false statement.
REPAIRED: Mapping[Outcome, str] = {
    Outcome.FAIL: "✗",
    Outcome.PASS: "-",
    Outcome.INCONCLUSIVE: "?",
    Outcome.NOT_SELECTED: "·",
}
