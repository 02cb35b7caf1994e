"""Exact formulas as text: every statement comes back as it was, and nothing else is accepted."""

import json
import time
from typing import Any

import pytest
import sympy as sp

from ste_theory.claims import registry
from ste_theory.claims.claim import Claim
from ste_theory.exchange.exact import exact, from_json, to_json
from ste_theory.exchange.expressions import letters, to_expression, to_tree
from ste_theory.exchange.text import read, write
from ste_theory.model.errors import InvalidInput

CLAIMS = list(registry.claims().values())
KNOWN = {"x": ("positive",), "y": ("real",), "v": ("real", "indexed"), "k": ("positive", "integer")}


@pytest.mark.parametrize("one", CLAIMS, ids=lambda one: one.id)
def test_a_statement_comes_back_as_it_was(one: Claim) -> None:
    """Would have caught: a formula that is written without brackets it needs, a letter that loses an assumption."""
    written = json.loads(json.dumps(to_json((exact(one, derivation=False),), version="0")))
    (back,) = from_json(written)
    assert back.left_out == ()
    statement = back.statement
    assert statement.equations == one.statement.equations
    assert statement.vectors == one.statement.vectors
    assert statement.sentences == one.statement.sentences
    assert statement.words == one.statement.words


def test_steps_of_a_derivation_come_back() -> None:
    """Would have caught: a step that is left out, or that reads as another formula."""
    one = registry.claims()["yin2019.relu"]
    assert one.derivation is not None
    stored = exact(one)
    for part, kept in zip(one.derivation().parts, stored.derivation, strict=True):
        for step, text in zip(part.steps, kept.steps, strict=True):
            known = {letter.name: letter.assumed for letter in text.letters}
            assert to_expression(read(text.formula), known) == step.after
            assert text.rule == step.rule.name


@pytest.mark.parametrize(
    "text",
    [
        "x - y",
        "-x/y",
        "x*(y - 1)",
        "x^(-1/2)",
        "(x + y)^2/3",
        "sqrt(x)/2",
        "2*x/(3*y)",
        "v[k]*x",
        "(x^y)^2",
        "-(1/2)*x",
    ],
)
def test_text_says_what_it_looks_like(text: str) -> None:
    """Would have caught: a division or a minus sign that takes too much with it."""
    python = text.replace("^", "**").replace("v[k]", "vk")
    meant = sp.sympify(python, locals={"x": sp.Symbol("x", positive=True), "y": sp.Symbol("y", real=True)})
    found = to_expression(read(text), KNOWN).xreplace(
        {sp.IndexedBase("v", real=True)[sp.Symbol("k", positive=True, integer=True)]: sp.Symbol("vk")}
    )
    assert sp.simplify(found - meant) == 0
    again = to_expression(read(write(to_tree(to_expression(read(text), KNOWN)))), KNOWN)
    assert again == to_expression(read(text), KNOWN)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("__import__('os').system('true')", "unexpected"),
        ("x.__class__", "unexpected"),
        ("lambda", "unknown letter"),
        ("system(x)", "unknown function"),
        ("eval(x)", "unknown function"),
        ("x +", "ends too early"),
        ("x y", "unexpected 'y'"),
        ("(x", "missing )"),
        ("v[k", "missing ]"),
        ("y[k]", "wrong number of arguments"),
        ("cases(x)", "wrong number of arguments"),
        ("sin(x, y)", "does not take these arguments"),
        ("", "ends too early"),
        ("1.5*x", "unexpected"),
        ("(" * 200 + "x", "nested deeper"),
        ("9" * 5000, "more than 4000 digits"),
        ("(9^9999)^9999", "more than 100000 bits"),
        ("9^9^9^9", "more than 100000 bits"),
        ("gamma(10^9)", "gamma beyond"),
        ("x" * 300_000, "at most"),
    ],
)
def test_what_is_no_formula_is_refused_at_once(text: str, words: str) -> None:
    """Would have caught: text that is run as code, and a short text that computes for hours."""
    start = time.process_time()
    with pytest.raises(InvalidInput, match=words.replace("(", r"\(").replace(")", r"\)").replace("]", r"\]")):
        to_expression(read(text), KNOWN)
    assert time.process_time() - start < 5


def _changed(**entries: Any) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        json.dumps(to_json((exact(registry.claims()["yin2019.loss"], derivation=False),), version="0"))
    )
    content["claims"][0].update(entries)
    return content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "not written by"),
        ({"schema": "ste_theory.exact/0"}, "not written by"),
        (_changed(title=3), "str expected"),
        (_changed(code="x"), "unknown entry 'code'"),
        (_changed(equations=[{"quantity": "loss", "formula": "V/8", "letters": []}]), "unknown letter 'V'"),
        (_changed(equations=[{"quantity": "gain", "formula": "1", "letters": []}]), "unknown quantity 'gain'"),
        (
            _changed(equations=[{"quantity": "loss", "formula": "x", "letters": [{"name": "x", "assumed": ["evil"]}]}]),
            "unknown assumption 'evil'",
        ),
    ],
)
def test_a_file_that_does_not_fit_is_refused(content: Any, words: str) -> None:
    """Would have caught: a damaged file that is read halfway."""
    with pytest.raises(InvalidInput, match=words):
        from_json(content)


def test_one_name_for_two_letters_is_refused() -> None:
    """Would have caught: x > 0 and real x that become one letter."""
    from ste_theory.exchange.tree import NotWritten

    with pytest.raises(NotWritten, match="two letters"):
        letters(sp.Symbol("x", positive=True) + sp.Symbol("x", real=True))
