"""The proof witness: what establishes a sentence, what does not, and what refutes it."""

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp

from ste_theory.checks.facts import NotEstablished, check_cases, check_decomposition, not_negative
from ste_theory.checks.proof import Refutation, evaluate, refute
from ste_theory.claims import registry
from ste_theory.claims.claim import Claim, Domain, PlantedError, Source, Statement
from ste_theory.claims.proof import (
    Assumed,
    Case,
    Cases,
    CauchySchwarz,
    Counterexample,
    Decomposition,
    Fact,
    Identity,
    InRange,
    Justification,
    Known,
    Proof,
    RowSquares,
    Search,
    Sign,
    Square,
)
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, Level, Outcome, WitnessKind
from ste_theory.claims.witness import Context, WitnessResult
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import relu
from ste_theory.model.symbols import D, S, V, V_star, k, m, rho, theta, v

x, y = sp.Symbol("x", real=True), sp.Symbol("y", real=True)
UNIT = Variable(x, sp.S.Zero, sp.S.One)
WITNESS = next(witness for witness in registry.witnesses() if witness.kind is WitnessKind.PROOF)


def sentence(
    left: sp.Expr, relation: Relation = Relation.AT_LEAST, right: sp.Expr = sp.S.Zero, **more: object
) -> Sentence:
    """A sentence about x ∈ [0, 1] unless ``more`` says otherwise."""
    variables = more.pop("variables", (UNIT,) if left.has(x) or right.has(x) else ())
    return Sentence("s", left, relation, right, "words", variables=variables, **more)  # type: ignore[arg-type]


def claim(stated: Sentence, how: Justification | None, *lemmas: tuple[Sentence, Justification]) -> Claim:
    """A claim with one sentence."""
    justifications = {lemma.name: why for lemma, why in lemmas} | ({stated.name: how} if how else {})
    return Claim(
        id="test.sentence",
        title="t",
        kind=Kind.INEQUALITY,
        statement=Statement((), "words", sentences=(stated,)),
        domain=Domain("words", "none", unit_teacher=True),
        source=Source("test", "test"),
        problems=(Problem(binary(), relu()),),
        proof=lambda: Proof(justifications, tuple(lemma for lemma, _ in lemmas)),
        planted=(PlantedError("e", lambda s: s, WitnessKind.PROOF),),
    )


def examine(stated: Sentence, how: Justification | None, *lemmas: tuple[Sentence, Justification]) -> WitnessResult:
    """What the witness says."""
    return WITNESS.examine(claim(stated, how, *lemmas), Context(Level.QUICK, 1))


GRAM = sentence(V * V_star, right=D**2)


def decomposed(*terms: tuple[Fact, ...]) -> Decomposition:
    """A decomposition without words."""
    return Decomposition(terms, "")


def test_each_way_of_establishing_a_sentence() -> None:
    """Would have caught a justification that the witness does not know or cannot finish."""
    for stated, how in (
        (sentence(sp.sin(x) ** 2, Relation.EQUAL, 1 - sp.cos(x) ** 2), Identity("")),
        (GRAM, decomposed((CauchySchwarz(v[k], sp.IndexedBase("v_star", real=True)[k]),))),
        (sentence(x**2 - x + 1, Relation.ABOVE), Search("")),
        (sentence(sp.sin(theta)), Search("")),
    ):
        result = examine(stated, how)
        assert result.outcome is Outcome.PASS, result.detail
        assert result.assertions >= 2


def test_cases_must_cover_the_range() -> None:
    """Would have caught a hole between the cases, an overlapping that hides one, or a lemma for another function."""
    lemma = Sentence("half", x**2, Relation.AT_LEAST, sp.S.Zero, "w", variables=(Variable(x, sp.S.Zero, sp.S.Half),))
    whole = Sentence("s", y**2, Relation.AT_LEAST, sp.S.Zero, "w", variables=(Variable(y, -sp.S.Half, sp.S.Half),))
    both = (Case("half", x, x, sp.S.One), Case("half", x, -x, sp.S.One))
    check_cases(whole, Cases(both, ""), {"half": lemma})
    for broken in (both[:1], both[1:], (both[0], Case("half", x, -x / 2, sp.Integer(4)))):
        with pytest.raises(NotEstablished, match="nothing covers"):
            check_cases(whole, Cases(broken, ""), {"half": lemma})
    with pytest.raises(NotEstablished, match="is not the sentence"):
        check_cases(whole, Cases((both[0], Case("half", x, -x / 2, sp.S.One)), ""), {"half": lemma})
    with pytest.raises(NotEstablished, match="not established before"):
        check_cases(whole, Cases(both, ""), {})
    with pytest.raises(NotEstablished, match="shows less"):
        check_cases(replace(whole, relation=Relation.ABOVE), Cases(both, ""), {"half": lemma})


