"""How expressions are written, in LaTeX and in text."""

import math

import pytest
import sympy as sp

from ste_theory.calculus.definitions import coarse_gradient, population_loss
from ste_theory.calculus.expectation import Expectation, OthersSum, Phi, indicator, phi
from ste_theory.claims.printing import latex, text
from ste_theory.model import symbols as sym
from ste_theory.notation.formula import Formula, Group, Letter, Power, Product, Quotient, Root, Terms
from ste_theory.notation.letters import slug
from ste_theory.notation.printer import formula, product_of
from ste_theory.notation.unicode import text as unicode

V, S, D, theta, rho, a, x = sym.V, sym.S, sym.D, sym.theta, sym.rho, sym.a, sym.x


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (S * sym.S_star, "SS*"),
        (sym.S_star**2 * sym.V_star / 4, "V* (S*)²/4"),
        (sym.mu_prime(rho * a) * sym.sigma(a), "μ′(ρa) σ(a)"),
        (sym.w_hat + sym.u_hat, "ŵ + û"),
        (sym.v_star[sym.k] * sym.v[sym.k], "v_k v*_k"),
        (sp.Integral(x, (x, -sp.oo, sp.oo)), "∫[−∞, ∞] x dx"),
        (sp.exp(-(x**2) / 2), "e^(−x²/2)"),
        (sp.Symbol("c_max"), "c_max"),
        (sp.Max(x, 0), "max(0, x)"),
        (sp.atan(x / 3), "arctan(x/3)"),
        (sp.Abs(D) - sp.sqrt(V), "|D| − √V"),
        (sp.sin(x) * sp.cos(theta) ** 2, "sin x cos²θ"),
        (sp.Rational(3, 16) * sp.pi, "3π/16"),
        (sp.Symbol("lambda") * sp.Symbol("C_v"), "C_v λ"),
        (sp.Symbol("epsilon") + sp.Symbol("kappa"), "ε + κ"),
        (sp.Gt(x, V), "x > V"),
        (Expectation(indicator(1 - rho * a) * indicator(rho * a) * a), "E[a 1{0 < ρa < 1}]"),
        (indicator(-a) * indicator(theta - x), "1{a < 0} 1{θ − x > 0}"),
        (V + S**2 - S * sym.S_star + D, "V + S² − SS* + D"),
        (1 - 2 * theta / sp.pi, "1 − 2θ/π"),
        (theta - sp.pi / 2, "θ − π/2"),
        (theta + sp.pi / 2, "θ + π/2"),
        (sym.m + 1, "m + 1"),
        ((2 * sym.m - 2) * D, "2D (m − 1)"),
        (-D * sp.sin(theta) * sp.cos(theta), "−D sinθ cosθ"),
        (sp.cos(theta) / sp.sin(theta) * x, "x cotθ"),
        (-OthersSum(-sym.v[sym.j], sym.j, sym.i), "Σ_{j≠i} v_j"),
        (-sp.Sum(sym.v[sym.i], (sym.i, 1, sym.m)), "−Σ_{i=1..m} v_i"),
        (Phi(x) * phi(x), "φ(x) Φ(x)"),
        (sp.Mul(V - D, -D / rho, evaluate=False), "−(V − D) · D/ρ"),
    ],
)
def test_text(expression: sp.Expr, expected: str) -> None:
    """Would have caught: S** for S*·…, rho_star for ρ*, constants behind letters, a sum with a negative term first."""
    assert text(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (sym.S_star**2, r"(S^{*})^{2}"),
        (sym.rho_star * sym.w_hat, r"\rho^{*} \hat{w}"),
        (sym.mu_prime(a), r"\mu'(a)"),
        (sym.sigma(a) ** 2, r"\sigma(a)^{2}"),
        (sp.Symbol("c_max"), r"c_{\mathrm{max}}"),
        (sp.sin(theta) ** 2, r"\sin^{2} \theta"),
        (sp.cos(theta / 2), r"\cos(\theta/2)"),
        (sym.v[sym.k] ** 2, r"v_{k}^{2}"),
        (sym.v_star[sym.k] ** 2, r"(v^{*}_{k})^{2}"),
        (Expectation(indicator(x)) / 2, r"\frac{1}{2} \, \mathbb{E}\bigl[\mathbf{1}\lbrace x > 0\rbrace \bigr]"),
        (sp.tanh(x), r"\tanh(x)"),
    ],
)
def test_latex(expression: sp.Expr, expected: str) -> None:
    """Would have caught: S_{star} in every published statement, \\left( that cannot be broken, sin(θ)²."""
    assert latex(expression) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1 / sp.sqrt(2 * sp.pi), "1/√(2π)"),
        (sp.sqrt(2) / sp.sqrt(sp.pi), "√(2/π)"),
        (sp.sqrt(2 * sp.pi) / 2, "√(π/2)"),
        (sp.sqrt(2 * sp.pi), "√(2π)"),
        (sp.sqrt(2 * sp.pi) ** -3, "1/(2π)^(3/2)"),
        (1 / (2 * sp.sqrt(2 * sp.pi)), "1/(2√(2π))"),
        (sp.sqrt(2) / 2, "1/√2"),
        (sp.sqrt(8), "2√2"),
        (sp.Rational(-3, 4) * sp.pi**2, "−3π²/4"),
        (sp.pi ** sp.Rational(3, 2) / 5, "π^(3/2)/5"),
        (1 / sp.pi**2, "1/π²"),
    ],
)
def test_constants_have_one_root(value: sp.Expr, expected: str) -> None:
    """Would have caught: √2/(2√π) where everybody writes 1/√(2π)."""
    assert text(value) == expected


