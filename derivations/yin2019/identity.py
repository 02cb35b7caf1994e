"""The expected coarse gradient of the identity surrogate [Lemma 7]."""

import sympy as sp

from ste_theory.calculus.derivation import Derivation
from ste_theory.claims.claim import (
    COARSE_GRADIENT,
    Claim,
    Domain,
    Source,
    Statement,
    VectorForm,
    coarse_gradient_equations,
)
from ste_theory.claims.planted import exchange, scaled, shifted, substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.yin2019.binary import plane_to_closed_form
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import identity
from ste_theory.model.symbols import D, V, theta, w_hat, w_star_vector

VECTOR = (V * w_hat - D * w_star_vector) / sp.sqrt(2 * sp.pi)

STATEMENT = Statement(
    equations=coarse_gradient_equations(VECTOR, unit_teacher=True),
    words="E g_id = (‖v‖²ŵ − (vᵀv*)w*)/√(2π): along the student's own direction and the teacher's, whatever ‖w‖ is.",
    vectors=(VectorForm(r"\mathbb{E}\,g_{\mathrm{id}}", VECTOR, COARSE_GRADIENT),),
)


def derivation() -> Derivation:
    """From the plane reduction with μ′ = 1: first moments over half-planes."""
    return Derivation(
        tuple(
            plane_to_closed_form(quantity, identity())
            for quantity in (Quantity.COARSE_RADIAL, Quantity.COARSE_TANGENTIAL, Quantity.COARSE_ORTHOGONAL)
        )
    )


PLANTED = (
    substitution("the student's term is forgotten", Quantity.COARSE_RADIAL, V, sp.S.Zero, WitnessKind.SAMPLING),
    substitution("the teacher pushes the wrong way", Quantity.COARSE_RADIAL, D, -D, WitnessKind.ENCLOSURE),
    substitution(
        "the teacher's direction is û, not w*", Quantity.COARSE_RADIAL, theta, sp.pi / 2, WitnessKind.DERIVATION
    ),
    substitution("half the angle", Quantity.COARSE_TANGENTIAL, theta, theta / 2, WitnessKind.SAMPLING),
    exchange(
        "tangential and radial are exchanged",
        Quantity.COARSE_TANGENTIAL,
        sp.sin(theta),
        sp.cos(theta),
        WitnessKind.PROPERTIES,
    ),
    scaled("√(2/π) in place of 1/√(2π)", Quantity.COARSE_RADIAL, 2, WitnessKind.SAMPLING),
    scaled(
        "the constant is off by 1e-20", Quantity.COARSE_TANGENTIAL, 1 + sp.Rational(1, 10**20), WitnessKind.ENCLOSURE
    ),
    shifted("a component leaves the plane", Quantity.COARSE_ORTHOGONAL, D / 10, WitnessKind.SAMPLING),
)

CLAIM = Claim(
    id="yin2019.identity",
    title="Expected coarse gradient of the identity surrogate",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words="σ(x) = 1{x > 0}, μ′(x) = 1, ‖w*‖ = 1, w ≠ 0, 0 < θ < π.",
        degenerate="θ ∈ {0, π} by continuity (w* = ±ŵ there); undefined at w = 0, where ŵ does not exist.",
        unit_teacher=True,
    ),
    source=Source("Yin et al. 2019", "Lemma 7", "numbering of the conference submission"),
    problems=(Problem(binary(), identity()),),
    derivation=derivation,
    planted=PLANTED,
    proof_uses=("general.plane-reduction",),
)
