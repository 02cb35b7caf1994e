"""Conditioning on one row: the residual of the other rows counts by its mean only (Rao and Blackwell)."""

from functools import cache

from ste_theory.calculus.derivation import Derivation
from ste_theory.claims.planted import scaled, substitution
from ste_theory.claims.verdict import WitnessKind
from ste_theory.derivations.general.plane_reduction import student, teacher
from ste_theory.derivations.general.samplers import (
    OTHERS,
    QUANTITIES,
    formulas,
    one_draw,
    one_row_chain,
    sampler_claim,
    statement,
)
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import D, S, S_star, a, b, k, mu_prime, rho, v, v_star


@cache
def derivation() -> Derivation:
    """From the plane reduction."""
    return Derivation(tuple(one_row_chain(quantity).done() for quantity in QUANTITIES))


CLAIM = sampler_claim(
    "one-row",
    "One row is enough: the others count by their means",
    statement(
        formulas(one_draw),
        "Given row i, the residual of the other rows has the mean (S − v_i)s₁ − (S* − v*_i)s₁*. Summed over the rows, "
        "which all have the same law, one row (a, b) serves for all m of them.",
    ),
    derivation=derivation,
    planted=(
        substitution("the other rows are forgotten", Quantity.COARSE_RADIAL, OTHERS, 0, WitnessKind.SAMPLING),
        substitution(
            "the teacher's others too", Quantity.COARSE_RADIAL, S * S_star - D, S * S_star, WitnessKind.ENCLOSURE
        ),
        substitution("1ᵀv* is taken for 1ᵀv", Quantity.COARSE_RADIAL, S_star, S, WitnessKind.ENCLOSURE),
        substitution(
            "b is forgotten",
            Quantity.COARSE_TANGENTIAL,
            b * mu_prime(rho * a) * teacher,
            a * mu_prime(rho * a) * teacher,
            WitnessKind.SAMPLING,
        ),
        scaled("the tangential sign is wrong", Quantity.COARSE_TANGENTIAL, -1, WitnessKind.ENCLOSURE),
        substitution("student for teacher", Quantity.V_GRADIENT, student * teacher, student**2, WitnessKind.SAMPLING),
        substitution("the teacher's row is forgotten", Quantity.V_GRADIENT, v_star[k], v[k], WitnessKind.SAMPLING),
    ),
    proof_uses=("general.plane-reduction",),
)
