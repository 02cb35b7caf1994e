"""The named, unevaluated objects that derivations are written in. Each prints as its symbol and unfolds on demand.

Expectation(h)      E h over all standard normal variables in h
OthersSum(h, j, i)  Σ_{j≠i} h(j) over the rows
indicator(x)        1{x > 0}
phi(x), Phi(x)      standard normal density and distribution function
"""

from typing import Any

import sympy as sp
from sympy.printing.precedence import PRECEDENCE

from ste_theory.model.errors import SteTheoryError
from ste_theory.model.symbols import Projection, RowNormal, StandardNormal


class indicator(sp.Function):
    """1{x > 0}; its value at 0 is 0, which no expectation sees."""

    nargs = 1
    is_real = True
    is_nonnegative = True

    @classmethod
    def eval(cls, x: sp.Expr) -> sp.Expr | None:
        if x.is_positive:
            return sp.S.One
        if x.is_nonpositive:
            return sp.S.Zero
        return None

    def _eval_power(self, exponent: sp.Expr) -> sp.Expr | None:
        return self if exponent.is_positive else None

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return rf"\mathbf{{1}}\{{{printer._print(self.args[0])} > 0\}}"

    def _sympystr(self, printer: Any) -> str:
        return f"1{{{printer._print(self.args[0])} > 0}}"


class phi(sp.Function):
    """φ(x) = exp(−x²/2)/√(2π)."""

    nargs = 1
    is_real = True
    is_positive = True

    @classmethod
    def eval(cls, x: sp.Expr) -> sp.Expr | None:
        if x in (sp.oo, -sp.oo):
            return sp.S.Zero
        if x.could_extract_minus_sign():
            return phi(-x)
        return None

    def definition(self) -> sp.Expr:
        """The density in elementary functions."""
        return sp.exp(-(self.args[0] ** 2) / 2) / sp.sqrt(2 * sp.pi)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return -self.args[0] * phi(self.args[0])

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = rf"\varphi\left({printer._print(self.args[0])}\right)"
        return text if exp is None else rf"{text}^{{{exp}}}"


class Phi(sp.Function):
    """Φ(x) = ∫_{−∞}^x φ = (1 + erf(x/√2))/2."""

    nargs = 1
    is_real = True

    @classmethod
    def eval(cls, x: sp.Expr) -> sp.Expr | None:
        if x is sp.oo:
            return sp.S.One
        if x is -sp.oo:
            return sp.S.Zero
        if x.is_zero:
            return sp.S.Half
        if x.could_extract_minus_sign():
            return 1 - Phi(-x)
        return None

    def definition(self) -> sp.Expr:
        """The distribution function in elementary functions and erf."""
        return (1 + sp.erf(self.args[0] / sp.sqrt(2))) / 2

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return phi(self.args[0])

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = rf"\Phi\left({printer._print(self.args[0])}\right)"
        return text if exp is None else rf"{text}^{{{exp}}}"


class Expectation(sp.Expr):
    """E h: the mean of h over every random atom in it (plane coordinates, row coordinates, projections of rows).

    Constants are left inside until a rule takes them out; nothing is evaluated by construction.
    """

    is_commutative = True
    is_real = True

    def __new__(cls, integrand: sp.Expr) -> "Expectation":
        node: Expectation = super().__new__(cls, sp.sympify(integrand))
        return node

    @property
    def integrand(self) -> sp.Expr:
        """The random expression."""
        return self.args[0]

    @property
    def normals(self) -> tuple[sp.Expr, ...]:
        """The random atoms, in a fixed order."""
        return random_atoms(self.integrand)

    @property
    def bound_symbols(self) -> list[sp.Symbol]:
        return [atom for atom in self.normals if isinstance(atom, sp.Symbol)]

    @property
    def free_symbols(self) -> set[sp.Basic]:
        return set(self.integrand.free_symbols) - set(self.bound_symbols)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = rf"\mathbb{{E}}\left[{printer._print(self.integrand)}\right]"
        return text if exp is None else rf"{text}^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"E[{printer._print(self.integrand)}]"


def random_atoms(expression: sp.Expr) -> tuple[sp.Expr, ...]:
    """The standard normals, row coordinates and projections in an expression; what lies inside another E is bound
    there."""
    found: set[sp.Expr] = set()

    def collect(node: sp.Basic) -> None:
        if isinstance(node, Expectation):
            return
        if isinstance(node, (StandardNormal, RowNormal, Projection)):
            found.add(node)
            return
        for child in node.args:
            collect(child)

    collect(expression)
    return tuple(sorted(found, key=sp.default_sort_key))


class OthersSum(sp.Expr):
    """Σ_{j≠i} h(j) over the rows j = 1..m other than i."""

    is_commutative = True
    is_real = True

    def __new__(cls, summand: sp.Expr, index: sp.Symbol, excluded: sp.Expr) -> "OthersSum":
        node: OthersSum = super().__new__(cls, sp.sympify(summand), index, sp.sympify(excluded))
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
    def excluded(self) -> sp.Expr:
        """i, the row left out."""
        return self.args[2]

    @property
    def bound_symbols(self) -> list[sp.Symbol]:
        return [self.index]

    @property
    def free_symbols(self) -> set[sp.Basic]:
        return (set(self.summand.free_symbols) - {self.index}) | set(self.excluded.free_symbols)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        index, excluded = printer._print(self.index), printer._print(self.excluded)
        text = rf"\sum_{{{index}\neq {excluded}}} {printer.parenthesize(self.summand, PRECEDENCE['Mul'])}"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"Sum_{{{self.index}!={self.excluded}}}({printer._print(self.summand)})"


def unfold(expression: sp.Expr) -> sp.Expr:
    """φ and Φ replaced by their definitions, at any depth."""
    return expression.replace(lambda node: isinstance(node, (phi, Phi)), lambda node: node.definition())


def unit_mean(integral: sp.Integral, normal: StandardNormal) -> Expectation:
    """∫_0^1 h(x) dx = E[h(a)1{0 < a < 1}/φ(a)]. Raises ``SteTheoryError`` for other ends."""
    (variable, lower, upper), *others = integral.limits
    if others or (lower, upper) != (0, 1):
        raise SteTheoryError(f"no mean of a normal variable: {sp.sstr(integral)[:60]}")
    weight = sp.sqrt(2 * sp.pi) * sp.exp(normal**2 / 2)
    return Expectation(
        integral.function.xreplace({variable: normal}) * weight * indicator(normal) * indicator(1 - normal)
    )
