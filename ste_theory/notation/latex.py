r"""A formula as LaTeX (amsmath), with an estimate of its width that decides where it is broken.

Delimiters have fixed sizes (``\biggl``), because ``\left`` and ``\right`` cannot stand on different lines.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from ste_theory.notation.formula import (
    DOT,
    OPEN,
    Big,
    Call,
    Cases,
    Formula,
    Group,
    Letter,
    Power,
    Product,
    Quotient,
    Root,
    Row,
    Terms,
    may_part,
)
from ste_theory.notation.lines import Break, Items, Line, Piece, broken


class _Style(IntEnum):
    """How fractions look: stacked, on the line (in arguments of functions), or small and on the line."""

    DISPLAY = 0
    INLINE = 1
    SCRIPT = 2


@dataclass(frozen=True)
class _Box:
    """LaTeX that stays together: its width in points at a font size of 10, and 0 for low, 1 for higher, 2 for high."""

    latex: str
    width: float
    height: int = 0


_DELIMITERS = {
    "(": ("(", ")"),
    "[": ("[", "]"),
    "{": (r"\lbrace ", r"\rbrace "),
    "‖": (r"\lVert ", r"\rVert "),
    "|": (r"\lvert ", r"\rvert "),
    "⟨": (r"\langle ", r"\rangle "),
}
_SIZES = (("", "", 4.6), (r"\bigl", r"\bigr", 5.0), (r"\biggl", r"\biggr", 7.5))
_OPERATOR = 12.5  # a binary + or − with the space around it
_SMALL = 0.73  # scripts against letters
_QUAD = 10.0
EQUALS = 13.5  # a relation with the space around it
_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|.")
# Widths of Computer Modern at 10 pt, italic correction included; what is missing here is taken for a letter.
_LETTERS = (
    5.3, 4.3, 4.4, 5.3, 4.7, 6.0, 5.2, 5.8, 3.5, 4.8, 5.6, 3.2, 8.8,
    6.1, 4.9, 5.1, 4.9, 4.9, 4.7, 3.7, 5.8, 5.3, 7.5, 5.8, 5.3, 5.2,
)  # fmt: skip
_WIDE = dict(zip("abcdefghijklmnopqrstuvwxyz", _LETTERS, strict=True)) | {
    "M": 10.9,
    "W": 10.9,
    "S": 6.8,
    "D": 8.5,
    "V": 8.1,
    "E": 7.5,
    "I": 5.2,
    "'": 3.0,
    "*": 5.0,
    ",": 4.5,
    "-": 7.8,
}
_WIDE |= {str(digit): 5.0 for digit in range(10)}
_WIDE |= {"\\infty": 10.0, "\\langle": 3.9, "\\rangle": 3.9, "\\cdot": 7.3, "\\varphi": 6.6, "\\Phi": 7.3, "\\,": 1.7}
_WIDE |= dict.fromkeys(("<", ">", "=", "\\neq", "\\leq", "\\geq"), EQUALS)
_NONE = {"{", "}", " ", "^", "_", "\\hat", "\\mathbb", "\\mathbf", "\\mathrm", "\\operatorname", "\\bar", "\\tilde"}
_NAMES = {
    "\\sin",
    "\\cos",
    "\\cot",
    "\\sec",
    "\\csc",
    "\\exp",
    "\\log",
    "\\max",
    "\\min",
    "\\tan",
    "\\tanh",
    "\\cosh",
} | {"\\arcsin", "\\arccos", "\\arctan"}


def latex(formula: Formula) -> str:
    """The formula on one line."""
    return "".join(item.text for item in _items(formula, 0) if isinstance(item, Piece)).strip()


@lru_cache(maxsize=1 << 15)
def width(formula: Formula) -> float:
    """About how wide the formula is on one line, in points at a font size of 10."""
    return _total(_items(formula, 0))


def lines(formula: Formula, *, room: float, lead: float = 0.0) -> tuple[Line, ...]:
    r"""The formula in lines of at most ``room`` points, ``lead`` of the first one being taken; a step is ``1em``."""
    found = broken(_items(formula, 0), width=room, step=_QUAD, lead=lead)
    return tuple(Line(line.indent, ("{}" if line.indent else "") + line.text.strip()) for line in found)


def _total(items: Items) -> float:
    return sum(item.width for item in items if isinstance(item, Piece))


@lru_cache(maxsize=1 << 12)
def _letter_width(text: str) -> float:
    total, scale = 0.0, 1.0
    for token in _TOKEN.findall(text):
        if token in ("^", "_"):
            scale = _SMALL
        if token in _NONE:
            continue
        size = _WIDE.get(token, 4.7 * (len(token) - 1) if token in _NAMES else 8.3 if token.isupper() else 5.8)
        total += size * scale
    return total


def _items(formula: Formula, depth: int, style: _Style = _Style.DISPLAY) -> list[Piece | Break]:
    """The formula as pieces with the places between them where it may be broken."""
    match formula:
        case Terms():
            return _terms(formula, depth, style)
        case Product(factors):
            return _factors(factors, depth, style)
        case Group(left, inner):
            opening, closing = _fences(left, _box(inner, style).height)
            return [opening, *_items(inner, depth + (1 if left in OPEN else 3), style), closing]
        case Power(Group() as base, exponent):
            raised = _box(exponent, _Style.SCRIPT)
            return [*_items(base, depth, style), Piece(f"^{{{raised.latex}}}", raised.width)]
        case Big(sign, lower, upper, body, tail):
            found = [_piece(_range(sign, lower, upper, style)), *_items(body, depth, style)]
            return found if tail is None else [*found, Piece(r"\, d" + _box(tail, style).latex, 13.0)]
        case Row(parts):
            return [item for part in parts for item in _items(part, depth, style)]
        case _:
            return [_piece(_box(formula, style))]


def _terms(formula: Terms, depth: int, style: _Style) -> list[Piece | Break]:
    found: list[Piece | Break] = []
    for number, term in enumerate(formula.terms):
        if number:
            found.append(Break(depth))
            found.append(Piece(" - " if term.negative else " + ", _OPERATOR if style < _Style.SCRIPT else 7.0))
        elif term.negative:
            found.append(Piece("-", 8.0))
        found += _items(term.body, depth, style)
    return found


def _factors(factors: tuple[Formula, ...], depth: int, style: _Style) -> list[Piece | Break]:
    found: list[Piece | Break] = []
    for number, factor in enumerate(factors):
        if number:
            left, right = factors[number - 1], factor
            if may_part(left, right):
                found.append(Break(depth + 2, r"\cdot "))
            found.append(_between(left, right))
        if isinstance(factor, Quotient) and style is not _Style.DISPLAY:
            # A slash would seem to go on below the line with the next factor.
            found.append(_piece(_fraction(factor)))
        else:
            found += _items(factor, depth, style)
    return found


def _between(left: Formula, right: Formula) -> Piece:
    """The space between two factors: none, a thin one, or a dot before digits."""
    starts = _first(right)
    if DOT in (left, right):
        return Piece(" ", 0.0)
    if isinstance(starts, Letter) and starts.latex[:1].isdigit():
        return Piece(r" \cdot ", 7.5)
    after_name = isinstance(left, Call) and left.bare and not (isinstance(right, Call) and right.bare)
    after_bracket = isinstance(left, (Row, Call, Big)) and isinstance(right, (Row, Call, Big, Letter))
    mean = isinstance(right, (Row, Power)) and isinstance(starts, Letter) and starts.text in ("E", "1")
    if after_name or mean or (after_bracket and not (isinstance(right, Call) and right.bare)):
        return Piece(r" \, ", 1.7)
    return Piece(" ", 1.7 if isinstance(right, Call) and right.bare else 0.0)


def _first(formula: Formula) -> Formula:
    match formula:
        case Product(factors):
            return _first(factors[0])
        case Power(base, _):
            return _first(base)
        case Row(parts):
            return _first(parts[0])
        case _:
            return formula


def _piece(box: _Box) -> Piece:
    return Piece(box.latex, box.width)


def _fences(left: str, height: int) -> tuple[Piece, Piece]:
    opening, closing = _DELIMITERS[left]
    before, after, size = _SIZES[height]
    return Piece(before + opening, size), Piece(after + closing, size)


# Asked again for every level of brackets around it: for its height, for its width, and once more as part of the whole.
@lru_cache(maxsize=1 << 15)
def _box(formula: Formula, style: _Style) -> _Box:
    """The formula as one unbreakable box."""
    scale = _SMALL if style is _Style.SCRIPT else 1.0
    match formula:
        case Letter(text, _):
            return _Box(text, _letter_width(text) * scale)
        case Quotient(top, bottom):
            return _stacked(top, bottom) if style is _Style.DISPLAY else _slashed(top, bottom, style)
        case Power(base, exponent):
            below, raised = _box(base, style), _box(exponent, _Style.SCRIPT)
            return _Box(f"{below.latex}^{{{raised.latex}}}", below.width + raised.width, below.height)
        case Root(inner):
            held = _box(inner, style)
            return _Box(rf"\sqrt{{{held.latex}}}", held.width + 8.5 * scale, max(held.height, 0))
        case Call(function, arguments, bare):
            return _call(function, arguments, bare, style)
        case Cases(branches):
            return _cases(branches)
        case _:
            items = _items(formula, 0, style)
            joined = "".join(item.text for item in items if isinstance(item, Piece))
            return _Box(joined.strip(), _total(items), _height(formula, style))


def _height(formula: Formula, style: _Style) -> int:
    match formula:
        case Terms(terms):
            return max(_box(term.body, style).height for term in terms)
        case Product(factors):
            return max(_box(factor, style).height for factor in factors)
        case Row(parts):
            return max(_box(part, style).height for part in parts)
        case Group(_, inner):
            return max(1, _box(inner, style).height)
        case Big() | Cases():
            return 2
        case _:
            return 0


def _cases(branches: tuple[tuple[Formula, Formula | None], ...]) -> _Box:
    rows = [
        (_box(value, _Style.INLINE), None if condition is None else _box(condition, _Style.INLINE))
        for value, condition in branches
    ]
    written = r" \\ ".join(
        rf"{value.latex} & " + (r"\text{otherwise}" if condition is None else rf"\text{{if }} {condition.latex}")
        for value, condition in rows
    )
    size = max(value.width for value, _ in rows) + max(10.0 + (c.width if c is not None else 30.0) for _, c in rows)
    return _Box(rf"\begin{{cases}} {written} \end{{cases}}", size + 20.0, 2)


def _stacked(top: Formula, bottom: Formula) -> _Box:
    # Inside a fraction every further one is on the line.
    above, below = _box(top, _Style.INLINE), _box(bottom, _Style.INLINE)
    return _Box(rf"\frac{{{above.latex}}}{{{below.latex}}}", max(above.width, below.width) + 2.6, 2)


def _fraction(formula: Quotient) -> _Box:
    above, below = _box(formula.top, _Style.SCRIPT), _box(formula.bottom, _Style.SCRIPT)
    return _Box(rf"\tfrac{{{above.latex}}}{{{below.latex}}}", max(above.width, below.width) + 2.6, 1)


def _slashed(top: Formula, bottom: Formula, style: _Style) -> _Box:
    above = _box(Group("(", top) if isinstance(top, Terms) else top, style)
    below = _box(Group("(", bottom) if isinstance(bottom, (Terms, Product, Quotient)) else bottom, style)
    return _Box(f"{above.latex}/{below.latex}", above.width + below.width + 5.0, max(above.height, below.height))


def _call(function: Formula, arguments: tuple[Formula, ...], bare: bool, style: _Style) -> _Box:
    inner = [_box(argument, max(style, _Style.INLINE)) for argument in arguments]
    joined, size = ", ".join(box.latex for box in inner), sum(box.width + 4.5 for box in inner) - 4.5
    name = _box(function, style)
    if bare:
        return _Box(f"{name.latex} {joined}", name.width + size + 1.7)
    height = max(box.height for box in inner)
    opening, closing = _fences("(", height)
    latex_ = f"{name.latex}{opening.text}{joined}{closing.text}"
    return _Box(latex_, name.width + size + opening.width + closing.width, max(1, height))


def _range(sign: Letter, lower: Formula, upper: Formula | None, style: _Style) -> _Box:
    below = _box(lower, _Style.SCRIPT)
    text, sizes = f"{sign.latex}_{{{below.latex}}}", [below.width]
    if upper is not None:
        above = _box(upper, _Style.SCRIPT)
        text += f"^{{{above.latex}}}"
        sizes.append(above.width)
    limits = sign.latex.endswith("sum") and style is _Style.DISPLAY
    return _Box(text + " ", max(14.4, *sizes) + 1.7 if limits else 11.0 + max(sizes), 2)
