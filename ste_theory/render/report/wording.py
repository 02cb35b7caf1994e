"""What stands in results.json in the signs of ASCII, as people read it: numbers, names of quantities, names of letters.

The one place of the report that does so. Terminal, files and the results keep the plain forms.
"""

import re

from ste_theory.model.quantities import Quantity
from ste_theory.notation.letters import letter, letter_of_latex
from ste_theory.render.markup import Html, joined, tag
from ste_theory.render.report.mathematics import prose

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_POWER = re.compile(r"(?<![\w.])([\d.]+(?:\([\d.]+\))?)e([-+−]?)(\d+)(?![\w.]*\w)")
_MINUS = re.compile(r"(?<![\w.)\]])-(?=[\d.])")
# Counts in details of older files.
_ONE = re.compile(r"(?<![\d.,])1 (box|point|step|value)e?s\b")
# Two of the names are words as well: they name a quantity at the head of a label or of a planted error only.
_WORDS = ("loss", "correlation")
_DOTTED = "|".join(re.escape(quantity) for quantity in Quantity if quantity not in _WORDS)
_NAME = re.compile(
    rf"(?<![\w.-])(?P<name>{_DOTTED}|(?:(?<=^)|(?<=[:,] ))(?:{'|'.join(_WORDS)})(?=$|:| on a box| by ))"
    r"(?:\[(?P<index>\d+)\])?(?![\w-])"
)
# The program's own calls, as they are typed: from there to the end nothing is a formula.
_CODE = re.compile(r"(?<![\w.])st\.(?=[a-z_])")
_LETTER = re.compile(
    r"(?<![\w.-])([A-Za-z]{1,5}(?:_(?:star|prime|hat))+|rho|theta|sigma|kappa|mu|tau|phi|psi)(?![\w-]|\.\w)"
)


def number(text: str) -> str:
    """A number, or a text with numbers, with the minus sign and the powers of print.

    >>> number("1.250(30)e-07"), number("-6.0e+1"), number("0.25±1e-42"), number("2e-05%"), number("(6.7)e-05")
    ('1.250(30)·10⁻⁷', '−6.0·10¹', '0.25±10⁻⁴²', '2·10⁻⁵%', '(6.7)·10⁻⁵')
    """
    text = re.sub(
        r"(?<![\w.)])(\([\d.]+\))e([-+])(\d+)", lambda found: f"{found[1]}·{_power(found[2], found[3])}", text
    )
    return _MINUS.sub("−", _POWER.sub(_times, text))


def said(text: str) -> str:
    """A detail, a label or the name of a planted error, with letters for names and numbers as ``number`` has them.

    >>> said("coarse_gradient.radial: rho_star in place of rho"), said("v_gradient[0] on a box ±1e-04")
    ('⟨E g_μ, ŵ⟩: ρ* in place of ρ', '∂f/∂v_1 on a box ±10⁻⁴')
    >>> said("2 by a certificate over 1 boxes"), said("loss: term 5 dropped"), said("the loss: turned round")
    ('2 by a certificate over 1 box', 'f: term 5 dropped', 'the loss: turned round')
    """
    text = _LETTER.sub(lambda found: letter(found[1]).text, _NAME.sub(_letter_of, text))
    return number(_ONE.sub(r"1 \1", text))


def typeset(text: str) -> Html:
    """``said`` with its formulas in MathML; a label that names a quantity says by which name the results have it. A
    call of the program (``st.``) and what follows it stay as they are, to be copied."""
    text, code = cut(text)
    if code:
        return joined(typeset(text), tag("code", code)) if text else tag("code", code)
    shown, named = prose(said(text)), [found[0] for found in _NAME.finditer(text)]
    return tag("span", shown, title=f"{', '.join(named)} in results.json") if named else shown


def lowered(text: str) -> str:
    """Indices that are numbers or Greek letters in the small form that Unicode has for them, or in words.

    >>> lowered("∂f/∂v_12"), lowered("⟨E g_μ, ŵ⟩")
    ('∂f/∂v₁₂', '⟨E g with index μ, ŵ⟩')
    """
    small = re.sub(r"_(\d+)", lambda found: found[1].translate(_LOWERED), text)
    return re.sub(r"_([α-ω])", r" with index \1", small)


def cut(text: str) -> tuple[str, str]:
    """The words of a detail, and the call of the program that ends it.

    >>> cut("it is 2: st.loss(1e-3)"), cut("first. second")
    (('it is 2: ', 'st.loss(1e-3)'), ('first. second', ''))
    """
    found = _CODE.search(text)
    return (text[: found.start()], text[found.start() :]) if found else (text, "")


def _letter_of(found: "re.Match[str]") -> str:
    written = letter_of_latex(Quantity(found["name"]).latex).text
    # Lists of the program count from 0, indices of formulas from 1.
    return written.replace("_k", f"_{int(found['index']) + 1}") if found["index"] else written


def _times(found: "re.Match[str]") -> str:
    power = _power(found[2], found[3])
    return power if found[1] == "1" else f"{found[1]}·{power}"


def _power(sign: str, digits: str) -> str:
    return f"10{('-' * (sign in '-−' and sign != '') + str(int(digits))).translate(_RAISED)}"
