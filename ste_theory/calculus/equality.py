"""Equality of closed forms, decided: exact rewriting to rational functions over independent generators.

With tan(θ/4) = 1/(1 + y), y > 0, every trigonometric function of θ and θ/2 is a rational function of y (and cos(θ/2) is
visibly positive). Terms are grouped by their exponential factor; θ itself and each erf of a distinct argument is a
generator of its own. If every group's numerator vanishes identically the two expressions are equal. Without erf and
undefined functions the converse holds too: exponentials of real exponents that differ by a non-constant are linearly
independent over rational functions, θ = 4·arctan(1/(1 + y)) is transcendental over them, and rationals, powers of √π
and square roots of integers are numbers whose sums SymPy collects completely. Other numbers (logarithms, nested
roots) may vanish unseen: undecided.
"""

from functools import lru_cache

import sympy as sp
from sympy.core.function import AppliedUndef

from ste_theory.calculus.expectation import Expectation, indicator, unfold
from ste_theory.calculus.identity import identical
from ste_theory.calculus.step_sums import StepSum, two_steps_decide, written_out
from ste_theory.model.symbols import theta

# A dummy: a symbol of a statement that happens to be called y is another one.
_Y = sp.Dummy("y", positive=True)
_HALF_COS = _Y * (_Y + 2) / (_Y**2 + 2 * _Y + 2)
_HALF_SIN = 2 * (_Y + 1) / (_Y**2 + 2 * _Y + 2)


class _Exponential(sp.Function):
    """exp, kept from SymPy's own rearrangements (it would move exp(−x) into a denominator)."""

    nargs = 1

    def _eval_is_positive(self) -> bool | None:
        return True if self.args[0].is_extended_real else None


_TRIGONOMETRIC = {
    sp.cos(theta / 2): _HALF_COS,
    sp.sin(theta / 2): _HALF_SIN,
    sp.cos(theta): sp.factor(2 * _HALF_COS**2 - 1),
    sp.sin(theta): 2 * _HALF_SIN * _HALF_COS,
}


@lru_cache(maxsize=8192)
def exactly_equal(left: sp.Expr, right: sp.Expr) -> bool | None:
    """Whether two expressions are the same function on 0 < θ < π and positive ρ, ρ*.

    ``True`` and ``False`` are proofs; ``None`` says that this method does not decide (generators are left, such as
    erf of different arguments, which may or may not be related).

    >>> from ste_theory.model.symbols import theta
    >>> exactly_equal(sp.cot(theta / 2), (1 + sp.cos(theta)) / sp.sin(theta))
    True
    >>> exactly_equal(sp.cos(theta), sp.sin(theta))
    False
    """
    if any(side.has(*_NOT_EXACT) for side in (left, right)):
        return None
    if left == right:
        return True
    if any(side.has(StepSum) for side in (left, right)):  # for every number of steps (see ``step_sums``)
        decided = all(two_steps_decide(side) for side in (left, right))
        return exactly_equal(written_out(left), written_out(right)) if decided else None
    if identical(left, right):  # quick where it succeeds; it never says that sides differ
        return True
    normal = _normal(left - right)
    if normal.has(*_NOT_EXACT, sp.Derivative):
        return None
    groups: dict[sp.Expr, sp.Expr] = {}
    for term in sp.Add.make_args(sp.expand(normal, power_exp=False, log=False)):
        exponent, coefficient = _split_exponential(term)
        groups[exponent] = groups.get(exponent, sp.S.Zero) + coefficient
    verdicts = [_vanishes(coefficient) for coefficient in groups.values()]
    if all(verdict is True for verdict in verdicts):
        return True
    if any(verdict is None for verdict in verdicts):
        return None
    exponents = [exponent for exponent, verdict in zip(groups, verdicts, strict=True) if verdict is False]
    independent = all(_not_constant(p - q) for index, p in enumerate(exponents) for q in exponents[:index])
    return False if independent and not any(_opaque(exponent) for exponent in exponents) else None


