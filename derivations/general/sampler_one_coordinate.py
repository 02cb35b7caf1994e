"""One coordinate: given a = ⟨Z_i,ŵ⟩, the teacher's activation counts by Φ, its product with b by φ."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Chain, Derivation, Part
from ste_theory.calculus.expectation import Expectation, Phi, indicator, phi
from ste_theory.calculus.rules.half_lines import POSITIVE_FACTOR
from ste_theory.calculus.rules.lines import INNER
from ste_theory.calculus.rules.symmetry import GATHER
from ste_theory.claims.planted import scaled, substitution
from ste_theory.claims.verdict import WitnessKind
from ste_theory.derivations.general.samplers import QUANTITIES, sampler_claim, statement
from ste_theory.derivations.yin2019.binary import plane_form
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import clipped_relu
from ste_theory.model.symbols import D, S, S_star, V, a, c, k, mu_prime, rho, s, v, v_star

half_line = Expectation(indicator(a))
level, slope = Phi(c * a / s), phi(c * a / s)
pull = a * mu_prime(rho * a)
OTHERS = (S**2 - V - S * S_star + D) * half_line

FORMULAS = {
    Quantity.V_GRADIENT: (half_line - half_line**2) * v[k]
    + half_line**2 * S
    - (Expectation(indicator(a) * level) - half_line**2) * v_star[k]
    - half_line**2 * S_star,
    Quantity.COARSE_RADIAL: Expectation(pull * (V * indicator(a) - D * level)) + OTHERS * Expectation(pull),
    Quantity.COARSE_TANGENTIAL: -D * Expectation(mu_prime(rho * a) * slope),
}


def _part(quantity: Quantity) -> Part:
    chain: Chain = plane_form(quantity)
    chain.by(POSITIVE_FACTOR, "The activation does not see scales.")
    chain.by(INNER, "Integrate over b at fixed a.", only=lambda node: len(node.normals) == 2)
    if chain.expression != FORMULAS[quantity]:
        chain.by(GATHER, "One draw of a serves for all terms.", target=FORMULAS[quantity])
    return chain.done()


@cache
def derivation() -> Derivation:
    """From the plane reduction with the binary activation and μ′ undefined."""
    return Derivation(tuple(_part(quantity) for quantity in QUANTITIES))


CLAIM = sampler_claim(
    "one-coordinate",
    "The coordinate along ŵ is enough",
    statement(
        FORMULAS,
        "Given a, the teacher is on with probability Φ(a cotθ), and E[b·1{ca + sb > 0} | a] = φ(a cotθ). A staircase "
        "is a sum of such steps, with (ca − τ_k)/s for a cotθ. One normal variable is left, which may be drawn one "
        "point per cell of any partition of the line.",
    ),
    derivation=derivation,
    planted=(
        substitution("the angle is π − θ", Quantity.COARSE_RADIAL, level, Phi(-c * a / s), WitnessKind.ENCLOSURE),
        substitution("tangent for cotangent", Quantity.COARSE_TANGENTIAL, c * a / s, s * a / c, WitnessKind.SAMPLING),
        substitution("Φ for φ", Quantity.COARSE_TANGENTIAL, slope, level, WitnessKind.SAMPLING),
        substitution("φ for Φ", Quantity.V_GRADIENT, level, slope, WitnessKind.SAMPLING),
        substitution("the other rows are forgotten", Quantity.COARSE_RADIAL, OTHERS, 0, WitnessKind.SAMPLING),
        scaled("1/√π for 1/√(2π)", Quantity.COARSE_TANGENTIAL, sp.sqrt(2), WitnessKind.ENCLOSURE),
        substitution("the teacher's row is forgotten", Quantity.V_GRADIENT, v_star[k], v[k], WitnessKind.SAMPLING),
    ),
    proof_uses=("general.plane-reduction",),
    problems=(Problem(binary(), clipped_relu()),),
    words="σ(x) = 1{x > 0}, any μ′ with the expectations below, n ≥ 2, w ≠ 0, w* ≠ 0, 0 < θ < π.",
)
