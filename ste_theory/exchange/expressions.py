"""SymPy expressions as trees and back: the one table of what each head means.

Reading makes objects of this table and of the letters given, nothing else; there is no ``sympify`` on the way.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from ste_theory.calculus.clipped import p_clipped, q_clipped
from ste_theory.calculus.expectation import Expectation, OthersSum, Phi, indicator, phi
from ste_theory.calculus.orthants import Orthant, OrthantSlope
from ste_theory.calculus.rules.derivatives import DirectionalDerivative
from ste_theory.calculus.step_sums import StepSum
from ste_theory.calculus.vectors import Norm
from ste_theory.exchange.tree import Name, Node, NotWritten, Number, Tree
from ste_theory.model.errors import InvalidInput
from ste_theory.model.iteration import Iterated
from ste_theory.model.symbols import Projection, RowNormal, StandardNormal

_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **{
        name: getattr(sp, name)
        for name in [
            "exp",
            "log",
            "sin",
            "cos",
            "tan",
            "cot",
            "sec",
            "csc",
            "asin",
            "acos",
            "atan",
            "sinh",
            "cosh",
            "tanh",
        ]
    },
    "erf": sp.erf,
    "erfc": sp.erfc,
    "gamma": sp.gamma,
    "sign": sp.sign,
    "abs": sp.Abs,
    "min": sp.Min,
    "max": sp.Max,
    "indicator": indicator,
    "density": phi,
    "distribution": Phi,
    "mean": Expectation,
    "others_sum": OthersSum,
    "norm": Norm,
    "p": p_clipped,
    "q": q_clipped,
    "row": RowNormal,
    "projection": Projection,
    "less": sp.StrictLessThan,
    "at_most": sp.LessThan,
    "more": sp.StrictGreaterThan,
    "at_least": sp.GreaterThan,
    "equal": sp.Eq,
    "unequal": sp.Ne,
    "all": sp.And,
    "any": sp.Or,
    "not": sp.Not,
    "list": sp.Tuple,
    "iterated": Iterated,
    "slope": DirectionalDerivative,
    "sum_over_steps": StepSum,
    "orthant": Orthant,
    "orthant_slope": OrthantSlope,
}
_HEADS = {function: head for head, function in _FUNCTIONS.items()}
_BIG: Mapping[str, Callable[..., Any]] = {"sum_over": sp.Sum, "integral": sp.Integral}
_CONSTANTS = {"pi": sp.pi, "infinity": sp.oo, "true": sp.true, "false": sp.false}
_NAMES = {constant: name for name, constant in _CONSTANTS.items()}
# Functions that no formula is given for: σ, μ′ and their like.
_UNDEFINED = ("sigma", "sigma_star", "mu_prime")


def to_tree(expression: sp.Basic) -> Tree:
    """The tree of an expression. Raises ``NotWritten`` for a node that the table does not know."""
    if expression in _NAMES:
        return Name(_NAMES[expression])
    if expression is sp.E:
        return Node("exp", (Number(Fraction(1)),))
    match expression:
        case sp.Rational():
            return Number(Fraction(int(expression.p), int(expression.q)))
        case sp.Symbol():
            return Name(_identifier(expression.name))
        case sp.Indexed():
            return Node("item", tuple(map(to_tree, (expression.base.label, *expression.indices))))
        case sp.Add():
            return Node("sum", tuple(map(to_tree, expression.as_ordered_terms())))
        case sp.Mul():
            number, rest = expression.as_coeff_Mul()
            if number == 1 or not isinstance(rest, sp.Mul):
                return Node("product", tuple(map(to_tree, expression.args)))
            return Node("product", tuple(map(to_tree, (number, *rest.as_ordered_factors()))))
        case sp.Pow():
            return Node("power", (to_tree(expression.base), to_tree(expression.exp)))
        case sp.Piecewise():
            return Node("cases", tuple(to_tree(part) for branch in expression.args for part in branch.args))
        case sp.Sum() | sp.Integral():
            head = "sum_over" if isinstance(expression, sp.Sum) else "integral"
            ranges = tuple(to_tree(part) for limit in expression.limits for part in limit)
            if len(ranges) % 3:
                raise NotWritten(f"no word for a sum or integral without ends: {sp.sstr(expression)[:60]}")
            return Node(head, (to_tree(expression.function), *ranges))
        case AppliedUndef() if expression.func.__name__ in _UNDEFINED:
            return Node(expression.func.__name__, tuple(map(to_tree, expression.args)))
    if expression is sp.S.NegativeInfinity:
        return Node("product", (Number(Fraction(-1)), Name("infinity")))
    known = _HEADS.get(type(expression))
    if known is None:
        raise NotWritten(f"no word for {type(expression).__name__} ({sp.sstr(expression)[:60]})")
    return Node(known, tuple(map(to_tree, expression.args)))


def _identifier(name: str) -> str:
    plain = name.replace("'", "_prime").replace("*", "_star")
    if not plain.isidentifier():
        raise NotWritten(f"no plain name for the letter {name!r}")
    return plain


ASSUMPTIONS = ("positive", "negative", "nonnegative", "nonpositive", "nonzero", "real", "integer", "commutative")


def letters(*expressions: sp.Basic) -> dict[str, tuple[str, ...]]:
    """The letters in the expressions by name with what is assumed of each; ``normal`` marks a standard normal variable,
    ``indexed`` a letter with an index.

    Raises ``NotWritten`` where one name has two meanings.
    """
    found: dict[str, tuple[str, ...]] = {}
    for expression in expressions:
        indexed = {base.label for base in expression.atoms(sp.IndexedBase)}
        for symbol in expression.atoms(sp.Symbol):
            if isinstance(symbol, StandardNormal):
                said: tuple[str, ...] = ("normal",)
            else:
                given = getattr(symbol, "_assumptions_orig", {})
                said = tuple(word for word in ASSUMPTIONS if given.get(word) is True and word != "commutative")
                said += ("indexed",) if symbol in indexed else ()
            name = _identifier(symbol.name)
            if found.setdefault(name, said) != said:
                raise NotWritten(f"the name {name} stands for two letters")
    return dict(sorted(found.items()))


def to_expression(tree: Tree, known: Mapping[str, tuple[str, ...]]) -> sp.Basic:
    """The SymPy expression of a tree whose letters are ``known`` with their assumptions.

    Raises ``InvalidInput`` for an unknown letter, head or assumption, and for arguments that a head does not take.
    """
    made = {name: _letter(name, said) for name, said in known.items()}

    def build(tree: Tree) -> sp.Basic:
        match tree:
            case Number(value):
                return sp.Rational(value.numerator, value.denominator)
            case Name(name) if name in made:
                return made[name]
            case Name(name) if name in _CONSTANTS:
                return _CONSTANTS[name]
            case Name(name):
                raise InvalidInput(f"formula: unknown letter {name!r}")
            case Node(head, arguments):
                return _node(head, [build(argument) for argument in arguments])

    return build(tree)


def _letter(name: str, said: tuple[str, ...]) -> Any:
    if name in _CONSTANTS:
        raise InvalidInput(f"formula: {name!r} is a constant, not a letter")
    if said == ("normal",):
        return StandardNormal(name)
    unknown = [word for word in said if word not in (*ASSUMPTIONS, "indexed")]
    if unknown:
        raise InvalidInput(f"formula: unknown assumption {unknown[0]!r} of the letter {name!r}")
    assumed = {word: True for word in said if word != "indexed"}
    return sp.IndexedBase(name, **assumed) if "indexed" in said else sp.Symbol(name, **assumed)


# Powers and factorials of numbers are computed when they are made; beyond this many bits they are refused.
_MOST_BITS, _LARGEST_GAMMA = 100_000, 1000


def _check_power(base: sp.Expr, exponent: sp.Expr) -> None:
    if not exponent.is_number:
        return
    numbers = [part for part in sp.preorder_traversal(base) if isinstance(part, sp.Rational)]
    bits = max((max(int(abs(part.p)).bit_length(), int(part.q).bit_length()) for part in numbers), default=1)
    if not abs(exponent) <= _MOST_BITS / bits:
        raise InvalidInput("formula: a power of more than 100000 bits")


def _node(head: str, parts: list[sp.Basic]) -> sp.Basic:
    try:
        match head, parts:
            case "sum", _:
                return sp.Add(*parts)
            case "product", _:
                return sp.Mul(*parts)
            case "power", [base, exponent]:
                _check_power(base, exponent)
                return sp.Pow(base, exponent)
            case "gamma", [argument] if argument.is_number and not abs(argument) <= _LARGEST_GAMMA:
                raise InvalidInput(f"formula: gamma beyond {_LARGEST_GAMMA}")
            case "item", [base, *places] if isinstance(base, sp.IndexedBase):
                return base[tuple(places)] if len(places) > 1 else base[places[0]]
            case "cases", _ if parts and len(parts) % 2 == 0:
                return sp.Piecewise(*zip(parts[::2], parts[1::2], strict=True))
            case (("sum_over" | "integral"), [body, *ranges]) if ranges and len(ranges) % 3 == 0:
                limits = [tuple(ranges[start : start + 3]) for start in range(0, len(ranges), 3)]
                return _BIG[head](body, *limits)
            case _ if head in _UNDEFINED:
                return sp.Function(head, real=True)(*parts)
            case _ if head in _FUNCTIONS:
                return _FUNCTIONS[head](*parts)
    except (TypeError, ValueError, AttributeError, IndexError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput(f"formula: {head} does not take these arguments") from None
    raise InvalidInput(f"formula: unknown function {head!r}, or the wrong number of arguments")
