"""Claims and derivations as text."""

from dataclasses import replace

import pytest
import sympy as sp

from ste_theory.calculus.derivation import Chain, Check, Derivation, Grade, Options, Rule
from ste_theory.claims import registry
from ste_theory.claims.presentation import shown, shown_derivation, shown_document
from ste_theory.claims.verdict import Kind
from ste_theory.model import symbols as sym
from ste_theory.model.quantities import Quantity
from ste_theory.notation.formula import Letter
from ste_theory.notation.printer import formula
from ste_theory.notation.unicode import text
from tests.unit.claims.fakes import claim


def double(node: sp.Expr, options: Options) -> sp.Expr:
    return sp.Mul(2, node, evaluate=True)


def derivation(grade: Grade) -> Derivation:
    rule = Rule("doubling", "a = 2a", lambda f: [sym.V], double, lambda *_: Check(grade, "because"))
    return Derivation((Chain(Quantity.LOSS, sym.V + 1).by(rule, "it is wrong").done(),))


@pytest.mark.parametrize(
    ("grade", "label"), [(Grade.EXACT, "exact"), (Grade.AT_POINTS, "checked at points"), (Grade.WRONG, "wrong")]
)
def test_a_step_shows_rule_reason_result_and_the_grade_of_its_recheck(grade: Grade, label: str) -> None:
    """Would have caught: a grade that was stored instead of decided again, or the start shown for the result."""
    seen: list[str] = []
    (part,) = shown_derivation(derivation(grade), progress=seen.append)
    (step,) = part.steps
    assert (part.quantity, text(part.start)) == (Letter("f", "f"), "1 + V")
    assert (step.number, step.rule, step.reason) == (1, "doubling", "it is wrong")
    assert (text(step.before), text(step.result)) == ("1 + V", "1 + 2V")
    assert (step.grade, step.argument) == (label, "because")
    assert seen == ["loss: re-checking step 1/1"]


def test_a_claim_shows_what_it_consists_of() -> None:
    """Would have caught: a part of a claim that show leaves out."""
    found = shown(claim("a.b", rests_on=["c.d"], statement_uses=["e.f"], kind=Kind.LIMIT))
    (equation,) = found.equations
    assert (equation.name, equation.left.text, text(equation.right)) == ("loss", "f", "V/8")
    assert equation.meaning == Quantity.LOSS.meaning
    assert found.symbols == (("V", "‖v‖²"),)
    assert found.required == (("quick, standard, full", "proof, properties, planted"),)
    assert (found.proof_uses, found.statement_uses) == (("c.d",), ("e.f",))
    assert found.planted == (("doubled", "sampling"),)


def test_components_of_a_stated_vector_are_no_equations_of_their_own() -> None:
    """Would have caught: the same statement printed twice, or a component that is no component left out."""
    stated = registry.claims()["yin2019.relu"]
    found = shown(stated, derivation=stated.derivation() if stated.derivation else None)
    assert [equation.name for equation in found.equations] == ["vector", "v_gradient"]
    assert [equation.name for equation in found.components] == [
        "coarse_gradient.radial",
        "coarse_gradient.tangential",
        "coarse_gradient.orthogonal",
    ]
    assert {"ŵ", "û", "E[…]", "1{…}"} <= {letters for letters, _ in found.symbols}


def test_steps_are_numbered_through_all_parts() -> None:
    """Would have caught: two steps of a claim with the same number."""
    document = shown_document(registry.claims()["yin2019.identity"])
    numbers = [step.number for part in document.parts for step in part.steps]
    assert numbers == list(range(1, len(numbers) + 1))
    for part in document.parts:
        chain = [part.start, *(step.result for step in part.steps)]
        assert [step.before for step in part.steps] == chain[:-1]


def test_a_derivation_says_where_it_starts_and_that_it_ends_in_what_is_stated() -> None:
    """Would have caught: a chain that ends in the air, a foundation that is not named, a comparison taken for
    granted."""
    (part,) = shown_document(registry.claims()["yin2019.identity-correlation"]).parts
    assert part.origin == ("yin2019.identity", "general.binary-gradients")
    assert part.comparison is not None
    assert part.comparison.grade == "exact"
    right = registry.claims()["yin2019.loss"]
    (part,) = shown_document(right).parts
    assert part.origin == ("general.plane-reduction",)
    wrong = replace(right, statement=right.statement.replacing(Quantity.LOSS, lambda f: 2 * f))
    (part,) = shown_document(wrong).parts
    assert part.comparison is not None
    assert part.comparison.grade == "wrong"


def test_the_polar_angle_is_not_written_as_the_density() -> None:
    """Would have caught: φ for the angle beside φ(x) for the density of N(0, 1), in one derivation."""
    assert text(formula(sym.phi_angle)) == "ω"
