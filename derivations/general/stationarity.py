"""The expected coarse gradient at the spurious minimum: purely radial; for μ′ ≥ 0 zero iff μ′ = 0 on x < 0."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Derivation, Part
from ste_theory.calculus.expectation import Expectation, Phi, indicator, phi
from ste_theory.calculus.rules.algebra import ALGEBRA
from ste_theory.calculus.rules.half_lines import POSITIVE_FACTOR, SPLIT_LINE
from ste_theory.calculus.rules.lines import ANTIDERIVATIVE, DENSITY, RESTRICT
from ste_theory.calculus.rules.points import IN_SPAN, OPPOSITE, SPURIOUS_V
from ste_theory.claims.claim import Claim, Domain, Equation, Source, Statement
from ste_theory.claims.planted import scaled, shifted, substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general.family import PROBLEMS
from ste_theory.derivations.yin2019.binary import plane_form
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import S_star, V_star, a, m, mu_prime, rho, x

m_minus = Expectation(a * mu_prime(rho * a) * indicator(-a))

STATEMENT = Statement(
    equations=(
        Equation(Quantity.COARSE_RADIAL, -2 * (m - 1) * S_star**2 * m_minus / (m + 1) ** 2),
        Equation(Quantity.COARSE_ORTHOGONAL, sp.S.Zero),
        Equation(Quantity.V_GRADIENT, sp.S.Zero),
    ),
    words=(
        "At θ = π, v = B⁻¹(11ᵀ − I)v* the gradient in v is 0 and E g_μ = −M₋·2(m−1)(1ᵀv*)²/(m+1)² ŵ with M₋ "
        "= E[aμ′(ρa)1{a<0}]: "
        "it vanishes iff M₋ = 0, m = 1 or 1ᵀv* = 0; for μ′ ≥ 0 iff μ′ = 0 almost everywhere on x < 0."
    ),
)


@cache
def _radial() -> Part:
    chain = plane_form(Quantity.COARSE_RADIAL)
    chain.by(OPPOSITE, "The teacher points backwards.")
    chain.by(POSITIVE_FACTOR, "The activation does not see scales.")
    chain.by(IN_SPAN, "The student's second layer at the spurious minimum.", v=SPURIOUS_V)
    half_line = Expectation(indicator(a))
    chain.by(DENSITY, "Probability of a half-line.", only=lambda node: node == half_line)
    chain.by(RESTRICT, "The indicator restricts the range.")
    chain.by(ANTIDERIVATIVE, "Φ(∞) − Φ(0) = ½.", primitive=lambda f: Phi(x) if f == phi(x) else None)
    chain.by(SPLIT_LINE, "Separate the two sides of the surrogate.")
    chain.by(
        ALGEBRA, "The positive side cancels, and so does ‖v*‖².", transform=lambda f: sp.factor(sp.expand(sp.cancel(f)))
    )
    return chain.done()


@cache
def _v_gradient() -> Part:
    chain = plane_form(Quantity.V_GRADIENT)
    chain.by(OPPOSITE, "The teacher points backwards: where the student is on, the teacher is off.")
    chain.by(POSITIVE_FACTOR, "The activation does not see scales.")
    chain.by(DENSITY, "Probabilities of half-lines.")
    chain.by(RESTRICT, "The indicators restrict the range.")
    chain.by(ANTIDERIVATIVE, "Φ is the primitive of φ.", primitive=lambda f: Phi(x) if f == phi(x) else None)
    chain.by(IN_SPAN, "The student's second layer at the spurious minimum.", v=SPURIOUS_V)
    chain.by(ALGEBRA, "All terms cancel.", transform=sp.simplify)
    return chain.done()


@cache
def _orthogonal() -> Part:
    return plane_form(Quantity.COARSE_ORTHOGONAL).done()


@cache
def derivation() -> Derivation:
    """From the plane reduction with μ′ undefined, at θ = π and v = v_sp."""
    return Derivation((_radial(), _orthogonal(), _v_gradient()))


PLANTED = (
    substitution("m for m − 1", Quantity.COARSE_RADIAL, m - 1, m, WitnessKind.ENCLOSURE),
    substitution(
        "the positive side for the negative",
        Quantity.COARSE_RADIAL,
        indicator(-a),
        indicator(a),
        WitnessKind.DERIVATION,
    ),
    substitution("‖v*‖² for (1ᵀv*)²", Quantity.COARSE_RADIAL, S_star**2, V_star, WitnessKind.SAMPLING),
    scaled("the sign of the drift", Quantity.COARSE_RADIAL, -1, WitnessKind.SAMPLING),
    scaled("half the drift", Quantity.COARSE_RADIAL, sp.Rational(1, 2), WitnessKind.SAMPLING),
    scaled("the drift falls with the norm", Quantity.COARSE_RADIAL, 1 / rho, WitnessKind.ENCLOSURE),
    scaled("the constant is off by 1e-20", Quantity.COARSE_RADIAL, 1 + sp.Rational(1, 10**20), WitnessKind.ENCLOSURE),
    shifted("the gradient in v does not vanish", Quantity.V_GRADIENT, S_star / 20, WitnessKind.SAMPLING),
)

CLAIM = Claim(
    id="general.stationarity",
    title="Drift at the spurious minimum for any surrogate (binary activation)",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words="σ(x) = 1{x > 0}, w ≠ 0, θ = π, v = B⁻¹(11ᵀ − I)v* with B = I + 11ᵀ.",
        degenerate="m = 1 or 1ᵀv* = 0: the drift is 0 for every surrogate.",
        spurious=True,
    ),
    source=Source("this project", "", "contains Yin et al. 2019, Lemma 7, second part"),
    problems=PROBLEMS,
    derivation=derivation,
    planted=PLANTED,
    proof_uses=("general.plane-reduction", "general.binary-gradients"),
)
