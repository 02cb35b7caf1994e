"""Sentences and proofs on the page."""

from fractions import Fraction

import sympy as sp

from ste_theory.claims.exposition import expressions, shown_proof, shown_sentence, variables
from ste_theory.claims.proof import (
    Assumed,
    Case,
    Cases,
    CauchySchwarz,
    Counterexample,
    Decomposition,
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
from ste_theory.model.symbols import S, V, m, theta, v
from ste_theory.model.symbols import k as row
from ste_theory.notation.unicode import text

x, A = sp.Symbol("x", real=True), sp.Symbol("A", nonnegative=True)
ONE = sp.S.One


def sentence(name: str, left: sp.Expr, right: sp.Expr, *variables: Variable, **more: object) -> Sentence:
    return Sentence(name, left, Relation.AT_LEAST, right, "in words", variables, **more)  # type: ignore[arg-type]


def test_ranges_and_hypotheses_are_written_as_people_do() -> None:
    """Would have caught: −V ≥ 0 for V ≤ 0, an infinite end written down, an angle called a network."""
    shown = shown_sentence(
        sentence(
            "one",
            x * V,
            S,
            Variable(x, -sp.oo, ONE),
            Variable(sp.Symbol("y", real=True), ONE),
            Variable(sp.Symbol("z", real=True), -sp.oo, sp.oo),
            hypotheses=(Hypothesis(-V), Hypothesis(V - S, strict=True), Hypothesis(-(S**2) - V, strict=True)),
            constants=(Variable(A, sp.S.Zero),),
        )
    )
    assert shown.over == "all networks"
    assert [text(one) for one in shown.constants] == ["A ≥ 0"]
    assert [text(one) for one in shown.ranges] == ["x ≤ 1", "y ≥ 1", "z ∈ R"]
    written = [text(h.left) + h.sign.text + text(h.right) for h in shown.hypotheses]
    assert written == ["V ≤ 0", "V − S > 0", "V + S² < 0"]
    angle = shown_sentence(sentence("two", sp.sin(theta), sp.S.Zero))
    assert (angle.over, [text(one) for one in angle.ranges]) == ("", ["0 ≤ θ ≤ π"])
    assert shown_sentence(sentence("three", x, ONE, Variable(x, ONE))).over == ""


def test_denominators_are_factored_and_nothing_else_is_changed() -> None:
    """Would have caught: a sum over rows whose denominators fill lines, an inequality simplified before it is shown."""
    shown = shown_sentence(sentence("one", V / (m**2 + 2 * m + 1) + (m + 1) ** 2, V * (1 - 2 / sp.pi)))
    assert text(shown.relation.left) == "(m + 1)² + V/(m + 1)²"
    assert text(shown.relation.right) == "V (1 − 2/π)"


def test_sides_that_are_written_alike_are_said_to_be_so() -> None:
    """Would have caught: an identity 0 = 0 that looks like a mistake."""
    assert shown_sentence(Sentence("one", V - V, Relation.EQUAL, sp.S.Zero, "in words")).same
    assert not shown_sentence(Sentence("two", V, Relation.EQUAL, S, "in words")).same


LEMMA = sentence("lemma", x**2, x - 1, Variable(x, sp.S.Zero, ONE))
MAIN = sentence("main", V, S, Variable(x, sp.Max(V, S)), hypotheses=(Hypothesis(V - S),))


def decomposed(*terms: tuple[object, ...], **more: object) -> list[tuple[str, str, str]]:
    how = Decomposition(terms, "so", **more)  # type: ignore[arg-type]
    proof = shown_proof(Proof({MAIN.name: how}, (LEMMA,)), (MAIN,))
    return [(text(one.relation.left), text(one.relation.right), one.note) for one in proof.arguments[1].lines]


def test_a_decomposition_is_a_sum_with_a_reason_for_every_factor() -> None:
    """Would have caught: a fact written as another one, a factor left out, a sign that nobody accounts for."""
    lines = decomposed(
        (Sign(V), Square(V - S)),
        (Assumed(0), InRange(x, of=V)),
        (RowSquares(v[row]), CauchySchwarz(v[row], ONE)),
        (Known("lemma", ((x, V),)),),
    )
    assert lines == [
        ("left − right", "V (V − S)²", ""),
        ("", "(V − S) (x − V)", "by assumption; by the range of x"),
        (
            "",
            "(Σ_{k=1..m} v_k²) (m Σ_{k=1..m} v_k² − (Σ_{k=1..m} v_k)²)",
            "by the inequality of Cauchy and Schwarz",
        ),
        ("", "(1 − V + V²)", "by 'lemma' at x = V"),
    ]
    assert decomposed((Sign(V),), multiplier=Sign(m + 1))[0][0] == "(m + 1)·(left − right)"


def test_every_other_way_is_named() -> None:
    """Would have caught: a search shown as algebra, a counterexample without its values, a gap that nobody sees."""
    cases = Cases((Case("lemma", x, x / 2, sp.Integer(3)),), "covered")
    found = Counterexample(((theta, sp.pi / 2), (x, A + 1)), "there", ((Fraction(-1, 2),), (Fraction(1),)))
    exists = sentence("exists", A * x, V, Variable(x, ONE), constants=(Variable(A, sp.S.Zero),))
    others = [sentence(name, x, ONE, Variable(x, ONE)) for name in ("identity", "search", "cases", "gap")]
    how: dict[str, Justification] = {"identity": Identity("a"), "search": Search("b"), "cases": cases, "exists": found}
    shown = shown_proof(Proof(how, conclusion="So."), (*others, exists))
    identity, search, covered, gap, refuted = shown.arguments
    assert (identity.method, identity.because) == ("by exact algebra", "a")
    assert "search in balls" in search.method
    assert [(text(line.relation.right), line.note) for line in covered.lines] == [
        ("x/2", "it is 'lemma' at x, multiplied by 3")
    ]
    assert gap.method == "nothing is said about it"
    assert refuted.method == "refuted by a counterexample for every A"
    values = [f"{text(line.relation.left)} = {text(line.relation.right)}" for line in refuted.lines]
    assert values == ["v = (−1/2)", "v* = (1)", "θ = π/2", "x = 1 + A"]
    assert [argument.refutes for argument in shown.arguments] == [False, False, False, False, True]
    assert all(argument.lemma is None for argument in shown.arguments)
    assert shown.conclusion == "So."


def test_the_legend_knows_every_letter_of_a_proof() -> None:
    """Would have caught: a letter that occurs in a lemma, a range or a fact alone and is explained nowhere."""
    proof = Proof({"main": Decomposition(((RowSquares(v[row]),),), "so")}, (LEMMA,))
    letters = set().union(*(one.free_symbols for one in expressions((MAIN,), proof)))
    assert {x, V, S, v[row]} <= letters | {v[row]}
    assert v[row] in set(expressions((MAIN,), proof))
    assert variables((MAIN,), proof) == ("x",)
