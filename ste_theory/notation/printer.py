"""From SymPy expressions to formulas: the one place that says how each kind of expression is written."""

from collections.abc import Sequence
from functools import lru_cache

import sympy as sp
from sympy.core.function import AppliedUndef

from ste_theory.calculus.clipped import ClippedIntegral
from ste_theory.calculus.expectation import Expectation, OthersSum, Phi, indicator, phi
from ste_theory.calculus.orthants import Orthant, OrthantSlope
from ste_theory.calculus.rules.derivatives import DirectionalDerivative
from ste_theory.calculus.step_sums import StepSum
from ste_theory.calculus.vectors import Norm
from ste_theory.model.symbols import Projection, RowNormal, m, theta
from ste_theory.notation import latex, unicode
from ste_theory.notation.constants import constant, is_constant
from ste_theory.notation.formula import (
    DOT,
    EMPTY,
    ONE,
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
    bracketed,
    product,
)
from ste_theory.notation.letters import letter
from ste_theory.notation.order import factor_key, is_vector, term_key
from ste_theory.notation.steps import merged_indicators, switch

_INVERSE = {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}
_NAMES = {
    "exp",
    "log",
    "sin",
    "cos",
    "tan",
    "cot",
    "sec",
    "csc",
    "sinh",
    "cosh",
    "tanh",
    "max",
    "min",
    *_INVERSE.values(),
}
_BARE = {"sin", "cos", "tan", "cot", "sec", "csc"}
_MEAN, _SUM, _INTEGRAL = Letter(r"\mathbb{E}", "E"), Letter(r"\sum", "Σ"), Letter(r"\int", "∫")
_NUMBERS = {sp.pi: Letter(r"\pi", "π"), sp.oo: Letter(r"\infty", "∞"), sp.E: Letter("e", "e")}
_AND, _OR = Letter(r"\text{ and }", " and "), Letter(r"\text{ or }", " or ")
_EQUAL, _UNEQUAL, _COMMA = Letter("=", "="), Letter(r"\neq ", "≠"), Letter(", ", ", ")
_QUADRANT = Letter("L", "L")
# Its derivatives in its three arguments.
_QUADRANT_SLOPES = tuple(Letter(f"L_{{{place}}}", f"L_{place}") for place in (1, 2, 3))
# A numerator wider than this stands behind its fraction, where it can be broken.
_WIDEST = 110.0


@lru_cache(maxsize=1 << 15)
def formula(expression: sp.Basic) -> Formula:
    """How the expression is written."""
    match expression:
        case sp.Add():
            return _sum(expression)
        case sp.Mul() | sp.Rational():
            return _signed(*term(expression))
        case sp.Pow():
            return _signed(*term(expression)) if is_constant(expression) else _power(expression)
        case sp.exp():
            return Power(Letter("e", "e"), formula(expression.args[0]))
        case sp.Symbol():
            return letter(expression.name)
        case sp.Indexed():
            return letter(str(expression.base), ",".join(map(str, expression.indices)))
        case RowNormal():
            return letter(str(expression.args[0]), str(expression.args[1]))
        case Projection():
            row = letter("Z", str(expression.args[1]))
            return Group("⟨", Row((row, _COMMA, formula(expression.args[0]))))
        case Norm():
            return Group("‖", formula(expression.args[0]))
        case sp.Abs():
            return Group("|", formula(expression.args[0]))
        case indicator():
            return switch([expression], formula)
        case Expectation():
            return Row((_MEAN, Group("[", formula(expression.integrand))))
        case DirectionalDerivative():
            return _derivative(expression)
        case OthersSum() | StepSum() | sp.Sum() | sp.Integral():
            return _big(expression)
        case OrthantSlope():
            name = _QUADRANT_SLOPES[expression.argument - 1]
            return Call(name, tuple(formula(argument) for argument in expression.args[1:]))
        case sp.Piecewise():
            return Cases(tuple((formula(value), _condition(condition)) for value, condition in expression.args))
        case sp.And() | sp.Or():
            joint = _AND if isinstance(expression, sp.And) else _OR
            parts = [formula(argument) for argument in sorted(expression.args, key=sp.default_sort_key)]
            return Row(tuple(part for written in parts for part in (joint, written))[1:])
        case sp.Function() | sp.Max() | sp.Min():
            return _call(expression)
        case sp.core.relational.Relational():
            sign = {">": ">", "<": "<", ">=": r"\geq", "<=": r"\leq", "==": "=", "!=": r"\neq"}[expression.rel_op]
            text = {r"\geq": "≥", r"\leq": "≤", r"\neq": "≠"}.get(sign, sign)
            return Row((formula(expression.lhs), Letter(f" {sign} ", f" {text} "), formula(expression.rhs)))
        case _:
            return _NUMBERS.get(expression) or _other(expression)


