"""Exact formulas as text that people and programs read, and back; parsed by hand, never evaluated.

    sum     = product (("+" | "-") product)*      atom = number | name | name "[" list "]" | name "(" list ")"
    product = power (("*" | "/") power)*                 | "(" sum ")"
    power   = "-" power | atom ("^" power)?       number = digits

>>> write(read("-D*sin(theta)/(2*pi)^(3/2)"))
'-D*sin(theta)/(2*pi)^(3/2)'
"""

import re
from fractions import Fraction

from ste_theory.exchange.tree import Name, Node, Number, Tree, inverted, is_negative, negated
from ste_theory.model.errors import InvalidInput

MAX_LENGTH, MAX_DEPTH, MAX_DIGITS = 200_000, 120, 4000

_TOKEN = re.compile(r"[ \n]*(?:(?P<number>\d+)|(?P<name>[^\W\d]\w*)|(?P<sign>[-+*/^(),\[\]]))")
_SUM, _PRODUCT, _POWER, _ATOM = range(4)


def write(tree: Tree) -> str:
    """The tree as text."""
    return _written(tree, _SUM)


def _written(tree: Tree, place: int) -> str:
    text, kind = _form(tree)
    return text if kind >= place else f"({text})"


def _form(tree: Tree) -> tuple[str, int]:
    """The text and how strongly its outermost operation binds."""
    match tree:
        case Number(value):
            plain = value.denominator == 1 and value >= 0
            return str(value), _ATOM if plain else _PRODUCT if value >= 0 else _SUM
        case Name(name):
            return name, _ATOM
        case Node("sum", terms):
            parts = []
            for term in terms:
                minus = is_negative(term)
                body = _written(negated(term) if minus else term, _PRODUCT)
                parts.append((" - " if minus else " + ") + body)
            text = "".join(parts)
            return ("-" + text[3:] if text.startswith(" - ") else text[3:]), _SUM
        case Node("product", factors):
            return _product(tree, factors)
        case Node("power", (base, Number(exponent))) if exponent == Fraction(1, 2):
            return f"sqrt({write(base)})", _ATOM
        case Node("power", (base, exponent)):
            return f"{_written(base, _ATOM)}^{_written(exponent, _ATOM)}", _POWER
        case Node("item", (base, *places)):
            return f"{write(base)}[{', '.join(map(write, places))}]", _ATOM
        case Node(head, arguments):
            return f"{head}({', '.join(map(write, arguments))})", _ATOM


def _product(tree: Tree, factors: tuple[Tree, ...]) -> tuple[str, int]:
    if is_negative(tree):
        return "-" + _written(negated(tree), _PRODUCT), _SUM
    above, below = "", ""
    for factor in factors:
        under = inverted(factor)
        if under is not None:
            below += "/" + _written(under, _POWER)
        else:
            above += "*" + _written(factor, _POWER)
    return (above[1:] or "1") + below, _PRODUCT


def read(text: str) -> Tree:
    """The tree that ``text`` writes; ``InvalidInput`` with the column of the first thing that does not belong there."""
    if not isinstance(text, str):
        raise InvalidInput(f"formula must be text, got {type(text).__name__}")
    if len(text) > MAX_LENGTH:
        raise InvalidInput(f"formula is {len(text)} characters long; at most {MAX_LENGTH} are read")
    return _Reader(text).whole()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.position, self.depth = text, 0, 0
        self.kind, self.token = "", ""
        self.advance()

    def fail(self, what: str) -> InvalidInput:
        return InvalidInput(f"formula, column {self.position - len(self.token) + 1}: {what}")

    def advance(self) -> None:
        match = _TOKEN.match(self.text, self.position)
        if match is not None:
            self.position, self.kind = match.end(), match.lastgroup or ""
            self.token = match[self.kind]
        elif self.text[self.position :].strip(" \n"):
            self.token = ""
            raise self.fail(f"unexpected {self.text[self.position :].lstrip()[0]!a}")
        else:
            self.kind, self.token = "end", ""

    def accept(self, *signs: str) -> str | None:
        if self.kind == "sign" and self.token in signs:
            sign = self.token
            self.advance()
            return sign
        return None

    def whole(self) -> Tree:
        tree = self.sum()
        if self.kind != "end":
            raise self.fail(f"unexpected {self.token!r}")
        return tree

    def sum(self) -> Tree:
        self.deeper()
        terms = [self.product()]
        while sign := self.accept("+", "-"):
            term = self.product()
            terms.append(_minus(term) if sign == "-" else term)
        self.depth -= 1
        return terms[0] if len(terms) == 1 else Node("sum", tuple(terms))

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"nested deeper than {MAX_DEPTH}")

    def product(self) -> Tree:
        negative = bool(self.accept("-"))
        factors = [self.power()]
        while sign := self.accept("*", "/"):
            factor = self.power()
            factors.append(_inverse(factor) if sign == "/" else factor)
        numbers = [factor.value for factor in factors if isinstance(factor, Number)]
        others = [factor for factor in factors if not isinstance(factor, Number)]
        value = Fraction(-1 if negative else 1)
        for number in numbers:
            value *= number
        if not others:
            return Number(value)
        kept = others if value == 1 else [Number(value), *others]
        return kept[0] if len(kept) == 1 else Node("product", tuple(kept))

    def power(self) -> Tree:
        base = self.atom()
        if not self.accept("^"):
            return base
        self.deeper()
        exponent = self.power()
        self.depth -= 1
        return Node("power", (base, exponent))

    def atom(self) -> Tree:
        if self.kind == "number":
            if len(self.token) > MAX_DIGITS:
                raise self.fail(f"a number of more than {MAX_DIGITS} digits")
            value = Fraction(int(self.token))
            self.advance()
            return Number(value)
        if self.kind == "name":
            name = self.token
            self.advance()
            if self.accept("("):
                arguments = self.list(")")
                if name == "sqrt" and len(arguments) == 1:
                    return Node("power", (arguments[0], Number(Fraction(1, 2))))
                return Node(name, arguments)
            if self.accept("["):
                return Node("item", (Name(name), *self.list("]")))
            return Name(name)
        if self.accept("("):
            inner = self.sum()
            if not self.accept(")"):
                raise self.fail("missing )")
            return inner
        raise self.fail(f"expected a number, a name or (, got {self.token!r}" if self.token else "ends too early")

    def list(self, end: str) -> tuple[Tree, ...]:
        if self.accept(end):
            return ()
        found = [self.sum()]
        while self.accept(","):
            found.append(self.sum())
        if not self.accept(end):
            raise self.fail(f"missing {end}")
        return tuple(found)


def _minus(tree: Tree) -> Tree:
    match tree:
        case Number(value):
            return Number(-value)
        case Node("product", (Number(value), *rest)):
            return Node("product", (Number(-value), *rest))
        case Node("product", factors):
            return Node("product", (Number(Fraction(-1)), *factors))
    return Node("product", (Number(Fraction(-1)), tree))


def _inverse(tree: Tree) -> Tree:
    match tree:
        case Number(value) if value != 0:
            return Number(1 / value)
        case Node("power", (base, Number(exponent))):
            return Node("power", (base, Number(-exponent)))
    return Node("power", (tree, Number(Fraction(-1))))
