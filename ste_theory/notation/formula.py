"""A formula as a tree of what stands on the page: factors in their order, fractions, brackets, sums over rows.

The tree is made once from an expression (``notation.printer``) and read by ``notation.latex`` and ``notation.unicode``.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """A letter with its marks, a number or a name, in LaTeX and in text."""

    latex: str
    text: str


@dataclass(frozen=True)
class Term:
    """``body`` or, if ``negative``, −``body``: one term of a sum."""

    negative: bool
    body: "Formula"


@dataclass(frozen=True)
class Terms:
    """A sum of terms: the places where a long formula is broken."""

    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Product:
    """Factors side by side."""

    factors: tuple["Formula", ...]


@dataclass(frozen=True)
class Quotient:
    """A fraction."""

    top: "Formula"
    bottom: "Formula"


@dataclass(frozen=True)
class Power:
    """``base`` to the power ``exponent``; the base has its brackets already."""

    base: "Formula"
    exponent: "Formula"


@dataclass(frozen=True)
class Root:
    """A square root."""

    inner: "Formula"


@dataclass(frozen=True)
class Group:
    """Something between delimiters, which are named by their left one: ( [ { ‖ | ⟨."""

    left: str
    inner: "Formula"


@dataclass(frozen=True)
class Call:
    """A function applied to arguments; with ``bare`` no brackets stand around the argument (sin θ)."""

    function: "Formula"
    arguments: tuple["Formula", ...]
    bare: bool = False


@dataclass(frozen=True)
class Big:
    """Σ or ∫ with its range, what stands under it, and dx behind it."""

    sign: Letter
    lower: "Formula"
    upper: "Formula | None"
    body: "Formula"
    tail: "Formula | None" = None


@dataclass(frozen=True)
class Row:
    """Parts one after the other without space between them."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True)
class Cases:
    """One formula per condition, the first that holds counts; ``None`` is the condition of what is left."""

    branches: tuple[tuple["Formula", "Formula | None"], ...]


Formula = Letter | Terms | Product | Quotient | Power | Root | Group | Call | Big | Row | Cases

ONE, EMPTY, DOT = Letter("1", "1"), Letter("", ""), Letter(r"\cdot ", "·")
# Delimiters between which a line may end; between the others it does only where nothing else helps.
OPEN = frozenset("([⟨")


def product(factors: list[Formula]) -> Formula:
    """The factors as one formula: 1 for none, the factor itself for one."""
    if len(factors) == 1:
        return factors[0]
    return Product(tuple(factors)) if factors else ONE


def bracketed(formula: Formula) -> Formula:
    """The formula in round brackets if it is a sum."""
    return Group("(", formula) if isinstance(formula, Terms) else formula


def may_part(left: Formula, right: Formula) -> bool:
    """Whether a line may end between two factors: where both are long."""
    long = (Group, Row, Big, Power, Call)
    if isinstance(left, Quotient) and isinstance(left.bottom, Product) and isinstance(right, Group):
        return any(isinstance(factor, Group) for factor in left.bottom.factors)
    return isinstance(left, long) and isinstance(right, long) and not (isinstance(right, Call) and right.bare)
