"""From R^{m×n} to the plane span(w, w*): every expectation of the model in terms of nine expectations over (a, b)."""

from functools import cache

import sympy as sp

from ste_theory.calculus import definitions
from ste_theory.calculus.derivation import Chain, Derivation, Part
from ste_theory.calculus.expectation import Expectation
from ste_theory.calculus.rules.rows import (
    GAUSSIAN_COORDINATES,
    IDENTICAL_ROWS,
    INDEPENDENT_COORDINATES,
    INDEPENDENT_ROWS,
    LINEARITY,
    NAME_SUMS,
    ONE_COORDINATE,
    SPLIT_ROWS,
)
from ste_theory.claims.claim import Claim, Domain, Equation, Source, Statement
from ste_theory.claims.planted import substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary, uniform_relu
from ste_theory.model.surrogates import clipped_relu, identity, relu
from ste_theory.model.symbols import (
    D,
    S,
    S_star,
    V,
    V_star,
    a,
    b,
    c,
    e_hat,
    k,
    mu_prime,
    rho,
    rho_star,
    s,
    sigma,
    u_hat,
    v,
    v_star,
    w_hat,
)

student, teacher = sigma(rho * a), sigma(rho_star * (c * a + s * b))
s1, s2 = Expectation(student), Expectation(student**2)
s1_star, s2_star = Expectation(sigma(rho_star * a)), Expectation(sigma(rho_star * a) ** 2)
kappa = Expectation(student * teacher)
a0, a1 = Expectation(a * mu_prime(rho * a)), Expectation(a * mu_prime(rho * a) * student)
b_parallel = Expectation(a * mu_prime(rho * a) * teacher)
b_perpendicular = Expectation(b * mu_prime(rho * a) * teacher)
covariance = kappa - s1 * s1_star

STATEMENT = Statement(
    equations=(
        Equation(
            Quantity.LOSS,
            (
                (s2 - s1**2) * V
                + s1**2 * S**2
                - 2 * (covariance * D + s1 * s1_star * S * S_star)
                + (s2_star - s1_star**2) * V_star
                + s1_star**2 * S_star**2
            )
            / 2,
        ),
        Equation(
            Quantity.V_GRADIENT,
            (s2 - s1**2) * v[k] + s1**2 * S - covariance * v_star[k] - s1 * s1_star * S_star,
        ),
        Equation(
            Quantity.COARSE_RADIAL,
            V * a1 + (S**2 - V) * a0 * s1 - D * b_parallel - (S * S_star - D) * a0 * s1_star,
        ),
        Equation(Quantity.COARSE_TANGENTIAL, -D * b_perpendicular),
        Equation(Quantity.COARSE_ORTHOGONAL, sp.S.Zero),
    ),
    words=(
        "The population loss, the gradient in v and the expected coarse gradient depend on the m×n Gaussian input only "
        "through expectations over two coordinates a = ŵᵀz, b = ûᵀz of one row; only the directions ŵ and û survive."
    ),
)

_ROWS = (
    (
        GAUSSIAN_COORDINATES,
        "Rotate every row into the frame (ŵ, û, e): its coordinates stay independent and standard normal.",
    ),
    (SPLIT_ROWS, "Separate each row from the others."),
    (LINEARITY, "Take sums and coefficients out of the expectation."),
    (INDEPENDENT_ROWS, "Factor what belongs to different rows."),
    (
        INDEPENDENT_COORDINATES,
        "A coordinate that appears alone averages out; this removes every direction but ŵ and û.",
    ),
    (IDENTICAL_ROWS, "The index of the row no longer matters."),
    (ONE_COORDINATE, "The teacher's pre-activation alone is one normal variable."),
    (NAME_SUMS, "Only five sums of the weights remain."),
)


def _reduce(quantity: Quantity, start: sp.Expr) -> Part:
    chain = Chain(quantity, start)
    for rule, reason in _ROWS:
        if chain.applies(rule):
            chain.by(rule, reason)
    return chain.done()


@cache
def derivation() -> Derivation:
    """From the definitions of the model, for undefined σ and μ′."""
    return Derivation(
        (
            _reduce(Quantity.LOSS, definitions.population_loss),
            _reduce(Quantity.V_GRADIENT, definitions.v_gradient),
            _reduce(Quantity.COARSE_RADIAL, definitions.coarse_gradient(w_hat)),
            _reduce(Quantity.COARSE_TANGENTIAL, definitions.coarse_gradient(u_hat)),
            _reduce(Quantity.COARSE_ORTHOGONAL, definitions.coarse_gradient(e_hat)),
        )
    )


PLANTED = (
    substitution("the rows' means are forgotten in the loss", Quantity.LOSS, s1, sp.S.Zero, WitnessKind.SAMPLING),
    substitution("1ᵀv is taken for 1ᵀv* in the loss", Quantity.LOSS, S, S_star, WitnessKind.PROPERTIES),
    substitution(
        "the angle is measured from û", Quantity.LOSS, teacher, sigma(rho_star * (s * a + c * b)), WitnessKind.ENCLOSURE
    ),
    substitution("‖v‖² is taken for (1ᵀv)²", Quantity.COARSE_RADIAL, S**2, V, WitnessKind.DERIVATION),
    substitution(
        "the other rows of the teacher are forgotten", Quantity.COARSE_RADIAL, S_star, sp.S.Zero, WitnessKind.SAMPLING
    ),
    substitution("the tangential sign is wrong", Quantity.COARSE_TANGENTIAL, D, -D, WitnessKind.ENCLOSURE),
    substitution(
        "û and ŵ are exchanged", Quantity.COARSE_TANGENTIAL, b_perpendicular, b_parallel, WitnessKind.DERIVATION
    ),
    substitution("the teacher's row k is forgotten", Quantity.V_GRADIENT, v_star[k], sp.S.Zero, WitnessKind.SAMPLING),
)

CLAIM = Claim(
    id="general.plane-reduction",
    title="Expectations over the input reduce to the plane of student and teacher",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words="Any σ and μ′ with finite expectations below, n ≥ 2, w ≠ 0, w* ≠ 0, 0 < θ < π.",
        degenerate=(
            "At θ ∈ {0, π} and for n = 1 the direction û does not exist; the formulas for f, ∂f/∂v and the "
            "component along ŵ "
            "hold with sinθ = 0. At w = 0 the loss has σ(0) in place of σ(ρa) and E g_μ has no direction."
        ),
    ),
    source=Source("this project", "", "used without proof in the papers, whose lemmas start from the plane"),
    problems=tuple(
        Problem(quantizer, surrogate)
        for quantizer in (binary(), uniform_relu(2))
        for surrogate in (identity(), relu(), clipped_relu())
    ),
    derivation=derivation,
    planted=PLANTED,
)
