"""Scrambled nets: every point of a randomly shifted net has the law of one draw, whichever point it is."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Derivation, Part
from ste_theory.calculus.expectation import Expectation, indicator
from ste_theory.calculus.rules.cells import CELLS
from ste_theory.claims.planted import scaled, substitution
from ste_theory.claims.verdict import WitnessKind
from ste_theory.derivations.general.plane_reduction import a0, b_perpendicular, student, teacher
from ste_theory.derivations.general.samplers import (
    LEAKY,
    OTHERS,
    OWN,
    QUANTITIES,
    formulas,
    one_row_chain,
    sampler_claim,
    statement,
)
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import staircase
from ste_theory.model.symbols import D, S, V, a, b, k, mu_prime, rho, v, v_star

QUADRANTS = ((1, 1), (1, -1), (-1, 1), (-1, -1))
SIDEWAYS = b * mu_prime(rho * a) * teacher


def over_cells(integrand: sp.Expr) -> sp.Expr:
    """The mean over the shifts of the first digits: a point is then in each cell with equal probability, and its
    integrand has there the mean E[h; cell]/P(cell). Both coordinates where b is a factor, elsewhere the first one."""
    if integrand == SIDEWAYS:
        return sp.Add(*(_quadrant(integrand, p, q) for p, q in QUADRANTS))
    return sp.Add(*(_half(integrand, side) for side in (1, -1)))


def _half(integrand: sp.Expr, side: int) -> sp.Expr:
    return Expectation(integrand * indicator(side * a))


def _quadrant(integrand: sp.Expr, p: int, q: int) -> sp.Expr:
    return Expectation(integrand * indicator(p * a) * indicator(q * b))


def _part(quantity: Quantity) -> Part:
    chain = one_row_chain(quantity)
    drawn = (Expectation(student * teacher), Expectation(OWN), a0, b_perpendicular)
    chain.by(
        CELLS,
        "The first digit of the first coordinate: the shift makes each half equally likely.",
        variable=a,
        cuts=(sp.S.Zero,),
        only=lambda node: node in drawn,
    )
    if quantity is Quantity.COARSE_TANGENTIAL:
        chain.by(
            CELLS,
            "The first digit of the second coordinate, shifted by a number of its own.",
            variable=b,
            cuts=(sp.S.Zero,),
        )
    return chain.done()


@cache
def derivation() -> Derivation:
    """From the integrand of one row."""
    return Derivation(tuple(_part(quantity) for quantity in QUANTITIES))


CLAIM = sampler_claim(
    "sobol",
    "A point of a scrambled net has the law of one draw",
    statement(
        formulas(over_cells),
        "Let x be a fixed point of a net in the unit square and Δ have independent fair binary digits. x ⊕ Δ, digit by "
        "digit without carry, has fair digits too, whatever x is: it is uniform, and (Φ⁻¹(x₁ ⊕ Δ₁), Φ⁻¹(x₂ ⊕ Δ₂)) has "
        "the law of (a, b). So the mean of h over all points of a net is unbiased, though they depend on each other. "
        "Stated and derived for the first digits: of both coordinates along û, where the means of h over the four "
        "quadrants average to E h, of the first one elsewhere. The digits that follow cut every cell into parts "
        "of equal probability in the same way.",
        ("h", "what is averaged over the draws, a function of (a, b)"),
        ("x₁, x₂, Δ₁, Δ₂", "coordinates of x and Δ"),
    ),
    derivation=derivation,
    planted=(
        substitution(
            "a digit is not shifted",
            Quantity.COARSE_TANGENTIAL,
            _quadrant(SIDEWAYS, -1, 1),
            _quadrant(SIDEWAYS, 1, 1),
            WitnessKind.ENCLOSURE,
        ),
        substitution(
            "nor for the overlap",
            Quantity.V_GRADIENT,
            _half(student * teacher, -1),
            _half(student * teacher, 1),
            WitnessKind.SAMPLING,
        ),
        substitution(
            "a quadrant is never visited",
            Quantity.COARSE_TANGENTIAL,
            _quadrant(SIDEWAYS, 1, 1),
            0,
            WitnessKind.SAMPLING,
        ),
        substitution(
            "both digits get the same shift",
            Quantity.COARSE_TANGENTIAL,
            _quadrant(SIDEWAYS, 1, -1),
            _quadrant(SIDEWAYS, 1, 1),
            WitnessKind.ENCLOSURE,
        ),
        substitution("the other rows are forgotten", Quantity.COARSE_RADIAL, OTHERS, 0, WitnessKind.SAMPLING),
        substitution("the own row counts twice", Quantity.COARSE_RADIAL, S**2 - V, S**2, WitnessKind.ENCLOSURE),
        substitution("the sum for the mean", Quantity.COARSE_TANGENTIAL, D, 4 * D, WitnessKind.SAMPLING),
        scaled("the tangential sign is wrong", Quantity.COARSE_TANGENTIAL, -1, WitnessKind.DERIVATION),
        substitution("the teacher's row is forgotten", Quantity.V_GRADIENT, v_star[k], v[k], WitnessKind.SAMPLING),
    ),
    proof_uses=("general.plane-reduction", "general.sampler-one-row"),
    problems=(Problem(staircase(["-1/2"], [1]), LEAKY),),
)
