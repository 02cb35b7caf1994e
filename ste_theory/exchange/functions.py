"""The formulas of claims as functions of floats, each with certified values of the quantity it computes.

A formula is taken as it is derived, and as it is stated where nothing is derived for its quantity. It becomes a
function where it is explicit for a problem: nothing but arithmetic, elementary functions, erf and cases is left once σ
and μ′ stand in it. The values do not come from the formula: they are the defining integrals, enclosed in balls at
floats, so a wrong formula does not agree with them either.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import sympy as sp

from ste_theory.calculus.expectation import unfold
from ste_theory.claims.instance import concrete
from ste_theory.claims.verdict import Verdict
from ste_theory.exchange.cancellation import forms
from ste_theory.exchange.certified import CANCELLED, Certified, cancellation, certified, places
from ste_theory.exchange.tree import NotWritten, Tree, beyond_arithmetic, names

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim, Equation

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
class Function:
    """``name(arguments)`` = ``body``: the equation of ``claim`` for ``quantity``, with problem and domain in words.

    ``origin`` says whether it is the derived or the stated formula, ``range`` where its terms cancel.
    """

    name: str
    claim: str
    source: str
    quantity: str
    meaning: str
    problem: str
    domain: str
    origin: str
    arguments: tuple[str, ...]
    body: Tree
    values: tuple[Certified, ...]
    range: tuple[str, ...] = ()


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
    derived = {part.quantity: part.result for part in claim.derivation().parts} if claim.derivation is not None else {}
    for equation in claim.statement.equations:
        progress(f"{claim.id}: certified values of {equation.quantity}")
        made, why = _of_equation(claim, equation, derived.get(equation.quantity))
        found += made
        if why:
            left_out.append(f"{claim.id}: {equation.quantity}: {why}")
    return tuple(found), tuple(left_out)


def _of_equation(claim: "Claim", equation: "Equation", derived: sp.Expr | None) -> tuple[list[Function], str]:
    """The different explicit formulas of an equation, one per problem, and why others are not."""
    formula, origin = (equation.formula, "as stated") if derived is None else (derived, "as derived")
    bodies: dict[tuple[Tree, ...], int] = {}
    without: dict[str, list[str]] = {}
    for number, problem in enumerate(claim.problems):
        try:
            candidates = forms(_with_entries(unfold(concrete(formula, problem))))
        except NotWritten as error:
            without.setdefault(str(error), []).append(problem.surrogate.name)
            continue
        beyond = beyond_arithmetic(candidates[0])
        unknown = names(candidates[0]) - set(ORDER)
        if beyond is None and not unknown:
            bodies.setdefault(candidates, number)
        else:
            without.setdefault(beyond or sorted(unknown)[0], []).append(problem.surrogate.name)
    why = "; ".join(
        f"not explicit ({what}) for {', '.join(dict.fromkeys(surrogates))}" for what, surrogates in without.items()
    )
    found = []
    for candidates, number in bodies.items():
        problem = claim.problems[number]
        name = "_".join((*claim.id.replace("-", "_").split("."), *equation.quantity.split(".")))
        if len(bodies) > 1:
            name += "_" + re.sub(r"\W+", "_", f"{problem.quantizer.name}_{problem.surrogate.name}").strip("_")
        occurring = frozenset[str]().union(*map(names, candidates))
        known = places(claim, equation, problem, [letter for letter in ORDER if letter in occurring])
        body = min(candidates, key=partial(cancellation, known))
        arguments = tuple(letter for letter in ORDER if letter in names(body))
        values = certified(known, body, arguments)
        found.append(
            Function(
                name=name,
                claim=claim.id,
                source=str(claim.source),
                quantity=str(equation.quantity),
                meaning=equation.quantity.meaning,
                problem=f"{problem.quantizer.name} activation, surrogate {problem.surrogate.name}",
                domain=claim.domain.words,
                origin=origin,
                arguments=arguments,
                body=body,
                values=values,
                range=_range(arguments, values),
            )
        )
    return found, why


def _range(arguments: Sequence[str], values: Sequence[Certified]) -> tuple[str, ...]:
    """The certified points at which the terms cancel, in words."""
    found = []
    for one in values:
        if one.cancelled > CANCELLED:
            where = ", ".join(
                f"{name} = {text}"
                for name, text in zip(arguments, one.arguments, strict=True)
                if name in ("rho", "rho_star", "theta")
            )
            found.append(f"Its terms cancel to 1/{one.cancelled:.0e} of their sum at {where}")
    return (*found, "Near there the error is 1e-13 of that sum, not of the value.") if found else ()


def _with_entries(expression: sp.Expr) -> sp.Expr:
    """v[k] as the letter v_k."""
    return expression.xreplace({entry: _letter(f"{entry.base}_k") for entry in expression.atoms(sp.Indexed)})


def _letter(name: str) -> sp.Symbol:
    return sp.Symbol(name, real=True)
