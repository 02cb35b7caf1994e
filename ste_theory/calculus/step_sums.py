"""Sums over the steps of a staircase σ(x) = c_0 + Σ_j d_j 1{x > t_j} with any number of steps.

``StepSum(h, j)`` is Σ_j h(j). What is stated about it is of degree at most two in the heights, every sum carrying a
height: Σ_j d_j g(t_j) + Σ_ij d_i d_j h(t_i, t_j). Such an expression is determined by what it is for two steps with
symbolic heights and thresholds: g, h(t, t) and h(t, u) + h(u, t) can be read from it. So two of them that are equal
for two steps are equal for every number of steps.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import sympy as sp
from sympy.printing.precedence import PRECEDENCE

from ste_theory.calculus.expectation import Expectation
from ste_theory.model.symbols import c_0, d, i, j, t

# As many as a monomial may involve.
STEPS = 2


class StepSum(sp.Expr):
    """Σ_j h(j) over the steps j of the staircase."""

    is_commutative = True
    is_real = True

    def __new__(cls, summand: sp.Expr, index: sp.Symbol) -> "StepSum":
        if not isinstance(index, sp.Symbol):
            raise ValueError(f"the index of a sum over steps is a symbol, not {index}")
        node: StepSum = super().__new__(cls, sp.sympify(summand), index)
        return node

    @property
    def summand(self) -> sp.Expr:
        """h(j)."""
        return self.args[0]

    @property
    def index(self) -> sp.Symbol:
        """j, the bound index."""
        return self.args[1]

    @property
    def bound_symbols(self) -> list[sp.Symbol]:
        return [self.index]

    @property
    def free_symbols(self) -> set[sp.Basic]:
        return {symbol for symbol in self.summand.free_symbols if not symbol.has(self.index)}

    def at(self, step: sp.Expr) -> sp.Expr:
        """h(step)."""
        return self.summand.xreplace({self.index: step})

    def _eval_derivative(self, symbol: sp.Expr) -> sp.Expr:
        slope = sp.diff(self.summand, symbol)
        return StepSum(slope, self.index) if slope != 0 else sp.S.Zero

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        summand = printer.parenthesize(self.summand, PRECEDENCE["Mul"])
        text = rf"\sum_{{{printer._print(self.index)}}} {summand}"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"Sum_{self.index}({printer._print(self.summand)})"


def written_out(expression: sp.Expr, steps: int = STEPS) -> sp.Expr:
    """The expression for so many steps, numbered from 1: sums over steps as their terms, outermost first.

    >>> written_out(StepSum(d[j] * t[j], j), 2)
    d[1]*t[1] + d[2]*t[2]
    """
    if isinstance(expression, StepSum):
        return sp.Add(*(written_out(expression.at(sp.Integer(step)), steps) for step in range(1, steps + 1)))
    if not expression.has(StepSum):
        return expression
    return expression.func(*(written_out(argument, steps) for argument in expression.args))


def of_staircase(
    expression: sp.Expr, offset: sp.Expr, heights: Sequence[sp.Expr], thresholds: Sequence[sp.Expr]
) -> sp.Expr:
    """The expression for a given staircase.

    >>> of_staircase(c_0 + StepSum(d[j] * t[j], j), sp.Integer(1), [sp.Integer(2)], [sp.Integer(3)])
    7
    """
    steps = list(zip(heights, thresholds, strict=True))

    def put(node: sp.Expr) -> sp.Expr:
        if isinstance(node, StepSum):
            places = d[node.index], t[node.index]
            return sp.Add(*(put(node.summand.xreplace(dict(zip(places, step, strict=True)))) for step in steps))
        return node.func(*(put(argument) for argument in node.args)) if node.has(StepSum) else node

    return put(expression).xreplace({c_0: offset}) if expression.has(StepSum, c_0) else expression


def two_steps_decide(expression: sp.Expr) -> bool:
    """Whether the expression is of the form in the module's docstring, as written."""
    return _degrees(expression)[1] <= STEPS


def _degrees(expression: sp.Expr) -> tuple[float, float]:
    """The lowest and highest degree in the heights as written, before anything cancels; infinite where steps are
    counted (a sum of terms without heights) and for heights inside a function."""
    if expression == 0:
        return math.inf, 0
    if isinstance(expression, StepSum):
        low, high = _degrees(expression.summand)
        return low, high if low >= 1 else math.inf
    if isinstance(expression, sp.Indexed):
        return (1, 1) if expression.base == d else (0, 0)
    parts = [_degrees(part) for part in expression.args] or [(0, 0)]
    lows, highs = zip(*parts, strict=True)
    if isinstance(expression, sp.Mul):
        return sum(lows), sum(highs)
    if isinstance(expression, sp.Pow) and expression.exp.is_Integer and expression.exp > 0:
        return int(expression.exp) * lows[0], int(expression.exp) * highs[0]
    if isinstance(expression, (sp.Add, Expectation)) or max(highs) == 0:
        return min(lows), max(highs)
    return 0, math.inf


def gathered(expression: sp.Expr, *weights: sp.Expr) -> sp.Expr:
    """The expression multiplied out, as Σ_w w·(A_w + Σ_i B_w(i) + Σ_i Σ_j C_w(i, j)) over products w of ``weights``.

    >>> x = sp.Symbol("x")
    >>> gathered((x + StepSum(d[i], i)) ** 2 - x**2) == StepSum(2 * x * d[i], i) + StepSum(StepSum(d[i] * d[j], j), i)
    True
    """
    found: dict[sp.Expr, dict[int, sp.Expr]] = {}
    for count, term in unfolded(expression):
        factors = sp.Mul.make_args(term)
        outside = [factor for factor in factors if (factor.base if isinstance(factor, sp.Pow) else factor) in weights]
        sums = found.setdefault(sp.Mul(*outside), {})
        rest = sp.Mul(*(factor for factor in factors if factor not in outside))
        sums[count] = sums.get(count, sp.S.Zero) + rest
    return sp.Add(*(w * sp.Add(*(summed(count, rest) for count, rest in sums.items())) for w, sums in found.items()))


_INDICES = (i, j)


def summed(count: int, summand: sp.Expr) -> sp.Expr:
    """Σ over so many of the indices i, j, the constant factor 0 apart."""
    if summand == 0:
        return sp.S.Zero
    for index in reversed(_INDICES[:count]):
        summand = StepSum(summand, index)
    return summand


def unfolded(expression: sp.Expr, *steps: sp.Dummy) -> Iterator[tuple[int, sp.Expr]]:
    """The terms of the expression multiplied out, each as (number of sums over steps, summand in i, then j)."""
    for term in sp.Add.make_args(sp.expand(expression)):
        factors = _separate_factors(term)
        sums = [number for number, factor in enumerate(factors) if isinstance(factor, StepSum)]
        if sums:
            step = sp.Dummy("step", integer=True, positive=True)
            inside = factors.pop(sums[0]).at(step)
            yield from unfolded(sp.Mul(inside, *factors), *steps, step)
        elif len(steps) > len(_INDICES):
            raise ValueError(f"{len(steps)} sums over steps in one product")
        else:
            yield len(steps), term.xreplace(dict(zip(steps, _INDICES, strict=False)))


def _separate_factors(product: sp.Expr) -> list[sp.Expr]:
    """The factors, a power of a sum over steps as several."""
    found: list[sp.Expr] = []
    for factor in sp.Mul.make_args(product):
        repeated = isinstance(factor, sp.Pow) and isinstance(factor.base, StepSum) and factor.exp.is_Integer
        found += [factor.base] * int(factor.exp) if repeated and factor.exp > 0 else [factor]
    return found
