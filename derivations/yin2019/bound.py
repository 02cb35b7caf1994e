"""What the statements about ‖E g_relu‖ share: its square in the letters of the model.

‖E g_relu‖² = ((4vᵀp + Dψ)² + D²sin²θ)/(8π),   p = ∂f/∂v,   ψ = 1 − 2θ/π − cosθ
"""

import sympy as sp

from ste_theory.calculus.row_sums import row_sum
from ste_theory.derivations.yin2019 import relu, relu_correlation
from ste_theory.derivations.yin2019.landscape import ALONG_V, KAPPA
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import D, k, theta, v

PSI = KAPPA - sp.cos(theta)
V_P = row_sum(v[k] * ALONG_V)
STATED_SQUARE = (
    relu.STATEMENT.formula(Quantity.COARSE_RADIAL) ** 2 + relu.STATEMENT.formula(Quantity.COARSE_TANGENTIAL) ** 2
)
SQUARE = ((4 * V_P + D * PSI) ** 2 + D**2 * sp.sin(theta) ** 2) / (8 * sp.pi)
CORRELATION = relu_correlation.STATEMENT.formula(Quantity.CORRELATION)
