"""Formulas and sentences of a report: MathML with the text beside it for those who do not see it."""

import re

from ste_theory.notation import mathml
from ste_theory.notation.formula import Formula, Letter
from ste_theory.notation.mathml import Broken
from ste_theory.notation.mathml_letters import UnknownCommand, mathml_of
from ste_theory.notation.prose import spans
from ste_theory.notation.unicode import text
from ste_theory.render.markup import Html, joined, tag

# No line begins with the comma between two formulas.
_JOINER = "\N{WORD JOINER}"
COMMA = f"{_JOINER}, "
# In points at a font size of 10: half a line.
_LONGEST_LEFT = 150.0
# In characters of LaTeX: about a third of a line of a telephone.
_LONG_PROSE = 40
_TOKEN = re.compile(r"\\[a-zA-Z]+| [-+=<>] |.", re.DOTALL)
_OPENING = frozenset({"(", "[", r"\langle", r"\lbrace", r"\lVert"})
_CLOSING = frozenset({")", "]", r"\rangle", r"\rbrace", r"\rVert"})
_DEEPEST = 2
_BREAKING = frozenset({"=", "<", ">", "+", "-", r"\leq", r"\geq", r"\neq", r"\in", r"\to"})


def inline(formula: Formula) -> Html:
    """A formula in a line of text."""
    return Html(f"<math>{mathml.mathml(formula)}</math>")


def display(formula: Formula, *, left: Formula | None = None, sign: str = "=", number: str = "") -> Html:
    """A formula on lines of its own, ``left`` and a sign before it, its number behind it.

    A long one is broken by the browser where the window ends: first at the outermost sum.
    """
    between = "" if left is None else f'<mo form="infix">{_escaped(sign)}</mo>'
    long_left = left is not None and mathml.width(left) > _LONGEST_LEFT
    if left is not None and not long_left:
        between = mathml.mathml(left) + between
    parts = mathml.broken(formula, first=between)
    spoken = (f"{text(left)} {sign} " if left is not None else "") + text(formula)
    whole = len(parts.parts) == 1 and not long_left
    body = _parts(parts)
    if left is not None and long_left:  # the right side begins a new line
        body = joined(_parts(mathml.broken(left)), tag("br"), body)
    shown = tag("span", body, class_="f") if whole else tag("span", body, class_="f", role="math", aria_label=spoken)
    return tag("div", shown, tag("span", number, class_="n") if number else None, class_="display")


def prose(sentence: str) -> Html:
    """A sentence with formulas in Unicode; no line begins with the comma behind a formula."""
    return joined(*(_span(span.text) if span.is_formula else _tied(span.text) for span in spans(sentence)))


def _tied(words: str) -> str:
    return f"{_JOINER}{words}" if words[:1] in (",", ".", ";", ":", ")", "]") else words


def relation(left: Formula, sign: Letter, right: Formula) -> Html:
    """Two sides and what holds between them."""
    return display(right, left=left, sign=sign.text.strip())


def _parts(broken: Broken) -> Html:
    found = []
    for part in broken.parts:
        if isinstance(part, Broken):
            found.append(tag("span", _parts(part), class_="t"))
        else:
            math = Html(f"<math displaystyle='true'>{part}</math>")
            found.append(math if len(broken.parts) == 1 else tag("span", math, class_="t"))
    # The space between two parts is where a line may end.
    return Html(" ".join(found))


def _span(latex: str) -> Html:
    """The formula; a long one in parts, between which a line may end."""
    try:
        first, *rest = map(mathml_of, _cut(latex))
    except UnknownCommand:
        return tag("code", latex)
    # A sign that begins a part stands between two terms all the same.
    parts = [first, *(part.replace('<mo form="prefix">', '<mo form="infix">', 1) for part in rest)]
    return Html(" ".join(f"<math>{part}</math>" for part in parts))


def _cut(latex: str, inside: int = 0) -> list[str]:
    """Before relations, and before plus and minus between terms: outside of all brackets, else inside ever more."""
    if len(latex) < _LONG_PROSE or inside > _DEEPEST:
        return [latex]
    found, start, braces, brackets = list[str](), 0, 0, 0
    for token in _TOKEN.finditer(latex):
        braces += (token[0] == "{") - (token[0] == "}")
        brackets += (token[0] in _OPENING) - (token[0] in _CLOSING)
        between = braces == 0 and brackets <= inside and token[0].strip() in _BREAKING
        if between and token.start() > start:
            found.append(latex[start : token.start()])
            start = token.start()
    return [part for piece in [*found, latex[start:]] for part in _cut(piece, inside + 1)]


def _escaped(sign: str) -> str:
    return sign.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
