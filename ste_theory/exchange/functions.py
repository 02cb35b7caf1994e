"""The stated formulas as functions of floats, each with certified values of the quantity it computes.

A formula becomes a function where its right side is explicit for a problem: nothing but arithmetic, elementary
functions, erf and cases is left once σ and μ′ stand in it. The values do not come from the formula: they are the
defining integrals, enclosed in balls at floats, so a wrong formula does not agree with them either.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp
from flint import acb, arb

from ste_theory.calculus.expectation import unfold
from ste_theory.claims.instance import assignment, components_of, concrete
from ste_theory.claims.verdict import Verdict
from ste_theory.exchange.expressions import to_tree
from ste_theory.exchange.tree import Node, NotWritten, Tree, beyond_arithmetic, names
from ste_theory.model.errors import SteTheoryError
from ste_theory.model.problem import PlanePoint, Straight
from ste_theory.rigorous.balls import digits, precision, real
from ste_theory.rigorous.enclose import enclose
from ste_theory.rigorous.plane import Plane
from ste_theory.rigorous.translate import translate

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim, Equation

SEED, POINTS = 20190107, 3
# Digits of a certified value: more than a float holds, so that reading it rounds once.
DIGITS, BITS, WIDTH = 22, 110, 1e-24

ORDER = ("rho", "rho_star", "theta", "m", "V", "S", "D", "V_star", "S_star", "v_k", "v_star_k")
MEANING: Mapping[str, str] = {
    "rho": "‖w‖ > 0",
    "rho_star": "‖w*‖ > 0",
    "theta": "angle between w and w*, in radians",
    "m": "length of v",
    "V": "vᵀv",
    "S": "1ᵀv",
    "D": "vᵀv*",
    "V_star": "v*ᵀv*",
    "S_star": "1ᵀv*",
    "v_k": "entry k of v",
    "v_star_k": "entry k of v*",
}


@dataclass(frozen=True)
class Certified:
    """Floats, as they are written in a program, and the quantity there to 22 digits.

    ``size`` is the sum of the absolute values of the formula's terms, which rounding is measured by.
    """

    arguments: tuple[str, ...]
    value: str
    size: str


@dataclass(frozen=True)
class Function:
    """``name(arguments)`` = ``body``: the equation of ``claim`` for ``quantity``, with problem and domain in words."""

    name: str
    claim: str
    source: str
    quantity: str
    meaning: str
    problem: str
    domain: str
    arguments: tuple[str, ...]
    body: Tree
    values: tuple[Certified, ...]


def functions(
    claim: "Claim", *, progress: Callable[[str], None] = lambda _: None
) -> tuple[tuple[Function, ...], tuple[str, ...]]:
    """The functions of a claim, and one line for each of its equations that is none, with the reason."""
    if claim.expected is not Verdict.CONFIRMED:
        return (), (f"{claim.id}: documented verdict {claim.expected.lower()}",)
    if not claim.statement.equations:
        return (), (f"{claim.id}: states sentences, no formula for a quantity",)
    found: list[Function] = []
    left_out: list[str] = []
    for equation in claim.statement.equations:
        progress(f"{claim.id}: certified values of {equation.quantity}")
        made, why = _of_equation(claim, equation)
        found += made
        if why:
            left_out.append(f"{claim.id}: {equation.quantity}: {why}")
    return tuple(found), tuple(left_out)


def _of_equation(claim: "Claim", equation: "Equation") -> tuple[list[Function], str]:
    """The different explicit formulas of an equation, one per problem, and why others are not."""
    bodies: dict[Tree, int] = {}
    without: dict[str, list[str]] = {}
    for number, problem in enumerate(claim.problems):
        try:
            body = to_tree(_with_entries(unfold(concrete(equation.formula, problem))))
        except NotWritten as error:
            without.setdefault(str(error), []).append(problem.surrogate.name)
            continue
        beyond = beyond_arithmetic(body)
        unknown = names(body) - set(ORDER)
        if beyond is None and not unknown:
            bodies.setdefault(body, number)
        else:
            without.setdefault(beyond or sorted(unknown)[0], []).append(problem.surrogate.name)
    why = "; ".join(
        f"not explicit ({what}) for {', '.join(dict.fromkeys(surrogates))}" for what, surrogates in without.items()
    )
    found = []
    for body, number in bodies.items():
        problem = claim.problems[number]
        name = "_".join((*claim.id.replace("-", "_").split("."), *equation.quantity.split(".")))
        if len(bodies) > 1:
            name += "_" + re.sub(r"\W+", "_", f"{problem.quantizer.name}_{problem.surrogate.name}").strip("_")
        arguments = tuple(letter for letter in ORDER if letter in names(body))
        found.append(
            Function(
                name=name,
                claim=claim.id,
                source=str(claim.source),
                quantity=str(equation.quantity),
                meaning=equation.quantity.meaning,
                problem=f"{problem.quantizer.name} activation, surrogate {problem.surrogate.name}",
                domain=claim.domain.words,
                arguments=arguments,
                body=body,
                values=_values(claim, equation, number, body, arguments),
            )
        )
    return found, why


def _with_entries(expression: sp.Expr) -> sp.Expr:
    """v[k] as the letter v_k."""
    return expression.xreplace({entry: _letter(f"{entry.base}_k") for entry in expression.atoms(sp.Indexed)})


def _letter(name: str) -> sp.Symbol:
    return sp.Symbol(name, real=True)


def _values(
    claim: "Claim", equation: "Equation", number: int, body: Tree, arguments: Sequence[str]
) -> tuple[Certified, ...]:
    rng = np.random.default_rng(SEED)
    found = []
    for _ in range(POINTS):
        point = _at_floats(claim.domain.point(rng, rows=2))
        plane = Plane(claim.problems[number], point, width=WIDTH, bits=BITS)
        component = components_of(equation.quantity, point)[-1]
        value = enclose(equation.quantity, plane, component)
        with precision(BITS + 40):
            balls = {
                str(key).replace("[k]", "_k"): real(translate(given, {}))
                for key, given in assignment(point, component).items()
            }
            size = _size(body, balls)
        proved = digits(value, DIGITS)
        if not value.is_finite() or (value.rad() > 10 * WIDTH * max(1, abs(float(value.mid())))):
            raise SteTheoryError(f"{claim.id}: no certified value of {equation.quantity} at {point}")
        texts = tuple(repr(float(balls[name].mid())) for name in arguments)
        found.append(Certified(texts, proved, f"{float(size.mid()):.6g}"))
    return tuple(found)


def _at_floats(point: PlanePoint) -> PlanePoint:
    """The point with the nearest float for θ: a program's arguments are floats. θ = π is in no formula."""
    if isinstance(point.theta, Straight):
        return point
    return replace(point, theta=Fraction(float(point.theta)))


def _size(body: Tree, values: Mapping[str, arb]) -> arb:
    """The sum of the absolute values of the terms of the outermost sum."""
    terms = body.arguments if isinstance(body, Node) and body.head == "sum" else (body,)
    total = arb(0)
    for term in terms:
        total += abs(evaluate(term, values))
    return total


def evaluate(tree: Tree, values: Mapping[str, arb]) -> arb:
    """The tree in balls. Raises ``NotWritten`` for what is no arithmetic."""
    from ste_theory.exchange.expressions import to_expression

    known = dict.fromkeys(names(tree), ("real",))
    expression = to_expression(tree, known)
    symbols = {sp.Symbol(name, real=True): acb(value) for name, value in values.items() if name in known}
    return real(translate(expression, symbols))
