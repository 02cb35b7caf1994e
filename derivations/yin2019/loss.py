"""The population loss of the binary two-linear-layer network in closed form [Lemma 1]."""

import sympy as sp

from ste_theory.calculus.derivation import Derivation
from ste_theory.claims.claim import Claim, Domain, Equation, Source, Statement
from ste_theory.claims.planted import scaled, substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.yin2019.binary import plane_to_closed_form
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import identity
from ste_theory.model.symbols import D, S, S_star, V, V_star, theta

# vᵀ(I+11ᵀ)v = V + S²,  vᵀ((1−2θ/π)I + 11ᵀ)v* = (1−2θ/π)D + SS*,  v*ᵀ(I+11ᵀ)v* = V* + S*².
FORMULA = (V + S**2 - 2 * ((1 - 2 * theta / sp.pi) * D + S * S_star) + V_star + S_star**2) / 8

STATEMENT = Statement(
    equations=(Equation(Quantity.LOSS, FORMULA),),
    words=(
        "For w ≠ 0 the loss is ⅛[vᵀ(I+11ᵀ)v − 2vᵀ((1−2θ/π)I + 11ᵀ)v* + v*ᵀ(I+11ᵀ)v*]: quadratic in v, linear "
        "in the angle θ."
    ),
)


def derivation() -> Derivation:
    """From the plane reduction: half-plane probabilities and the overlap of two half-planes."""
    return Derivation((plane_to_closed_form(Quantity.LOSS),))


PLANTED = (
    substitution("the angle counts once, not twice", Quantity.LOSS, theta, theta / 2, WitnessKind.SAMPLING),
    substitution("the angle is measured from −w*", Quantity.LOSS, theta, sp.pi - theta, WitnessKind.PROPERTIES),
    substitution("the overlap's sign is wrong", Quantity.LOSS, D, -D, WitnessKind.DERIVATION),
    substitution("the student's norm is forgotten", Quantity.LOSS, V, sp.S.Zero, WitnessKind.SAMPLING),
    substitution("the teacher's norm is taken for the student's", Quantity.LOSS, V_star, V, WitnessKind.PROPERTIES),
    scaled("the constant is off by 1e-20", Quantity.LOSS, 1 + sp.Rational(1, 10**20), WitnessKind.ENCLOSURE),
    scaled("the loss is not halved", Quantity.LOSS, 2, WitnessKind.SAMPLING),
)

CLAIM = Claim(
    id="yin2019.loss",
    title="Population loss of the binary network",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, w ≠ 0, θ = angle(w, w*).",
        degenerate="θ ∈ {0, π} by continuity; at w = 0 the student outputs 0 and f = ⅛ v*ᵀ(I+11ᵀ)v*.",
        unit_teacher=True,
    ),
    source=Source("Yin et al. 2019", "Lemma 1", "numbering of the conference submission"),
    problems=(Problem(binary(), identity()),),
    derivation=derivation,
    planted=PLANTED,
    proof_uses=("general.plane-reduction",),
)