@pytest.mark.parametrize(
    ("stated", "terms", "reason"),
    [
        (sentence(x), ((Sign(y),),), "not visible"),
        (sentence(x), ((Sign(sp.Integer(-1)), Sign(-x)),), "not visible"),
        (sentence(x), ((InRange(y),),), "no variable"),
        (sentence(x), ((InRange(x, of=sp.S.Zero),),), "does not bound"),
        (sentence(x), ((Assumed(0),),), "no hypothesis"),
        (sentence(x), ((Known("other"),),), "not established before"),
        (sentence(x**2), ((Square(x), Sign(sp.Integer(2))),), "not the sum"),
        (sentence(x**2 + sp.Rational(1, 10**30)), ((Square(x),),), "not the sum"),
        (sentence(x**2, Relation.ABOVE), ((Square(x),),), "no term"),
        (sentence(x, Relation.EQUAL), ((InRange(x),),), "an equation"),
        (sentence(V, Relation.ABOVE), ((RowSquares(v[k]),),), "no term"),
    ],
)
def test_a_decomposition_that_shows_nothing(stated: Sentence, terms: tuple[tuple[Fact, ...], ...], reason: str) -> None:
    """Would have caught a fact that is not one: an invisible sign, somebody else's range, a missing hypothesis."""
    with pytest.raises(NotEstablished, match=reason):
        check_decomposition(stated, decomposed(*terms), {})


def test_a_lemma_is_used_within_its_range_only() -> None:
    """Would have caught a lemma for [0, 1] used at 2x, without its hypothesis, or for ≥ where > is needed."""
    lemma = Sentence("l", x * (1 - x), Relation.AT_LEAST, sp.S.Zero, "w", variables=(UNIT,))
    use = decomposed((Known("l"),))
    assert check_decomposition(sentence(x - x**2), use, {"l": lemma})
    outside = decomposed((Known("l", ((x, 2 * x),)),))
    with pytest.raises(NotEstablished, match="within its range"):
        check_decomposition(sentence(2 * x - 4 * x**2), outside, {"l": lemma})
    wide = Variable(x, -sp.S.One, sp.S.One)
    with pytest.raises(NotEstablished, match="within its range"):
        check_decomposition(sentence(x - x**2, variables=(wide,)), use, {"l": lemma})
    assuming = replace(lemma, hypotheses=(Hypothesis(x - sp.S.Half),))
    with pytest.raises(NotEstablished, match="needs a hypothesis"):
        check_decomposition(sentence(x - x**2), use, {"l": assuming})
    with pytest.raises(NotEstablished, match="no term"):
        check_decomposition(sentence(x - x**2, Relation.ABOVE), use, {"l": lemma})


@pytest.mark.parametrize(
    "expression", [x, x - 1, sp.sin(x), -(x**2), S, D, sp.cos(theta), 1 - 2 * sp.cos(x), m - 2, x**3]
)
def test_signs_that_are_not_visible(expression: sp.Expr) -> None:
    """Would have caught an invented sign: every one of these takes negative values."""
    assert not not_negative(expression)


@pytest.mark.parametrize(
    "expression",
    [
        x**2,
        V,
        rho,
        m - 1,
        1 - sp.cos(x),
        1 + sp.sin(x),
        sp.sin(theta),
        sp.pi - theta,
        sp.Abs(D) - D,
        x**2 + V,
        V_star / rho,
    ],
)
def test_signs_that_are(expression: sp.Expr) -> None:
    """Would have caught a sign that proofs rely on and the witness does not see."""
    assert not_negative(expression)


def test_a_false_sentence_is_refuted_whatever_its_proof_says() -> None:
    """Would have caught a witness that believes the proof: the counterexample is certified in balls."""
    for how in (Identity(""), Search(""), decomposed((Square(x),)), None):
        result = examine(sentence(x**2 - x), how)
        assert result.outcome is Outcome.FAIL
        assert result.certified
        assert result.counterexample
    tiny = examine(sentence(x, Relation.EQUAL, x + sp.Rational(1, 10**35)), Identity(""))
    assert tiny.outcome is Outcome.FAIL
    assert tiny.certified


def test_a_true_sentence_without_a_proof_is_undecided() -> None:
    """Would have caught a pass without evidence."""
    for how in (None, Identity(""), decomposed((Square(y),))):
        result = examine(sentence(x**2 + 1), how)
        assert result.outcome is Outcome.INCONCLUSIVE, result.detail


def test_hypotheses_that_nothing_satisfies_establish_nothing() -> None:
    """Would have caught a sentence that is true because it speaks of nothing."""
    empty = sentence(-x - 1, hypotheses=(Hypothesis(x - 2),))
    assert examine(empty, Search("")).outcome is Outcome.INCONCLUSIVE


