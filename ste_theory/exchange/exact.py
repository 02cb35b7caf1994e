"""Claims with every formula as exact text: what ``export --format json`` and ``lean`` write, and what is read back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sympy as sp

from ste_theory.calculus.definitions import activation, surrogate_derivative
from ste_theory.claims.claim import Equation, Statement, VectorForm
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.structure import decode, encode
from ste_theory.exchange.expressions import letters, to_expression, to_tree
from ste_theory.exchange.text import read, write
from ste_theory.exchange.tree import NotWritten
from ste_theory.model.errors import InvalidInput
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import mu_prime, sigma, x

if TYPE_CHECKING:
    from ste_theory.calculus.definitions import activation, surrogate_derivative
from ste_theory.claims.claim import Claim

SCHEMA = "ste_theory.exact/1"


@dataclass(frozen=True)
class ExactLetter:
    """A letter and what is assumed of it: ``positive``, ``real``, ..., ``normal`` (standard normal), ``indexed``."""

    name: str
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExactEquation:
    """``quantity = formula``; for a vector form ``quantity`` is its printed name and ``components`` its equations."""

    quantity: str
    formula: str
    letters: tuple[ExactLetter, ...]
    meaning: str = ""
    components: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExactRange:
    """lower ≤ letter ≤ upper; an end may be ±infinity, which is none."""

    letter: str
    lower: str
    upper: str


@dataclass(frozen=True)
class ExactRelation:
    """``left sign right`` with sign one of =, ≥, >."""

    left: str
    sign: str
    right: str


@dataclass(frozen=True)
class ExactSentence:
    """There are ``constants`` such that for all ``variables`` with ``hypotheses``: ``relation``."""

    name: str
    words: str
    letters: tuple[ExactLetter, ...]
    constants: tuple[ExactRange, ...]
    variables: tuple[ExactRange, ...]
    hypotheses: tuple[ExactRelation, ...]
    relation: ExactRelation
    drawable: bool = True


@dataclass(frozen=True)
class ExactStep:
    """What a step of a derivation ends in, and by which rule."""

    rule: str
    formula: str
    letters: tuple[ExactLetter, ...]


@dataclass(frozen=True)
class ExactPart:
    """The derivation of one quantity: where it starts, and its steps."""

    quantity: str
    start: ExactStep
    steps: tuple[ExactStep, ...]


@dataclass(frozen=True)
class ExactSetting:
    """σ(x) and μ′(x) as formulas in x, "" where any will do (or several are tried); ``unit_teacher``: ‖w*‖ = 1;
    ``spurious``: θ = π and v = v_sp."""

    activation: str
    surrogate: str
    unit_teacher: bool
    spurious: bool


@dataclass(frozen=True)
class ExactClaim:
    """A claim in words and exact formulas; ``left_out`` says what has no exact text and why."""

    id: str
    title: str
    kind: str
    expected: str
    source: str
    words: str
    domain: str
    degenerate: str
    statement_uses: tuple[str, ...]
    proof_uses: tuple[str, ...]
    corrects: str | None
    setting: ExactSetting
    equations: tuple[ExactEquation, ...]
    vectors: tuple[ExactEquation, ...]
    sentences: tuple[ExactSentence, ...]
    derivation: tuple[ExactPart, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def statement(self) -> Statement:
        """The statement in SymPy, equal to the one that was written. Raises ``InvalidInput`` for what does not read."""
        return Statement(
            equations=tuple(
                Equation(_quantity(eq.quantity), _expression(eq.formula, eq.letters)) for eq in self.equations
            ),
            words=self.words,
            vectors=tuple(
                VectorForm(
                    vector.quantity,
                    _expression(vector.formula, vector.letters),
                    tuple(map(_quantity, vector.components)),
                )
                for vector in self.vectors
            ),
            sentences=tuple(map(_sentence, self.sentences)),
        )


def exact(claim: "Claim", *, derivation: bool = True) -> ExactClaim:
    """The claim with its formulas as text, and with its derivation, which is derived for it."""
    left_out: list[str] = []
    equations, vectors, sentences = [], [], []
    for eq in claim.statement.equations:
        try:
            equations.append(ExactEquation(str(eq.quantity), *_text(eq.formula), eq.quantity.meaning))
        except NotWritten as error:
            left_out.append(f"{eq.quantity}: {error}")
    for vector in claim.statement.vectors:
        try:
            components = tuple(map(str, vector.quantities))
            vectors.append(ExactEquation(vector.name, *_text(vector.formula), components=components))
        except NotWritten as error:
            left_out.append(f"{vector.name}: {error}")
    for sentence in claim.statement.sentences:
        try:
            sentences.append(_exact_sentence(sentence))
        except NotWritten as error:
            left_out.append(f"{sentence.name}: {error}")
    parts = []
    for part in claim.derivation().parts if derivation and claim.derivation is not None else ():
        try:
            steps = tuple(ExactStep(step.rule.name, *_text(step.after)) for step in part.steps)
            parts.append(ExactPart(str(part.quantity), ExactStep("start", *_text(part.start)), steps))
        except NotWritten as error:
            left_out.append(f"derivation of {part.quantity}: {error}")
    return ExactClaim(
        id=claim.id,
        title=claim.title,
        kind=str(claim.kind),
        expected=str(claim.expected),
        source=str(claim.source),
        words=claim.statement.words,
        domain=claim.domain.words,
        degenerate=claim.domain.degenerate,
        statement_uses=claim.statement_uses,
        proof_uses=claim.proof_uses,
        corrects=claim.corrects,
        setting=_setting(claim),
        equations=tuple(equations),
        vectors=tuple(vectors),
        sentences=tuple(sentences),
        derivation=tuple(parts),
        left_out=tuple(left_out),
    )


def _setting(claim: "Claim") -> ExactSetting:
    formulas = [eq.formula for eq in claim.statement.equations]
    activations = {write(to_tree(activation(problem.quantizer, x))) for problem in claim.problems}
    surrogates = {write(to_tree(surrogate_derivative(problem.surrogate, x))) for problem in claim.problems}
    free = [any(formula.has(function) for formula in formulas) for function in (sigma, mu_prime)]
    return ExactSetting(
        "" if free[0] or len(activations) != 1 else activations.pop(),
        "" if free[1] or len(surrogates) != 1 else surrogates.pop(),
        claim.domain.unit_teacher,
        claim.domain.spurious,
    )


def to_json(claims: tuple[ExactClaim, ...], *, version: str) -> dict[str, Any]:
    """The file's content."""
    return {"schema": SCHEMA, "version": version, "claims": encode(claims)}


