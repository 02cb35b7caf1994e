"""A claim and its derivation as formulas on the page, strings and numbers, so that a renderer needs no SymPy."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import sympy as sp

from ste_theory.calculus.equality import exactly_equal
from ste_theory.claims.exposition import (
    expressions,
    shown_proof,
    shown_sentences,
    variables,
)
from ste_theory.claims.graph import corrections
from ste_theory.claims.grounds import ungrounded
from ste_theory.claims.legend import legend
from ste_theory.claims.origin import origin
from ste_theory.claims.shown import ShownClaim, ShownComparison, ShownDocument, ShownEquation, ShownPart, ShownStep
from ste_theory.claims.verdict import REQUIRED, Level
from ste_theory.claims.vocabulary import spoken
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import u_hat, w_hat
from ste_theory.notation.letters import letter_of_latex
from ste_theory.notation.printer import formula

if TYPE_CHECKING:
    from ste_theory.calculus.derivation import Derivation, Part
    from ste_theory.claims.claim import Claim
    from ste_theory.claims.proof import Proof


def shown(
    claim: "Claim",
    *,
    derivation: "Derivation | None" = None,
    proof: "Proof | None" = None,
    corrected_by: tuple[str, ...] = (),
) -> ShownClaim:
    """The claim on the page; the formulas of ``derivation`` and ``proof`` only add to its legend."""
    statement = claim.statement
    vectors = tuple(
        ShownEquation(f"vector{number or ''}", letter_of_latex(vector.name), formula(vector.formula), "")
        for number, vector in enumerate(statement.vectors)
    )
    scalars = tuple(_equation(eq.quantity, eq.formula) for eq in statement.equations)
    covered = {quantity for quantity in Quantity if statement.vectors and quantity.is_component}
    used: list[sp.Basic] = [eq.formula for eq in statement.equations] + [vector.formula for vector in statement.vectors]
    if any(eq.quantity.is_component for eq in statement.equations):
        used += [w_hat, u_hat]  # the letters of the components themselves
    for part in derivation.parts if derivation is not None else ():
        used += [part.start, *(step.after for step in part.steps)]
    used += expressions(statement.sentences, proof)
    letters = variables(statement.sentences, proof)
    formulas = legend(used)
    words = _words(claim, proof)
    named = (*statement.letters, *spoken(words, claim.domain.setting, known=_known((*formulas, *statement.letters))))
    return ShownClaim(
        id=claim.id,
        title=claim.title,
        kind=str(claim.kind),
        expected=str(claim.expected),
        work=claim.source.work,
        source=str(claim.source),
        remark=claim.source.remark,
        words=statement.words,
        equations=(*vectors, *(equation for equation in scalars if equation.name not in covered)),
        components=tuple(
            _equation(eq.quantity, without_squares(eq.formula)) for eq in statement.equations if eq.quantity in covered
        ),
        domain=claim.domain.words,
        degenerate=claim.domain.degenerate,
        problems=_instances(claim),
        required=_required(claim),
        statement_uses=claim.statement_uses,
        proof_uses=claim.proof_uses,
        planted=tuple((error.name, str(error.caught_by)) for error in claim.planted),
        corrects=claim.corrects,
        symbols=formulas + named + _ranged(letters, named),
        sentences=shown_sentences(statement.sentences),
        corrected_by=corrected_by,
        origin=str(origin(claim)),
    )


# Lines of formulas that say what a line for words would.
_SAME = {"v_k, v*_k": "v, v*", "c_0, d_i, t_i": "d_k, t_k"}


def _known(lines: tuple[tuple[str, str], ...]) -> set[str]:
    known = {letters for letters, _ in lines}
    return known | {other for letters, other in _SAME.items() if letters in known}


def _words(claim: "Claim", proof: "Proof | None") -> tuple[str, ...]:
    """Everything that is said of the claim in prose."""
    sentences = (*claim.statement.sentences, *(proof.lemmas if proof is not None else ()))
    because = (how.because for how in proof.justifications.values()) if proof is not None else ()
    domain = claim.domain
    return (claim.statement.words, domain.words, domain.degenerate, *(one.words for one in sentences), *because)


def _instances(claim: "Claim") -> tuple[str, ...]:
    named = tuple(f"{problem.quantizer.name} × {problem.surrogate.name}" for problem in claim.problems)
    more = len(claim.instances(0)) - len(named)
    return (*named, f"{more} more, drawn from the seed of each run") if more else named


# Letters that a sentence may use for something of its own.
_TWICE = frozenset({"b", "k", "m", "h", "q", "A", "C", "R", "X"})
_RANGED = ("variable of a sentence, which gives its range", "variables of sentences, which give their ranges")


def _ranged(letters: tuple[str, ...], named: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The line of the sentences' own letters, without those whose line says what they are."""
    explained = {letter for line, _ in named for letter in line.split(", ")} - _TWICE
    rest = [letter for letter in letters if letter not in explained]
    return ((", ".join(rest), _RANGED[len(rest) > 1]),) if rest else ()


