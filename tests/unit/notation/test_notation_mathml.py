"""Formulas as MathML: what stands there, and that every formula of every claim has a form."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from xml.etree import ElementTree

import pytest
import sympy as sp

from ste_theory.calculus.expectation import Expectation, OthersSum, indicator
from ste_theory.claims import registry
from ste_theory.claims.presentation import shown
from ste_theory.model import symbols as sym
from ste_theory.notation import latex, unicode
from ste_theory.notation.formula import Letter
from ste_theory.notation.mathml import Broken, broken, mathml
from ste_theory.notation.mathml_letters import UnknownCommand, mathml_of
from ste_theory.notation.printer import formula
from ste_theory.notation.prose import spans

x = sym.x
TALL = sp.Piecewise((2 - 2 * sp.Abs(x), (x < 1) & (x > -1)), (0, True))


def plain(elements: str) -> str:
    """What a reader sees, left to right, without invisible signs."""
    root = ElementTree.fromstring(f"<math>{elements}</math>")
    return "".join("".join(root.itertext()).split()).translate({0x2061: None, 0x2062: None, 0xA0: " "})


@pytest.mark.parametrize(
    ("expression", "seen", "elements"),
    [
        (sym.S_star**2 * sym.V / 8, "V(S*)28", ["<mfrac>", "<msup>", ">∗<"]),
        (sym.D - sym.V, "D−V", ["infix"]),
        (-sym.D, "−D", ['form="prefix"']),
        (Expectation(sym.a * indicator(sym.a)), "E[a1{a>0}]", ['class="bold"', "fence"]),
        (OthersSum(sym.v[sym.j], sym.j, sym.i), "∑j≠ivj", ["<munder>", "largeop"]),
        (sp.sqrt(2 * sp.pi), "2π", ["<msqrt>"]),
        (sp.sin(sym.theta), "sinθ", ["&#x2061;"]),
        (TALL, "{2−2|x|ifx>−1andx<1 0otherwise".replace(" ", ""), ["<mtable", "<mtr>"]),
    ],
)
def test_an_expression(expression: sp.Expr, seen: str, elements: list[str]) -> None:
    """Would have caught: a factor or a sign lost on the way, an indicator or a mean that is written as letters."""
    written = mathml(formula(expression))
    assert plain(written).replace("∗", "*").replace(" ", "") == seen
    assert all(element in written for element in elements)


def test_cases_in_the_other_notations() -> None:
    """Would have caught: a piecewise formula left to SymPy's printer, whose names are not ours."""
    assert unicode.text(formula(TALL)) == "{2 − 2|x| if x > −1 and x < 1; 0 otherwise}"
    assert latex.latex(formula(TALL)).startswith(r"\begin{cases} 2 - 2 \lvert x\rvert & \text{if } x > -1\text{ and }x")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\hat{w}", '<mover accent="true"><mi>w</mi><mo stretchy="false">^</mo></mover>'),
        (r"v^{*}_{k}", "<msubsup><mi>v</mi><mi>k</mi>"),
        (r"-x", '<mo form="prefix">−</mo><mi>x</mi>'),
        (r"= -x", '<mo>=</mo><mo form="prefix">−</mo><mi>x</mi>'),
        (r"x - 1", "<mi>x</mi><mo>−</mo><mn>1</mn>"),
        (r"\mathbb{R}", "<mi>ℝ</mi>"),
        (r"\mathbb{E} g", '<mi mathvariant="normal">E</mi><mspace width="0.17em"/><mi>g</mi>'),
        (r"\text{ if }", "<mtext>\xa0if\xa0</mtext>"),
    ],
)
def test_letters(source: str, expected: str) -> None:
    """Would have caught: a sign taken for a difference, an index that leaves its letter."""
    assert mathml_of(source).startswith(expected)


@pytest.mark.parametrize("source", [r"\foo", r"\hat", r"{x", r"\begin{cases}"])
def test_other_latex_is_refused(source: str) -> None:
    """Would have caught: a command that is silently dropped, and with it a part of a formula."""
    with pytest.raises(UnknownCommand):
        mathml_of(source)


def flat(parts: Broken) -> Iterator[str]:
    for part in parts.parts:
        yield from flat(part) if isinstance(part, Broken) else [part]


def test_a_long_formula_is_cut_at_its_outermost_sum() -> None:
    """Would have caught: a bracket whose ends stand in different elements of one part, a term lost at a break."""
    many = sum((sym.v[sym.k] * (x + n) / (sym.rho + n) for n in range(9)), sp.S.Zero)
    written = formula(many * sym.V + (sym.D + many) * sym.S)
    parts = broken(written)
    assert len(parts.parts) > 1
    assert any(isinstance(part, Broken) for part in parts.parts)
    for part in flat(parts):
        ElementTree.fromstring(f"<math>{part}</math>")
    assert plain("".join(flat(parts))) == plain(mathml(written))


def formulas(shown_part: object) -> Iterator[Letter | str]:
    """Every letter and every text of a claim on the page."""
    if isinstance(shown_part, (Letter, str)):
        yield shown_part
    elif is_dataclass(shown_part):
        for field in fields(shown_part):
            yield from formulas(getattr(shown_part, field.name))
    elif isinstance(shown_part, tuple):
        for inner in shown_part:
            yield from formulas(inner)


@pytest.mark.parametrize("claim_id", tuple(registry.claims()))
def test_every_formula_of_a_claim_has_a_form(claim_id: str) -> None:
    """Would have caught: a letter or a sign in a sentence that MathML does not know, or elements that do not close."""
    claim, count = registry.claims()[claim_id], 0
    for found in formulas(shown(claim, proof=claim.proof() if claim.proof is not None else None)):
        sources = [found.latex] if isinstance(found, Letter) else [s.text for s in spans(found) if s.is_formula]
        for source in sources:
            count += 1
            ElementTree.fromstring(f"<math>{mathml_of(source)}</math>")
    assert count > 5
