"""Orthogonal draws: a row turned by a quarter in the plane has the same law."""

from functools import cache

from ste_theory.calculus.derivation import Derivation
from ste_theory.claims.planted import scaled, substitution
from ste_theory.claims.verdict import WitnessKind
from ste_theory.derivations.general.plane_reduction import student, teacher
from ste_theory.derivations.general.samplers import (
    OTHERS,
    QUANTITIES,
    formulas,
    sampler_claim,
    statement,
    symmetric_part,
    turned,
)
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import D, S, V, a, b, k, v, v_star

TURNS = ((a, b), (-b, a))


@cache
def derivation() -> Derivation:
    """From the integrand of one row."""
    return Derivation(tuple(symmetric_part(quantity, TURNS) for quantity in QUANTITIES))


CLAIM = sampler_claim(
    "orthogonal",
    "Draws at right angles leave the expectation as it is",
    statement(
        formulas(turned(TURNS)),
        "(a, b) turned by a quarter has the same law: the mean of the integrand over both has the same expectation.",
    ),
    derivation=derivation,
    planted=(
        substitution("the sum for the mean", Quantity.COARSE_TANGENTIAL, D, 2 * D, WitnessKind.SAMPLING),
        substitution(
            "a quarter is not turned for the teacher",
            Quantity.V_GRADIENT,
            teacher.subs({a: -b, b: a}, simultaneous=True),
            teacher,
            WitnessKind.SAMPLING,
        ),
        substitution(
            "a quarter is not turned for the student",
            Quantity.V_GRADIENT,
            student.subs(a, -b),
            student,
            WitnessKind.SAMPLING,
        ),
        substitution("the other rows are forgotten", Quantity.COARSE_RADIAL, OTHERS, 0, WitnessKind.SAMPLING),
        substitution("the own row counts twice", Quantity.COARSE_RADIAL, S**2 - V, S**2, WitnessKind.ENCLOSURE),
        scaled("the tangential sign is wrong", Quantity.COARSE_TANGENTIAL, -1, WitnessKind.DERIVATION),
        substitution("the teacher's row is forgotten", Quantity.V_GRADIENT, v_star[k], v[k], WitnessKind.SAMPLING),
    ),
    proof_uses=("general.plane-reduction", "general.sampler-one-row"),
)
