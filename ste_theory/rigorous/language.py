"""The language of certificates, from SymPy: as text, and as a program for balls and power series in balls.

The grammar stands in ``ste_theory/checker/expression.py``, which reads the text with code of its own.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import Any

import sympy as sp
from flint import arb, arb_series

from ste_theory.rigorous.balls import ball
from ste_theory.rigorous.substitution import atan_ratio, erf_ratio, exp_ratio
from ste_theory.rigorous.translate import CannotTranslate

Value = Any  # arb, or arb_series, which publishes no common type
Program = Callable[[Sequence[Value]], Value]

_UNARY: dict[type[sp.Basic], str] = {
    sp.atan: "atan",
    sp.exp: "exp",
    sp.log: "log",
    sp.erf: "erf",
    sp.Abs: "abs",
}
_BINARY: dict[type[sp.Basic], str] = {exp_ratio: "exp_ratio", erf_ratio: "erf_ratio", atan_ratio: "atan_ratio"}


def core(expression: sp.Expr) -> sp.Expr:
    """The expression in the functions of the language: definitions are written out."""
    if hasattr(expression, "definition"):
        return core(expression.definition())
    match expression:
        case sp.tan():
            return core(sp.sin(expression.args[0]) / sp.cos(expression.args[0]))
        case sp.erfc():
            return 1 - core(sp.erf(expression.args[0]))
        case sp.tanh():
            return 1 - 2 / (core(sp.exp(2 * expression.args[0])) + 1)
    if not expression.args:
        return expression
    return expression.func(*(core(argument) for argument in expression.args))


def text(expression: sp.Expr) -> str:
    """The text of an expression. Raises ``CannotTranslate`` for what the language has no word for."""
    return _write(expression, 0)


def _write(e: sp.Expr, level: int) -> str:
    """Level 0: in a sum; 1: in a product; 2: under an exponent."""
    if isinstance(e, sp.Rational):
        plain = str(e)
        return plain if level == 0 or (e >= 0 and e.is_Integer) else f"({plain})"
    if isinstance(e, sp.Symbol) or e is sp.pi:
        return str(e)
    if e is sp.E:
        return "exp(1)"
    if isinstance(e, sp.Add):
        total = ""
        for term in e.as_ordered_terms():
            negative = bool(term.as_coeff_Mul()[0].is_negative)
            part = _write(-term if negative else term, 1)
            total += (" - " if negative else " + ") + part if total else ("-" if negative else "") + part
        return total if level == 0 else f"({total})"
    if isinstance(e, sp.Mul):
        top, bottom = [], []
        for factor in e.args:
            power = factor.as_base_exp()[1] if isinstance(factor, sp.Pow) else sp.S.One
            if power.is_negative:
                bottom.append(_write(1 / factor, 2))
            else:
                top.append(_write(factor, 1))
        whole = "*".join(top or ["1"]) + "".join(f"/{part}" for part in bottom)
        return whole if level < 2 else f"({whole})"
    if isinstance(e, sp.Pow):
        return _write_power(e, level)
    name, arguments = _word(e)
    return f"{name}({', '.join(_write(argument, 0) for argument in arguments)})"


def _write_power(e: sp.Pow, level: int) -> str:
    if e.base is sp.E:
        return f"exp({_write(e.exp, 0)})"
    if not (e.exp.is_Rational and e.exp.q in (1, 2)):
        return f"exp({_write(e.exp, 1)}*log({_write(e.base, 0)}))"
    base = f"sqrt({_write(e.base, 0)})" if e.exp.q == 2 else _write(e.base, 2)
    whole = base if e.exp.p == 1 else f"{base}^{e.exp.p}"
    return whole if level < 2 or e.exp.p == 1 else f"({whole})"


def _word(e: sp.Expr) -> tuple[str, tuple[sp.Expr, ...]]:
    """The language's function for a node, and its arguments."""
    if isinstance(e, (sp.sin, sp.cos)):
        name = "sin" if isinstance(e, sp.sin) else "cos"
        turns = sp.expand(e.args[0] / sp.pi)
        return (name, e.args) if turns.has(sp.pi) else (name + "_pi", (turns,))
    if type(e) in _UNARY:
        return _UNARY[type(e)], e.args
    if type(e) in _BINARY:
        return _BINARY[type(e)], e.args
    raise CannotTranslate(f"no word for {type(e).__name__} in the language of certificates: {sp.sstr(e)[:80]}")


