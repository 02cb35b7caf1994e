"""A formula as one line of Unicode text, or as several that fit a terminal."""

import unicodedata
from itertools import pairwise

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
    Terms,
    may_part,
)
from ste_theory.notation.lines import Break, Line, Piece, broken

_CLOSING = {"(": ")", "[": "]", "{": "}", "‖": "‖", "|": "|", "⟨": "⟩"}
_RAISED = str.maketrans("0123456789−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(not unicodedata.combining(character) for character in text)


def text(formula: Formula) -> str:
    """The formula on one line."""
    return "".join(item.text for item in _items(formula, 0) if isinstance(item, Piece))


def lines(formula: Formula, *, room: int, lead: int = 0, step: int = 2) -> tuple[Line, ...]:
    """The formula in lines of at most ``room`` columns, of which the first has ``lead`` taken."""
    found = broken(_items(formula, 0), width=room, step=step, lead=lead)
    return tuple(Line(line.indent, line.text.strip()) for line in found)


def _one(written: str) -> list[Piece | Break]:
    return [Piece(written, columns(written))]


def _items(formula: Formula, depth: int) -> list[Piece | Break]:
    match formula:
        case Letter(_, written):
            return _one(written)
        case Terms():
            return _terms(formula, depth)
        case Product(factors):
            return _factors(factors, depth)
        case Quotient(top, bottom):
            closed = Group("(", bottom) if isinstance(bottom, (Terms, Product, Quotient)) else bottom
            return _one(f"{text(Group('(', top) if isinstance(top, Terms) else top)}/{text(closed)}")
        case Power(base, exponent):
            return [*_items(base, depth), *_one(_raised(exponent))]
        case Root(inner):
            short = isinstance(inner, Letter)
            return _one(f"√{text(inner)}" if short else f"√({text(inner)})")
        case Group(left, inner):
            inside = depth + (1 if left in OPEN else 3)
            return [*_one(left), *_items(inner, inside), *_one(_CLOSING[left])]
        case Call(function, arguments, bare):
            inner_text = ", ".join(text(argument) for argument in arguments)
            # sinθ, but sin x: a Latin letter would seem to belong to the name.
            space = " " if inner_text[:1].isascii() else ""
            return _one(f"{text(function)}{space}{inner_text}" if bare else f"{text(function)}({inner_text})")
        case Big():
            return _big(formula, depth)
        case Row(parts):
            return [item for part in parts for item in _items(part, depth)]
        case Cases(branches):
            described = (
                f"{text(value)} {'otherwise' if condition is None else f'if {text(condition)}'}"
                for value, condition in branches
            )
            return _one("{" + "; ".join(described) + "}")


def _terms(formula: Terms, depth: int) -> list[Piece | Break]:
    found: list[Piece | Break] = []
    for number, term in enumerate(formula.terms):
        if number:
            found.append(Break(depth))
            found += _one(" − " if term.negative else " + ")
        elif term.negative:
            found += _one("−")
        found += _items(term.body, depth)
    return found


def _factors(factors: tuple[Formula, ...], depth: int) -> list[Piece | Break]:
    found = _items(factors[0], depth)
    for left, right in pairwise(factors):
        if may_part(left, right):
            found.append(Break(depth + 2, "· "))
        # After a fraction a space would not say where the denominator ends.
        found += _one("·" if isinstance(left, Quotient) and right != DOT else "" if _close(left, right) else " ")
        found += _items(right, depth)
    return found


def _close(left: Formula, right: Formula) -> bool:
    """Whether nothing stands between two factors: 2√π, 2θ, ρa."""
    if DOT in (left, right):
        return False
    if not isinstance(left, Letter) or (isinstance(right, Letter) and right.text[0].isdigit()):
        return False
    return left.text.isdigit() or (len(left.text) == 1 and isinstance(right, Letter))


def _raised(exponent: Formula) -> str:
    written = text(exponent)
    if all(character in "0123456789−" for character in written):
        return written.translate(_RAISED)
    return f"^{written}" if isinstance(exponent, Letter) else f"^({written})"


def _big(formula: Big, depth: int) -> list[Piece | Break]:
    limits = text(formula.lower)
    if formula.tail is not None:
        upper = "" if formula.upper is None else f", {text(formula.upper)}"
        return [
            *_one(f"∫[{limits}{upper}]"),
            *([] if formula.body == EMPTY else [*_one(" "), *_items(formula.body, depth)]),
            *_one(f" d{text(formula.tail)}"),
        ]
    upper = "" if formula.upper is None else f"..{text(formula.upper)}"
    below = limits if len(limits) == 1 and not upper else f"{{{limits}{upper}}}"
    return [*_one(f"{formula.sign.text}_{below} "), *_items(formula.body, depth)]
