"""The population gradient for any staircase: Plackett's identity sideways, conditional probabilities along w."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Chain, Derivation, Part
from ste_theory.calculus.expectation import Phi, phi
from ste_theory.calculus.rules.derivatives import DIFFERENTIATE, DirectionalDerivative
from ste_theory.calculus.rules.orthants import CONDITION, PLACKETT
from ste_theory.calculus.step_sums import StepSum
from ste_theory.claims.claim import Claim, Domain, Equation, Source, Statement
from ste_theory.claims.planted import scaled, shifted, substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general.population_loss import above, bias, covariance, mean, variance
from ste_theory.derivations.general.staircase import closed_form, collected, tidy
from ste_theory.derivations.general.staircase_problems import FIXED, drawn
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import (
    D,
    S,
    S_star,
    V,
    c,
    d,
    i,
    j,
    k,
    rho,
    rho_star,
    s,
    t,
    u_hat,
    v,
    v_star,
    w_hat,
)

alpha, tau = t[i] / rho, t[j] / rho_star
# What a growing ‖w‖ does to the pair: the student's step at t_i is on more often for t_i > 0.
own = sp.Max(t[i], t[j]) * phi(sp.Max(t[i], t[j]) / rho) / 2 - t[i] * phi(alpha) * above(t[j], rho)
across = t[i] * phi(alpha) * (Phi((c * alpha - tau) / s) - above(t[j], rho_star))

STATEMENT = Statement(
    equations=(
        Equation(
            Quantity.GRADIENT_RADIAL,
            (
                S * bias * StepSum(d[i] * t[i] * phi(alpha), i)
                + StepSum(StepSum(d[i] * d[j] * (V * own - D * across), j), i)
            )
            / rho**2,
        ),
        Equation(
            Quantity.GRADIENT_TANGENTIAL,
            -D / rho * StepSum(StepSum(d[i] * d[j] * phi(tau) * phi((alpha - tau * c) / s), j), i),
        ),
        Equation(
            Quantity.V_GRADIENT,
            StepSum(StepSum(d[i] * d[j] * (v[k] * variance(rho) - v_star[k] * covariance), j), i) + mean(rho) * bias,
        ),
    ),
    words=(
        "Sideways every pair of steps adds a term of one sign, −(vᵀv*/‖w‖) d_i d_j times the joint density of the two "
        "pre-activations at their thresholds: descent turns w towards the teacher where vᵀv* > 0. "
        "Along ŵ there is a part of its own unless all thresholds are 0."
    ),
)


@cache
def _tangential() -> Part:
    chain = Chain(Quantity.GRADIENT_TANGENTIAL, DirectionalDerivative(closed_form(Quantity.LOSS).result, u_hat))
    chain.by(DIFFERENTIATE, "Sideways only θ moves, and the loss sees it in L only.", tidy=tidy)
    return chain.by(PLACKETT, "The derivative of L in the angle.").done()


@cache
def _radial() -> Part:
    chain = Chain(Quantity.GRADIENT_RADIAL, DirectionalDerivative(closed_form(Quantity.LOSS).result, w_hat))
    chain.by(DIFFERENTIATE, "Along ŵ only ‖w‖ moves, and with it the student's thresholds t_i/‖w‖.", tidy=tidy)
    chain.by(CONDITION, "The derivative of L in the student's threshold.")
    return collected(chain).done()


@cache
def derivation() -> Derivation:
    """From the derived loss, by directional derivatives along ŵ and û."""
    return Derivation((_radial(), _tangential(), closed_form(Quantity.V_GRADIENT)))


PLANTED = (
    shifted("a constant radial part", Quantity.GRADIENT_RADIAL, D / 4, WitnessKind.SAMPLING),
    substitution("the radial part of the mean is forgotten", Quantity.GRADIENT_RADIAL, S, 0, WitnessKind.SAMPLING),
    substitution(
        "the teacher is independent of the student", Quantity.GRADIENT_RADIAL, across, sp.S.Zero, WitnessKind.ENCLOSURE
    ),
    substitution("the norm is forgotten", Quantity.GRADIENT_TANGENTIAL, 1 / rho, 1, WitnessKind.SAMPLING),
    substitution("‖v‖² for vᵀv*", Quantity.GRADIENT_TANGENTIAL, D, V, WitnessKind.PROPERTIES),
    substitution("cosθ has the wrong sign", Quantity.GRADIENT_TANGENTIAL, c, -c, WitnessKind.ENCLOSURE),
    scaled("the loss is not halved", Quantity.GRADIENT_TANGENTIAL, 2, WitnessKind.DERIVATION),
    scaled(
        "the constant is off by 1e-20", Quantity.GRADIENT_TANGENTIAL, 1 + sp.Rational(1, 10**20), WitnessKind.ENCLOSURE
    ),
    substitution("the teacher's sum is forgotten", Quantity.V_GRADIENT, S_star, 0, WitnessKind.PROPERTIES),
)

CLAIM = Claim(
    id="general.population-gradient",
    title="Population gradient for any staircase",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words=(
            "σ(x) = c_0 + Σ_i d_i 1{x > t_i} with any number of steps, the same for student and teacher, n ≥ 2, w ≠ 0, "
            "w* ≠ 0, 0 < θ < π."
        ),
        degenerate=(
            "Where vᵀv* ≠ 0 the loss has a kink in w, and ∂f/∂w does not exist, at θ = 0 if t_i/‖w‖ = t_j/‖w*‖ for "
            "steps i, j, at θ = π if t_i/‖w‖ = −t_j/‖w*‖; elsewhere on the axis the tangential part is 0. For n = 1 "
            "only the radial part exists. ∂f/∂v exists for every w ≠ 0."
        ),
    ),
    source=Source("this project", "", "contains Yin et al. 2019, Lemma 2"),
    problems=FIXED,
    drawn=drawn,
    derivation=derivation,
    planted=PLANTED,
    proof_uses=("general.population-loss", "general.plane-reduction"),
)