def _condition(condition: sp.Basic) -> Formula | None:
    return None if condition == sp.true else formula(condition)


def _other(expression: sp.Basic) -> Formula:
    if expression is sp.S.NegativeInfinity:
        return Letter(r"-\infty", "−∞")
    names = {symbol: letter(symbol.name).latex for symbol in expression.free_symbols if isinstance(symbol, sp.Symbol)}
    return Letter(sp.latex(expression, symbol_names=names), sp.sstr(expression))


def _signed(negative: bool, body: Formula) -> Formula:
    return Terms((Term(True, body),)) if negative else body


def _sum(expression: sp.Add) -> Formula:
    counts = expression.free_symbols <= {m, theta} and not expression.has(sp.Function)
    ordered = sorted(expression.as_ordered_terms(), key=lambda argument: term_key(argument, after=counts))
    terms = [term(argument) for argument in ordered]
    positive = [number for number, (negative, _) in enumerate(terms) if not negative]
    if terms[0][0] and positive:
        terms.insert(0, terms.pop(positive[0]))
    return Terms(tuple(Term(negative, body) for negative, body in terms))


def term(expression: sp.Expr) -> tuple[bool, Formula]:
    """(whether it is negative, the formula without its sign)."""
    if not isinstance(expression, (sp.Mul, sp.Pow)) and not expression.is_Rational:
        written = formula(expression)
        if isinstance(written, Terms) and len(written.terms) == 1:
            return written.terms[0].negative, written.terms[0].body
        return False, bracketed(written)
    if any(argument == 0 or isinstance(argument, sp.Mul) for argument in expression.args):
        return _side_by_side(expression)
    signs, factors = zip(*(_positive(factor) for factor in _flat(expression)), strict=True)
    numbers = constant([factor for factor in factors if is_constant(factor)])
    others = _cotangents([factor for factor in factors if not is_constant(factor)])
    above = [factor for factor in others if not _inverted(factor)]
    below = [sp.Pow(factor.base, -factor.exp) for factor in others if _inverted(factor)]
    return numbers.negative ^ (sum(signs) % 2 == 1), _fraction(numbers.top, numbers.bottom, above, below)


def _side_by_side(expression: sp.Expr) -> tuple[bool, Formula]:
    """A product that was left unevaluated, factor by factor."""
    signs, bodies = zip(*(term(argument) for argument in expression.args), strict=True)
    separated = [part for body in bodies for part in (DOT, bracketed(body))]
    return sum(signs) % 2 == 1, Product(tuple(separated[1:]))


def _positive(factor: sp.Expr) -> tuple[bool, sp.Expr]:
    """(whether the sign changed, Σ h or ∫ h): the minus sign of the summand or integrand comes out."""
    if isinstance(factor, OthersSum) and factor.summand.could_extract_minus_sign():
        return True, OthersSum(-factor.summand, factor.index, factor.excluded)
    if isinstance(factor, StepSum) and factor.summand.could_extract_minus_sign():
        return True, StepSum(-factor.summand, factor.index)
    runs = isinstance(factor, (sp.Sum, sp.Integral)) and isinstance(factor.function, sp.Mul)
    if not (runs and factor.function.could_extract_minus_sign()):
        return False, factor
    return True, factor.func(-factor.function, *factor.limits)


