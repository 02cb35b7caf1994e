"""Formulas and surrogates as text that parses to the same again."""

from fractions import Fraction
from typing import TYPE_CHECKING

from ste_theory.model.expressions import Binary, Call, Formula, Name, Number

if TYPE_CHECKING:
    from ste_theory.model.surrogates import Surrogate

_SUM, _TERM, _UNARY, _POWER, _ATOM = range(5)
_LEVEL = {"+": _SUM, "-": _SUM, "*": _TERM, "/": _TERM, "^": _POWER}


def write(formula: Formula) -> str:
    """The formula, with as few parentheses as its parser needs.

    >>> write(Binary("*", Number(Fraction(1, 2)), Binary("+", Name("x"), Number(Fraction(-1)))))
    '1/2*(x + -1)'
    """
    return _write(formula)[0]


def _write(formula: Formula) -> tuple[str, int]:
    match formula:
        case Number(value):
            return str(value), _TERM if value.denominator > 1 else (_UNARY if value < 0 else _ATOM)
        case Name(name):
            return name, _ATOM
        case Call(function, argument):
            return f"{function}({_write(argument)[0]})", _ATOM
        case Binary("-", Number(zero), right) if zero == 0:
            return f"-{_bracketed(right, _UNARY)}", _UNARY
        case Binary(operator, left, right):
            level = _LEVEL[operator]
            if operator == "^":
                return f"{_bracketed(left, _ATOM)}^{_bracketed(right, _UNARY)}", _POWER
            space = " " if level == _SUM else ""
            return f"{_bracketed(left, level)}{space}{operator}{space}{_bracketed(right, level + 1)}", level


def _bracketed(formula: Formula, least: int) -> str:
    text, level = _write(formula)
    return text if level >= least else f"({text})"


def write_surrogate(surrogate: "Surrogate") -> str:
    """The surrogate as one formula: a Piecewise if it has more than one piece."""
    if len(surrogate.pieces) == 1:
        return write(surrogate.pieces[0].formula)
    cases: list[str] = []
    for index, end in enumerate(surrogate.breakpoints):
        formula, value = surrogate.pieces[index].formula, surrogate.at_breakpoints[index]
        if value == value_at(formula, end):
            cases.append(f"({write(formula)}, x <= {end})")
            continue
        cases.append(f"({write(formula)}, x < {end})")
        if value != value_at(surrogate.pieces[index + 1].formula, end):
            cases.append(f"({write(Number(value))}, x <= {end})")
    return f"Piecewise({', '.join(cases)}, ({write(surrogate.pieces[-1].formula)}, True))"


def value_at(formula: Formula, x: Fraction) -> Fraction | None:
    """The formula at a rational number: exactly if it is rational there, else its float64; ``None`` if not finite."""
    from ste_theory.model.errors import InvalidInput
    from ste_theory.model.expressions import FLOATS, fold
    from ste_theory.model.simplify import simplify

    try:
        result = simplify(_put(formula, Number(x)))
    except InvalidInput:
        return None
    if isinstance(result, Number):
        return result.value
    import numpy as np

    with np.errstate(all="ignore"):
        number = float(fold(result, FLOATS, {}))
    return Fraction(number) if np.isfinite(number) else None


def _put(formula: Formula, number: Number) -> Formula:
    match formula:
        case Name("x"):
            return number
        case Binary(operator, left, right):
            return Binary(operator, _put(left, number), _put(right, number))
        case Call(function, argument):
            return Call(function, _put(argument, number))
        case _:
            return formula
