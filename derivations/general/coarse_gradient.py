"""The expected coarse gradient for the binary activation and any surrogate derivative μ′, an undefined function
here."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Chain, Derivation, Part
from ste_theory.calculus.expectation import Expectation, Phi, indicator, phi
from ste_theory.calculus.rules.half_lines import POSITIVE_FACTOR
from ste_theory.calculus.rules.lines import ANTIDERIVATIVE, DENSITY, INNER, MEAN, REARRANGE, RESTRICT, SUBSTITUTE
from ste_theory.claims.claim import Claim, Domain, Equation, Source, Statement
from ste_theory.claims.planted import exchange, scaled, shifted, substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general.family import PROBLEMS
from ste_theory.derivations.yin2019.binary import plane_form
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import D, S, S_star, V, a, c, mu_prime, rho, s, theta, x, xi

a0 = Expectation(a * mu_prime(rho * a))
a1 = Expectation(a * mu_prime(rho * a) * indicator(a))
b_parallel = Expectation(a * mu_prime(rho * a) * Phi(c * a / s))
response = Expectation(mu_prime(rho * s * xi))

STATEMENT = Statement(
    equations=(
        Equation(Quantity.COARSE_RADIAL, V * a1 + (S**2 - V) * a0 / 2 - D * b_parallel - (S * S_star - D) * a0 / 2),
        Equation(Quantity.COARSE_TANGENTIAL, -D * s * response / sp.sqrt(2 * sp.pi)),
        Equation(Quantity.COARSE_ORTHOGONAL, sp.S.Zero),
    ),
    words=(
        "Towards û the expected coarse gradient is −(vᵀv*) sinθ/√(2π) times the response M(ρ sinθ) = E μ′(ρ "
        "sinθ ξ): the surrogate "
        "enters the tangential direction through one number only."
    ),
)


@cache
def radial() -> Part:
    """A = V a₁ + (S² − V)a₀/2 − D b∥ − (SS* − D)a₀/2 with one-dimensional expectations."""
    chain = plane_form(Quantity.COARSE_RADIAL)
    chain.by(POSITIVE_FACTOR, "The activation does not see scales.")
    chain.by(INNER, "Integrate over b at fixed a.", only=lambda node: len(node.normals) == 2)
    _half(chain)
    return chain.done()


def _half(chain: Chain) -> None:
    """E 1{a > 0} = ½."""
    half_line = Expectation(indicator(a))
    chain.by(DENSITY, "Probability of a half-line.", only=lambda node: node == half_line)
    chain.by(RESTRICT, "The indicator restricts the range.")
    chain.by(ANTIDERIVATIVE, "Φ(∞) − Φ(0) = ½.", primitive=lambda f: Phi(x) if f == phi(x) else None)


@cache
def tangential() -> Part:
    """−D b⊥ with b⊥ = sinθ/√(2π)·E μ′(ρ sinθ ξ): inner integral, completing the square, substitution."""
    chain = plane_form(Quantity.COARSE_TANGENTIAL)
    chain.by(POSITIVE_FACTOR, "The activation does not see scales.")
    chain.by(INNER, "Integrate over b at fixed a.")
    chain.by(DENSITY, "Write the expectation as an integral.")
    chain.by(
        REARRANGE,
        "φ(x)φ(x cotθ) = φ(0)φ(x/sinθ), since 1 + cot²θ = 1/sin²θ.",
        integrand=lambda f: f / (phi(x) * phi(c * x / s)) * phi(x / s) / sp.sqrt(2 * sp.pi),
    )
    chain.by(SUBSTITUTE, "x → x sinθ makes the density standard.", scale=s)
    chain.by(MEAN, "The integral is the response of the surrogate at scale ρ sinθ.", normal=xi)
    return chain.done()


@cache
def derivation() -> Derivation:
    """From the plane reduction with μ′ undefined."""
    return Derivation((radial(), tangential(), plane_form(Quantity.COARSE_ORTHOGONAL).done()))


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
)

CLAIM = Claim(
    id="general.coarse-gradient",
    title="Expected coarse gradient for any surrogate (binary activation)",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words="σ(x) = 1{x > 0}, any μ′ with the expectations below, n ≥ 2, w ≠ 0, 0 < θ < π.",
        degenerate="At θ ∈ {0, π} the tangential part is 0 and b∥ is a₁ (θ = 0) or E[aμ′(ρa)1{a < 0}] (θ = π).",
    ),
    source=Source("this project", "", "generalizes the coarse gradients of Yin et al. 2019 to any surrogate"),
    problems=PROBLEMS,
    derivation=derivation,
    planted=PLANTED,
    proof_uses=("general.plane-reduction",),
)
