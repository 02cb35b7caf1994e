"""Verdicts about random surrogates, nasty ones among them, against quadrature in floats that shares no code with them;
and their certificates changed at random: each mutant is rejected, or what it says is true for that quadrature.
"""

import copy
import json
import random
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import sympy as sp

from ste_theory.analysis.soundness import soundness
from ste_theory.checker import Rejected, check
from ste_theory.model.surrogates import parse

Array = npt.NDArray[np.float64]
Document = dict[str, Any]
X = sp.Symbol("x", real=True)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(60)
REACH = 11.0  # standard deviations; beyond lie 4e-28
SHAPES = (
    "{a}",
    "{a} - {b}*x^2",
    "({a} - {b}*x)/(1 + x^2)",
    "{a}*exp(-{b}*x^2) - {c}*exp(-x^2/9)",
    "{a}/(1 + cosh(x)) - {c}/100",
    "{a} - {b}*tanh(x)",
    "{c}*x*exp(-{b}*x)",
    "{a}*x - {b}",
    "{a}*cos({b}*x)",
    "{a}*exp(-1000*(x - {b})^2) - {c}/10",
)


def random_text(source: random.Random) -> str:
    """One or several pieces; narrow dips, far pieces and tiny values among them."""

    def number() -> str:
        return str(Fraction(source.choice([1, 1, 2, 3, 5, -1, -2, -1]), source.choice([1, 1, 2, 3, 7])))

    def piece() -> str:
        return source.choice(SHAPES).format(a=f"({number()})", b=f"({number()})".replace("-", ""), c=f"({number()})")

    if source.random() < 0.3:
        return source.choice(SHAPES[:7]).format(a=f"({number()})", b=f"({number()})".replace("-", ""), c="(1/2)")
    places = sorted(
        {Fraction(source.randint(-30, 60), source.choice([7, 10, 13])) for _ in range(source.randint(1, 5))}
    )
    if source.random() < 0.3:
        places += [places[-1] + Fraction(1, 1000)]
    cases = [f"({piece()}, x < {place})" for place in places]
    last = source.choice(["0", "0", "1/1000", "-1/100000", "1/(1 + x^2)", "-exp(-x)"])
    return f"Piecewise({', '.join(cases)}, ({last}, True))"


@cache
def compiled(formula: str) -> Callable[[Array], Array]:
    """A formula as a function of arrays."""
    function: Callable[[Array], Array] = sp.lambdify(
        X, sp.sympify(formula.replace("^", "**"), locals={"x": X}), "numpy"
    )
    return function


def value(pieces: list[dict[str, str]], scale: float) -> float:
    """M(x) from the pieces as the certificate states them, by Gauss–Legendre on cells of a fifth of each scale."""
    total = 0.0
    for piece in pieces:
        lower = max(-REACH, float(sp.Rational(piece["lower"])) / scale if piece["lower"] != "-inf" else -REACH)
        upper = min(REACH, float(sp.Rational(piece["upper"])) / scale if piece["upper"] != "inf" else REACH)
        if lower >= upper:
            continue
        function = compiled(piece["formula"])
        # Fine enough for a bump of width 1/45, as 1000(x − b)² has, at every scale that is looked at.
        cells = int(min(4000, max(20, 40 * (upper - lower) * max(scale, 1.0))))
        edges = np.linspace(lower, upper, cells + 1)
        a = ((edges[1:] + edges[:-1]) / 2)[:, None] + np.outer((edges[1:] - edges[:-1]) / 2, NODES)
        with np.errstate(all="ignore"):
            height = np.broadcast_to(np.asarray(function(scale * a), dtype=np.float64), a.shape)
        weight = np.outer((edges[1:] - edges[:-1]) / 2, WEIGHTS) * np.exp(-a * a / 2) / np.sqrt(2 * np.pi)
        total += float((height * weight).sum())
    return total


SCALES = (0.01, 0.1, 0.3, 0.7, 1.0, 1.5, 2.2, 3.3, 5.0, 9.0)
SLACK = 1e-9  # of values of order 1: quadrature with 60 nodes a cell is exact to rounding, about 1e-13


def agrees(pieces: list[dict[str, str]], statement: str, top: Fraction | None) -> bool:
    """Whether the statement holds at the scales that are looked at."""
    for scale in SCALES:
        if top is not None and scale > float(top):
            continue
        found = value(pieces, scale)
        if (statement == "M > 0" and found < -SLACK) or (statement == "M = 0" and abs(found) > SLACK):
            return False
    return True


