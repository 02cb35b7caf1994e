"""The expected coarse gradient of the ReLU surrogate [Lemma 4]."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Derivation
from ste_theory.calculus.vectors import Norm
from ste_theory.claims.claim import (
    COARSE_GRADIENT,
    Claim,
    Domain,
    Equation,
    Source,
    Statement,
    VectorForm,
    coarse_gradient_equations,
)
from ste_theory.claims.planted import scaled, shifted, substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.yin2019.binary import plane_to_closed_form
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import relu
from ste_theory.model.symbols import D, S, S_star, V, V_star, k, theta, v, v_star, w_hat, w_star_vector

h = V + S**2 - S * S_star + D
VECTOR = h / (2 * sp.sqrt(2 * sp.pi)) * w_hat - sp.cos(theta / 2) * D / sp.sqrt(2 * sp.pi) * (
    w_hat + w_star_vector
) / Norm(w_hat + w_star_vector)
ALONG_V = (v[k] + S) / 4 - ((1 - 2 * theta / sp.pi) * v_star[k] + S_star) / 4

STATEMENT = Statement(
    equations=(*coarse_gradient_equations(VECTOR, unit_teacher=True), Equation(Quantity.V_GRADIENT, ALONG_V)),
    words=(
        "E g_relu = h/(2√(2π)) ŵ − cos(θ/2) vᵀv*/√(2π) (ŵ+w*)/‖ŵ+w*‖ with h = ‖v‖² + (1ᵀv)² − (1ᵀv)(1ᵀv*) + vᵀv*; "
        "E ∂ℓ/∂v = ∂f/∂v."
    ),
    vectors=(VectorForm(r"\mathbb{E}\,g_{\mathrm{relu}}", VECTOR, COARSE_GRADIENT),),
)


@cache
def derivation() -> Derivation:
    """From the plane reduction with μ′(x) = 1{x > 0}: all integrands over the plane are homogeneous."""
    quantities = (
        Quantity.COARSE_RADIAL,
        Quantity.COARSE_TANGENTIAL,
        Quantity.COARSE_ORTHOGONAL,
        Quantity.V_GRADIENT,
    )
    return Derivation(tuple(plane_to_closed_form(quantity, relu()) for quantity in quantities))


PLANTED = (
    substitution("the other rows are forgotten", Quantity.COARSE_RADIAL, S, 0, WitnessKind.SAMPLING),
    substitution("the angle is not halved", Quantity.COARSE_RADIAL, theta, 2 * theta, WitnessKind.SAMPLING),
    substitution("the teacher's norm for the student's", Quantity.COARSE_RADIAL, V, V_star, WitnessKind.ENCLOSURE),
    substitution("the sign of vᵀv*", Quantity.COARSE_RADIAL, D, -D, WitnessKind.DERIVATION),
    scaled("the identity's constant", Quantity.COARSE_TANGENTIAL, 2, WitnessKind.SAMPLING),
    scaled("the constant is off by 1e-20", Quantity.COARSE_RADIAL, 1 + sp.Rational(1, 10**20), WitnessKind.ENCLOSURE),
    shifted("a tangential part on the axis", Quantity.COARSE_TANGENTIAL, D / 10, WitnessKind.PROPERTIES),
    shifted("a component leaves the plane", Quantity.COARSE_ORTHOGONAL, D / 10, WitnessKind.SAMPLING),
    substitution("the angle counts once", Quantity.V_GRADIENT, theta, theta / 2, WitnessKind.SAMPLING),
)

CLAIM = Claim(
    id="yin2019.relu",
    title="Expected coarse gradient of the ReLU surrogate",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words="σ(x) = 1{x > 0}, μ′(x) = 1{x > 0}, ‖w*‖ = 1, w ≠ 0, 0 < θ < π.",
        degenerate="θ = 0 by continuity; at θ = π the second term is 0 (ŵ + w* = 0, cos(θ/2) = 0); undefined at w = 0.",
        unit_teacher=True,
    ),
    source=Source("Yin et al. 2019", "Lemma 4", "numbering of the conference submission"),
    problems=(Problem(binary(), relu()),),
    derivation=derivation,
    planted=PLANTED,
    proof_uses=("general.plane-reduction",),
)
