"""Antithetic draws: a row and its negative have the same law."""

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
from ste_theory.model.symbols import D, a, b, k, mu_prime, rho, v, v_star

TURNS = ((a, b), (-a, -b))


@cache
def derivation() -> Derivation:
    """From the integrand of one row."""
    return Derivation(tuple(symmetric_part(quantity, TURNS) for quantity in QUANTITIES))


CLAIM = sampler_claim(
    "antithetic",
    "Antithetic draws leave the expectation as it is",
    statement(
        formulas(turned(TURNS)),
        "(a, b) and (−a, −b) have the same law: the mean of the integrand over both has the same expectation.",
    ),
    derivation=derivation,
    planted=(
        substitution(
            "the negative draw keeps its sign",
            Quantity.COARSE_RADIAL,
            mu_prime(-rho * a),
            -mu_prime(-rho * a),
            WitnessKind.SAMPLING,
        ),
        substitution("the sum for the mean", Quantity.COARSE_TANGENTIAL, D, 2 * D, WitnessKind.SAMPLING),
        substitution(
            "only the student is turned",
            Quantity.V_GRADIENT,
            teacher.subs({a: -a, b: -b}),
            teacher,
            WitnessKind.ENCLOSURE,
        ),
        substitution(
            "only the teacher is turned", Quantity.V_GRADIENT, student.subs(a, -a), student, WitnessKind.ENCLOSURE
        ),
        substitution("the other rows are forgotten", Quantity.COARSE_RADIAL, OTHERS, 0, WitnessKind.SAMPLING),
        scaled("the tangential sign is wrong", Quantity.COARSE_TANGENTIAL, -1, WitnessKind.DERIVATION),
        substitution("the teacher's row is forgotten", Quantity.V_GRADIENT, v_star[k], v[k], WitnessKind.SAMPLING),
    ),
    proof_uses=("general.plane-reduction", "general.sampler-one-row"),
)
