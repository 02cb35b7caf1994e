"""Formulas as JSON: a list that begins with the name of what stands on the page, and back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ste_theory.model.errors import InvalidInput
from ste_theory.notation.formula import (
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
)


def to_json(formula: Formula) -> list[Any]:
    """The formula as nested lists.

    >>> to_json(Power(Letter("x", "x"), Letter("2", "2")))
    ['power', ['letter', 'x', 'x'], ['letter', '2', '2']]
    """
    match formula:
        case Letter(latex, text):
            return ["letter", latex, text]
        case Terms(terms):
            return ["terms", *(["-" if term.negative else "+", to_json(term.body)] for term in terms)]
        case Product(parts):
            return ["product", *map(to_json, parts)]
        case Row(parts):
            return ["row", *map(to_json, parts)]
        case Quotient(top, bottom):
            return ["quotient", to_json(top), to_json(bottom)]
        case Power(base, exponent):
            return ["power", to_json(base), to_json(exponent)]
        case Root(inner):
            return ["root", to_json(inner)]
        case Group(left, inner):
            return ["group", left, to_json(inner)]
        case Call(function, arguments, bare):
            return ["call", to_json(function), bare, *map(to_json, arguments)]
        case Big(sign, lower, upper, body, tail):
            return ["big", to_json(sign), to_json(lower), _maybe(upper), to_json(body), _maybe(tail)]
        case Cases(branches):
            return ["cases", *([to_json(value), _maybe(condition)] for value, condition in branches)]


def from_json(content: Any) -> Formula:
    """The formula that ``to_json`` wrote. Raises ``InvalidInput`` for anything else."""
    if not isinstance(content, Sequence) or isinstance(content, str) or not content:
        raise InvalidInput(f"not a formula: {str(content)[:60]}")
    name, *parts = content
    if not isinstance(name, str) or name not in _READERS:
        raise InvalidInput(f"not a formula: it begins with {str(name)[:60]!r}")
    try:
        return _READERS[name](parts)
    except (TypeError, ValueError, IndexError):
        raise InvalidInput(f"not a formula: {str(content)[:60]}") from None


def _maybe(formula: Formula | None) -> list[Any] | None:
    return None if formula is None else to_json(formula)


def _read_maybe(content: Any) -> Formula | None:
    return None if content is None else from_json(content)


def _text(content: Any) -> str:
    if not isinstance(content, str):
        raise TypeError(content)
    return content


def _letter(parts: list[Any]) -> Letter:
    latex, text = parts
    return Letter(_text(latex), _text(text))


def _sign(content: Any) -> Letter:
    name, *parts = content
    if name != "letter":
        raise ValueError(name)
    return _letter(parts)


def _terms(parts: list[Any]) -> Terms:
    if not all(sign in ("+", "-") for sign, _ in parts):
        raise ValueError(parts)
    return Terms(tuple(Term(sign == "-", from_json(body)) for sign, body in parts))


def _quotient(parts: list[Any]) -> Quotient:
    top, bottom = parts
    return Quotient(from_json(top), from_json(bottom))


def _power(parts: list[Any]) -> Power:
    base, exponent = parts
    return Power(from_json(base), from_json(exponent))


def _root(parts: list[Any]) -> Root:
    (inner,) = parts
    return Root(from_json(inner))


def _group(parts: list[Any]) -> Group:
    left, inner = parts
    return Group(_text(left), from_json(inner))


def _call(parts: list[Any]) -> Call:
    function, bare, *arguments = parts
    return Call(from_json(function), tuple(map(from_json, arguments)), bool(bare))


def _big(parts: list[Any]) -> Big:
    sign, lower, upper, body, tail = parts
    return Big(_sign(sign), from_json(lower), _read_maybe(upper), from_json(body), _read_maybe(tail))


def _cases(parts: list[Any]) -> Cases:
    return Cases(tuple((from_json(value), _read_maybe(condition)) for value, condition in parts))


_READERS: Mapping[str, Callable[[list[Any]], Formula]] = {
    "letter": _letter,
    "terms": _terms,
    "product": lambda parts: Product(tuple(map(from_json, parts))),
    "row": lambda parts: Row(tuple(map(from_json, parts))),
    "quotient": _quotient,
    "power": _power,
    "root": _root,
    "group": _group,
    "call": _call,
    "big": _big,
    "cases": _cases,
}
