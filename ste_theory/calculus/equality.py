"""Equality of closed forms, decided: exact rewriting to rational functions over independent generators.

With tan(θ/4) = 1/(1 + y), y > 0, every trigonometric function of θ and θ/2 is a rational function of y (and cos(θ/2) is
visibly positive). Terms are grouped by their exponential factor; θ itself and each erf of a distinct argument is a generator
of its own. If every group's numerator vanishes identically the two expressions are equal. Without erf and undefined functions
the converse holds too: exponentials of exponents that differ by a non-constant are linearly independent over rational
functions, and θ = 4·arctan(1/(1 + y)) is transcendental over them.
"""

from functools import lru_cache

import sympy as sp
from sympy.core.function import AppliedUndef

from ste_theory.calculus.expectation import Expectation, indicator, unfold
from ste_theory.model.symbols import theta

_Y = sp.Symbol("y", positive=True)
_HALF_COS = _Y * (_Y + 2) / (_Y**2 + 2 * _Y + 2)
_HALF_SIN = 2 * (_Y + 1) / (_Y**2 + 2 * _Y + 2)


class _Exponential(sp.Function):
    """exp, kept from SymPy's own rearrangements (it would move exp(−x) into a denominator)."""

    nargs = 1
    is_positive = True


_TRIGONOMETRIC = {
    sp.cos(theta / 2): _HALF_COS,
    sp.sin(theta / 2): _HALF_SIN,
    sp.cos(theta): sp.factor(2 * _HALF_COS**2 - 1),
    sp.sin(theta): 2 * _HALF_SIN * _HALF_COS,
}


@lru_cache(maxsize=8192)
def exactly_equal(left: sp.Expr, right: sp.Expr) -> bool | None:
    """Whether two expressions are the same function on 0 < θ < π and positive ρ, ρ*.

    ``True`` and ``False`` are proofs; ``None`` says that this method does not decide (generators are left, such as erf of
    different arguments, which may or may not be related).

    >>> from ste_theory.model.symbols import theta
    >>> exactly_equal(sp.cot(theta / 2), (1 + sp.cos(theta)) / sp.sin(theta))
    True
    >>> exactly_equal(sp.cos(theta), sp.sin(theta))
    False
    """
    if left == right:
        return True
    difference = sp.expand(_normal(left - right), power_exp=False, log=False)
    groups: dict[sp.Expr, sp.Expr] = {}
    for term in sp.Add.make_args(difference):
        exponent, coefficient = _split_exponential(term)
        groups[exponent] = groups.get(exponent, sp.S.Zero) + coefficient
    verdicts = [_vanishes(coefficient) for coefficient in groups.values()]
    if all(verdict is True for verdict in verdicts):
        return True
    if any(verdict is None for verdict in verdicts):
        return None
    # Exponents that differ by a constant would make the groups dependent; they do not occur, and if they did: undecided.
    exponents = list(groups)
    distinct = all((p - q).free_symbols for index, p in enumerate(exponents) for q in exponents[:index])
    return False if distinct else None


def exactly_zero(expression: sp.Expr) -> bool | None:
    """``exactly_equal(expression, 0)``."""
    return exactly_equal(expression, sp.S.Zero)


def _split_exponential(term: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    exponent, others = sp.S.Zero, []
    for factor in sp.Mul.make_args(term):
        base, power = factor.as_base_exp()
        if isinstance(base, _Exponential):
            exponent += base.args[0] * power
        else:
            others.append(factor)
    return sp.factor(sp.cancel(sp.together(exponent))), sp.Mul(*others)


def _vanishes(coefficient: sp.Expr) -> bool | None:
    numerator = sp.fraction(sp.together(coefficient))[0]
    generators = _opaque(numerator)
    names = {atom: sp.Dummy(f"g{index}") for index, atom in enumerate(generators)}
    polynomial = sp.expand(numerator.xreplace(names))
    if polynomial != 0:
        polynomial = sp.expand(sp.numer(sp.together(sp.radsimp(polynomial))))
    if polynomial == 0:
        return True
    return None if generators else False


def _normal(expression: sp.Expr) -> sp.Expr:
    """φ, Φ unfolded, all trigonometric functions of θ rational in y, arguments of exp, erf and roots in lowest terms."""
    result = unfold(expression)
    if result.has(sp.tan, sp.cot, sp.sec, sp.csc):
        result = result.replace(lambda node: isinstance(node, (sp.tan, sp.cot, sp.sec, sp.csc)), _by_sine_and_cosine)
    result = result.replace(sp.erfc, lambda argument: 1 - sp.erf(argument))
    result = result.replace(lambda node: isinstance(node, (sp.cos, sp.sin)) and node.has(theta), sp.expand_trig)
    result = result.xreplace(_TRIGONOMETRIC)
    return result.replace(
        lambda node: isinstance(node, (sp.exp, sp.erf, Expectation, indicator, AppliedUndef)) or _is_root(node),
        _with_reduced_argument,
    )


def _by_sine_and_cosine(node: sp.Expr) -> sp.Expr:
    sine, cosine = sp.sin(node.args[0]), sp.cos(node.args[0])
    forms = {sp.tan: sine / cosine, sp.cot: cosine / sine, sp.sec: 1 / cosine, sp.csc: 1 / sine}
    return forms[node.func]


def _is_root(node: sp.Basic) -> bool:
    return isinstance(node, sp.Pow) and node.exp.is_Rational and not node.exp.is_Integer and bool(node.base.free_symbols)


def _with_reduced_argument(node: sp.Expr) -> sp.Expr:
    if isinstance(node, sp.Pow):
        return sp.Pow(sp.factor(sp.cancel(sp.together(node.base))), node.exp)
    if isinstance(node, Expectation):
        return Expectation(sp.factor(node.integrand))
    argument = sp.factor(sp.cancel(sp.together(node.args[0])))
    if isinstance(node, sp.exp):
        return _Exponential(argument)
    if isinstance(node, sp.erf) and argument.could_extract_minus_sign():
        return -sp.erf(-argument)
    return node.func(argument)


def _opaque(expression: sp.Expr) -> list[sp.Expr]:
    """What is not a number, symbol or arithmetic: every function value, expectation, integral and leftover root."""
    found: list[sp.Expr] = []

    def collect(node: sp.Basic) -> None:
        arithmetic = isinstance(node, (sp.Add, sp.Mul, sp.Symbol, sp.Indexed)) or node.is_number
        if not (arithmetic or (isinstance(node, sp.Pow) and node.exp.is_Integer)):
            if node not in found:
                found.append(node)
            return
        if not isinstance(node, sp.Indexed):
            for child in node.args:
                collect(child)

    collect(expression)
    return found


def visibly_positive(expression: sp.Expr) -> bool:
    """Whether the expression is a product of quantities that are positive on 0 < θ < π for positive ρ, ρ*: a proof if true."""
    return bool(sp.factor(sp.cancel(sp.together(_normal(expression)))).is_positive)
