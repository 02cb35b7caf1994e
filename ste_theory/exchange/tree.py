"""An exact formula as a tree of heads, numbers and names, without SymPy: what programs and provers are written from."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ste_theory.model.errors import SteTheoryError


class NotWritten(SteTheoryError):
    """A formula has a part that this form has no word for; the message names it."""


@dataclass(frozen=True)
class Number:
    """A rational number."""

    value: Fraction


@dataclass(frozen=True)
class Name:
    """A letter, or one of the constants ``pi``, ``infinity``, ``true``, ``false``."""

    name: str


@dataclass(frozen=True)
class Node:
    """``head`` applied to arguments; ``sum``, ``product``, ``power``, ``item`` (v[k]) are written as such."""

    head: str
    arguments: tuple["Tree", ...]


Tree = Number | Name | Node

CONSTANTS = frozenset({"pi", "infinity", "true", "false"})
# What a program of real numbers can compute; everything else is a definition, a mean or an undefined function.
ARITHMETIC = frozenset(
    [
        "sum",
        "product",
        "power",
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
        "erf",
        "erfc",
        "abs",
        "min",
        "max",
        "indicator",
        "cases",
        "less",
        "at_most",
        "more",
        "at_least",
        "equal",
        "unequal",
        "all",
        "any",
        "not",
    ]
)


def nodes(tree: Tree) -> Iterator[Tree]:
    """The tree and everything below it."""
    yield tree
    if isinstance(tree, Node):
        for argument in tree.arguments:
            yield from nodes(argument)


def names(tree: Tree) -> frozenset[str]:
    """The letters in the tree, constants left out."""
    return frozenset(node.name for node in nodes(tree) if isinstance(node, Name)) - CONSTANTS


def beyond_arithmetic(tree: Tree) -> str | None:
    """The first head that a program of real numbers cannot compute; ``None`` where it can compute all."""
    for node in nodes(tree):
        if isinstance(node, Node) and node.head not in ARITHMETIC:
            return node.head
        if node == Name("infinity"):
            return "infinity"
    return None


def is_negative(tree: Tree) -> bool:
    """Whether it is written with a minus sign in front."""
    if isinstance(tree, Number):
        return tree.value < 0
    return isinstance(tree, Node) and tree.head == "product" and is_negative(tree.arguments[0])


def negated(tree: Tree) -> Tree:
    """A tree that is written with a minus sign, without it."""
    if isinstance(tree, Number):
        return Number(-tree.value)
    assert isinstance(tree, Node)
    first = negated(tree.arguments[0])
    rest = tree.arguments[1:]
    kept = rest if first == Number(Fraction(1)) and rest else (first, *rest)
    return kept[0] if len(kept) == 1 else Node("product", kept)


def inverted(tree: Tree) -> Tree | None:
    """1/tree where the tree is written below a fraction's line, else ``None``."""
    match tree:
        case Node("power", (base, Number(exponent))) if exponent < 0:
            return base if exponent == -1 else Node("power", (base, Number(-exponent)))
    return None