def test_counterexamples_must_be_in_the_domain_and_certain() -> None:
    """Would have caught a counterexample outside the range, against a hypothesis, or at which the sentence holds."""
    stated = sentence(x - sp.S.Half, hypotheses=(Hypothesis(x - sp.Rational(1, 4)),))
    with pytest.raises(Refutation):
        refute(stated, Counterexample(((x, sp.Rational(1, 3)),), ""))
    for value in (sp.Rational(1, 5), sp.Integer(-1), sp.S.One, sp.S.Half):
        with pytest.raises(NotEstablished):
            refute(stated, Counterexample(((x, value),), ""))
    with pytest.raises(NotEstablished, match="no value"):
        refute(stated, Counterexample((), ""))


def test_a_family_must_fail_for_every_constant() -> None:
    """Would have caught "there is no A" concluded from some A: the family must leave none."""
    A = sp.Symbol("A", nonnegative=True)
    there_is = Sentence(
        "s",
        A,
        Relation.AT_LEAST,
        x,
        "w",
        constants=(Variable(A, sp.S.Zero),),
        variables=(Variable(x, sp.S.Zero),),
    )
    with pytest.raises(Refutation):
        refute(there_is, Counterexample(((x, A + 1),), ""))
    for value in (sp.Integer(7), A, A - 1, 2 * A):
        with pytest.raises(NotEstablished):
            refute(there_is, Counterexample(((x, value),), ""))


def test_weights_give_the_scalars_of_a_counterexample() -> None:
    """Would have caught scalars that no network has: they are computed from v and v*."""
    false = sentence(V, right=V_star)
    weights = ((Fraction(1), Fraction(0)), (Fraction(1), Fraction(1)))
    with pytest.raises(Refutation, match="v = "):
        refute(false, Counterexample((), "", weights=weights))
    with pytest.raises(NotEstablished):
        refute(false, Counterexample((), "", weights=(weights[1], weights[0])))


def test_sentences_are_complete() -> None:
    """Would have caught a letter without a range, or one with two meanings."""
    with pytest.raises(InvalidInput, match="no range"):
        sentence(x + y)
    with pytest.raises(InvalidInput, match="two meanings"):
        sentence(x, variables=(UNIT, UNIT))
    with pytest.raises(InvalidInput, match="uses"):
        sentence(x, variables=(Variable(x, y), Variable(y, sp.S.Zero)))
    statement = Statement((), "w", sentences=(GRAM, GRAM))
    with pytest.raises(InvalidInput, match="two sentences"):
        replace(claim(GRAM, None), statement=statement)


def test_what_is_assumed_of_a_letter_must_be_its_range() -> None:
    """Would have caught "x > 0 on [0, 1]" proved from a symbol that SymPy assumes to be positive."""
    positive = sp.Symbol("x", positive=True)
    for symbol, lower in ((positive, sp.S.Zero), (positive, -sp.S.One), (sp.Symbol("x", nonnegative=True), -sp.S.One)):
        with pytest.raises(InvalidInput, match="assumed"):
            sentence(symbol, variables=(Variable(symbol, lower, sp.S.One),))
    with pytest.raises(InvalidInput, match="integer"):
        sentence(sp.Symbol("q", integer=True), variables=(Variable(sp.Symbol("q", integer=True), sp.S.Zero),))
    assert examine(sentence(theta, Relation.ABOVE), decomposed((Sign(theta),))).outcome is not Outcome.PASS


@pytest.mark.parametrize(
    ("stated", "fact"),
    [
        (sentence(x - sp.Rational(1, 1000)), Square(sp.sqrt(x - sp.Rational(1, 1000)))),
        (sentence(-V), RowSquares(sp.I * v[k])),
        (sentence(-m), Square(sp.I * sp.sqrt(m))),
    ],
)
def test_squares_of_what_is_not_real_are_no_facts(stated: Sentence, fact: Fact) -> None:
    """Would have caught a negative number as the square of an imaginary one."""
    with pytest.raises(NotEstablished, match="not visibly real"):
        check_decomposition(stated, decomposed((fact,)), {})


def test_a_lemma_speaks_of_its_own_variables_only() -> None:
    """Would have caught a lemma used at another value of a constant, or of a letter of the network."""
    a = sp.Symbol("a", nonnegative=True)
    constant = Sentence("l", a, Relation.AT_LEAST, sp.S.Zero, "w", constants=(Variable(a, sp.S.Zero),))
    with pytest.raises(NotEstablished, match="constants"):
        check_decomposition(sentence(x - 1), decomposed((Known("l", ((a, x - 1),)),)), {"l": constant})
    used = decomposed((Known("s", ((D, 100 * D),)),))
    with pytest.raises(NotEstablished, match="not its variables"):
        check_decomposition(sentence(V * V_star, right=10**4 * D**2), used, {"s": GRAM})


