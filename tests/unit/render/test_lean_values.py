"""The theorems for Lean in numbers: right sides of equations, both sides of sentences, as the claims' own formulas."""

import math
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pytest
import sympy as sp

from ste_theory.checks.illustration import illustrated
from ste_theory.claims import registry
from ste_theory.claims.claim import Claim
from ste_theory.claims.instance import assignment, value_at
from ste_theory.exchange.exact import exact
from ste_theory.render import lean
from ste_theory.render.lean_model import MODEL
from tests.unit.render.lean_values import KNOWN, Values
from tests.unit.render.test_lean import theorems

CLAIMS = registry.claims()
TWO_FOLD = "∂normal ∂normal"


def of(claim: Claim) -> dict[str, str]:
    """The theorems of a claim by their names, without the claim's own."""
    text, _ = lean.source([exact(claim, derivation=False)], version="0")
    return {one.split()[1]: one for one in theorems(text)}


def network(values: Mapping[sp.Expr, sp.Expr]) -> dict[str, Any]:
    """The fields of a network with these exact numbers, by the names that Lean has for them."""
    return {
        **{f"N.{symbol}": float(value) for symbol, value in values.items() if symbol.is_Symbol},
        "m": float(values.get(sp.Symbol("m", integer=True, positive=True), 0)),
    }


def some(names: list[str]) -> list[Any]:
    """Every third; `make test-slow` takes all."""
    return [name if place % 3 == 0 else pytest.param(name, marks=pytest.mark.slow) for place, name in enumerate(names)]


WITH_EQUATIONS = [name for name, claim in CLAIMS.items() if claim.statement.equations and claim.problems]


@pytest.mark.parametrize("name", some(WITH_EQUATIONS))
def test_equations_have_the_numbers_of_their_formulas(name: str) -> None:
    """Would have caught: a bracket that binds otherwise in Lean, a function taken for another, an integral with the
    wrong ends, a sum over the steps without its offset."""
    claim, said = CLAIMS[name], of(CLAIMS[name])
    point = claim.domain.point(np.random.default_rng(11), rows=2)
    problem = claim.problems[0]
    heights, thresholds = (
        [float(x) for x in found] for found in (problem.quantizer.heights, problem.quantizer.thresholds)
    )
    at: dict[str, Any] = {
        **network(assignment(point)),
        "σ": problem.quantizer,
        "μ'": problem.surrogate,
        "N.v": lambda row: float(point.v[row]),
        "N.vStar": lambda row: float(point.v_star[row]),
        "k": 0,
        "J": len(heights),
        "d": heights.__getitem__,
        "t": thresholds.__getitem__,
        "c_0": float(problem.quantizer.offset),
    }
    for equation in claim.statement.equations:
        (theorem,) = [one for ending, one in said.items() if ending.endswith(equation.quantity.replace(".", "_"))]
        _, right = Values(theorem).sides()
        wanted, found = value_at(equation.formula, problem, point), right(at)
        twofold = TWO_FOLD in " ".join(theorem.split()).rpartition(" = ")[2]
        # Of two variables: parts of 1/1500 of the probability, whose middles stand for jumps inside.
        slack = (2e-2, 1e-3) if twofold else (1e-6, 1e-6)
        near = math.isclose(found, wanted.number, rel_tol=slack[0], abs_tol=slack[1] + wanted.error)
        assert near, (equation.quantity, found, wanted)


# A counterexample for every constant: no one place shows it.
NOT_SHOWN = {"yin2019.lipschitz", "yin2019.relu-bound"}
WITH_SENTENCES = [name for name, claim in CLAIMS.items() if claim.statement.sentences]


