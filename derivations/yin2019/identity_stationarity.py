"""The identity surrogate does not vanish at the spurious minima [Lemma 7, second part]."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Chain, Derivation, Part
from ste_theory.calculus.expectation import unfold
from ste_theory.calculus.rules.algebra import ALGEBRA, SPECIALIZE
from ste_theory.calculus.rules.rows import LINEARITY
from ste_theory.claims.claim import Claim, Domain, Equation, Source, Statement
from ste_theory.claims.planted import scaled, shifted, substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general import stationarity
from ste_theory.derivations.yin2019.binary import moments_on_the_line
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import identity
from ste_theory.model.symbols import S_star, V_star, m, mu_prime

STATEMENT = Statement(
    equations=(
        Equation(Quantity.COARSE_RADIAL, 2 * (m - 1) * S_star**2 / (sp.sqrt(2 * sp.pi) * (m + 1) ** 2)),
        Equation(Quantity.COARSE_ORTHOGONAL, sp.S.Zero),
        Equation(Quantity.V_GRADIENT, sp.S.Zero),
    ),
    words=(
        "At the spurious minima ‖E g_id‖ = 2(m−1)(1ᵀv*)²/(√(2π)(m+1)²), along +ŵ: a descent step shrinks ‖w‖ "
        "and nothing else, "
        "and the drift is 0 only for m = 1 or 1ᵀv* = 0."
    ),
)


@cache
def _radial() -> Part:
    chain = Chain(Quantity.COARSE_RADIAL, stationarity.derivation().part(Quantity.COARSE_RADIAL).result)
    chain.by(SPECIALIZE, "The surrogate is the identity's.", function=mu_prime, body=lambda _: sp.S.One)
    if chain.applies(LINEARITY):
        chain.by(LINEARITY, "Constants come out.")
    moments_on_the_line(chain)
    chain.by(ALGEBRA, "Collect.", transform=lambda f: sp.factor(unfold(f)))
    return chain.done()


@cache
def derivation() -> Derivation:
    """The general drift with M₋ = E[a1{a < 0}] = −1/√(2π)."""
    general = stationarity.derivation()
    return Derivation((_radial(), general.part(Quantity.COARSE_ORTHOGONAL), general.part(Quantity.V_GRADIENT)))


PLANTED = (
    substitution("m for m − 1", Quantity.COARSE_RADIAL, m - 1, m, WitnessKind.SAMPLING),
    substitution("m for m + 1", Quantity.COARSE_RADIAL, m + 1, m, WitnessKind.ENCLOSURE),
    substitution("‖v*‖² for (1ᵀv*)²", Quantity.COARSE_RADIAL, S_star**2, V_star, WitnessKind.DERIVATION),
    substitution("1ᵀv* is not squared", Quantity.COARSE_RADIAL, S_star**2, S_star, WitnessKind.PROPERTIES),
    scaled("the drift points inwards", Quantity.COARSE_RADIAL, -1, WitnessKind.SAMPLING),
    scaled("half the drift", Quantity.COARSE_RADIAL, sp.Rational(1, 2), WitnessKind.SAMPLING),
    scaled("the constant is off by 1e-20", Quantity.COARSE_RADIAL, 1 + sp.Rational(1, 10**20), WitnessKind.ENCLOSURE),
    shifted("the gradient in v does not vanish", Quantity.V_GRADIENT, S_star / 20, WitnessKind.SAMPLING),
)

CLAIM = Claim(
    id="yin2019.identity-stationarity",
    title="The identity surrogate drifts at the spurious minima",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words="σ(x) = 1{x > 0}, μ′(x) = 1, ‖w*‖ = 1, w ≠ 0, θ = π, v = B⁻¹(11ᵀ − I)v*.",
        degenerate="m = 1 or 1ᵀv* = 0: both sides are 0.",
        unit_teacher=True,
        spurious=True,
    ),
    source=Source("Yin et al. 2019", "Lemma 7, second part", "numbering of the conference submission"),
    problems=(Problem(binary(), identity()),),
    derivation=derivation,
    planted=PLANTED,
    proof_uses=("general.stationarity",),
)
