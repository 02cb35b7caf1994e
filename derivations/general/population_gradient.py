"""The population gradient in w for the binary activation: it sees the angle only."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Chain, Derivation, Part
from ste_theory.calculus.rules.derivatives import DIFFERENTIATE, DirectionalDerivative
from ste_theory.claims.claim import Claim, Domain, Equation, Source, Statement
from ste_theory.claims.planted import scaled, shifted, substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.yin2019.binary import plane_to_closed_form
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import identity
from ste_theory.model.symbols import D, S, S_star, V, k, rho, theta, u_hat, v, v_star, w_hat

STATEMENT = Statement(
    equations=(
        Equation(Quantity.GRADIENT_RADIAL, sp.S.Zero),
        Equation(Quantity.GRADIENT_TANGENTIAL, -D / (2 * sp.pi * rho)),
        Equation(Quantity.V_GRADIENT, (v[k] + S - (1 - 2 * theta / sp.pi) * v_star[k] - S_star) / 4),
    ),
    words=(
        "∂f/∂w = −(vᵀv*/(2π‖w‖)) û: no radial part, and sideways a constant in θ; the gradient in v is "
        "affine in v and in θ."
    ),
)


def _along(quantity: Quantity, direction: sp.Symbol) -> Part:
    loss = plane_to_closed_form(Quantity.LOSS).result
    chain = Chain(quantity, DirectionalDerivative(loss, direction))
    return chain.by(DIFFERENTIATE, "The loss depends on w through θ only.").done()


@cache
def derivation() -> Derivation:
    """From the derived loss, by directional derivatives along ŵ and û."""
    return Derivation(
        (
            _along(Quantity.GRADIENT_RADIAL, w_hat),
            _along(Quantity.GRADIENT_TANGENTIAL, u_hat),
            plane_to_closed_form(Quantity.V_GRADIENT),
        )
    )


PLANTED = (
    shifted("a radial part", Quantity.GRADIENT_RADIAL, D / 20, WitnessKind.SAMPLING),
    substitution("it does not fall with the norm", Quantity.GRADIENT_TANGENTIAL, rho, 1, WitnessKind.ENCLOSURE),
    substitution("the wrong sign", Quantity.GRADIENT_TANGENTIAL, D, -D, WitnessKind.SAMPLING),
    substitution("‖v‖² for vᵀv*", Quantity.GRADIENT_TANGENTIAL, D, V, WitnessKind.PROPERTIES),
    scaled("π for 2π", Quantity.GRADIENT_TANGENTIAL, 2, WitnessKind.SAMPLING),
    scaled("a factor sinθ", Quantity.GRADIENT_TANGENTIAL, sp.sin(theta), WitnessKind.DERIVATION),
    scaled(
        "the constant is off by 1e-20", Quantity.GRADIENT_TANGENTIAL, 1 + sp.Rational(1, 10**20), WitnessKind.ENCLOSURE
    ),
    substitution("the teacher's sum is forgotten", Quantity.V_GRADIENT, S_star, 0, WitnessKind.PROPERTIES),
)

CLAIM = Claim(
    id="general.population-gradient",
    title="Population gradient (binary activation, any ‖w*‖)",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words="σ(x) = 1{x > 0}, n ≥ 2, w ≠ 0, 0 < θ < π.",
        degenerate=(
            "At θ ∈ {0, π} the loss has a kink in w unless D = 0, and ∂f/∂w does not exist; for n = 1 it is 0 "
            "for every w ≠ 0. "
            "∂f/∂v exists for every w ≠ 0."
        ),
    ),
    source=Source("this project", "", "Yin et al. 2019, Lemma 2, without the normalization ‖w*‖ = 1"),
    problems=(Problem(binary(), identity()),),
    derivation=derivation,
    planted=PLANTED,
    proof_uses=("yin2019.loss", "general.plane-reduction"),
)
