"""Control variates: subtracting a multiple of a number whose mean is known does not move the expectation."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Derivation
from ste_theory.calculus.expectation import Expectation
from ste_theory.calculus.rules.symmetry import GATHER
from ste_theory.claims.planted import scaled, substitution
from ste_theory.claims.verdict import WitnessKind
from ste_theory.derivations.general.plane_reduction import s1, student
from ste_theory.derivations.general.samplers import (
    OTHERS,
    QUANTITIES,
    formulas,
    one_row_chain,
    sampler_claim,
    statement,
)
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import S, S_star, rho

# Any coefficient would do; this is a letter that the statement has.
BETA = rho


def _controlled(integrand: sp.Expr) -> sp.Expr:
    """E[X − βσ(ρa)] + βE σ(ρa)."""
    return Expectation(integrand - BETA * student) + BETA * s1


@cache
def derivation() -> Derivation:
    """From the integrand of one row: the controls go in, their means come out."""
    parts = []
    for quantity in QUANTITIES:
        chain = one_row_chain(quantity)
        chain.by(
            GATHER,
            "A number of known mean is subtracted inside and its mean added outside.",
            target=formulas(_controlled)[quantity],
        )
        parts.append(chain.done())
    return Derivation(tuple(parts))


CLAIM = sampler_claim(
    "control-variates",
    "Control variates leave the expectation as it is",
    statement(
        formulas(_controlled),
        "E[X − β(C − E C)] = E X for every number β that does not depend on the draw; here with C = σ(ρa) and β = ρ, "
        "a letter that may have any value. The means of the controls that are used are closed: E σ(ρa), E σ*, "
        "E[aσ(ρa)] = Σ_k d_kφ(t_k/ρ), E[bσ*] = sinθ Σ_k d_kφ(τ_k).",
        ("X", "what is averaged over the draws"),
        ("C", "a control: a variable whose mean E C is known"),
        ("σ*", "activation of the teacher's row, σ(ρ*(a cosθ + b sinθ))"),
    ),
    derivation=derivation,
    planted=(
        substitution("the mean is not added", Quantity.COARSE_TANGENTIAL, BETA * s1, 0, WitnessKind.SAMPLING),
        substitution(
            "half the mean is added", Quantity.COARSE_TANGENTIAL, BETA * s1, BETA * s1 / 2, WitnessKind.ENCLOSURE
        ),
        substitution(
            "the control is added inside",
            Quantity.COARSE_TANGENTIAL,
            BETA * student,
            -BETA * student,
            WitnessKind.SAMPLING,
        ),
        substitution(
            "a third of the control is subtracted",
            Quantity.COARSE_TANGENTIAL,
            BETA * student,
            BETA * student / 3,
            WitnessKind.ENCLOSURE,
        ),
        substitution("the other rows are forgotten", Quantity.COARSE_RADIAL, OTHERS, 0, WitnessKind.SAMPLING),
        scaled("the tangential sign is wrong", Quantity.COARSE_TANGENTIAL, -1, WitnessKind.ENCLOSURE),
        substitution("1ᵀv* is taken for 1ᵀv", Quantity.V_GRADIENT, S_star, S, WitnessKind.SAMPLING),
    ),
    proof_uses=("general.plane-reduction", "general.sampler-one-row"),
)
