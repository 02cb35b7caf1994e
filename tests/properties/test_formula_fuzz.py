"""Arbitrary text in the formula language and in specifications: a result or one line, and never anything else.

The default run tries a few thousand texts; ``make test-slow`` and ``make fuzz`` a hundred thousand.
"""

import os
import random
from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ste_theory.model.catalogue.index import ENTRIES
from ste_theory.model.errors import InvalidInput, UnknownName
from ste_theory.model.grammar import RESERVED
from ste_theory.model.specification import FAMILIES, parse_quantizer
from ste_theory.model.surrogates import Surrogate, parse

TEXTS = int(os.environ.get("STE_THEORY_FUZZ", "3000"))
MANY = 100_000
PARAMETERS = {"a": "1/2", **{p.name: p.default for entry in ENTRIES.values() for p in entry.parameters}}
FORMULAS = [entry.formula for entry in ENTRIES.values()]
SPECIFICATIONS = [
    *(family.syntax for family in FAMILIES),
    "staircase([0, 1.5], [1, 1/2], offset=-1)",
    "uniform_relu(2, rounding=round)",
    "ternary(1/2)",
]
TOKENS = [*sorted(RESERVED), *"+-*/^(),<>x0123456789. \t", "**", "<=", ">=", "1e9", "a", "-1", "1/3", "(0, True)"]
ATTACKS = [
    "__import__('os').system('true')",
    "(lambda: 0)()",
    "x.__class__.__mro__",
    "9**9**9",
    "9^9^9^9^9",
    "2^(2^(2^64))",
    "1e99999999999",
    "(" * 5000,
    "(" * 500 + "x" + ")" * 500,
    "-" * 3000 + "x",
    "1" + "+1" * 1900,
    "x" + "^2" * 1900,
    "Abs(" * 300 + "x" + ")" * 300,
    "9" * 4000,
    "x\x00",
    "ｘ + １",
    "x²",
    "\ud800",
    "(x + 1)^64^64",
    "Max(" + ",".join(["x"] * 1000) + ")",
    "exec('x')",
    "[x for x in ()]",
    "f'{x}'",
    "x; x",
    "x if x else x",
    "Piecewise(" * 100,
    "Abs(x^15 - x + 1/3)",
    "1/(" + "+".join(f"{k}*x^{k % 17}" for k in range(200)) + ")",
]


def outcome(text: str) -> str:
    """``parsed``, or the line of the error; an error of any other type escapes and fails the test."""
    try:
        surrogate = parse(text, **PARAMETERS)
    except InvalidInput as error:
        line = str(error)
        assert "\n" not in line
        assert 0 < len(line) < 600
        return line
    assert isinstance(surrogate, Surrogate)
    return "parsed"


def mutated(source: random.Random, texts: list[str]) -> str:
    """A text with a few characters or tokens changed, cut out, repeated or exchanged with another text's."""
    text = source.choice(texts)
    for _ in range(source.choice([1, 1, 2, 4])):
        at, other = source.randrange(len(text) + 1), source.choice(texts)
        length = source.randint(0, 6)
        text = source.choice(
            [
                text[:at] + text[at + length :],
                text[:at] + source.choice(TOKENS) + text[at + length :],
                text[:at] + text[at : at + length] * source.randint(2, 9) + text[at + length :],
                text[:at] + other[source.randrange(len(other)) :],
                text[:at] + chr(source.randrange(1, 0x300)) + text[at:],
            ]
        )
    return text


def written(source: random.Random, depth: int = 4) -> str:
    """A random formula that belongs to the language, whatever it means."""
    if depth == 0 or source.random() < 0.15:
        return source.choice(["x", "x", "x", "1", "2", "0", "1/3", "0.25", "pi", "a", "-3", str(source.randint(0, 99))])
    inner = [written(source, depth - 1) for _ in range(3)]
    kind = source.randrange(9)
    if kind < 4:
        return f"({inner[0]}) {source.choice('+-*/')} ({inner[1]})"
    if kind == 4:
        return f"({inner[0]})^{source.choice(['2', '3', '-1', '(1/2)', '16', '-x', '64'])}"
    if kind == 5:
        names = ("exp", "log", "sqrt", "sin", "cos", "tanh", "cosh", "atan", "erf", "sigmoid")
        return f"{source.choice(names)}({inner[0]})"
    if kind == 6:
        return f"{source.choice(['Abs', 'sign', 'abs'])}({inner[0]})"
    if kind == 7:
        return f"{source.choice(['Min', 'Max'])}({', '.join(inner[: source.randint(1, 3)])})"
    relation = source.choice(["<", "<=", ">", ">="])
    return f"Piecewise(({inner[0]}, {inner[1]} {relation} {written(source, 1)}), ({inner[2]}, True))"


def texts(count: int, seed: int) -> list[str]:
    """Bytes, tokens, mutations and formulas of the language, a quarter each."""
    source = random.Random(seed)
    result = []
    for index in range(count):
        kind = index % 4
        if kind == 0:
            result.append(source.randbytes(source.randint(0, 60)).decode("latin-1"))
        elif kind == 1:
            result.append("".join(source.choices(TOKENS, k=source.randint(1, 25))))
        elif kind == 2:
            result.append(mutated(source, FORMULAS))
        else:
            result.append(written(source))
    return result


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_attacks_get_one_line(text: str) -> None:
    """Would have caught text that is evaluated, a power that is computed, or a recursion as deep as the text."""
    assert outcome(text) != "parsed"
    with pytest.raises((InvalidInput, UnknownName)):
        parse_quantizer(text)


def _fuzz(count: int, seed: int) -> None:
    outcomes = Counter(outcome(text) == "parsed" for text in texts(count, seed))
    # A fuzzer that reaches only the parser's first error tests nothing else.
    assert outcomes[True] > count // 10
    assert outcomes[False] > count // 10


def test_texts_from_bytes_tokens_and_mutations() -> None:
    """Would have caught an IndexError, a RecursionError, a ZeroDivisionError or an OverflowError that escapes."""
    _fuzz(TEXTS, 1)


@pytest.mark.slow
def test_a_hundred_thousand_texts() -> None:
    """Would have caught what is found once in ten thousand texts."""
    _fuzz(MANY, 2)


@settings(max_examples=300, deadline=None, database=None)
@given(st.text(max_size=80) | st.lists(st.sampled_from(TOKENS), max_size=25).map("".join))
@example("")
def test_any_unicode(text: str) -> None:
    """Would have caught letters and digits of other scripts that Python reads and the language does not have."""
    outcome(text)


def test_specifications_from_tokens_and_mutations() -> None:
    """Would have caught a specification that ends in a TypeError of the function behind it."""
    source, made = random.Random(3), 0
    for _ in range(TEXTS):
        with suppress(InvalidInput, UnknownName):
            parse_quantizer(mutated(source, SPECIFICATIONS))
            made += 1
    assert made > TEXTS // 100
