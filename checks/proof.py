"""The proof witness: is the statement established for all parameters of its domain, or refuted by a counterexample?

Each sentence of the statement is established by what the claim's proof gives for it: exact algebra, a decomposition
into what is not negative, a search in balls with a certificate that the independent checker accepts. Then it is looked
at a second time, in balls, at drawn places. A sentence that is not established is hunted for a counterexample; only a
certified one fails it.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import sympy as sp

from ste_theory.calculus.equality import exactly_equal
from ste_theory.calculus.identity import identical
from ste_theory.checker import Rejected, check
from ste_theory.checks.facts import NotEstablished, check_cases, check_decomposition, not_negative, positive
from ste_theory.checks.hunt import hunt
from ste_theory.checks.illustration import illustrated
from ste_theory.checks.places import Place, Values, admitted, drawn, holds, in_ranges, residual, sign, sums
from ste_theory.claims.certify import Certified, searched
from ste_theory.claims.claim import Claim
from ste_theory.claims.example import Illustration
from ste_theory.claims.printing import text
from ste_theory.claims.proof import (
    Cases,
    Counterexample,
    Decomposition,
    Evaluation,
    Identity,
    Justification,
    Known,
    Proof,
    Search,
)
from ste_theory.claims.sentence import MODEL, Relation, Sentence
from ste_theory.claims.verdict import Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Context, WitnessResult
from ste_theory.model.symbols import rho, rho_star, theta
from ste_theory.rigorous.balls import Truth
from ste_theory.rigorous.inequality import Inequality
from ste_theory.rigorous.inequality import Variable as Range
from ste_theory.rigorous.prove import Proved, Refuted, prove

LOOKS = {Level.QUICK: 4, Level.STANDARD: 20, Level.FULL: 100}
FEWEST = 2
WIDEST = 1e-30
BOXES = {Level.QUICK: 20_000, Level.STANDARD: 50_000, Level.FULL: 200_000}


class Refutation(Exception):
    """A certified counterexample to a sentence."""

    def __init__(self, sentence: Sentence, where: str) -> None:
        super().__init__(f"{sentence.name}: fails at {where}")
        self.sentence, self.where = sentence, where


class ProofWitness:
    """Applies to every claim whose statement has sentences."""

    kind = WitnessKind.PROOF

    def applies(self, claim: Claim) -> bool:
        """Whether there is a sentence to prove."""
        return bool(claim.statement.sentences)

    def comparisons(self, claim: Claim, level: Level) -> int:
        """None: proofs are not random, and balls do not err at random places."""
        return 0

    def examine(self, claim: Claim, context: Context) -> WitnessResult:
        """PASS iff every sentence is established; FAIL, certified, if one has a counterexample."""
        proof = claim.proof() if claim.proof is not None else Proof({})
        known: dict[str, Sentence] = {}
        open_: list[str] = []
        refuted: list[Refutation] = []
        counts: dict[str, int] = {}
        looks = 0
        for sentence in (*proof.lemmas, *claim.statement.sentences):
            how = proof.justifications.get(sentence.name)
            context.progress(f"proving: {sentence.name}")
            try:
                key = (sentence, how, _relied_on(how, known), claim.domain)
                method, seen = context.remember(key, partial(self._established, sentence, how, known, claim, context))
                looks += seen
            except NotEstablished as reason:
                place = self._hunted(sentence, claim, context)
                if place is not None:
                    refuted.append(Refutation(sentence, str(place)))
                else:
                    open_.append(f"{sentence.name}: {reason}")
            except Refutation as found:
                refuted.append(found)
            else:
                known[sentence.name] = sentence
                counts[method] = counts.get(method, 0) + 1
        own = [found for found in refuted if found.sentence in claim.statement.sentences]
        # Of a claim that is documented as false every sentence must be settled; else one that is false is enough.
        if own and not (open_ and claim.expected is Verdict.REFUTED):
            where = "; ".join(f"{found.sentence.name}: {found.where}" for found in own)
            detail = f"certified counterexample to {where}"
            counts_as = looks + len(own)
            return WitnessResult(self.kind, Outcome.FAIL, detail, counts_as, certified=True, counterexample=where)
        if refuted and not own:
            return WitnessResult(self.kind, Outcome.INCONCLUSIVE, f"the lemma is false: {refuted[0]}", looks)
        if open_:
            return WitnessResult(self.kind, Outcome.INCONCLUSIVE, open_[0], looks)
        methods = ", ".join(f"{count} {method}" for method, count in counts.items())
        detail = f"{sum(counts.values())} sentences established ({methods}), {looks} places in balls"
        return WitnessResult(self.kind, Outcome.PASS, detail, looks + sum(counts.values()))

    def certificates(self, claim: Claim, level: Level, progress: Callable[[str], None]) -> Iterator[Certified]:
        """The certificate of each searched sentence, accepted by the independent checker."""
        for sentence in searched(claim):
            progress(f"{claim.id}: searching: {sentence.name}")
            try:
                found = _searched(inequality(sentence), level)
            except NotEstablished as reason:
                yield Certified(sentence.name, None, str(reason))
                continue
            if isinstance(found, Refuted):
                yield Certified(sentence.name, None, "refuted")
            else:
                document, boxes = found
                yield Certified(sentence.name, document, f"{boxes} box{'es' * (boxes > 1)}")

    def illustrate(self, claim: Claim, sentence: Sentence, how: Justification | None) -> Illustration | None:
        """The sentence at one place in numbers."""
        return illustrated(claim, sentence, how)

    def _established(
        self, sentence: Sentence, how: Justification | None, known: dict[str, Sentence], claim: Claim, context: Context
    ) -> tuple[str, int]:
        """How, and the number of places at which balls agree, which are asked first: they are quick to say no."""
        seen = 0 if isinstance(how, (Counterexample, Evaluation)) else self._look(sentence, claim, context)
        return self._establish(sentence, how, known, context), seen

    def _establish(
        self, sentence: Sentence, how: Justification | None, known: dict[str, Sentence], context: Context
    ) -> str:
        """How the sentence is established, in a word or two for the detail line."""
        match how:
            case Identity():
                if sentence.relation is not Relation.EQUAL:
                    raise NotEstablished("an identity does not show an inequality")
                if not (identical(sentence.left, sentence.right) or exactly_equal(sentence.left, sentence.right)):
                    raise NotEstablished("the two sides are not identical")
                return "by exact algebra"
            case Decomposition():
                check_decomposition(sentence, how, known)
                return "by decomposition"
            case Cases():
                check_cases(sentence, how, known)
                return "by cases"
            case Search():
                return _search(sentence, context)
            case Evaluation():
                evaluate(sentence)
                return "by evaluation"
            case Counterexample():
                refute(sentence, how)
                raise AssertionError("a counterexample refutes or is not one")
            case None:
                raise NotEstablished("the proof says nothing about it")

    def _look(self, sentence: Sentence, claim: Claim, context: Context) -> int:
        """The number of drawn places at which balls agree with an established sentence."""
        rng, seen = np.random.default_rng([context.seed, 20190107]), 0
        for _ in range(500 * LOOKS[context.level]):
            place = drawn(sentence, claim.domain, rng)
            if place is None:
                continue
            said = holds(sentence, place.values, exact=sentence.relation is Relation.ABOVE)
            if said is Truth.NO:
                raise Refutation(sentence, str(place))
            # Where balls do not decide, left − right is a very narrow ball around 0: an equation, or a tie of ≥.
            if said is Truth.UNKNOWN and not residual(sentence, place.values) < WIDEST:
                raise NotEstablished(f"the two sides are not defined, or not to {WIDEST:.0e}, at {place}")
            seen += said is Truth.YES or sentence.relation is not Relation.ABOVE
            if seen == LOOKS[context.level]:
                break
        if seen < FEWEST:
            raise NotEstablished(f"only {seen} drawn places satisfy the hypotheses")
        return seen

    def _hunted(self, sentence: Sentence, claim: Claim, context: Context) -> Place | None:
        """A drawn place at which the sentence certainly fails."""
        if sentence.constants:
            return None
        return hunt(sentence, claim.domain)


def _relied_on(how: Justification | None, known: dict[str, Sentence]) -> tuple[Sentence | None, ...]:
    """The sentences established before that a justification names: what it says depends on no others."""
    match how:
        case Decomposition():
            facts = [fact for term in how.terms for fact in term] + [how.multiplier]
            names = [fact.name for fact in facts if isinstance(fact, Known)]
        case Cases():
            names = [case.lemma for case in how.cases]
        case _:
            names = []
    return tuple(known.get(name) for name in names)


def inequality(sentence: Sentence) -> Inequality:
    """The sentence for the search in balls: all letters with numeric ranges, θ ∈ [0, π].

    Raises ``NotEstablished`` for a letter of the model other than θ, or a range that depends on another letter.
    """
    ranges = [Range(variable.symbol, variable.lower, variable.upper) for variable in sentence.variables]
    letters = sentence.difference.free_symbols & MODEL
    if theta in letters:
        ranges.insert(0, Range(theta, sp.S.Zero, sp.pi))
    if letters - {theta} or any(end.free_symbols for r in ranges for end in (r.lower, r.upper)):
        raise NotEstablished("the search needs a fixed range for every letter")
    if sentence.relation is Relation.EQUAL:
        raise NotEstablished("the search decides inequalities, the sentence is an equation")
    return Inequality(
        sentence.difference,
        tuple(ranges),
        strict=sentence.relation is Relation.ABOVE,
        hypotheses=tuple(h.expression for h in sentence.hypotheses),
    )


def _searched(asked: Inequality, level: Level) -> tuple[dict[str, Any], int] | Refuted:
    """The certificate that the independent checker accepts, with the number of its boxes, or a counterexample.

    Raises ``NotEstablished`` where the search is undecided or the checker does not agree.
    """
    result = prove(asked, max_boxes=BOXES[level])
    if isinstance(result, Refuted):
        return result
    if not isinstance(result, Proved):
        raise NotEstablished(f"the search is undecided: {result.reason}")
    document = result.certificate.to_json()
    try:
        return document, check(document).boxes
    except Rejected as reason:
        raise NotEstablished(f"the independent checker rejects the certificate: {reason}") from None


def _search(sentence: Sentence, context: Context) -> str:
    found = _searched(inequality(sentence), context.level)
    if isinstance(found, Refuted):
        values = dict(found.point)
        if admitted(sentence, values) is not Truth.YES or holds(sentence, values) is not Truth.NO:
            raise NotEstablished("the search found a place that the hypotheses exclude")
        raise Refutation(sentence, ", ".join(f"{text(name)} = {text(value)}" for name, value in found.point.items()))
    return f"by a certificate over {found[1]} box{'es' * (found[1] != 1)}"


def evaluate(sentence: Sentence) -> None:
    """Raise ``NotEstablished`` unless balls tell the two sides apart as stated, ``Refutation`` if they do otherwise.

    A tie is left open: it is no matter of balls.
    """
    letters = sentence.difference.free_symbols | set().union(*(h.expression.free_symbols for h in sentence.hypotheses))
    if letters or sentence.variables or sentence.constants or sentence.relation is Relation.EQUAL:
        raise NotEstablished("an evaluation is for an inequality between two numbers")
    if admitted(sentence, {}, exact=False) is not Truth.YES:
        raise NotEstablished("the hypotheses are not certain")
    said = holds(sentence, {}, exact=False)
    if said is Truth.NO:
        raise Refutation(sentence, "its numbers")
    if said is not Truth.YES:
        raise NotEstablished("balls do not tell the two sides apart")


def refute(sentence: Sentence, found: Counterexample) -> None:
    """Raise ``Refutation`` if the counterexample is certified, else ``NotEstablished``.

    With constants, the sentence must fail for every value of them: left < right is decided by its visible sign, or by
    a search over their whole ranges.
    """
    values: dict[sp.Symbol, sp.Expr] = dict(found.values)
    own = {variable.symbol for variable in sentence.variables} | {rho, rho_star, theta}
    if set(values) - own:
        raise NotEstablished("a counterexample chooses variables, ρ and θ, no constants; its weights give the scalars")
    if sign(values.get(theta, sp.S.One), {}, strict=False) is not Truth.YES:
        raise NotEstablished("θ is negative")
    if sign(sp.pi - values.get(theta, sp.S.One), {}, strict=False) is not Truth.YES:
        raise NotEstablished("θ exceeds π")
    for length in (rho, rho_star):
        if not sentence.constants and sign(values.get(length, sp.S.One), {}, strict=True) is not Truth.YES:
            raise NotEstablished(f"{length} is not positive")
    if found.weights is not None and not any(found.weights[1]):
        raise NotEstablished("v* = 0 is no teacher")
    if found.weights is not None:
        values |= sums(*found.weights)
    missing = sentence.difference.free_symbols - set(values) - {c.symbol for c in sentence.constants}
    if missing:
        raise NotEstablished(f"the counterexample gives no value for {', '.join(sorted(map(str, missing)))}")
    if sentence.constants:
        _refute_family(sentence, values)
    elif not in_ranges(sentence, values) or admitted(sentence, values) is not Truth.YES:
        raise NotEstablished("the counterexample is outside the sentence's domain")
    elif holds(sentence, values) is not Truth.NO:
        raise NotEstablished("the sentence does not certainly fail at the counterexample")
    raise Refutation(sentence, _words(values, found))


def _refute_family(sentence: Sentence, values: Values) -> None:
    def everywhere(expression: sp.Expr, *, strict: bool) -> bool:
        # Rational algebra only: what ``simplify`` finds is no proof.
        at = sp.factor(sp.together(expression.subs(values, simultaneous=True)))
        if positive(at) if strict else not_negative(at):
            return True
        ranges = tuple(Range(c.symbol, c.lower, c.upper) for c in sentence.constants)
        try:
            return not isinstance(_searched(Inequality(at, ranges, strict=strict), Level.QUICK), Refuted)
        except NotEstablished:
            return False

    needed: list[tuple[sp.Expr, bool]] = [(h.expression, h.strict) for h in sentence.hypotheses]
    for variable in sentence.variables:
        ends = ((variable.lower, 1), (variable.upper, -1))
        needed += [(direction * (variable.symbol - end), False) for end, direction in ends if not end.is_infinite]
    needed += [(values[length], True) for length in (rho, rho_star) if length in values]
    if not all(everywhere(expression, strict=strict) for expression, strict in needed):
        raise NotEstablished("the family of counterexamples leaves the sentence's domain")
    if sentence.relation is Relation.EQUAL or not everywhere(-sentence.difference, strict=True):
        raise NotEstablished("the sentence does not certainly fail for every constant")


def _words(values: Values, found: Counterexample) -> str:
    parts = [f"{text(symbol)} = {text(value)}" for symbol, value in found.values]
    if found.weights is not None:
        v, v_star = (", ".join(str(x) for x in weights) for weights in found.weights)
        parts = [f"v = ({v})", f"v* = ({v_star})", *parts]
    return ", ".join(parts) + (f" ({found.because})" if found.because else "")


WITNESS = ProofWitness()
