"""A formula as MathML (Core), with an outline of where a line may end.

Browsers do not break formulas. So a long one becomes several ``<math>`` elements, nested as its brackets are: a style
sheet that lets each of them move to the next line as a whole breaks the formula at its outermost sums first, at any
width of the page (``Broken``).
"""

from dataclasses import dataclass
from html import escape

from ste_theory.notation import latex, unicode
from ste_theory.notation.formula import (
    DOT,
    EMPTY,
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
    Term,
    Terms,
    may_part,
)
from ste_theory.notation.lines import Break, Piece
from ste_theory.notation.mathml_letters import UnknownCommand, fence, mathml_of, operator, row

_FENCES = {"(": ("(", ")"), "[": ("[", "]"), "{": ("{", "}"), "‖": ("‖", "‖"), "|": ("|", "|"), "⟨": ("⟨", "⟩")}
_SIZES = ("", "1.2em", "2.2em")
_STRUTS = (("0.7em", "0.2em"), ("0.85em", "0.35em"), ("1.35em", "0.85em"))
_THIN = '<mspace width="0.17em"/>'
# Formulas up to this width (in points at a font size of 10, about 20 letters) stay on one line on any screen.
_SHORT = 170.0

Parts = tuple["str | Broken", ...]


@dataclass(frozen=True)
class Broken:
    """Parts of a formula that may stand on different lines: MathML elements side by side, or parts again."""

    parts: Parts


def mathml(formula: Formula) -> str:
    """The formula as MathML elements side by side, on one line, without the ``<math>`` around them.

    >>> mathml(Power(Letter("x", "x"), Letter("2", "2")))
    '<msup><mi>x</mi><mn>2</mn></msup>'
    """
    return "".join(item.text for item in _items(formula, 0, breaks=False) if isinstance(item, Piece))


def broken(formula: Formula, *, first: str = "") -> Broken:
    """The formula in parts; ``first`` is MathML that stays with the beginning, as a left side does.

    A formula that is short is one part.
    """
    if latex.width(formula) <= _SHORT:
        return Broken((first + mathml(formula),))
    return _nested([Piece(first, 0.0), *_items(formula, 0, breaks=True)])


def width(formula: Formula) -> float:
    """About how wide the formula is, in points at a font size of 10."""
    return latex.width(formula)


def _nested(items: list[Piece | Break]) -> Broken:
    """Cut at the outermost breaks; each part is cut again only if it is long itself."""
    depths = [item.depth for item in items if isinstance(item, Break)]
    long = sum(item.width for item in items if isinstance(item, Piece)) > _SHORT
    if not depths or not long:
        return Broken((_joined(items),))
    least, parts, start = min(depths), list[str | Broken](), 0
    edges = [n for n, item in enumerate(items) if isinstance(item, Break) and item.depth == least]
    for edge in (*edges, len(items)):
        inside = _nested(items[start:edge])
        parts.append(inside.parts[0] if len(inside.parts) == 1 else inside)
        start = edge + 1
    return Broken(tuple(parts))


def _joined(items: list[Piece | Break]) -> str:
    return "".join(item.text for item in items if isinstance(item, Piece))


def _one(formula: Formula) -> str:
    """As one element."""
    return row(mathml(formula), 1 if _is_one(formula) else None)


def _script(formula: Formula) -> str:
    """A formula in small print, as one element: fractions on the line, which stacked could not be read."""
    return _one(_slashed(formula))


def _slashed(formula: Formula) -> Formula:
    match formula:
        case Quotient(top, bottom):
            above = Group("(", top) if isinstance(top, Terms) else top
            below = Group("(", bottom) if isinstance(bottom, (Terms, Product)) else bottom
            return Row((above, Letter("/", "/"), below))
        case Terms(terms):
            return Terms(tuple(Term(term.negative, _slashed(term.body)) for term in terms))
        case Product(factors):
            return Product(tuple(map(_slashed, factors)))
        case _:
            return formula


def _is_one(formula: Formula) -> bool:
    if isinstance(formula, Letter):
        return formula.latex.isalnum() or formula.text.isalnum()
    return isinstance(formula, (Quotient, Root))


def _letter(letter: Letter) -> str:
    try:
        return mathml_of(letter.latex)
    except UnknownCommand:  # an expression that the printer left to SymPy
        return f"<mtext>{escape(letter.text)}</mtext>"


def _items(formula: Formula, depth: int, *, breaks: bool) -> list[Piece | Break]:
    """MathML in pieces with the places between them where a line may end; none inside unless ``breaks``."""
    match formula:
        case Letter():
            return [Piece(_letter(formula), latex.width(formula))]
        case Terms():
            return _terms(formula, depth, breaks=breaks)
        case Product(factors):
            return _factors(factors, depth, breaks=breaks)
        case Group(left, inner):
            return _group(left, inner, depth, breaks=breaks)
        case Power(Group(left, inner), exponent) if breaks:
            *first, last = _group(left, inner, depth, breaks=True)
            assert isinstance(last, Piece)
            # A bracket of fixed size would shrink as the base of a power: it stands beside a base of its height.
            up, down = _STRUTS[_height(inner)]
            strut = f'<mspace width="0" height="{up}" depth="{down}"/>'
            raised = f"{last.text}<msup>{strut}{_script(exponent)}</msup>"
            return [*first, Piece(raised, last.width + latex.width(exponent))]
        case Big(sign, lower, upper, body, tail):
            head = Piece(_range(sign, lower, upper), 20.0 + 0.7 * latex.width(lower))
            found = [head, *([] if body == EMPTY else _items(body, depth, breaks=breaks))]
            return found if tail is None else [*found, Piece(f"{_THIN}<mi>d</mi>{mathml(tail)}", 13.0)]
        case Row(parts):
            return [item for part in parts for item in _items(part, depth, breaks=breaks)]
        case _:
            return [Piece(_whole(formula), latex.width(formula))]


