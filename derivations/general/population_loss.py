"""The population loss for any staircase: half the squared mean of the residual and half its variance."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Derivation
from ste_theory.calculus.expectation import Phi
from ste_theory.calculus.orthants import Orthant
from ste_theory.calculus.step_sums import StepSum
from ste_theory.claims.claim import Claim, Domain, Equation, Source, Statement
from ste_theory.claims.planted import scaled, substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general.staircase import closed_form
from ste_theory.derivations.general.staircase_problems import FIXED, drawn
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import D, S, S_star, V, V_star, c_0, d, i, j, rho, rho_star, t, theta


def above(threshold: sp.Expr, length: sp.Expr) -> sp.Expr:
    """P(ρa > t) = 1 − Φ(t/ρ)."""
    return 1 - Phi(threshold / length)


def mean(length: sp.Expr) -> sp.Expr:
    """E σ(ρa)."""
    return c_0 + StepSum(d[i] * above(t[i], length), i)


def variance(length: sp.Expr) -> sp.Expr:
    """The covariance of 1{ρa > t_i} and 1{ρa > t_j}."""
    return above(sp.Max(t[i], t[j]), length) - above(t[i], length) * above(t[j], length)


overlap = Orthant(t[i] / rho, t[j] / rho_star, theta)
covariance = overlap - above(t[i], rho) * above(t[j], rho_star)
pairs = V * variance(rho) - 2 * D * covariance + V_star * variance(rho_star)
bias = S * mean(rho) - S_star * mean(rho_star)

STATEMENT = Statement(
    equations=(Equation(Quantity.LOSS, bias**2 / 2 + StepSum(StepSum(d[i] * d[j] * pairs, j), i) / 2),),
    words=(
        "Half the squared mean of the residual and half its variance, which is a sum over pairs of steps: of the "
        "student with itself, of student and teacher through the probability L that both are on, of the teacher with "
        "itself. The offset c_0 enters the mean only."
    ),
)


@cache
def derivation() -> Derivation:
    """From the plane reduction with σ any staircase."""
    return Derivation((closed_form(Quantity.LOSS),))


PLANTED = (
    substitution("the angle is measured from −w*", Quantity.LOSS, theta, sp.pi - theta, WitnessKind.PROPERTIES),
    substitution(
        "student and teacher are independent", Quantity.LOSS, overlap, overlap.at_right_angle(), WitnessKind.SAMPLING
    ),
    substitution("the overlap's sign is wrong", Quantity.LOSS, D, -D, WitnessKind.DERIVATION),
    substitution("the offset is forgotten", Quantity.LOSS, c_0, 0, WitnessKind.ENCLOSURE),
    substitution("only the diagonal of pairs", Quantity.LOSS, sp.Max(t[i], t[j]), t[i], WitnessKind.ENCLOSURE),
    substitution("the teacher's norm is taken for the student's", Quantity.LOSS, V_star, V, WitnessKind.PROPERTIES),
    scaled("the constant is off by 1e-20", Quantity.LOSS, 1 + sp.Rational(1, 10**20), WitnessKind.ENCLOSURE),
    scaled("the loss is not halved", Quantity.LOSS, 2, WitnessKind.SAMPLING),
)

CLAIM = Claim(
    id="general.population-loss",
    title="Population loss for any staircase",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words=(
            "σ(x) = c_0 + Σ_i d_i 1{x > t_i} with any number of steps, the same for student and teacher, w ≠ 0, "
            "w* ≠ 0, 0 < θ < π."
        ),
        degenerate=(
            "By continuity L(h, k, 0) = Φ(−max(h, k)) and L(h, k, π) = max(0, Φ(−h) − Φ(k)), also for n = 1. At w = 0 "
            "the student's output is σ(0)·1ᵀv: its variance is 0 and σ(0) takes the place of its mean. Thresholds may "
            "be equal and heights 0 or negative."
        ),
    ),
    source=Source("this project", "", "contains Yin et al. 2019, Lemma 1"),
    problems=FIXED,
    drawn=drawn,
    derivation=derivation,
    planted=PLANTED,
    proof_uses=("general.plane-reduction",),
)
