"""The population gradient of the binary network [Lemma 2]."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Derivation
from ste_theory.claims.claim import (
    POPULATION_GRADIENT,
    Claim,
    Domain,
    Equation,
    Source,
    Statement,
    VectorForm,
    population_gradient_equations,
)
from ste_theory.claims.planted import scaled, shifted, substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general import binary_gradients
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import identity
from ste_theory.model.symbols import D, S, S_star, V, k, rho, theta, u_hat, v, v_star

VECTOR = -D / (2 * sp.pi * rho) * u_hat
ALONG_V = (v[k] + S) / 4 - ((1 - 2 * theta / sp.pi) * v_star[k] + S_star) / 4

STATEMENT = Statement(
    equations=(*population_gradient_equations(VECTOR, unit_teacher=True), Equation(Quantity.V_GRADIENT, ALONG_V)),
    words="∂f/∂v = ¼(I+11ᵀ)v − ¼((1−2θ/π)I+11ᵀ)v*,  ∂f/∂w = −(vᵀv*/(2π‖w‖)) (I−ŵŵᵀ)w*/‖(I−ŵŵᵀ)w*‖.",
    vectors=(VectorForm(r"\partial f/\partial w", VECTOR, POPULATION_GRADIENT),),
)


@cache
def derivation() -> Derivation:
    """The general derivation: ‖w*‖ does not enter for the binary activation."""
    parts = binary_gradients.derivation().parts
    return Derivation(tuple(part for part in parts if part.quantity in (*POPULATION_GRADIENT, Quantity.V_GRADIENT)))


PLANTED = (
    shifted("a radial part", Quantity.GRADIENT_RADIAL, D / 20, WitnessKind.SAMPLING),
    substitution("the norm is forgotten", Quantity.GRADIENT_TANGENTIAL, rho, 1, WitnessKind.SAMPLING),
    substitution("the wrong sign", Quantity.GRADIENT_TANGENTIAL, D, -D, WitnessKind.SAMPLING),
    substitution("‖v‖² for vᵀv*", Quantity.GRADIENT_TANGENTIAL, D, V, WitnessKind.PROPERTIES),
    substitution("sums over rows multiplied", Quantity.GRADIENT_TANGENTIAL, D, S * S_star, WitnessKind.ENCLOSURE),
    scaled("an unnormalized projection", Quantity.GRADIENT_TANGENTIAL, sp.sin(theta), WitnessKind.ENCLOSURE),
    scaled("π for 2π", Quantity.GRADIENT_TANGENTIAL, 2, WitnessKind.DERIVATION),
    scaled(
        "the constant is off by 1e-20", Quantity.GRADIENT_TANGENTIAL, 1 + sp.Rational(1, 10**20), WitnessKind.ENCLOSURE
    ),
    substitution("the angle counts once", Quantity.V_GRADIENT, theta, theta / 2, WitnessKind.SAMPLING),
    substitution("the sum over rows is forgotten", Quantity.V_GRADIENT, S, 0, WitnessKind.PROPERTIES),
)

CLAIM = Claim(
    id="yin2019.gradient",
    title="Population gradient of the binary network",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, n ≥ 2, w ≠ 0, 0 < θ < π.",
        degenerate="∂f/∂w does not exist at θ ∈ {0, π} unless vᵀv* = 0, and is 0 for n = 1; ∂f/∂v exists for w ≠ 0.",
        unit_teacher=True,
    ),
    source=Source("Yin et al. 2019", "Lemma 2", "numbering of the conference submission"),
    problems=(Problem(binary(), identity()),),
    derivation=derivation,
    planted=PLANTED,
    proof_uses=("general.binary-gradients",),
)