@pytest.mark.parametrize("name", some(WITH_SENTENCES))
def test_sentences_have_the_numbers_of_their_sides(name: str) -> None:
    """Would have caught: a letter of the sentence taken for the network's, or sides exchanged."""
    claim = CLAIMS[name]
    text, left_out = lean.source([exact(claim, derivation=False)], version="0")
    said = {one.split()[1]: one for one in theorems(text)}
    proof = claim.proof() if claim.proof is not None else None
    compared, seen = 0, list[str]()
    for sentence in claim.statement.sentences:
        how = proof.justifications.get(sentence.name) if proof is not None else None
        place = illustrated(claim, sentence, how)
        identifier = lean.identifier(f"{claim.id}_{sentence.name}")
        identifier += "'" * seen.count(identifier)
        seen.append(identifier.rstrip("'"))
        if identifier not in said:
            assert any(line.startswith(f"{name}: {sentence.name}:") for line in left_out), sentence.name
            continue
        if place is None:  # hypotheses that no drawn place satisfies, or none without a constant
            continue
        letters = {str(symbol): float(value) for symbol, value in place.values.items()}
        # A letter that is a word of Lean's, or one of the file's own, has a mark there.
        at = {**network(place.values), **letters, **{f"{name}'": value for name, value in letters.items()}}
        values = Values(said[identifier])
        left, right = (side(at) for side in values.sides())
        assert values.sign == str(sentence.relation), sentence.name
        slack = 1e-8 * max(1.0, abs(place.left), abs(place.right))
        assert abs(left - place.left) < slack, sentence.name
        assert abs(right - place.right) < slack, sentence.name
        compared += 1
    assert compared or name in NOT_SHOWN


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("x - (2 : ℝ) - y", 3 - 2 - 5),
        ("x / y / (2 : ℝ)", 3 / 5 / 2),
        ("-(x ^ 2) + y", -9 + 5),
        ("(-x) * |(-y)|", -15),
        ("(1 / 2 : ℝ) * (Real.sqrt (x + (1 : ℝ)))", 1),
        ("(if x < y then x else y)", 3),
        ("(min x (max y (4 : ℝ)))", 3),
        ("(∫ a, (a ^ 2) * x ∂normal)", 3),
        ("(∫ a in (0 : ℝ)..x, (a ^ 2))", 9),
        (
            "((fun s : Fin 2 → ℝ => (s 0) + (s 1)) ((fun s : Fin 2 → ℝ => ![(s 1), (s 0) + (s 1)])^[3] ![x, y]))",
            3 * 3 + 5 * 5,
        ),
    ],
)
def test_a_term_has_its_value(text: str, wanted: float) -> None:
    """Would have caught: operations from the right, a power before its minus, a step too many."""
    left, _ = Values(f"theorem t : ∀ x : ℝ, ∀ y : ℝ, {text} = x := by sorry").sides()
    assert left({"x": 3.0, "y": 5.0}) == pytest.approx(wanted, rel=1e-9)


def test_a_wrong_formula_has_other_numbers() -> None:
    """The comparison can fail: another factor or letter in the text of a theorem."""
    claim = CLAIMS["yin2019.loss"]
    point = claim.domain.point(np.random.default_rng(11), rows=2)
    (theorem,) = of(claim).values()
    wanted = value_at(claim.statement.equations[0].formula, claim.problems[0], point).number
    at = network(assignment(point))
    # A closed form in floats: what the exported programs promise too.
    assert Values(theorem).sides()[1](at) == pytest.approx(wanted, rel=1e-13)
    for right, wrong in (("(1 / 8)", "(1 / 4)"), ("N.theta", "N.rho"), ("N.S_star", "N.S")):
        assert right in theorem
        assert abs(Values(theorem.replace(right, wrong)).sides()[1](at) - wanted) > 1e-3, right


PLACES = {"θ": 1.1, "ρ": 0.75, "h": 0.5, "k": -0.25, "x": 0.8}


@pytest.mark.parametrize(
    ("name", "slack"),
    [
        *((name, 1e-15) for name in ("indicator", "density")),
        *((name, 1e-9) for name in ("erf", "erfc", "clippedP", "clippedQ")),  # 1e-11 on each of 40 panels
        ("orthant", 1e-3),  # a mean of two variables
    ],
)
def test_the_definitions_are_what_the_numbers_use(name: str, slack: float) -> None:
    """Would have caught: another power in an integral of the clipped ReLU, another half-plane, another factor of erf:
    the theorems are computed with these functions as SciPy has them."""
    definitions = dict(re.findall(r"^def (\w+) (.*?)(?=\n\n|\ndef )", MODEL, re.MULTILINE | re.DOTALL))

    def value(of: str, *arguments: float) -> float:
        found = re.fullmatch(r"\((.*?) : ℝ\) : ℝ :=\s+(.*)", definitions[of], re.DOTALL)
        assert found, definitions[of]
        letters, body = found[1].split(), found[2]
        at = dict(zip(letters, arguments, strict=True))
        term, _ = Values(f"theorem t : ({body}) = {letters[0]} := by sorry").sides()
        return float(term({**at, "erf": partial(value, "erf"), "clippedIntegral": partial(value, "clippedIntegral")}))

    letters = definitions[name].partition(" : ")[0].strip("(").split()
    place = [PLACES[letter] for letter in letters]
    assert value(name, *place) == pytest.approx(float(KNOWN[name](*place)), rel=slack)