def rejection(document: Document) -> str:
    """Why the checker rejects a document; empty if it does not."""
    try:
        check(document)
    except Rejected as reason:
        return str(reason)
    return ""


def test_verdicts_on_random_surrogates() -> None:
    """Would have caught a dip between two boxes that no ball covered, or a tail taken for smaller than it is."""
    source, counts = random.Random(7), dict.fromkeys(("proved", "refuted", "no signal", "undecided"), 0)
    refused = 0
    for _ in range(60):
        text = random_text(source)
        top = source.choice([None, None, Fraction(2), Fraction(9, 2)])
        surrogate = parse(text)
        verdict = soundness(surrogate, top)
        counts[verdict.verdict] += 1
        if verdict.certificate is not None:
            document = json.loads(json.dumps(verdict.certificate.to_json()))
            assert agrees(document["pieces"], document["statement"], top), text
            said = rejection(document)
            refused += bool(said)
            # Only for want of a method, never because a step is wrong.
            assert not said or "not shown" in said or "no bound" in said, (text, said)
        if verdict.counterexample is not None:
            network = verdict.counterexample
            pieces = verdict.counterexample.to_json(surrogate, _BINARY)["pieces"]
            assert value(pieces, float(Fraction(network.scale))) < SLACK, text
            assert float(network.response) == 0 or float(network.response) < 0, text
            assert check(json.loads(json.dumps(network.to_json(surrogate, _BINARY)))).boxes, text
    assert counts["proved"] >= 10
    assert counts["refuted"] >= 20
    assert refused <= 3, counts


def _binary() -> Any:
    from ste_theory.model.quantizers import binary

    return binary()


_BINARY = _binary()
ORIGINALS = (
    "Max(0, 1 - Abs(x))",
    "Piecewise((3, Abs(x) < 1), (-1, Abs(x) < 2), (1, Abs(x) < 3), (-1/10, Abs(x) < 4), (0, True))",
    "(2 - x*tanh(x/2))/(1 + cosh(x))",
    "(1 - x^2)*exp(-x^2/2)",
    "1/2 + cos(2*x)",
    "exp(-x^2/2) - 1/3*exp(-x^2/8)",
)
NUMBERS = ("0", "1", "-1", "2", "1/2", "3/2", "-1/100", "3", "4", "inf", "-inf", "10")


def mutate(source: random.Random, document: Document) -> None:
    """One change of one entry."""
    place = source.choice(["regions", "boxes", "pieces", "proof", "statement", "max_scale"])
    entries = document[place]
    if place in ("regions", "boxes", "pieces"):
        if not entries:
            return
        index = source.randrange(len(entries))
        if source.random() < 0.2:
            del entries[index]
            return
        key = source.choice(["lower", "upper", *(["sign"] if place == "regions" else [])])
        if place == "pieces" and source.random() < 0.7:
            text = entries[index]["formula"]
            old = source.choice([c for c in text if c in "0123456789+-*"] or [text[0]])
            entries[index]["formula"] = text.replace(old, source.choice("0123456789+-*"), 1)
        else:
            entries[index][key] = source.choice([-1, 0, 1]) if key == "sign" else source.choice(NUMBERS)
    elif place == "proof":
        document[place] = source.choice(["even part", "one change", "boxes", "cosines", "odd"])
    else:
        document[place] = source.choice(["M > 0", "M = 0"]) if place == "statement" else source.choice(NUMBERS)


def test_mutants_are_rejected_or_true() -> None:
    """Would have caught an argument of which one step is not verified."""
    source = random.Random(11)
    documents = []
    for text in ORIGINALS:
        certificate = soundness(parse(text), Fraction(3)).certificate
        assert certificate is not None, text
        documents.append(json.loads(json.dumps(certificate.to_json())))
        assert check(documents[-1]).boxes > 0
    accepted = rejected = 0
    for _ in range(300):
        document = copy.deepcopy(source.choice(documents))
        before = json.dumps(document)
        for _ in range(source.randint(1, 2)):
            mutate(source, document)
        if json.dumps(document) == before:
            continue
        if said := rejection(document):
            assert "\n" not in said
            rejected += 1
            continue
        accepted += 1
        top = None if document["max_scale"] == "inf" else Fraction(document["max_scale"])
        assert agrees(document["pieces"], document["statement"], top), document
    assert rejected > 100
    assert accepted > 5
