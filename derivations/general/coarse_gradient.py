"""The expected coarse gradient for any staircase σ and any surrogate derivative μ′, an undefined function here."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Derivation, Part
from ste_theory.calculus.expectation import Expectation, Phi, indicator, phi
from ste_theory.calculus.rules.lines import DENSITY, INNER, MEAN, REARRANGE, SUBSTITUTE
from ste_theory.calculus.rules.rows import INDEPENDENT_COORDINATES
from ste_theory.calculus.step_sums import StepSum
from ste_theory.claims.claim import Claim, Domain, Equation, Source, Statement
from ste_theory.claims.planted import exchange, scaled, shifted, substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general.staircase import collected, half_lines, plane_form
from ste_theory.derivations.general.staircase_problems import FIXED, drawn
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import (
    D,
    S,
    S_star,
    V,
    a,
    b,
    c,
    c_0,
    d,
    i,
    mu_prime,
    rho,
    rho_star,
    s,
    t,
    theta,
    x,
    xi,
)

alpha, tau = t[i] / rho, t[i] / rho_star
a0 = Expectation(a * mu_prime(rho * a))
own = Expectation(a * mu_prime(rho * a) * indicator(rho * a - t[i]))
across = Expectation(a * mu_prime(rho * a) * Phi((c * a - tau) / s))
mirrored = Expectation(a * mu_prime(rho * a) * Phi((c * a + tau) / s))
response = Expectation(mu_prime(rho * (tau * c + s * xi)))
mean, teacher_mean = (c_0 + StepSum(d[i] * (1 - Phi(end)), i) for end in (alpha, tau))

STATEMENT = Statement(
    equations=(
        Equation(
            Quantity.COARSE_RADIAL,
            S * (S * mean - S_star * teacher_mean) * a0
            + V * StepSum(d[i] * (own - (1 - Phi(alpha)) * a0), i)
            - D * StepSum(d[i] * (across - (1 - Phi(tau)) * a0), i),
        ),
        Equation(Quantity.COARSE_TANGENTIAL, -D * s * StepSum(d[i] * phi(tau) * response, i)),
        Equation(Quantity.COARSE_ORTHOGONAL, sp.S.Zero),
    ),
    words=(
        "Every step of the staircase adds its own signal: towards û −(vᵀv*) sinθ φ(t_i/ρ*) times the mean of μ′ "
        "over a normal variable with the centre ρ t_i cosθ/ρ* and the deviation ρ sinθ, the student's "
        "pre-activation where the teacher switches. The offset c_0 enters towards ŵ only, with 1ᵀv ≠ 1ᵀv*."
    ),
)


@cache
def _radial() -> Part:
    """Per step: E aμ′(ρa)1{ρa > t}, and the inner integral over b for the teacher's step."""
    chain = plane_form(Quantity.COARSE_RADIAL)
    both = [a, b]
    chain.by(INNER, "Integrate over b at fixed a.", only=lambda node: list(node.normals) == both and node.has(mu_prime))
    return collected(half_lines(chain)).done()


def _square_completed(integrand: sp.Expr) -> sp.Expr:
    """φ(x)φ((τ − x cosθ)/sinθ) written as φ(τ)φ((x − τ cosθ)/sinθ)."""
    others = sp.Mul(*(factor for factor in sp.Mul.make_args(integrand) if not isinstance(factor, phi)))
    return others * phi(tau) * phi((x - tau * c) / s)


@cache
def _tangential() -> Part:
    """−D b⊥ step by step: inner integral, completing the square, substitution."""
    chain = plane_form(Quantity.COARSE_TANGENTIAL)
    chain.by(INDEPENDENT_COORDINATES, "The offset does not see b.")
    chain.by(INNER, "Integrate over b at fixed a.")
    chain.by(DENSITY, "Write the expectation as an integral.")
    chain.by(
        REARRANGE,
        "φ(x)φ((τ − x cosθ)/sinθ) = φ(τ)φ((x − τ cosθ)/sinθ) with τ = t_i/ρ*: complete the square.",
        integrand=_square_completed,
    )
    chain.by(SUBSTITUTE, "x → x sinθ + τ cosθ makes the density standard.", scale=s, shift=tau * c)
    chain.by(MEAN, "The integral is the mean of the surrogate around ρτ cosθ.", normal=xi)
    return chain.done()


@cache
def derivation() -> Derivation:
    """From the plane reduction with μ′ undefined and σ any staircase."""
    return Derivation((_radial(), _tangential(), plane_form(Quantity.COARSE_ORTHOGONAL).done()))


PLANTED = (
    substitution("the student's own row is forgotten", Quantity.COARSE_RADIAL, own, a0, WitnessKind.SAMPLING),
    substitution("the teacher's steps at −t", Quantity.COARSE_RADIAL, across, mirrored, WitnessKind.ENCLOSURE),
    substitution("the offset is forgotten", Quantity.COARSE_RADIAL, c_0, 0, WitnessKind.ENCLOSURE),
    substitution(
        "the other rows of the teacher are forgotten", Quantity.COARSE_RADIAL, S_star, 0, WitnessKind.SAMPLING
    ),
    substitution(
        "the response is read around 0", Quantity.COARSE_TANGENTIAL, tau * c, sp.S.Zero, WitnessKind.ENCLOSURE
    ),
    substitution(
        "the teacher's thresholds in the student's units",
        Quantity.COARSE_TANGENTIAL,
        phi(tau),
        phi(alpha),
        WitnessKind.SAMPLING,
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
    title="Expected coarse gradient for any staircase and any surrogate",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words=(
            "σ(x) = c_0 + Σ_i d_i 1{x > t_i} with any number of steps, the same for student and teacher; any μ′ with "
            "the expectations below, n ≥ 2, w ≠ 0, w* ≠ 0, 0 < θ < π."
        ),
        degenerate=(
            "At θ ∈ {0, π} the tangential part is 0 and Φ((a cosθ − t_i/ρ*)/sinθ) is 1{a > t_i/ρ*} (θ = 0) or "
            "1{−a > t_i/ρ*} (θ = π). Thresholds may be equal and heights 0 or negative."
        ),
    ),
    source=Source("this project", "", "contains the coarse gradients of Yin et al. 2019"),
    problems=FIXED,
    drawn=drawn,
    derivation=derivation,
    planted=PLANTED,
    proof_uses=("general.plane-reduction",),
)
