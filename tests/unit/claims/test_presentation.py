"""Claims and derivations as text."""

import pytest
import sympy as sp

from ste_theory.calculus.derivation import Chain, Check, Derivation, Grade, Options, Rule
from ste_theory.claims.presentation import shown, shown_derivation
from ste_theory.claims.printing import latex, text
from ste_theory.claims.verdict import Kind
from ste_theory.model import symbols as sym
from ste_theory.model.quantities import Quantity
from tests.unit.claims.fakes import claim


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (sym.S * sym.S_star, "S·S*"),
        (sym.S_star**2 * sym.V_star / 4, "S*^2·V*/4"),
        (sp.sqrt(2 * sp.pi) * sym.rho_star, "sqrt(2)·sqrt(π)·ρ*"),
        (sym.mu_prime(sym.rho * sym.a) * sym.sigma(sym.a), "μ′(a·ρ)·σ(a)"),
        (sym.w_hat + sym.u_hat, "û + ŵ"),
        (sym.v_star[sym.k] * sym.v[sym.k], "v[k]·v*[k]"),
        (sp.Integral(sym.x, (sym.x, -sp.oo, sp.oo)), "Integral(x, (x, -∞, ∞))"),
        (sp.exp(-(sym.x**2) / 2), "exp(-x^2/2)"),
    ],
)
def test_text_has_the_letters_of_the_papers(expression: sp.Expr, expected: str) -> None:
    """Would have caught: S** for S*·…, rho_star for ρ*, or a star of multiplication taken for a teacher's."""
    assert text(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (sym.S_star**2, r"\left(S^{*}\right)^{2}"),
        (sym.rho_star * sym.w_hat, r"\rho^{*} \hat{w}"),
        (sym.mu_prime(sym.a), r"\mu'{\left(a \right)}"),
        (sym.sigma(sym.a) ** 2, r"\sigma^{2}{\left(a \right)}"),
        (sp.Symbol("c_max"), r"c_{max}"),
    ],
)
def test_latex_has_the_letters_of_the_papers(expression: sp.Expr, expected: str) -> None:
    """Would have caught: S_{star} in every published statement."""
    assert latex(expression) == expected


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
    assert (part.quantity, part.start) == ("loss", "V + 1")
    assert (step.rule, step.reason, step.result) == ("doubling", "it is wrong", "2·V + 1")
    assert (step.grade, step.argument) == (label, "because")
    assert seen == ["loss: re-checking step 1/1"]


def test_a_claim_shows_what_it_consists_of() -> None:
    """Would have caught: a part of a claim that show leaves out."""
    found = shown(claim("a.b", rests_on=["c.d"], statement_uses=["e.f"], kind=Kind.LIMIT))
    assert found.equations == (("loss", "V/8", Quantity.LOSS.meaning),)
    assert found.required == (("quick, standard, full", "derivation, properties, planted"),)
    assert (found.proof_uses, found.statement_uses) == (("c.d",), ("e.f",))
    assert found.planted == (("doubled", "sampling"),)
    assert shown(claim("a.b"), form=latex).equations[0][:2] == ("f", r"\frac{V}{8}")
