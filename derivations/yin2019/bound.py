"""What the statements about ‖E g_relu‖ share: its square in the letters of the model.

‖E g_relu‖² = ((4vᵀp + Dψ)² + D²sin²θ)/(8π),   p = ∂f/∂v,   ψ = 1 − 2θ/π − cosθ
"""

import sympy as sp

from ste_theory.calculus.row_sums import row_sum
from ste_theory.claims.proof import Identity
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence
from ste_theory.derivations.yin2019 import relu, relu_correlation
from ste_theory.derivations.yin2019.landscape import ALONG_V, KAPPA, SQUARED_ALONG_V
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import D, k, theta, v

PSI = KAPPA - sp.cos(theta)
V_P = row_sum(v[k] * ALONG_V)
STATED_SQUARE = (
    relu.STATEMENT.formula(Quantity.COARSE_RADIAL) ** 2 + relu.STATEMENT.formula(Quantity.COARSE_TANGENTIAL) ** 2
)
SQUARE = ((4 * V_P + D * PSI) ** 2 + D**2 * sp.sin(theta) ** 2) / (8 * sp.pi)
NORM = Sentence(
    name="the norm of the coarse gradient",
    left=STATED_SQUARE,
    relation=Relation.EQUAL,
    right=SQUARE,
    words="‖E g_relu‖² = ((4vᵀp + Dψ)² + D²sin²θ)/(8π) with p = ∂f/∂v, ψ = 1 − 2θ/π − cosθ; at θ = π the limit",
)
NORM_HOLDS = Identity("p is affine in v, so every sum over rows is one of V, S, D, V*, S*")
# Where both expected gradients vanish and θ = π: the algorithm stays there.
VANISH = (Hypothesis(-SQUARED_ALONG_V), Hypothesis(-SQUARE), Hypothesis(theta - sp.pi))
CORRELATION = relu_correlation.STATEMENT.formula(Quantity.CORRELATION)
