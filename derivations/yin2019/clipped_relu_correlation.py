"""The clipped ReLU's coarse gradient correlates positively with the population gradient (published version)."""

from functools import cache

import sympy as sp

from ste_theory.calculus.clipped import q_clipped
from ste_theory.calculus.derivation import Derivation
from ste_theory.claims.claim import Claim, Domain, Equation, Source, Statement
from ste_theory.claims.planted import scaled, substitution
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.general import binary_gradients
from ste_theory.derivations.yin2019 import clipped_relu as vector
from ste_theory.derivations.yin2019.binary import inner_product
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import clipped_relu
from ste_theory.model.symbols import D, S, S_star, V, rho, theta

q = q_clipped(theta, rho)

STATEMENT = Statement(
    equations=(Equation(Quantity.CORRELATION, q * D**2 / (2 * sp.pi * rho)),),
    words="⟨E g_crelu, ∂f/∂w⟩ = q(θ,w)(vᵀv*)²/(2π‖w‖) ≥ 0.",
)


@cache
def derivation() -> Derivation:
    """Product of the derived coarse gradient and the derived population gradient."""
    return Derivation((inner_product(vector.derivation(), binary_gradients.derivation()),))


PLANTED = (
    substitution("D is not squared", Quantity.CORRELATION, D**2, D, WitnessKind.PROPERTIES),
    substitution("‖v‖² for vᵀv*", Quantity.CORRELATION, D, V, WitnessKind.SAMPLING),
    substitution("sums over rows multiplied", Quantity.CORRELATION, D**2, (S * S_star) ** 2, WitnessKind.ENCLOSURE),
    substitution("half the angle", Quantity.CORRELATION, theta, theta / 2, WitnessKind.ENCLOSURE),
    scaled("the wrong sign", Quantity.CORRELATION, -1, WitnessKind.SAMPLING),
    scaled("it falls with the squared norm", Quantity.CORRELATION, 1 / rho, WitnessKind.ENCLOSURE),
    scaled("π for 2π", Quantity.CORRELATION, 2, WitnessKind.SAMPLING),
    scaled("a factor cosθ", Quantity.CORRELATION, sp.cos(theta), WitnessKind.DERIVATION),
    scaled("the constant is off by 1e-20", Quantity.CORRELATION, 1 + sp.Rational(1, 10**20), WitnessKind.ENCLOSURE),
)

CLAIM = Claim(
    id="yin2019.clipped-relu-correlation",
    title="Positive correlation for the clipped ReLU surrogate",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words="σ(x) = 1{x > 0}, μ′(x) = 1{0 < x < 1}, ‖w*‖ = 1, n ≥ 2, w ≠ 0, 0 < θ < π.",
        degenerate="At θ ∈ {0, π} ∂f/∂w does not exist (vᵀv* ≠ 0); the correlation has the limit 0.",
        unit_teacher=True,
    ),
    source=Source("Yin et al. 2019", "clipped ReLU", "published version, whose numbering is not at hand"),
    problems=(Problem(binary(), clipped_relu()),),
    derivation=derivation,
    planted=PLANTED,
    proof_uses=("yin2019.clipped-relu", "general.binary-gradients"),
)