def _flat(expression: sp.Expr) -> list[sp.Expr]:
    """The factors; 2m − 2 counts as the two factors 2 and m − 1."""
    if isinstance(expression, sp.Mul):
        return [factor for argument in expression.args for factor in _flat(argument)]
    if isinstance(expression, sp.Add) and not is_vector(expression):
        number, rest = expression.primitive()
        return [expression] if number == 1 else [number, rest]
    return [expression]


def _inverted(factor: sp.Expr) -> bool:
    return isinstance(factor, sp.Pow) and bool(factor.exp.is_Rational) and bool(factor.exp.is_negative)


def _cotangents(factors: list[sp.Expr]) -> list[sp.Expr]:
    """cos x/sin x as cot x."""
    found = list(factors)
    for factor in factors:
        base, power = (factor.base, factor.exp) if isinstance(factor, sp.Pow) else (factor, sp.S.One)
        if isinstance(base, sp.cos) and power.is_positive:
            sine = sp.Pow(sp.sin(base.args[0]), -power)
            if sine in found:
                found.remove(sine)
                found[found.index(factor)] = sp.Pow(sp.cot(base.args[0], evaluate=False), power)
    return found


def _fraction(top: Sequence[Formula], bottom: Sequence[Formula], above: list[sp.Expr], below: list[sp.Expr]) -> Formula:
    directions = [factor for factor in above if is_vector(factor)]
    norms = [Norm(direction) for direction in directions if Norm(direction) in below]
    steps = [factor for factor in above if isinstance(factor, indicator)]
    plain = sorted((factor for factor in above if factor not in directions + steps), key=factor_key)
    under = [
        *bottom,
        *(_factor(factor) for factor in sorted((f for f in below if f not in norms), key=factor_key)),
    ]
    ending = [*merged_indicators(steps, formula)]
    for direction in directions:
        written = formula(direction)
        unit = Norm(direction) in norms
        ending.append(Quotient(written, formula(Norm(direction))) if unit else bracketed(written))
    if not under:
        return product(_separated([*top, *(_factor(factor) for factor in plain), *ending]))
    inside = [factor for factor in plain if _is_simple(factor)]
    outside = [factor for factor in plain if factor not in inside]
    if len(outside) == 1 and not inside and not top and isinstance(outside[0], sp.Add):
        alone = formula(outside[0])
        if latex.width(alone) < _WIDEST and all(_is_simple(part) for part in outside[0].args):
            return product([Quotient(alone, _bare(product(under))), *ending])
    upper = [*top, *(_factor(factor) for factor in inside)]
    first = Quotient(_bare(product(upper)), _bare(product(under)))
    return product(_separated([first, *(_factor(factor) for factor in outside), *ending]))


def _bare(part: Formula) -> Formula:
    """A sum alone above or below a fraction's line needs no brackets."""
    return part.inner if isinstance(part, Group) and part.left == "(" else part


def product_of(factors: Sequence[sp.Expr]) -> Formula:
    """The factors side by side in this order, not multiplied out; those that are 1 are left out."""
    written = [_factor(factor) for factor in factors if factor != 1]
    # A number inside a product would seem to belong to the factor before it.
    apart = [Group("(", one) if unicode.text(one)[:1].isdigit() else one for one in written[1:]]
    return product(_separated([*written[:1], *apart]))


def _separated(factors: list[Formula]) -> list[Formula]:
    """A sum or integral that is not the last factor in brackets: what it runs over ends there."""
    closed: list[Formula] = [Group("(", one) if isinstance(one, Big) else one for one in factors[:-1]]
    return [*closed, *factors[-1:]]