def _equation(quantity: Quantity, right: sp.Expr) -> ShownEquation:
    return ShownEquation(str(quantity), letter_of_latex(quantity.latex), formula(right), quantity.meaning)


def without_squares(expression: sp.Expr) -> sp.Expr:
    """The expression with cos² + sin² = 1 used inside roots, where the norm of a vector of the plane leaves it."""
    return expression.replace(
        lambda node: isinstance(node, sp.Pow) and isinstance(node.base, sp.Add),
        lambda node: sp.Pow(sp.trigsimp(node.base), node.exp),
    )


def _required(claim: "Claim") -> tuple[tuple[str, str], ...]:
    groups: dict[str, list[str]] = {}
    for level in Level:
        groups.setdefault(", ".join(REQUIRED[claim.kind][level]), []).append(level)
    return tuple((", ".join(levels), kinds) for kinds, levels in groups.items())


def shown_derivation(
    derivation: "Derivation", *, progress: Callable[[str], None] = lambda _: None
) -> tuple[ShownPart, ...]:
    """The parts of a derivation with every step decided again from its two sides."""
    parts, number = [], 0
    for part in derivation.parts:
        steps = []
        before = start = formula(part.start)
        for step in part.steps:
            number += 1
            progress(f"{part.quantity}: re-checking step {number}/{len(derivation.steps)}")
            check = step.recheck()
            result = formula(step.after)
            rule = step.rule
            steps.append(
                ShownStep(number, rule.name, rule.says, step.reason, before, result, check.grade.label, check.argument)
            )
            before = result
        parts.append(ShownPart(letter_of_latex(part.quantity.latex), part.quantity.meaning, start, tuple(steps)))
    return tuple(parts)


def shown_document(
    claim: "Claim",
    *,
    progress: Callable[[str], None] = lambda _: None,
    available: "Mapping[str, Claim] | None" = None,
) -> ShownDocument:
    """The claim with its derivation, derived and re-checked now, and its proof.

    ``available`` are all claims that are known (those of the registry by default): what it starts from, what corrects
    it.
    """
    from ste_theory.claims import registry

    known = registry.claims() if available is None else available

    def report(what: str) -> None:
        progress(f"{claim.id}: {what}")

    report("deriving")
    proof = claim.proof() if claim.proof is not None else None
    proved = shown_proof(proof, claim.statement.sentences) if proof is not None else None
    corrected_by = corrections(known, (claim,))
    if claim.derivation is None:
        return ShownDocument(shown(claim, proof=proof, corrected_by=corrected_by), (), proved)
    derivation = claim.derivation()
    parts = tuple(
        replace(shown_part, origin=_origin(claim, part, known), comparison=_comparison(claim, part))
        for part, shown_part in zip(derivation.parts, shown_derivation(derivation, progress=report), strict=True)
    )
    return ShownDocument(shown(claim, derivation=derivation, proof=proof, corrected_by=corrected_by), parts, proved)


def _origin(claim: "Claim", part: "Part", available: "Mapping[str, Claim]") -> tuple[str, ...]:
    """The claims on whose results a part stands: one that suffices, else all it needs."""
    foundations = {name: available[name] for name in claim.proof_uses if name in available}
    if ungrounded(part, {}) is None:
        return ()
    for name, foundation in foundations.items():
        if ungrounded(part, {name: foundation}) is None:
            return (name,)
    return tuple(foundations) if ungrounded(part, foundations) is None else ()


def _comparison(claim: "Claim", part: "Part") -> ShownComparison | None:
    """The derived formula against the stated one, decided now."""
    stated = next((eq.formula for eq in claim.statement.equations if eq.quantity is part.quantity), None)
    if stated is None:
        return None
    if part.result == stated:
        return ShownComparison(formula(stated), "exact", "it is the derived expression itself")
    grade, argument = {
        True: ("exact", "the difference vanishes as a rational function of tan(θ/4) and independent functions"),
        False: ("wrong", "the difference from the derived expression is not zero"),
        None: ("unknown", "exact equality with the derived expression is undecided"),
    }[exactly_equal(part.result, stated)]
    return ShownComparison(formula(stated), grade, argument)