# Infinities and floats make no exact statement, two undefined expressions are not equal.
_NOT_EXACT = (sp.nan, sp.zoo, sp.oo, -sp.oo, sp.Float)


def exactly_zero(expression: sp.Expr) -> bool | None:
    """``exactly_equal(expression, 0)``."""
    return exactly_equal(expression, sp.S.Zero)


def _split_exponential(term: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    exponent, others = sp.S.Zero, []
    for factor in sp.Mul.make_args(term):
        base, power = factor.as_base_exp()
        if isinstance(base, _Exponential) and (power.is_Integer or base.is_positive):
            exponent += base.args[0] * power
        else:
            others.append(factor)
    return _lowest_terms(exponent), sp.Mul(*others)


def _vanishes(coefficient: sp.Expr) -> bool | None:
    numerator, denominator = sp.fraction(sp.together(coefficient))
    generators = _opaque(numerator)
    names = {atom: sp.Dummy(f"g{index}") for index, atom in enumerate((*generators, *_opaque(denominator)))}
    if sp.expand(sp.numer(sp.together(denominator.xreplace(names)))) == 0:
        return None
    polynomial = sp.expand(numerator.xreplace(names))
    if polynomial != 0:
        polynomial = sp.expand(sp.numer(sp.together(sp.radsimp(polynomial))))
    if polynomial == 0:
        return True
    hidden = _opaque(denominator) or not _numbers_are_independent(polynomial)
    return None if generators or hidden else False


def _numbers_are_independent(polynomial: sp.Expr) -> bool:
    """Whether all numbers in an expanded polynomial are rationals times powers of √π and square roots of integers.

    Such products are linearly independent over the rationals unless SymPy collects them, so what did not collapse to
    0 is not 0.
    """

    def plain(factor: sp.Expr) -> bool:
        base, exponent = factor.as_base_exp()
        if base.is_number:
            root = base.is_Integer and base.is_positive and exponent == sp.S.Half
            return bool(factor.is_Rational or root or (base is sp.pi and (2 * exponent).is_Integer))
        return bool(base.is_Symbol or isinstance(base, sp.Indexed)) and bool(exponent.is_Integer)

    terms = sp.Add.make_args(polynomial)
    return all(plain(factor) for term in terms for factor in sp.Mul.make_args(term))


def _not_constant(difference: sp.Expr) -> bool:
    """Whether some derivative is certainly not zero."""
    return any(_vanishes(sp.diff(difference, symbol)) is False for symbol in difference.free_symbols)


def _normal(expression: sp.Expr) -> sp.Expr:
    """φ, Φ unfolded, all trigonometric functions of θ rational in y, arguments of exp, erf and roots in lowest
    terms."""
    result = unfold(expression).replace(lambda node: isinstance(node, sp.Derivative), lambda node: node.doit())
    if result.has(sp.Derivative):  # its variable must not be replaced
        return result
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
    return (
        isinstance(node, sp.Pow) and node.exp.is_Rational and not node.exp.is_Integer and bool(node.base.free_symbols)
    )


@lru_cache(maxsize=8192)
def _with_reduced_argument(node: sp.Expr) -> sp.Expr:
    if isinstance(node, sp.Pow):
        return sp.Pow(_lowest_terms(node.base), node.exp)
    if isinstance(node, Expectation):
        return Expectation(sp.factor(node.integrand))
    argument = _lowest_terms(node.args[0])
    if isinstance(node, sp.exp):
        return _Exponential(argument)
    if isinstance(node, sp.erf) and argument.could_extract_minus_sign():
        return -sp.erf(-argument)
    return node.func(argument)


# Terms of one sum share their exponents, and sums that are compared share them too.
@lru_cache(maxsize=8192)
def _lowest_terms(expression: sp.Expr) -> sp.Expr:
    return sp.factor(sp.cancel(sp.together(expression)))


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
    """Whether the expression is a product of quantities that are positive on 0 < θ < π for positive ρ, ρ*: a proof if
    true."""
    return bool(_lowest_terms(_normal(expression)).is_positive)