def _is_simple(factor: sp.Expr) -> bool:
    """Whether the factor is short enough for a numerator: no brackets in it except a function's."""
    if isinstance(factor, sp.Mul):
        return all(_is_simple(argument) for argument in factor.args)
    base = factor.base if isinstance(factor, sp.Pow) else factor
    if isinstance(base, (phi, Phi)) and base.is_number:
        return True
    atom = isinstance(base, (sp.Symbol, sp.Indexed, RowNormal, sp.Number, sp.NumberSymbol))
    return atom or (
        isinstance(base, (sp.sin, sp.cos, sp.cot, ClippedIntegral, sp.Max, sp.Min, sp.Add)) and not _is_long(base)
    )


def _is_long(base: sp.Expr) -> bool:
    return isinstance(base, sp.Add) and not (len(base.args) == 2 and all(part.is_Atom for part in base.args))


def _factor(factor: sp.Expr) -> Formula:
    written = formula(factor)
    return Group("(", written) if isinstance(written, Terms) else written


def _power(expression: sp.Pow) -> Formula:
    base, exponent = expression.base, expression.exp
    if exponent == sp.S.Half:
        return Root(formula(base))
    if exponent.is_Rational and exponent.is_negative:
        return Quotient(Letter("1", "1"), formula(sp.Pow(base, -exponent)))
    raised, written = formula(exponent), formula(base)
    if isinstance(written, Call) and written.bare:
        return Call(Power(written.function, raised), written.arguments, bare=True)
    marked = isinstance(written, Letter) and ("^" in written.latex or "*" in written.text)
    if marked or not isinstance(written, (Letter, Group, Row, Call)):
        written = Group("(", written)
    return Power(written, raised)


def _call(expression: sp.Function) -> Formula:
    arguments = tuple(formula(argument) for argument in expression.args)
    if isinstance(expression, ClippedIntegral):
        return Call(Letter(expression.letter, expression.letter), arguments)
    if isinstance(expression, Orthant):
        return Call(_QUADRANT, arguments)
    if isinstance(expression, (phi, Phi, AppliedUndef)):
        return Call(letter(expression.func.__name__), arguments)
    name = expression.func.__name__.lower()
    name = _INVERSE.get(name, name)
    if hasattr(expression, "_latex"):
        return _other(expression)
    latex_name = f"\\{name}" if name in _NAMES else rf"\operatorname{{{name}}}"
    bare = name in _BARE and len(arguments) == 1 and isinstance(arguments[0], Letter)
    return Call(Letter(latex_name, name), arguments, bare)


def _big(expression: sp.Expr) -> Formula:
    if isinstance(expression, OthersSum):
        negative, body = _under(expression.summand)
        lower: Formula = Row((formula(expression.index), _UNEQUAL, formula(expression.excluded)))
        return _signed(negative, Big(_SUM, lower, None, body))
    if isinstance(expression, StepSum):
        negative, body = _under(expression.summand)
        return _signed(negative, Big(_SUM, formula(expression.index), None, body))
    negative, inside = _under(expression.function)
    for variable, *ends in expression.limits:
        if len(ends) != 2:
            return _other(expression)
        name, start, stop = formula(variable), formula(ends[0]), formula(ends[1])
        if isinstance(expression, sp.Sum):
            inside = Big(_SUM, Row((name, _EQUAL, start)), stop, inside)
        else:
            inside = Big(_INTEGRAL, start, stop, EMPTY if inside == ONE else inside, name)
    return _signed(negative, inside)


def _under(expression: sp.Expr) -> tuple[bool, Formula]:
    """What stands under a sum or an integral: its sign, to stand in front, and a sum of terms in brackets."""
    written = formula(expression)
    if isinstance(written, Terms) and len(written.terms) == 1:
        return written.terms[0].negative, written.terms[0].body
    return False, bracketed(written)


def _derivative(expression: DirectionalDerivative) -> Formula:
    slope = Quotient(Letter(r"\partial ", "∂"), Letter(r"\partial w", "∂w"))
    return Group("⟨", Row((slope, Group("[", formula(expression.function)), _COMMA, formula(expression.direction))))
