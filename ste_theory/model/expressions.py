"""A small safe language for smooth formulas in one variable: parsed by hand, never evaluated as code.

    sum     = term (("+" | "-") term)*          power = atom (("^" | "**") unary)?
    term    = unary (("*" | "/") unary)*        atom  = number | name | name "(" sum ")" | "(" sum ")"
    unary   = ("+" | "-") unary | power

A parsed ``Formula`` is data. Its meaning in floats, SymPy or balls is a *fold* with the corresponding algebra, so one
formula denotes one function everywhere. Length, nesting and digits are bounded before any number is built.
``grammar.py`` adds what is not smooth (Piecewise, Abs, Min, Max, sign) and ``piecewise.py`` takes it apart.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput

MAX_LENGTH, MAX_DEPTH, MAX_DIGITS = 4000, 40, 320
# Operations on top of each other: a fold recurses this deep, and 1 + 1 + ... + 1 is a deep tree too.
MAX_HEIGHT, MAX_EXPONENT = 200, 300
FUNCTIONS = ("exp", "log", "sqrt", "sin", "cos", "tanh", "cosh", "atan", "erf")

T = TypeVar("T")


@dataclass(frozen=True)
class Number:
    """A rational constant."""

    value: Fraction


@dataclass(frozen=True)
class Name:
    """The variable ``x``, the constant ``pi`` or a parameter."""

    name: str


@dataclass(frozen=True)
class Binary:
    """``left operator right``, the operator one of + - * / ^."""

    operator: str
    left: "Formula"
    right: "Formula"


@dataclass(frozen=True)
class Call:
    """A function of the table applied to one argument."""

    function: str
    argument: "Formula"


Formula = Number | Name | Binary | Call
ZERO, ONE = Number(Fraction(0)), Number(Fraction(1))


@dataclass(frozen=True)
class Algebra(Generic[T]):
    """What numbers, operators and functions mean in one target: floats, SymPy or balls."""

    number: Callable[[Fraction], T]
    operators: Mapping[str, Callable[[T, T], T]]
    functions: Mapping[str, Callable[[T], T]]
    pi: T


def fold(formula: Formula, algebra: Algebra[T], values: Mapping[str, T]) -> T:
    """The value of ``formula`` in ``algebra`` where the names have the given ``values``."""
    match formula:
        case Number(value):
            return algebra.number(value)
        case Name("pi"):
            return algebra.pi
        case Name(name):
            return values[name]
        case Binary(operator, left, right):
            return algebra.operators[operator](fold(left, algebra, values), fold(right, algebra, values))
        case Call(function, argument):
            return algebra.functions[function](fold(argument, algebra, values))


def names(formula: Formula) -> frozenset[str]:
    """The free names of a formula, ``pi`` excluded."""
    match formula:
        case Name(name):
            return frozenset() if name == "pi" else frozenset({name})
        case Binary(_, left, right):
            return names(left) | names(right)
        case Call(_, argument):
            return names(argument)
        case _:
            return frozenset()


def substitute(formula: Formula, values: Mapping[str, Fraction]) -> Formula:
    """The formula with the named parameters replaced by numbers."""
    match formula:
        case Name(name) if name in values:
            return Number(values[name])
        case Binary(operator, left, right):
            return Binary(operator, substitute(left, values), substitute(right, values))
        case Call(function, argument):
            return Call(function, substitute(argument, values))
        case _:
            return formula


def parse(text: str, parameters: frozenset[str] = frozenset()) -> Formula:
    """The formula that ``text`` writes in the variable ``x``, the constant ``pi`` and the given ``parameters``.

    Raises ``InvalidInput`` with the column of the first thing that is not in the language.

    >>> parse("1 + x^2")
    Binary(operator='+', left=Number(value=Fraction(1, 1)), right=Binary(operator='^', left=Name(name='x'), \
right=Number(value=Fraction(2, 1))))
    """
    formula = Parser(text, parameters | {"x", "pi"}).whole()
    if not isinstance(formula, Number | Name | Binary | Call):
        raise InvalidInput("formula: not smooth; give smooth formulas and the breakpoints between them")
    return formula


_TOKEN = re.compile(
    r"[ \t\r\n]*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign>\*\*|<=|>=|[-+*/^(),<>]))",
    re.ASCII,
)


class Parser:
    """A parser by recursive descent; ``call`` is where a larger language adds its functions."""

    functions: tuple[str, ...] = FUNCTIONS

    def __init__(self, text: str, known: frozenset[str]) -> None:
        if not isinstance(text, str):
            raise InvalidInput(f"formula must be text, got {type(text).__name__}")
        if len(text) > MAX_LENGTH:
            raise InvalidInput(f"formula is {len(text)} characters long; at most {MAX_LENGTH} are read")
        self.text, self.known, self.position, self.depth = text, known, 0, 0
        self.kind, self.token = "start", ""
        self.advance()

    def fail(self, what: str) -> InvalidInput:
        """The error for the token at hand."""
        return InvalidInput(f"formula, column {self.position - len(self.token) + 1}: {what}")

    def advance(self) -> None:
        """Go to the next token."""
        match = _TOKEN.match(self.text, self.position)
        if match:
            self.position = match.end()
            self.kind = match.lastgroup or ""
            self.token = match[self.kind]
            return
        self.position += len(self.text[self.position :]) - len(self.text[self.position :].lstrip(" \t\r\n"))
        self.kind, self.token = "end", ""
        if self.position < len(self.text):
            raise self.fail(f"unexpected character {self.text[self.position]!a}")

    def accept(self, *signs: str) -> str | None:
        """Take one of these signs if it comes next."""
        if self.kind == "sign" and self.token in signs:
            sign = self.token
            self.advance()
            return sign
        return None

    def need(self, sign: str, what: str) -> None:
        """Take this sign; anything else is an error."""
        if not self.accept(sign):
            raise self.fail(what)

    def whole(self) -> Any:
        """The formula that the whole text is."""
        formula = self.sum()
        if self.kind != "end":
            raise self.fail(f"unexpected {self.token!r}")
        _check_height(formula)
        return formula

    def sum(self) -> Any:
        """``term (("+" | "-") term)*``."""
        self.deeper()
        result = self.term()
        while sign := self.accept("+", "-"):
            result = Binary(sign, result, self.term())
        self.depth -= 1
        return result

    def deeper(self) -> None:
        """One level further down."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"nested deeper than {MAX_DEPTH}")

    def term(self) -> Any:
        """``unary (("*" | "/") unary)*``."""
        result = self.unary()
        while sign := self.accept("*", "/"):
            result = Binary(sign, result, self.unary())
        return result

    def unary(self) -> Any:
        """``("+" | "-") unary | power``."""
        self.deeper()
        sign = self.accept("+", "-")
        result = self.unary() if sign else self.power()
        self.depth -= 1
        return Binary("-", ZERO, result) if sign == "-" else result

    def power(self) -> Any:
        """``atom (("^" | "**") unary)?``."""
        base = self.atom()
        return Binary("^", base, self.unary()) if self.accept("^", "**") else base

    def atom(self) -> Any:
        """A number, a name, a function of something, or a sum in parentheses."""
        kind, token = self.kind, self.token
        if kind == "number":
            return self.number()
        if kind == "name" and token in self.functions:
            self.advance()
            self.need("(", f"{token} needs its argument in parentheses")
            result = self.call(token)
            self.need(")", "missing )")
            return result
        if kind == "name":
            if token not in self.known:
                raise self.fail(f"unknown name {token!r}; known: {', '.join(sorted({*self.known, *self.functions}))}")
            self.advance()
            return Name(token)
        if self.accept("("):
            inner = self.sum()
            self.need(")", "missing )")
            return inner
        raise self.fail(f"expected a number, a name or (, got {token!r}" if token else "ends too early")

    def number(self) -> Number:
        """A decimal number, exactly."""
        digits, _, exponent = self.token.lower().partition("e")
        if len(digits) > MAX_DIGITS:
            raise self.fail(f"a number of more than {MAX_DIGITS} digits")
        if len(exponent) > 5 or abs(int(exponent or 0)) > MAX_EXPONENT:
            raise self.fail(f"an exponent beyond {MAX_EXPONENT}")
        value = Fraction(digits) * Fraction(10) ** int(exponent or 0)
        self.advance()
        return Number(value)

    def call(self, function: str) -> Any:
        """What a function of the language is, its opening parenthesis read."""
        return Call(function, self.sum())


def _check_height(formula: object) -> None:
    """Refuse a tree that a recursion could not walk."""
    level, height = [formula], 0
    while level:
        height += 1
        if height > MAX_HEIGHT:
            raise InvalidInput(f"formula: more than {MAX_HEIGHT} operations on top of each other; split it")
        level = [part for node in level for part in _parts(node)]


def _parts(node: object) -> tuple[object, ...]:
    match node:
        case Binary(_, left, right):
            return (left, right)
        case Call(_, argument):
            return (argument,)
        case Number(_) | Name(_):
            return ()
        case tuple():
            return node
        case _:
            return tuple(vars(node).values()) if hasattr(node, "__dict__") else ()


def _erf(x: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    from scipy.special import erf

    return np.asarray(erf(x))


FLOATS: Algebra[npt.NDArray[np.floating]] = Algebra(
    number=lambda value: np.asarray(float(value)),
    operators={"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power},
    functions={
        "exp": np.exp,
        "log": np.log,
        "sqrt": np.sqrt,
        "sin": np.sin,
        "cos": np.cos,
        "tanh": np.tanh,
        "cosh": np.cosh,
        "atan": np.arctan,
        "erf": _erf,
    },
    pi=np.asarray(np.pi),
)