def program(expression: sp.Expr, symbols: Sequence[sp.Symbol]) -> Program:
    """The expression as a function of balls or series, at the precision that holds now; equal parts share a step."""
    steps: list[tuple[Callable[..., Value], tuple[int, ...]]] = []
    known: dict[sp.Expr, int] = {symbol: place for place, symbol in enumerate(symbols)}

    def place(operation: Callable[..., Value], *arguments: sp.Expr) -> int:
        needed = tuple(visit(argument) for argument in arguments)
        steps.append((operation, needed))
        return len(symbols) + len(steps) - 1

    def visit(e: sp.Expr) -> int:
        if e not in known:
            known[e] = build(e)
        return known[e]

    def build(e: sp.Expr) -> int:
        if isinstance(e, sp.Rational):
            value = ball(Fraction(int(e.p), int(e.q)))
            return place(lambda: value)
        if e is sp.pi:
            return place(arb.pi)
        if e is sp.E:
            return place(arb.const_e)
        if isinstance(e, (sp.Add, sp.Mul)):
            return place(_total if isinstance(e, sp.Add) else _product, *e.args)
        if isinstance(e, sp.Pow) and e.base is not sp.E:
            return power(e)
        name, arguments = ("exp", (e.exp,)) if isinstance(e, sp.Pow) else _word(e)
        return place(_OPERATIONS[name], *arguments)

    def power(e: sp.Pow) -> int:
        if not (e.exp.is_Rational and e.exp.q in (1, 2)):
            return visit(sp.exp(e.exp * sp.log(e.base), evaluate=False))
        exponent, root = int(e.exp.p), e.exp.q == 2
        return place(lambda x: _power(_sqrt(x) if root else x, exponent), e.base)

    target = visit(expression)

    def run(values: Sequence[Value]) -> Value:
        found = list(values)
        for operation, needed in steps:
            found.append(operation(*[found[index] for index in needed]))
        return found[target]

    return run


def _total(*values: Value) -> Value:
    return reduce(add, values)


def _product(*values: Value) -> Value:
    return reduce(mul, values)


def _power(x: Value, exponent: int) -> Value:
    return x**exponent if exponent >= 0 else 1 / x**-exponent


def _sqrt(x: Value) -> Value:
    """√max(x, 0)."""
    if isinstance(x, arb_series) or x > 0 or not x.is_finite():
        return x.sqrt()
    highest = arb(x.upper())
    return (highest.sqrt() / 2) * arb(1, 1) if highest > 0 else arb(0)


def _abs(x: Value) -> Value:
    if not isinstance(x, arb_series):
        return abs(x)
    return x if x[0] > 0 else -x if x[0] < 0 else x * arb("nan")


def _limited(p: Value, q: Value, function: Callable[[Value], Value], limit: int) -> Value:
    """function(p/q) for q > 0; where q touches 0 < p, between the limit and the value at the upper end of q."""
    low, high = (x[0] if isinstance(x, arb_series) else x for x in (p, q))
    if high > 0:
        return function(p / q)
    if isinstance(p, arb_series) or isinstance(q, arb_series) or not (low > 0 and high.is_finite()):
        return p * arb("nan")
    top = arb(high.upper())
    return arb(limit).union(function(arb(low.lower()) / top)) if top > 0 else arb(limit)


def _angle(p: Value, q: Value) -> Value:
    if not isinstance(p, arb_series) and not isinstance(q, arb_series):
        return arb.atan2(arb(p), arb(q))
    (p0, p1), (q0, q1) = ((x[0], x.derivative()) if isinstance(x, arb_series) else (x, arb(0)) for x in (p, q))
    if not (q0 > 0 or p0 > 0 or p0 < 0):
        return p * q * arb("nan")
    slope = (p1 * q - p * q1) / (p * p + q * q)
    return slope.integral() + arb.atan2(p0, q0)


_OPERATIONS: dict[str, Callable[..., Value]] = {
    "sin": lambda x: x.sin(),
    "cos": lambda x: x.cos(),
    "sin_pi": lambda x: x.sin_pi(),
    "cos_pi": lambda x: x.cos_pi(),
    "atan": lambda x: x.atan(),
    "exp": lambda x: x.exp(),
    "log": lambda x: x.log(),
    "erf": lambda x: x.erf(),
    "abs": _abs,
    "exp_ratio": lambda p, q: _limited(p, q, lambda x: (-x).exp(), 0),
    "erf_ratio": lambda p, q: _limited(p, q, lambda x: x.erf(), 1),
    "atan_ratio": _angle,
}
