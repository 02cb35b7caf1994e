"""The inner product of the expected coarse gradient and the population gradient in w, for any surrogate."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Derivation
from ste_theory.calculus.expectation import Expectation
from ste_theory.claims.claim import Claim, Domain, Equation, Source, Statement
from ste_theory.claims.planted import exchange, scaled, substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general import binary_gradients
from ste_theory.derivations.general.family import PROBLEMS
from ste_theory.derivations.yin2019.binary import inner_product
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import D, V, mu_prime, rho, s, theta, xi

response = Expectation(mu_prime(rho * s * xi))

STATEMENT = Statement(
    equations=(Equation(Quantity.CORRELATION, D**2 * s * response / (sp.sqrt(2 * sp.pi) ** 3 * rho)),),
    words=(
        "⟨E g_μ, ∂f/∂w⟩ = (vᵀv*)² sinθ M(ρ sinθ)/((2π)^{3/2}ρ) with the response M(x) = E μ′(xξ): where "
        "vᵀv* ≠ 0 and 0 < θ < π its sign is that of the response, and μ′ ≥ 0 makes it non-negative."
    ),
)


@cache
def derivation() -> Derivation:
    """Product of the derived gradients; the population gradient has no radial part."""
    return Derivation((inner_product(binary_gradients.derivation(), binary_gradients.derivation()),))


PLANTED = (
    substitution(
        "the response is read at scale ρ", Quantity.CORRELATION, xi * rho * s, xi * rho, WitnessKind.ENCLOSURE
    ),
    substitution("D is not squared", Quantity.CORRELATION, D**2, D, WitnessKind.PROPERTIES),
    substitution("‖v‖² for vᵀv*", Quantity.CORRELATION, D, V, WitnessKind.SAMPLING),
    scaled("the wrong sign", Quantity.CORRELATION, -1, WitnessKind.SAMPLING),
    scaled("it does not fall with the norm", Quantity.CORRELATION, rho, WitnessKind.ENCLOSURE),
    scaled("twice as large", Quantity.CORRELATION, 2, WitnessKind.SAMPLING),
    exchange("cosine for sine", Quantity.CORRELATION, sp.sin(theta), sp.cos(theta), WitnessKind.DERIVATION),
    scaled("the constant is off by 1e-20", Quantity.CORRELATION, 1 + sp.Rational(1, 10**20), WitnessKind.ENCLOSURE),
)

CLAIM = Claim(
    id="general.correlation",
    title="Correlation of coarse and population gradient for any surrogate (binary activation)",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words="σ(x) = 1{x > 0}, any μ′ with a finite response, n ≥ 2, w ≠ 0, 0 < θ < π.",
        degenerate="At θ ∈ {0, π} the population gradient does not exist (D ≠ 0); the correlation has the limit 0.",
    ),
    source=Source("this project", "", "contains Yin et al. 2019, Lemmas 5 and 8"),
    problems=PROBLEMS,
    derivation=derivation,
    planted=PLANTED,
    proof_uses=("general.binary-gradients",),
)
