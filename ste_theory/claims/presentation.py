"""A claim and its derivation as strings and numbers, so that whatever renders them needs no SymPy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy as sp

from ste_theory.claims.printing import latex, text
from ste_theory.claims.verdict import REQUIRED, Level

if TYPE_CHECKING:
    from ste_theory.calculus.derivation import Derivation
    from ste_theory.claims.claim import Claim


@dataclass(frozen=True)
class ShownStep:
    """One step: what was done, why, what came out, and how well the re-check established it."""

    rule: str
    says: str
    reason: str
    result: str
    grade: str
    argument: str


@dataclass(frozen=True)
class ShownPart:
    """The derivation of one quantity: its name and meaning, its definition as an expression, and the steps."""

    quantity: str
    meaning: str
    start: str
    steps: tuple[ShownStep, ...]


@dataclass(frozen=True)
class ShownClaim:
    """Everything ``show`` prints of a claim except its derivation; ``required`` groups levels that require the same."""

    id: str
    title: str
    kind: str
    expected: str
    source: str
    remark: str
    words: str
    vectors: tuple[tuple[str, str], ...]
    equations: tuple[tuple[str, str, str], ...]
    domain: str
    degenerate: str
    problems: tuple[str, ...]
    required: tuple[tuple[str, str], ...]
    statement_uses: tuple[str, ...]
    proof_uses: tuple[str, ...]
    planted: tuple[tuple[str, str], ...]
    corrects: str | None


def shown(claim: "Claim", *, form: Callable[[sp.Basic], str] = text) -> ShownClaim:
    """The claim with its expressions printed by ``form`` (``text`` or ``latex``).

    A vector equation is (name, formula), an equation (quantity, formula, meaning).
    """
    in_latex = form is latex
    return ShownClaim(
        id=claim.id,
        title=claim.title,
        kind=str(claim.kind),
        expected=str(claim.expected),
        source=str(claim.source),
        remark=claim.source.remark,
        words=claim.statement.words,
        vectors=tuple(
            (vector.name if in_latex else "vector form", form(vector.formula)) for vector in claim.statement.vectors
        ),
        equations=tuple(
            (eq.quantity.latex if in_latex else str(eq.quantity), form(eq.formula), eq.quantity.meaning)
            for eq in claim.statement.equations
        ),
        domain=claim.domain.words,
        degenerate=claim.domain.degenerate,
        problems=tuple(f"{problem.quantizer.name} × {problem.surrogate.name}" for problem in claim.problems),
        required=_required(claim),
        statement_uses=claim.statement_uses,
        proof_uses=claim.proof_uses,
        planted=tuple((error.name, str(error.caught_by)) for error in claim.planted),
        corrects=claim.corrects,
    )


def _required(claim: "Claim") -> tuple[tuple[str, str], ...]:
    groups: dict[str, list[str]] = {}
    for level in Level:
        groups.setdefault(", ".join(REQUIRED[claim.kind][level]), []).append(level)
    return tuple((", ".join(levels), kinds) for kinds, levels in groups.items())


def shown_derivation(
    derivation: "Derivation",
    *,
    form: Callable[[sp.Basic], str] = text,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[ShownPart, ...]:
    """The parts of a derivation with every step decided again from its two sides."""
    parts = []
    for part in derivation.parts:
        steps = []
        for number, step in enumerate(part.steps, 1):
            progress(f"{part.quantity}: re-checking step {number}/{len(part.steps)}")
            check = step.recheck()
            result = form(step.after)
            steps.append(
                ShownStep(step.rule.name, step.rule.says, step.reason, result, check.grade.label, check.argument)
            )
        name = part.quantity.latex if form is latex else str(part.quantity)
        parts.append(ShownPart(name, part.quantity.meaning, form(part.start), tuple(steps)))
    return tuple(parts)