def test_places_where_nothing_is_defined_do_not_count() -> None:
    """Would have caught a sentence looked at in a hundred places, at none of which it has a value."""
    nowhere = sentence(sp.sqrt(-1 - x**2))
    assert examine(nowhere, decomposed((Square((-1 - x**2) ** sp.Rational(1, 4)),))).outcome is Outcome.INCONCLUSIVE
    tie = sentence(x**2, Relation.ABOVE, variables=(Variable(x, sp.S.Zero, sp.S.One),))
    assert examine(tie, Search("")).outcome is Outcome.FAIL


def test_a_true_sentence_is_not_refuted() -> None:
    """Would have caught a refutation against a hypothesis, by a chosen constant or scalar, or through a false lemma."""
    excluded = sentence(x, Relation.ABOVE, hypotheses=(Hypothesis(x, strict=True),))
    assert examine(excluded, Search("")).outcome is not Outcome.FAIL
    A = sp.Symbol("A", nonnegative=True)
    there_is = Sentence("s", A, Relation.AT_LEAST, x, "w", (UNIT,), constants=(Variable(A, sp.S.Zero),))
    for stated, values in (
        (there_is, ((A, sp.S.Zero), (x, sp.S.One))),
        (sentence(V), ((V, -sp.S.One),)),
        (sentence(sp.sin(theta)), ((theta, sp.Integer(4)),)),
    ):
        with pytest.raises(NotEstablished):
            refute(stated, Counterexample(values, ""))
    zero = ((Fraction(1),), (Fraction(0),))
    with pytest.raises(NotEstablished, match="no teacher"):
        refute(sentence(V_star, Relation.ABOVE), Counterexample((), "", weights=zero))
    false = Sentence("l", x, Relation.AT_LEAST, sp.S.One, "w", (UNIT,))
    assert examine(sentence(x**2), decomposed((Square(x),)), (false, Search(""))).outcome is Outcome.INCONCLUSIVE
    empty = Variable(x, V, sp.S.One)
    assert (
        examine(sentence(sp.S.One, right=x, variables=(empty,)), decomposed((InRange(x, upper=True),))).outcome
        is Outcome.PASS
    )


def test_places_outside_the_hypotheses_are_not_tried() -> None:
    """Would have caught a search that counts places of which the sentence says nothing."""
    (properties,) = [witness for witness in registry.witnesses() if witness.kind is WitnessKind.PROPERTIES]
    nowhere = sentence(x, hypotheses=(Hypothesis(x - 2),))
    assert properties.examine(claim(nowhere, None), Context(Level.QUICK, 1)).assertions == 0
    assert properties.examine(claim(sentence(x), None), Context(Level.QUICK, 1)).assertions > 0
    assert not properties.applies(claim(replace(nowhere, drawable=False), None))


def test_a_range_with_an_upper_end_alone_is_kept() -> None:
    """Would have caught: x ≤ 0 drawn at x > 0, a true sentence refuted there with a certificate."""
    below = sentence(-x, variables=(Variable(x, -sp.oo, sp.S.Zero),))
    assert examine(below, decomposed((InRange(x, upper=True),))).outcome is Outcome.PASS
    (properties,) = [witness for witness in registry.witnesses() if witness.kind is WitnessKind.PROPERTIES]
    assert properties.examine(claim(below, None), Context(Level.QUICK, 1)).outcome is Outcome.PASS
    false = replace(below, left=-1 - x)
    assert properties.examine(claim(false, None), Context(Level.STANDARD, 1)).outcome is Outcome.FAIL


def test_a_counterexample_has_a_length() -> None:
    """Would have caught a counterexample at ‖w‖ < 0."""
    with pytest.raises(NotEstablished, match="not positive"):
        refute(sentence(rho), Counterexample(((rho, -sp.S.One),), ""))


def test_an_evaluation_tells_two_numbers_apart() -> None:
    """Would have caught: a tie, a sentence about every x, an equation settled by one evaluation, a false one passed."""
    evaluate(sentence(sp.sqrt(2), Relation.ABOVE, sp.Rational(7, 5)))
    with pytest.raises(Refutation):
        evaluate(sentence(sp.sqrt(2), Relation.ABOVE, sp.Rational(3, 2)))
    with pytest.raises(NotEstablished, match="do not tell"):
        evaluate(sentence(sp.sin(1) ** 2 + sp.cos(1) ** 2, Relation.ABOVE, sp.S.One))
    for stated in (sentence(x), sentence(theta), sentence(sp.S.One, Relation.EQUAL, sp.S.One)):
        with pytest.raises(NotEstablished, match="between two numbers"):
            evaluate(stated)
    with pytest.raises(NotEstablished, match="hypotheses"):
        evaluate(sentence(sp.S.One, hypotheses=(Hypothesis(sp.sqrt(2) - 2),)))