def from_json(content: Any, name: str = "file") -> tuple[ExactClaim, ...]:
    """What ``to_json`` wrote; every formula is read once. Raises ``InvalidInput`` that names the place."""
    if not isinstance(content, Mapping) or content.get("schema") != SCHEMA:
        raise InvalidInput(f"{name}: not written by `ste-theory export --format json` ({SCHEMA})")
    claims = decode(tuple[ExactClaim, ...], content.get("claims"), f"{name}: claims")
    for claim in claims:
        try:
            claim.statement  # noqa: B018 - reading is the check
        except InvalidInput as error:
            raise InvalidInput(f"{name}: {claim.id}: {error}") from None
    return claims


def _text(expression: sp.Basic) -> tuple[str, tuple[ExactLetter, ...]]:
    return write(to_tree(expression)), _letters(expression)


def _letters(*expressions: sp.Basic) -> tuple[ExactLetter, ...]:
    return tuple(ExactLetter(name, said) for name, said in letters(*expressions).items())


def _exact_sentence(sentence: Sentence) -> ExactSentence:
    ranges = (*sentence.constants, *sentence.variables)
    used = [sentence.left, sentence.right, *(h.expression for h in sentence.hypotheses)]
    used += [part for one in ranges for part in (one.symbol, one.lower, one.upper)]
    return ExactSentence(
        sentence.name,
        sentence.words,
        _letters(*used),
        tuple(map(_exact_range, sentence.constants)),
        tuple(map(_exact_range, sentence.variables)),
        tuple(ExactRelation(_text(h.expression)[0], str(h.relation), "0") for h in sentence.hypotheses),
        ExactRelation(_text(sentence.left)[0], str(sentence.relation), _text(sentence.right)[0]),
        sentence.drawable,
    )


def _exact_range(one: Variable) -> ExactRange:
    return ExactRange(_text(one.symbol)[0], _text(one.lower)[0], _text(one.upper)[0])


def _expression(text: str, known: tuple[ExactLetter, ...]) -> sp.Expr:
    return to_expression(read(text), {letter.name: letter.assumed for letter in known})


def _quantity(name: str) -> Quantity:
    if name not in set(Quantity):
        raise InvalidInput(f"unknown quantity {name!r}")
    return Quantity(name)


def _sentence(stored: ExactSentence) -> Sentence:
    def expression(text: str) -> sp.Expr:
        return _expression(text, stored.letters)

    def ranges(found: tuple[ExactRange, ...]) -> tuple[Variable, ...]:
        return tuple(Variable(expression(one.letter), expression(one.lower), expression(one.upper)) for one in found)

    for one in (stored.relation, *stored.hypotheses):
        if one.sign not in set(Relation):
            raise InvalidInput(f"{stored.name}: unknown sign {one.sign!r}")
    return Sentence(
        name=stored.name,
        left=expression(stored.relation.left),
        relation=Relation(stored.relation.sign),
        right=expression(stored.relation.right),
        words=stored.words,
        variables=ranges(stored.variables),
        hypotheses=tuple(
            Hypothesis(expression(one.left), strict=Relation(one.sign) is Relation.ABOVE) for one in stored.hypotheses
        ),
        constants=ranges(stored.constants),
        drawable=stored.drawable,
    )
