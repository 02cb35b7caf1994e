"""The ReLU surrogate's coarse gradient correlates positively with the population gradient [Lemma 5, first part]."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Derivation
from ste_theory.claims.claim import Claim, Domain, Equation, Source, Statement
from ste_theory.claims.verdict import Kind
from ste_theory.derivations.general import binary_gradients
from ste_theory.derivations.yin2019 import relu
from ste_theory.derivations.yin2019.binary import inner_product
from ste_theory.derivations.yin2019.correlations import planted
from ste_theory.model import surrogates
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.symbols import D, rho, theta

STATEMENT = Statement(
    equations=(Equation(Quantity.CORRELATION, sp.sin(theta) * D**2 / (2 * sp.sqrt(2 * sp.pi) ** 3 * rho)),),
    words="⟨E g_relu, ∂f/∂w⟩ = sinθ (vᵀv*)²/(2(√(2π))³‖w‖) ≥ 0.",
)


@cache
def derivation() -> Derivation:
    """Product of the derived coarse gradient and the derived population gradient."""
    return Derivation((inner_product(relu.derivation(), binary_gradients.derivation()),))


CLAIM = Claim(
    id="yin2019.relu-correlation",
    title="Positive correlation for the ReLU surrogate",
    kind=Kind.IDENTITY,
    statement=STATEMENT,
    domain=Domain(
        words="σ(x) = 1{x > 0}, ‖w*‖ = 1, n ≥ 2, w ≠ 0, 0 < θ < π.",
        degenerate="At θ ∈ {0, π} ∂f/∂w does not exist (vᵀv* ≠ 0); the correlation has the limit 0.",
        unit_teacher=True,
    ),
    source=Source("Yin et al. 2019", "Lemma 5, first part", "numbering of the conference submission"),
    problems=(Problem(binary(), surrogates.relu()),),
    derivation=derivation,
    planted=planted(),
    proof_uses=("yin2019.relu", "general.binary-gradients"),
)
