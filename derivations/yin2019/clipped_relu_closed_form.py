"""The clipped ReLU's angular integrals in closed form: no integral is left."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Derivation
from ste_theory.calculus.expectation import Phi, phi
from ste_theory.claims.claim import Claim, Domain, Equation, Source, Statement
from ste_theory.claims.planted import scaled, substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.yin2019.clipped import in_closed_form, moment_in_closed_form
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import clipped_relu
from ste_theory.model.symbols import D, S, S_star, V, c, rho, s, theta

h = V + S**2 - S * S_star + D
P_0 = (1 - sp.exp(-1 / (2 * rho**2))) / sp.sqrt(2 * sp.pi)
Q = s / (2 * sp.sqrt(2 * sp.pi)) * sp.erf(1 / (sp.sqrt(2) * rho * s))
P = 1 / (2 * sp.sqrt(2 * sp.pi)) - phi(1 / rho) * Phi(c / (rho * s)) + c / s * Q

STATEMENT = Statement(
    equations=(
        Equation(Quantity.SURROGATE_MEAN, P_0),
        Equation(Quantity.RADIAL_OVERLAP, P),
        Equation(Quantity.TANGENTIAL_OVERLAP, Q),
        Equation(Quantity.COARSE_RADIAL, P_0 * h / 2 - D * P),
        Equation(Quantity.COARSE_TANGENTIAL, -D * Q),
    ),
    words=(
        "With k = 1/‖w‖: p(0,w) = (1 − e^{−k²/2})/√(2π), q = sinθ/(2√(2π)) erf(k/(√2 sinθ)), "
        "p = 1/(2√(2π)) − φ(k)Φ(k cotθ) + cotθ q; so E g_crelu needs no integral."
    ),
)


@cache
def derivation() -> Derivation:
    """Inner integral over b, one integration by parts, completing the square."""
    return Derivation(
        (
            moment_in_closed_form(Quantity.SURROGATE_MEAN),
            moment_in_closed_form(Quantity.RADIAL_OVERLAP),
            moment_in_closed_form(Quantity.TANGENTIAL_OVERLAP),
            in_closed_form(Quantity.COARSE_RADIAL),
            in_closed_form(Quantity.COARSE_TANGENTIAL),
        )
    )


PLANTED = (
    scaled("p(0) misses its factor ½", Quantity.SURROGATE_MEAN, sp.Rational(1, 2), WitnessKind.ENCLOSURE),
    substitution("the clip is at ‖w‖", Quantity.SURROGATE_MEAN, rho, 1 / rho, WitnessKind.ENCLOSURE),
    substitution("Φ(−k cotθ)", Quantity.RADIAL_OVERLAP, Phi(c / (rho * s)), Phi(-c / (rho * s)), WitnessKind.ENCLOSURE),
    substitution("the clip is at √2", Quantity.TANGENTIAL_OVERLAP, rho, rho / sp.sqrt(2), WitnessKind.DERIVATION),
    scaled("q is off by 1e-20", Quantity.TANGENTIAL_OVERLAP, 1 + sp.Rational(1, 10**20), WitnessKind.ENCLOSURE),
    substitution("the other rows are forgotten", Quantity.COARSE_RADIAL, S, 0, WitnessKind.SAMPLING),
    substitution("the angle is π − θ", Quantity.COARSE_RADIAL, theta, sp.pi - theta, WitnessKind.SAMPLING),
    scaled("π for 2π in q", Quantity.COARSE_TANGENTIAL, 2, WitnessKind.SAMPLING),
)

CLAIM = Claim(
    id="yin2019.clipped-relu-closed-form",
    title="Clipped ReLU in closed form",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words="σ(x) = 1{x > 0}, μ′(x) = 1{0 < x < 1}, ‖w*‖ = 1, w ≠ 0, 0 < θ < π.",
        degenerate="θ → 0: q → 0, p → p(0); θ → π: q → 0, p → 0; ‖w‖ → ∞: q ~ 1/(4π‖w‖)·2, p(0) ~ 1/(2√(2π)‖w‖²).",
        unit_teacher=True,
    ),
    source=Source("this project", "", "evaluates the integrals that the paper leaves as integrals"),
    problems=(Problem(binary(), clipped_relu()),),
    derivation=derivation,
    planted=PLANTED,
    proof_uses=("general.plane-reduction",),
    statement_uses=("yin2019.clipped-relu",),
)
