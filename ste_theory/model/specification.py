"""Quantizers written as text: a family and its arguments, parsed by hand.

    specification = family ("(" [argument ("," argument)*] ")")?      argument = (name "=")? value
    value         = number | name | "[" [number ("," number)*] "]"    number   = ("+" | "-")? decimal ("/" decimal)?

A family is a function of ``quantizers.py``, an argument one of its parameters.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from ste_theory.model import quantizers, surrogates
from ste_theory.model.errors import InvalidInput, UnknownName
from ste_theory.model.quantizers import Staircase
from ste_theory.model.surrogates import Surrogate

_NAME = re.compile(r"[A-Za-z_][\w.]*", re.ASCII)
_CLIPPED = re.compile(r"clipped_relu\(([^()]*)\)", re.ASCII)
MAX_LENGTH, MAX_NUMBERS, MAX_DIGITS = 4000, 200, 40
Value = Fraction | str | tuple[Fraction, ...]


@dataclass(frozen=True)
class Family:
    """A family of quantizers: how it is written, what its levels are, its parameters, those without default first."""

    syntax: str
    meaning: str
    make: Callable[..., Staircase]
    parameters: tuple[str, ...] = ()
    required: int = 0


FAMILIES: tuple[Family, ...] = (
    Family("binary", "1 for x > 0, else 0", quantizers.binary),
    Family("sign", "1 for x > 0, else -1", quantizers.sign),
    Family("ternary(threshold)", "-1, 0, 1; jumps at -threshold and threshold", quantizers.ternary, ("threshold",), 1),
    Family(
        "uniform_relu(bits, step=1, rounding=ceil)",
        "0, step, ..., (2^bits - 1)*step; rounding is ceil, round or floor",
        quantizers.uniform_relu,
        ("bits", "step", "rounding"),
        1,
    ),
    Family(
        "uniform_signed(bits, step=1)",
        "-2^(bits-1)*step, ..., (2^(bits-1) - 1)*step; x rounded to the nearest",
        quantizers.uniform_signed,
        ("bits", "step"),
        1,
    ),
    Family(
        "staircase([t1, t2, ...], [d1, d2, ...], offset=0)",
        "offset, plus d1 for x > t1, plus d2 for x > t2, ...; t increasing, d positive",
        quantizers.staircase,
        ("thresholds", "heights", "offset"),
        2,
    ),
)
_BY_NAME = {re.split(r"\W", family.syntax, maxsplit=1)[0]: family for family in FAMILIES}
_LISTS, _WORDS, _INTEGERS = ("thresholds", "heights"), ("rounding",), ("bits",)


def parse_quantizer(text: str) -> Staircase:
    """The quantizer that ``text`` specifies.

    Raises ``UnknownName`` for a family that does not exist and ``InvalidInput`` for everything else that is wrong.

    >>> parse_quantizer("staircase([0, 1.5], [1, 1/2])")([-1, 1, 2])
    array([0. , 1. , 1.5])
    """
    if not isinstance(text, str):
        raise InvalidInput(f"a quantizer is specified by text, got {type(text).__name__}")
    if len(text) > MAX_LENGTH:
        raise InvalidInput(f"quantizer: {len(text)} characters; at most {MAX_LENGTH} are read")
    name, arguments = _Parser(text).specification()
    if name not in _BY_NAME:
        nearest = get_close_matches(name, _BY_NAME, 1, 0.5)
        hint = f"did you mean {nearest[0]}?" if nearest else f"there are {', '.join(_BY_NAME)}"
        raise UnknownName(f"no quantizer is called {name[:40]!r}; {hint}")
    family = _BY_NAME[name]
    return family.make(**_matched(family, arguments))


def _matched(family: Family, arguments: list[tuple[str, Value]]) -> dict[str, Any]:
    """The arguments by the names of the parameters."""
    found: dict[str, Any] = {}
    for index, (name, value) in enumerate(arguments):
        if not name:
            if index >= len(family.parameters):
                raise InvalidInput(f"quantizer: too many arguments for {family.syntax}")
            if any(earlier for earlier, _ in arguments[:index]):
                raise InvalidInput("quantizer: an argument without a name after one with a name")
        key = name or family.parameters[index]
        if key not in family.parameters:
            raise InvalidInput(f"quantizer: no argument {key[:40]!r} in {family.syntax}")
        if key in found:
            raise InvalidInput(f"quantizer: {key} is given twice")
        found[key] = _typed(key, value)
    for key in family.parameters[: family.required]:
        if key not in found:
            raise InvalidInput(f"quantizer: {key} is missing; write {family.syntax}")
    return found


def _typed(name: str, value: Value) -> Value | int:
    if isinstance(value, tuple) != (name in _LISTS):
        raise InvalidInput(f"quantizer: {name} must be {'a list such as [0, 1]' if name in _LISTS else 'one value'}")
    if isinstance(value, str) != (name in _WORDS):
        raise InvalidInput(f"quantizer: {name} must be {'a word' if name in _WORDS else 'a number'}")
    if name in _INTEGERS and isinstance(value, Fraction):
        if value.denominator != 1:
            raise InvalidInput(f"quantizer: {name} must be a whole number, got {value}")
        return int(value)
    return value


_TOKEN = re.compile(r"[ \t]*(?:(?P<number>\d+\.?\d*|\.\d+)|(?P<name>[A-Za-z_]\w*)|(?P<sign>[-+/(),=\[\]]))", re.ASCII)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text, self.position, self.count = text, 0, 0
        self.kind, self.token = "start", ""
        self.advance()

    def fail(self, what: str) -> InvalidInput:
        return InvalidInput(f"quantizer, column {self.position - len(self.token) + 1}: {what}")

    def advance(self) -> None:
        match = _TOKEN.match(self.text, self.position)
        if match:
            self.position = match.end()
            self.kind = match.lastgroup or ""
            self.token = match[self.kind]
            return
        self.position += len(self.text[self.position :]) - len(self.text[self.position :].lstrip(" \t"))
        self.kind, self.token = "end", ""
        if self.position < len(self.text):
            raise self.fail(f"unexpected character {self.text[self.position]!a}")

    def accept(self, sign: str) -> bool:
        if self.kind == "sign" and self.token == sign:
            self.advance()
            return True
        return False

    def specification(self) -> tuple[str, list[tuple[str, Value]]]:
        if self.kind != "name":
            raise self.fail(f"a quantizer begins with its family: {', '.join(_BY_NAME)}")
        name = self.token
        self.advance()
        arguments: list[tuple[str, Value]] = []
        if self.accept("(") and not self.accept(")"):
            arguments.append(self.argument())
            while self.accept(","):
                arguments.append(self.argument())
            if not self.accept(")"):
                raise self.fail("missing )")
        if self.kind != "end":
            raise self.fail(f"unexpected {self.token!r}")
        return name, arguments

    def argument(self) -> tuple[str, Value]:
        if self.kind == "name":
            name = self.token
            self.advance()
            return (name, self.value()) if self.accept("=") else ("", name)
        return "", self.value()

    def value(self) -> Value:
        if self.kind == "name":
            word = self.token
            self.advance()
            return word
        if not self.accept("["):
            return self.number()
        numbers: list[Fraction] = []
        while not self.accept("]"):
            if numbers and not self.accept(","):
                raise self.fail("a list is written [1, 2, 3]")
            numbers.append(self.number())
        return tuple(numbers)

    def number(self) -> Fraction:
        self.count += 1
        if self.count > MAX_NUMBERS:
            raise self.fail(f"more than {MAX_NUMBERS} numbers")
        negative = self.accept("-")
        if not negative:
            self.accept("+")
        result = self.decimal()
        if self.accept("/"):
            divisor = self.decimal()
            if divisor == 0:
                raise self.fail("division by 0")
            result /= divisor
        return -result if negative else result

    def decimal(self) -> Fraction:
        if self.kind != "number":
            raise self.fail(f"expected a number, got {self.token!r}" if self.token else "ends too early")
        if len(self.token) > MAX_DIGITS:
            raise self.fail(f"a number of more than {MAX_DIGITS} digits")
        value = Fraction(self.token)
        self.advance()
        return value


def surrogate_of(text: str) -> Surrogate:
    """The surrogate that a name of the catalogue or a formula means."""
    short = {"identity": surrogates.identity, "relu": surrogates.relu, "clipped_relu": surrogates.clipped_relu}
    if text in short:
        return short[text]()
    if match := _CLIPPED.fullmatch(text):
        return surrogates.clipped_relu(match[1])
    # A word that is no variable is a name, so that a misspelt one is answered with its neighbours.
    return surrogates.get(text) if _NAME.fullmatch(text) and text not in ("x", "pi") else surrogates.parse(text)