def value_of(written: Formula) -> float:
    """The number that a reader of the formula computes."""
    match written:
        case Letter(_, text_):
            return math.pi if text_ == "π" else float(text_)
        case Product(factors):
            return math.prod(map(value_of, factors))
        case Quotient(top, bottom):
            return value_of(top) / value_of(bottom)
        case Power(base, exponent):
            return float(value_of(base) ** value_of(exponent))
        case Root(inner):
            return math.sqrt(value_of(inner))
        case Group(_, inner):
            return value_of(inner)
        case Terms(terms):
            return sum(-value_of(term.body) if term.negative else value_of(term.body) for term in terms)
        case _:
            raise TypeError(written)


@pytest.mark.parametrize("power", [sp.Rational(k, 2) for k in range(-5, 6)])
@pytest.mark.parametrize("number", ["1", "2/3", "-8", "12/25"])
@pytest.mark.parametrize("root", ["1", "2", "3/2", "1/8"])
def test_constants_keep_their_value(power: sp.Rational, number: str, root: str) -> None:
    """Would have caught: a factor lost when roots and powers of π are collected."""
    value = sp.Rational(number) * sp.sqrt(sp.Rational(root)) * sp.pi**power
    assert value_of(formula(value)) == pytest.approx(float(value), rel=1e-14)


@pytest.mark.parametrize("expression", [population_loss, coarse_gradient(sym.w_hat)])
def test_brackets_match(expression: sp.Expr) -> None:
    """Would have caught: a bracket that was opened and never closed."""
    for opening, closing in [("(", ")"), ("[", "]"), ("{", "}"), ("⟨", "⟩")]:
        assert text(expression).count(opening) == text(expression).count(closing)
    for opening, closing in [(r"\biggl", r"\biggr"), (r"\bigl", r"\bigr"), (r"\langle", r"\rangle"), ("{", "}")]:
        assert latex(expression).count(opening) == latex(expression).count(closing)


def test_a_product_keeps_its_factors_apart() -> None:
    """Would have caught: a decomposition multiplied out, a number that seems to belong to the factor before it."""
    factors = [sp.Integer(1), x + 1, sp.Integer(2), V]
    assert unicode(product_of(factors)) == "(1 + x) (2) V"
    assert unicode(product_of([sp.Integer(1)])) == "1"


def test_names_become_words_of_ascii() -> None:
    """Would have caught: a label or a file name that TeX or a shell does not take."""
    assert [slug(name) for name in ("at θ = π", "the matrix I + 11ᵀ", "|vᵀv*| / 2", "é")] == [
        "at-theta-pi",
        "the-matrix-i-11t",
        "vtv-2",
        "e",
    ]