def _whole(formula: Formula) -> str:
    match formula:
        case Quotient(top, bottom):
            return f"<mfrac>{_one(top)}{_one(bottom)}</mfrac>"
        case Power(base, exponent):
            return f"<msup>{_one(base)}{_script(exponent)}</msup>"
        case Root(inner):
            return f"<msqrt>{mathml(inner)}</msqrt>"
        case Call(function, arguments, bare):
            inside = operator(",").join(mathml(argument) for argument in arguments)
            if bare:
                return f"<mrow>{mathml(function)}<mo>&#x2061;</mo>{_THIN}{inside}</mrow>"
            if all(_height(argument) == 0 for argument in arguments):
                enclosed = f"{fence('(', closing=False)}{inside}{fence(')', closing=True)}"
            else:
                enclosed = _stretched("(", inside)
            return f"<mrow>{mathml(function)}<mo>&#x2061;</mo>{enclosed}</mrow>"
        case Cases(branches):
            rows = "".join(
                f"<mtr><mtd>{mathml(value)}</mtd><mtd>{_condition(condition)}</mtd></mtr>"
                for value, condition in branches
            )
            brace = '<mo form="prefix" fence="true" stretchy="true">{</mo>'
            return f'<mrow>{brace}<mtable columnalign="left">{rows}</mtable></mrow>'
        case _:
            return mathml(formula)


def _condition(condition: Formula | None) -> str:
    return "<mtext>otherwise</mtext>" if condition is None else f"<mtext>if&#xa0;</mtext>{mathml(condition)}"


def _stretched(left: str, inside: str) -> str:
    """Brackets as high as what they enclose."""
    opening, closing = (
        f'<mo form="{form}" fence="true" stretchy="true" lspace="0" rspace="0">{sign}</mo>'
        for form, sign in zip(("prefix", "postfix"), _FENCES[left], strict=True)
    )
    return f"<mrow>{opening}{inside}{closing}</mrow>"


def _unstretched(left: str, inner: Formula) -> str:
    opening, closing = (fence(sign, closing=bool(number)) for number, sign in enumerate(_FENCES[left]))
    return f"<mrow>{opening}{mathml(inner)}{closing}</mrow>"


def _group(left: str, inner: Formula, depth: int, *, breaks: bool) -> list[Piece | Break]:
    if not breaks:
        low = _height(inner) == 0 and left != "|"
        written = _unstretched(left, inner) if low else _stretched(left, mathml(inner))
        return [Piece(written, latex.width(inner) + 8.0)]
    size = _SIZES[_height(inner)]
    opening, closing = (fence(sign, closing=bool(number), size=size) for number, sign in enumerate(_FENCES[left]))
    inside = _items(inner, depth + (1 if left in OPEN else 3), breaks=True)
    return [Piece(opening, 5.0), *inside, Piece(closing, 5.0)]


def _height(formula: Formula) -> int:
    """0 for letters, 1 for brackets, 2 for fractions and sums."""
    match formula:
        case Quotient() | Big() | Cases():
            return 2
        case Terms(terms):
            return max(_height(term.body) for term in terms)
        case Product(parts) | Row(parts):
            return max(_height(part) for part in parts)
        case Group(_, inner):
            return max(1, _height(inner))
        case Call(_, arguments, _):
            return max(_height(argument) for argument in arguments)
        case Power(base, _):
            return _height(base)
        case _:
            return 0


def _terms(formula: Terms, depth: int, *, breaks: bool) -> list[Piece | Break]:
    found: list[Piece | Break] = []
    for number, term in enumerate(formula.terms):
        if number:
            if breaks:
                found.append(Break(depth))
            # The first of an element would be taken for a sign of the number behind it.
            sign = "−" if term.negative else "+"
            found.append(Piece(f'<mo form="infix">{sign}</mo>', 12.5))
        elif term.negative:
            found.append(Piece(operator("−", prefix=True), 8.0))
        found += _items(term.body, depth, breaks=breaks)
    return found


def _factors(factors: tuple[Formula, ...], depth: int, *, breaks: bool) -> list[Piece | Break]:
    found: list[Piece | Break] = []
    for number, factor in enumerate(factors):
        if number:
            left = factors[number - 1]
            if breaks and may_part(left, factor):
                found.append(Break(depth + 2))
            found.append(Piece(_between(left, factor), 2.0))
        found += _items(factor, depth, breaks=breaks)
    return found


def _between(left: Formula, right: Formula) -> str:
    """A dot before digits, a thin space around functions, else an invisible sign that screen readers speak."""
    if DOT in (left, right):
        return ""
    first = unicode.text(right)[:1]
    if first.isdigit() and not (isinstance(right, (Row, Power)) and first == "1"):
        return "<mo>·</mo>"
    spaced = isinstance(left, (Call, Row, Big)) or isinstance(right, (Call, Row, Big))
    return "<mo>&#x2062;</mo>" + (_THIN if spaced else "")


def _range(sign: Letter, lower: Formula, upper: Formula | None) -> str:
    """Σ or ∫ with what stands under and above it."""
    name, large = ("sub", f'<mo largeop="true">{escape(sign.text)}</mo>')
    if sign.text == "Σ":
        name, large = "under", '<mo largeop="true" movablelimits="false">∑</mo>'
    if upper is None:
        return f"<m{name}>{large}{_script(lower)}</m{name}>"
    both = {"sub": "msubsup", "under": "munderover"}[name]
    return f"<{both}>{large}{_script(lower)}{_script(upper)}</{both}>"
