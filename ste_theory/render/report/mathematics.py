"""Formulas and sentences of a report: MathML with the text beside it for those who do not see it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from ste_theory.notation import mathml
from ste_theory.notation.formula import Formula, Letter, Row
from ste_theory.notation.mathml import Broken
from ste_theory.notation.mathml_letters import UnknownCommand, mathml_of
from ste_theory.notation.prose import spans
from ste_theory.notation.unicode import text
from ste_theory.render.markup import Html, joined, tag

# Marks that stay on the line of the formula they stand at, before and behind it.
_OPENS = re.compile(r"[(\[“]+$")
_CLOSES = re.compile(r"^[^\s\w]+")
# In points at a font size of 10: half a line.
_LONGEST_LEFT = 150.0
# In characters of LaTeX: about a third of a line of a telephone.
_LONG_PROSE = 40
_TOKEN = re.compile(r"\\[a-zA-Z]+| (?:[-+=<>]|:=) |.", re.DOTALL)
_OPENING = frozenset({"(", "[", r"\langle", r"\lbrace", r"\lVert"})
_CLOSING = frozenset({")", "]", r"\rangle", r"\rbrace", r"\rVert"})
_DEEPEST = 2
# "general.half-stable-minimum", not the point that ends a sentence.
_ID = re.compile(r"(?<![\w.-])([a-z]\w*\.[a-z0-9]+(?:-[a-z0-9]+)*)(?![\w-])")
_CLAIMS: ContextVar[frozenset[str]] = ContextVar("claims", default=frozenset())
_RELATIONS = frozenset("=<>≤≥≠∈")
# A sign at the beginning of a part; between two terms it is no prefix.
_SIGN = re.compile(r'^<mo(?: form="(?:prefix|infix)")?>([−+=≤≥<>≠∈→]|:=|&lt;|&gt;)</mo>')
_BREAKING = frozenset({"=", ":=", "<", ">", "+", "-", r"\leq", r"\geq", r"\neq", r"\in", r"\to"})


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
    """A sentence with formulas in Unicode; no line ends with the bracket before a formula or begins with the comma
    behind it."""
    return _prose(sentence, _CLAIMS.get())


# Points, rules and names of planted errors stand on many lines of many pages.
@lru_cache(maxsize=1 << 13)
def _prose(sentence: str, claims: frozenset[str]) -> Html:
    found, cut = list[Html | str](), spans(sentence)
    words = ["" if span.is_formula else span.text for span in cut]
    for number, span in enumerate(cut):
        if not span.is_formula:
            found.append(words[number])
            continue
        before = after = ""
        if number and (opening := _OPENS.search(words[number - 1])):
            before = opening[0]
            found[-1] = str(found[-1]).removesuffix(before)
        if number + 1 < len(cut) and (closing := _CLOSES.match(words[number + 1])):
            after = closing[0]
            words[number + 1] = words[number + 1].removeprefix(after)
        found.append(_span(span.text, before, after))
    return joined(*(piece if isinstance(piece, Html) else _linked(piece, claims) for piece in found))


@contextmanager
def linking(claims: frozenset[str]) -> Iterator[None]:
    """Inside, ``prose`` makes links of the ids of these claims."""
    token = _CLAIMS.set(claims)
    try:
        yield
    finally:
        _CLAIMS.reset(token)


def _linked(words: str, claims: frozenset[str]) -> Html:
    pieces = _ID.split(words) if claims else [words]
    return joined(*(tag("a", piece, href=f"#{piece}") if piece in claims else piece for piece in pieces))


def ranges(formulas: Sequence[Formula]) -> Html:
    """Formulas with commas between them; a long one may be broken at its relations and sums."""
    last = len(formulas) - 1
    return joined(*(joined(breakable(one, "," * (n < last)), " " * (n < last)) for n, one in enumerate(formulas)))


def breakable(formula: Formula, after: str = "") -> Html:
    """A formula in a line of text, with the mark behind it. A long one may be broken at its relations and sums; one
    that has none scrolls in a box of its own."""
    if mathml.width(formula) <= _LONGEST_LEFT:
        return tied_to("", inline(formula), after)
    first, *rest = [leaf for side in _sides(formula) for leaf in _leaves(mathml.broken(side))]
    parts = [Html(f"<math>{part}</math>") for part in (first, *map(_follows, rest))]
    if not rest:
        scrolled = tag("span", *parts, class_="wide", tabindex="0", role="math", aria_label=text(formula))
        return joined(scrolled, after)
    parts[-1] = tied_to("", parts[-1], after)
    return tag("span", Html(" ".join(parts)), role="math", aria_label=text(formula))


def _sides(formula: Formula) -> list[Formula]:
    """Cut before its relations."""
    if not isinstance(formula, Row):
        return [formula]
    found: list[list[Formula]] = [[]]
    for part in formula.parts:
        if isinstance(part, Letter) and part.text.strip() in _RELATIONS and found[-1]:
            found.append([])
        found[-1].append(part)
    return [Row(tuple(parts)) for parts in found]


def _leaves(broken: Broken) -> list[str]:
    return [leaf for part in broken.parts for leaf in (_leaves(part) if isinstance(part, Broken) else [part])]


def tied_to(before: str, formula: Html, after: str) -> Html:
    """A formula on one line with the marks around it. Browsers break beside mathematics whatever character is there."""
    return tag("span", before, formula, after, class_="tied") if before or after else formula


def relation(left: Formula, sign: Letter, right: Formula) -> Html:
    """Two sides and what holds between them."""
    return display(right, left=left, sign=sign.text.strip())


def _parts(broken: Broken) -> Html:
    found = []
    for part in broken.parts:
        if isinstance(part, Broken):
            found.append(tag("span", _parts(part), class_="t"))
        else:
            math = Html(f"<math displaystyle='true'>{_follows(part) if found else part}</math>")
            found.append(math if len(broken.parts) == 1 else tag("span", math, class_="t"))
    # The space between two parts is where a line may end.
    return Html(" ".join(found))


def _follows(part: str) -> str:
    """The part behind the space between two: a sign that begins it has no space of its own before it."""
    return _SIGN.sub(r'<mo form="infix" lspace="0">\1</mo>', part, count=1)


def _span(latex: str, before: str, after: str) -> Html:
    """The formula between marks; a long one in parts, between which a line may end."""
    try:
        first, *rest = map(mathml_of, _cut(latex))
    except UnknownCommand:
        return tied_to(before, tag("code", latex), after)
    parts = [Html(f"<math>{part}</math>") for part in (first, *map(_follows, rest))]
    parts[0] = tied_to(before, parts[0], "" if rest else after)
    if rest:
        parts[-1] = tied_to("", parts[-1], after)
    return Html(" ".join(parts))


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
