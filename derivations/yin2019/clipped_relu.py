"""The expected coarse gradient of the clipped ReLU in the paper's angular integrals (published version)."""

from functools import cache

import sympy as sp

from ste_theory.calculus.clipped import p_clipped, q_clipped
from ste_theory.calculus.derivation import Derivation
from ste_theory.calculus.vectors import Norm
from ste_theory.claims.claim import (
    COARSE_GRADIENT,
    Claim,
    Domain,
    Source,
    Statement,
    VectorForm,
    coarse_gradient_equations,
)
from ste_theory.claims.planted import scaled, shifted, substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.yin2019.binary import plane_form
from ste_theory.derivations.yin2019.clipped import in_angular_integrals
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import clipped_relu
from ste_theory.model.symbols import D, S, S_star, V, rho, theta, w_hat, w_star_vector

h = V + S**2 - S * S_star + D
p, q, p_0 = p_clipped(theta, rho), q_clipped(theta, rho), p_clipped(0, rho)
VECTOR = (
    p_0 * h / 2 * w_hat
    - D * sp.csc(theta / 2) * q * (w_hat + w_star_vector) / Norm(w_hat + w_star_vector)
    - D * (p - sp.cot(theta / 2) * q) * w_hat
)

STATEMENT = Statement(
    equations=coarse_gradient_equations(VECTOR, unit_teacher=True),
    words=(
        "E g_crelu = ½h p(0,w) ŵ − D csc(θ/2) q(θ,w)(ŵ+w*)/‖ŵ+w*‖ − D(p(θ,w) − cot(θ/2)q(θ,w)) ŵ with "
        "p(θ,w) = (1/2π)∫ ξ(secω/‖w‖) cosω dω, q(θ,w) = (1/2π)∫ ξ(secω/‖w‖) sinω dω over (θ−π/2, π/2), ξ(x) = "
        "∫₀ˣ r²e^{−r²/2}dr."
    ),
    vectors=(VectorForm(r"\mathbb{E}\,g_{\mathrm{crelu}}", VECTOR, COARSE_GRADIENT),),
)


@cache
def derivation() -> Derivation:
    """From the plane reduction with μ′(x) = 1{0 < x < 1}, in polar coordinates."""
    return Derivation(
        (
            in_angular_integrals(Quantity.COARSE_RADIAL),
            in_angular_integrals(Quantity.COARSE_TANGENTIAL),
            plane_form(Quantity.COARSE_ORTHOGONAL, clipped_relu()).done(),
        )
    )


PLANTED = (
    substitution("the other rows are forgotten", Quantity.COARSE_RADIAL, S, 0, WitnessKind.SAMPLING),
    substitution("p(θ) for p(0)", Quantity.COARSE_RADIAL, p_0, p, WitnessKind.SAMPLING),
    substitution("q for p", Quantity.COARSE_RADIAL, p, q, WitnessKind.ENCLOSURE),
    substitution("the sign of vᵀv*", Quantity.COARSE_RADIAL, D, -D, WitnessKind.DERIVATION),
    substitution("the clip is at ‖w‖, not 1/‖w‖", Quantity.COARSE_TANGENTIAL, rho, 1 / rho, WitnessKind.SAMPLING),
    scaled("1/π for 1/2π", Quantity.COARSE_TANGENTIAL, 2, WitnessKind.SAMPLING),
    scaled("the constant is off by 1e-20", Quantity.COARSE_RADIAL, 1 + sp.Rational(1, 10**20), WitnessKind.ENCLOSURE),
    shifted("a component leaves the plane", Quantity.COARSE_ORTHOGONAL, D / 10, WitnessKind.SAMPLING),
)

CLAIM = Claim(
    id="yin2019.clipped-relu",
    title="Expected coarse gradient of the clipped ReLU surrogate",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words="σ(x) = 1{x > 0}, μ′(x) = 1{0 < x < 1}, ‖w*‖ = 1, w ≠ 0, 0 < θ < π.",
        degenerate="θ ∈ {0, π} by continuity: the bracketed combinations stay finite; undefined at w = 0.",
        unit_teacher=True,
    ),
    source=Source("Yin et al. 2019", "clipped ReLU", "published version, whose numbering is not at hand"),
    problems=(Problem(binary(), clipped_relu()),),
    derivation=derivation,
    planted=PLANTED,
    proof_uses=("general.plane-reduction",),
)
