"""Formulas in the language of certificates: rational numbers, whole exponents up to 64, the functions it has."""

from fractions import Fraction

from ste_theory.analysis.even_part import exact_value
from ste_theory.model.expressions import Binary, Call, Formula, Name, Number

LARGEST_EXPONENT = 64
_SUM, _TERM, _POWER, _ATOM = range(4)
_LEVEL = {"+": _SUM, "-": _SUM, "*": _TERM, "/": _TERM}


def certified_text(formula: Formula) -> str:
    """The formula for ``ste_theory.checker``.

    >>> from ste_theory.model.expressions import parse
    >>> certified_text(parse("(1 + x^2)^(3/2)"))
    'sqrt(1 + x^2)^3'
    """
    return _write(formula)[0]


def _write(formula: Formula) -> tuple[str, int]:
    match formula:
        case Number(value):
            return _number(value)
        case Name(name):
            return name, _ATOM
        case Call(function, argument):
            return f"{function}({_write(argument)[0]})", _ATOM
        case Binary("^", base, exponent):
            return _power(base, exponent)
        case Binary("-", Number(zero), right) if zero == 0:
            return f"-{_bracketed(right, _POWER)}", _TERM
        case Binary(operator, left, right):
            level = _LEVEL[operator]
            space = " " if level == _SUM else ""
            return f"{_bracketed(left, level)}{space}{operator}{space}{_bracketed(right, level + 1)}", level


def _number(value: Fraction) -> tuple[str, int]:
    text = str(value)
    return text, _ATOM if text.isdigit() else _TERM if value > 0 else _SUM


def _bracketed(formula: Formula, least: int) -> str:
    text, level = _write(formula)
    return text if level >= least else f"({text})"


def _power(base: Formula, exponent: Formula) -> tuple[str, int]:
    power = exact_value(exponent)
    under = _bracketed(base, _ATOM)
    if power is not None and power.denominator == 1:
        return _whole(under, power.numerator)
    if power is not None and power.denominator == 2:
        return _whole(f"sqrt({_write(base)[0]})", power.numerator)
    return f"exp({_bracketed(exponent, _TERM)}*log({_write(base)[0]}))", _ATOM


def _whole(base: str, power: int) -> tuple[str, int]:
    if abs(power) <= LARGEST_EXPONENT:
        return f"{base}^{power}", _POWER
    count, rest = divmod(abs(power), LARGEST_EXPONENT)
    text = f"({base}^{LARGEST_EXPONENT})^{count}*{base}^{rest}"
    return (f"1/({text})" if power < 0 else text), _TERM
