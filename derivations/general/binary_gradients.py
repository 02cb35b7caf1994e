"""Both gradients in w for the binary activation and any surrogate derivative μ′: staircases with one step at 0."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Chain, Derivation, Part
from ste_theory.calculus.expectation import Expectation, Phi, indicator, phi
from ste_theory.calculus.rules.algebra import ALGEBRA
from ste_theory.calculus.rules.half_lines import POSITIVE_FACTOR
from ste_theory.calculus.rules.orthants import ORIGIN
from ste_theory.calculus.rules.steps import ONE_STEP
from ste_theory.claims.claim import Claim, Domain, Equation, Source, Statement
from ste_theory.claims.planted import exchange, scaled, shifted, substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general import coarse_gradient, population_gradient
from ste_theory.derivations.general.family import PROBLEMS
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import (
    D,
    S,
    S_star,
    V,
    a,
    c,
    k,
    mu_prime,
    rho,
    s,
    theta,
    v,
    v_star,
    xi,
)

a0 = Expectation(a * mu_prime(rho * a))
a1 = Expectation(a * mu_prime(rho * a) * indicator(a))
b_parallel = Expectation(a * mu_prime(rho * a) * Phi(c * a / s))
response = Expectation(mu_prime(rho * s * xi))

STATEMENT = Statement(
    equations=(
        Equation(Quantity.COARSE_RADIAL, V * a1 + (S**2 - V) * a0 / 2 - D * b_parallel - (S * S_star - D) * a0 / 2),
        Equation(Quantity.COARSE_TANGENTIAL, -D * s * response / sp.sqrt(2 * sp.pi)),
        Equation(Quantity.COARSE_ORTHOGONAL, sp.S.Zero),
        Equation(Quantity.GRADIENT_RADIAL, sp.S.Zero),
        Equation(Quantity.GRADIENT_TANGENTIAL, -D / (2 * sp.pi * rho)),
        Equation(Quantity.V_GRADIENT, (v[k] + S - (1 - 2 * theta / sp.pi) * v_star[k] - S_star) / 4),
    ),
    words=(
        "Towards û the expected coarse gradient is −(vᵀv*) sinθ/√(2π) times the response M(ρ sinθ) = E μ′(ρ "
        "sinθ ξ): the surrogate enters the tangential direction through one number only. "
        "∂f/∂w = −(vᵀv*/(2π‖w‖)) û: no radial part, and sideways a constant in θ; the gradient in v is "
        "affine in v and in θ."
    ),
)


_ENDINGS = (
    (POSITIVE_FACTOR, "The activation does not see scales."),
    (ORIGIN, "Two half-planes through the origin: an angle."),
)


def _binary(part: Part) -> Part:
    """The part for staircases with one step put in."""
    if part.result == 0:
        return part
    chain = Chain(part.quantity, part.result).by(ONE_STEP, "The activation is binary.")
    for rule, reason in _ENDINGS:
        if chain.applies(rule):
            chain.by(rule, reason)
    if chain.applies(ALGEBRA, transform=_collected):
        chain.by(ALGEBRA, "Collect.", transform=_collected)
    return chain.done()


def _collected(expression: sp.Expr) -> sp.Expr:
    """Factors outside, φ(0) as the number it is."""
    return sp.factor_terms(sp.expand(expression.subs(phi(0), phi(sp.S.Zero).definition())))


@cache
def derivation() -> Derivation:
    """From the gradients for any staircase, with μ′ undefined."""
    parts = (*coarse_gradient.derivation().parts, *population_gradient.derivation().parts)
    return Derivation(tuple(_binary(part) for part in parts))


PLANTED = (
    substitution("the student's own row is forgotten", Quantity.COARSE_RADIAL, a1, a0, WitnessKind.SAMPLING),
    substitution(
        "the angle in b∥ is π − θ", Quantity.COARSE_RADIAL, Phi(c * a / s), Phi(-c * a / s), WitnessKind.ENCLOSURE
    ),
    substitution(
        "the other rows of the teacher are forgotten", Quantity.COARSE_RADIAL, S_star, 0, WitnessKind.SAMPLING
    ),
    substitution(
        "the response is read at scale ρ", Quantity.COARSE_TANGENTIAL, xi * rho * s, xi * rho, WitnessKind.ENCLOSURE
    ),
    substitution("the tangential sign is wrong", Quantity.COARSE_TANGENTIAL, D, -D, WitnessKind.SAMPLING),
    exchange("cosine for sine", Quantity.COARSE_TANGENTIAL, sp.sin(theta), sp.cos(theta), WitnessKind.PROPERTIES),
    scaled("1/√π for 1/√(2π)", Quantity.COARSE_TANGENTIAL, sp.sqrt(2), WitnessKind.DERIVATION),
    scaled(
        "the constant is off by 1e-20", Quantity.COARSE_TANGENTIAL, 1 + sp.Rational(1, 10**20), WitnessKind.ENCLOSURE
    ),
    shifted("a component leaves the plane", Quantity.COARSE_ORTHOGONAL, D / 10, WitnessKind.SAMPLING),
    shifted("a radial part", Quantity.GRADIENT_RADIAL, D / 20, WitnessKind.SAMPLING),
    substitution("it does not fall with the norm", Quantity.GRADIENT_TANGENTIAL, rho, 1, WitnessKind.ENCLOSURE),
    substitution("the wrong sign", Quantity.GRADIENT_TANGENTIAL, D, -D, WitnessKind.SAMPLING),
    substitution("‖v‖² for vᵀv*", Quantity.GRADIENT_TANGENTIAL, D, V, WitnessKind.PROPERTIES),
    scaled("π for 2π", Quantity.GRADIENT_TANGENTIAL, 2, WitnessKind.SAMPLING),
    scaled("a factor sinθ", Quantity.GRADIENT_TANGENTIAL, sp.sin(theta), WitnessKind.DERIVATION),
    scaled(
        "the gradient's constant is off by 1e-20",
        Quantity.GRADIENT_TANGENTIAL,
        1 + sp.Rational(1, 10**20),
        WitnessKind.ENCLOSURE,
    ),
    substitution("the teacher's sum is forgotten", Quantity.V_GRADIENT, S_star, 0, WitnessKind.PROPERTIES),
)

CLAIM = Claim(
    id="general.binary-gradients",
    title="Expected coarse gradient and population gradient of the binary activation, for any surrogate",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words="σ(x) = 1{x > 0}, any μ′ with the expectations below, n ≥ 2, w ≠ 0, any w* ≠ 0, 0 < θ < π.",
        degenerate=(
            "At θ ∈ {0, π} the tangential part of E g_μ is 0 and b∥ is a₁ (θ = 0) or E[aμ′(ρa)1{a < 0}] (θ = π); the "
            "loss has a kink in w unless D = 0, and ∂f/∂w does not exist; for n = 1 it is 0 for every w ≠ 0. ∂f/∂v "
            "exists for every w ≠ 0."
        ),
    ),
    source=Source("this project", "", "contains Yin et al. 2019, Lemma 2, without the normalization ‖w*‖ = 1"),
    problems=PROBLEMS,
    derivation=derivation,
    planted=PLANTED,
    proof_uses=("general.coarse-gradient", "general.population-gradient"),
)
