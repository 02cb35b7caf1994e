"""What the claims about samplers share: the integrand of one row, and the reduction it comes from."""

from collections.abc import Callable

import sympy as sp

from ste_theory.calculus.derivation import Chain, Derivation, Part
from ste_theory.calculus.expectation import Expectation
from ste_theory.calculus.rules.symmetry import GATHER, SYMMETRIZE
from ste_theory.claims.claim import Claim, Domain, Equation, PlantedError, Source, Statement
from ste_theory.claims.verdict import Kind
from ste_theory.derivations.general import plane_reduction
from ste_theory.derivations.general.plane_reduction import (
    a0,
    b_perpendicular,
    s1,
    s1_star,
    s2,
    student,
    teacher,
)
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import staircase
from ste_theory.model.surrogates import clipped_relu, from_formulas
from ste_theory.model.symbols import D, S, S_star, V, a, b, k, mu_prime, rho, v, v_star

QUANTITIES = (Quantity.V_GRADIENT, Quantity.COARSE_RADIAL, Quantity.COARSE_TANGENTIAL)
# One step, not at 0: the binary activation has symmetries that would hide errors.
PROBLEMS = (Problem(staircase(["1/2"], [1]), clipped_relu()),)
# Where a sampler treats parts of the line apart, none of them must be empty, and the two sides must differ. The scale
# must show too: μ′(ρa) = μ′(ρ*a) for a surrogate that changes at 0 alone.
LEAKY = from_formulas("leaky", ("1", "3", "2"), (0, 1))

Draw = Callable[[sp.Expr], sp.Expr]


def one_draw(integrand: sp.Expr) -> sp.Expr:
    """E of the integrand at (a, b)."""
    return Expectation(integrand)


def turned(turns: tuple[tuple[sp.Expr, sp.Expr], ...]) -> Draw:
    """E of the mean of the integrand over turns of (a, b)."""

    def mean(integrand: sp.Expr) -> sp.Expr:
        places = (integrand.subs({a: one, b: two}, simultaneous=True) for one, two in turns)
        return Expectation(sp.Add(*places) / len(turns))

    return mean


OWN = a * mu_prime(rho * a) * (V * student - D * teacher)
OTHERS = (S**2 - V) * s1 - (S * S_star - D) * s1_star


def formulas(draw: Draw) -> dict[Quantity, sp.Expr]:
    """What a sampler of one row computes in expectation, by its way to draw the row."""
    pull = a * mu_prime(rho * a)
    overlap = draw(student * teacher)
    return {
        Quantity.V_GRADIENT: (s2 - s1**2) * v[k]
        + s1**2 * S
        - (overlap - s1 * s1_star) * v_star[k]
        - s1 * s1_star * S_star,
        Quantity.COARSE_RADIAL: draw(OWN) + OTHERS * draw(pull),
        Quantity.COARSE_TANGENTIAL: -D * draw(b * mu_prime(rho * a) * teacher),
    }


def statement(found: dict[Quantity, sp.Expr], words: str, *letters: tuple[str, str]) -> Statement:
    """The equations with what they mean, and the letters of these words."""
    return Statement(tuple(Equation(quantity, formula) for quantity, formula in found.items()), words, letters=letters)


def one_row_chain(quantity: Quantity) -> Chain:
    """The plane reduction, the terms of A gathered under one expectation."""
    chain = Chain(quantity, plane_reduction.derivation().part(quantity).result)
    target = formulas(one_draw)[quantity]
    if chain.expression != target:
        chain.by(
            GATHER, "What belongs to one row is drawn at once; the other rows count by their means.", target=target
        )
    return chain


def symmetric_part(quantity: Quantity, turns: tuple[tuple[sp.Expr, sp.Expr], ...]) -> Part:
    """The expectations that are drawn, averaged over turns; the means s₁, s₂, s₁* are known and left alone."""
    drawn = (Expectation(student * teacher), Expectation(OWN), a0, b_perpendicular)
    chain = one_row_chain(quantity)
    chain.by(
        SYMMETRIZE,
        "The turned draws have the law of the draw.",
        turns=turns,
        only=lambda node: node in drawn,
    )
    return chain.done()


def sampler_claim(
    name: str,
    title: str,
    stated: Statement,
    *,
    derivation: Callable[[], Derivation],
    planted: tuple[PlantedError, ...],
    proof_uses: tuple[str, ...],
    problems: tuple[Problem, ...] = PROBLEMS,
    words: str = "Any σ and μ′ with finite expectations below, n ≥ 2, w ≠ 0, w* ≠ 0, 0 < θ < π.",
) -> Claim:
    """The claim about the sampler of this name."""
    return Claim(
        id=f"general.sampler-{name}",
        title=title,
        kind=Kind.IDENTITY,
        statement=stated,
        domain=Domain(
            words=words,
            degenerate="At θ ∈ {0, π} and for n = 1 nothing is drawn along û: that component is 0. At w = 0 there is "
            "no plane, and only the program itself can be sampled.",
        ),
        source=Source("this project", "", "samples the running program with less noise"),
        problems=problems,
        derivation=derivation,
        planted=planted,
        proof_uses=proof_uses,
        sampler=name,
    )
