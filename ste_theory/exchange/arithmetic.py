"""Arithmetic trees as the expressions of a programming language: what Python and C have in common, and the lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ste_theory.exchange.tree import Name, Node, NotWritten, Number, Tree, inverted, is_negative, negated, nodes

_SUM, _PRODUCT, _ATOM = range(3)
_COMPARISONS = {"less": "<", "at_most": "<=", "more": ">", "at_least": ">=", "equal": "==", "unequal": "!="}
_HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Dialect:
    """How a language writes what is not + − * /. In a pattern stand ``{0}``, ``{1}``, ... for the arguments.

    ``functions`` has a pattern per head, ``choice`` is "value if condition else other"; ``both`` and ``either`` join
    conditions, ``root`` and ``power`` take a base and an exponent. ``floats``: a whole number is written with a point.
    """

    functions: Mapping[str, str]
    pi: str
    root: str
    power: str
    choice: str
    both: str
    either: str
    opposite: str
    nothing: str

    def expression(self, tree: Tree) -> str:
        """The tree on one line. Raises ``NotWritten`` for a head the language has no word for."""
        return self._written(tree, _SUM)

    def terms(self, tree: Tree) -> tuple[str, ...]:
        """The terms of the outermost sum, each with its sign, to stand on lines of their own."""
        parts = tree.arguments if isinstance(tree, Node) and tree.head == "sum" else (tree,)
        return tuple(self._term(part) for part in parts)

    def _term(self, tree: Tree) -> str:
        minus = is_negative(tree)
        return ("- " if minus else "+ ") + self._written(negated(tree) if minus else tree, _PRODUCT)

    def _written(self, tree: Tree, place: int) -> str:
        text, kind = self._form(tree)
        return text if kind >= place else f"({text})"

    def _form(self, tree: Tree) -> tuple[str, int]:
        match tree:
            case Number(value):
                return _number(value)
            case Name("pi"):
                return self.pi, _ATOM
            case Name(name):
                return name, _ATOM
            case Node("sum", _):
                text = " ".join(self.terms(tree))
                return ("-" + text[2:] if text.startswith("- ") else text[2:]), _SUM
            case Node("product", factors):
                return self._product(tree, factors)
            case Node("power", (base, exponent)):
                return self._power(base, exponent)
            case Node("cases", parts):
                return self._cases(parts), _ATOM
            case Node(("min" | "max") as head, (first, *rest)):
                text = self._written(first, _SUM)
                for other in rest:
                    text = self._pattern(head).format(text, self._written(other, _SUM))
                return text, _ATOM
            case Node(head, arguments):
                return self._pattern(head).format(*(self._written(one, _SUM) for one in arguments)), _ATOM

    def _pattern(self, head: str) -> str:
        if head not in self.functions:
            raise NotWritten(f"no word for {head}")
        return self.functions[head]

    def _product(self, tree: Tree, factors: tuple[Tree, ...]) -> tuple[str, int]:
        if is_negative(tree):
            return "-" + self._written(negated(tree), _PRODUCT), _SUM
        above: list[Tree] = []
        below: list[Tree] = []
        for factor in factors:
            if isinstance(factor, Number) and factor.value.denominator > 1:
                above += [Number(Fraction(factor.value.numerator))] if factor.value.numerator > 1 else []
                below.append(Number(Fraction(factor.value.denominator)))
                continue
            under = inverted(factor)
            (above if under is None else below).append(factor if under is None else under)
        upper = " * ".join(self._written(factor, _PRODUCT) for factor in above) or "1.0"
        if not below:
            return upper, _PRODUCT
        lower = " * ".join(self._written(factor, _PRODUCT) for factor in below)
        alone = len(below) == 1 and self._form(below[0])[1] == _ATOM
        return f"{upper} / " + (lower if alone else f"({lower})"), _PRODUCT

    def _power(self, base: Tree, exponent: Tree) -> tuple[str, int]:
        match exponent:
            case Number(value) if value == _HALF:
                return self.root.format(self._written(base, _SUM)), _ATOM
            case Number(value) if value < 0:
                return f"1.0 / {self._written(Node('power', (base, Number(-value))), _ATOM)}", _PRODUCT
            case Number(value) if value == 1:
                return self._form(base)
        return self.power.format(self._written(base, _SUM), self._written(exponent, _SUM)), _ATOM

    def _cases(self, parts: tuple[Tree, ...]) -> str:
        text = self.nothing
        for value, condition in reversed(list(zip(parts[::2], parts[1::2], strict=True))):
            written = self._written(value, _SUM)
            text = (
                written if condition == Name("true") else self.choice.format(self.condition(condition), written, text)
            )
        return text

    def condition(self, tree: Tree) -> str:
        """A condition, in brackets."""
        match tree:
            case Node(head, (left, right)) if head in _COMPARISONS:
                return f"({self._written(left, _SUM)} {_COMPARISONS[head]} {self._written(right, _SUM)})"
            case Node(("all" | "any") as head, (first, *rest)):
                text = self.condition(first)
                for other in rest:
                    text = (self.both if head == "all" else self.either).format(text, self.condition(other))
                return text
            case Node("not", (inner,)):
                return self.opposite.format(self.condition(inner))
        raise NotWritten("no word for a condition of this kind")


def _number(value: Fraction) -> tuple[str, int]:
    if max(abs(value.numerator), value.denominator) >= 2**53:
        raise NotWritten(f"a number that is no float: {value}")
    if value.denominator == 1:
        return f"{value.numerator}.0", _ATOM if value >= 0 else _SUM
    return f"{value.numerator}.0 / {value.denominator}.0", _PRODUCT if value >= 0 else _SUM


def heads(tree: Tree) -> frozenset[str]:
    """The heads in a tree, to know which definitions a program needs."""
    return frozenset(node.head for node in nodes(tree) if isinstance(node, Node))


def wrapped(terms: tuple[str, ...], *, indent: str, room: int) -> str:
    """The terms of a sum on lines of at most ``room`` columns where single terms allow it, the first without its +."""
    first = terms[0][2:] if terms[0].startswith("+ ") else "-" + terms[0][2:]
    lines, line = [], indent + first
    for term in terms[1:]:
        if len(line) + 1 + len(term) > room:
            lines.append(line)
            line = indent + term
        else:
            line += " " + term
    return "\n".join([*lines, line])
