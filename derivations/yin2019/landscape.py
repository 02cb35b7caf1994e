"""What the statements about critical points share: the student that is optimal for an angle, and its loss.

For fixed θ, f is quadratic in v with the matrix B = I + 11ᵀ, B⁻¹ = I − 11ᵀ/(m+1), and ∂f/∂v vanishes at

    v_θ = B⁻¹(ϰ I + 11ᵀ)v*,   ϰ = 1 − 2θ/π,   in rows  v_k = ϰ(v*_k − S*/(m+1)) + S*/(m+1).
"""

import sympy as sp

from ste_theory.calculus.row_sums import row_sum
from ste_theory.derivations.yin2019 import gradient, loss
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import D, S_star, V_star, m, theta, v_star
from ste_theory.model.symbols import k as row

KAPPA = 1 - 2 * theta / sp.pi
LOSS = loss.STATEMENT.formula(Quantity.LOSS)
# ∂f/∂v in row k, and the norm of the whole.
ALONG_V = gradient.STATEMENT.formula(Quantity.V_GRADIENT)
SQUARED_ALONG_V = row_sum(ALONG_V**2)

MEAN = S_star / (m + 1)
# v*ᵀB⁻¹v*, positive for v* ≠ 0.
BETA = V_star - S_star**2 / (m + 1)
# vᵀv* at the spurious minimum; its sign decides what that point is.
D_SPURIOUS = 2 * S_star**2 / (m + 1) - V_star


def optimal(kappa: sp.Expr) -> sp.Expr:
    """Row k of v_θ for ϰ = 1 − 2θ/π."""
    return kappa * (v_star[row] - MEAN) + MEAN


SPURIOUS = optimal(sp.Integer(-1))
CRITICAL_KAPPA = -(S_star**2) / ((m + 1) * V_star - S_star**2)
# (m+1)‖v*‖² − 2S*²: positive where saddles and spurious minima exist.
MARGIN = (m + 1) * V_star - 2 * S_star**2
SLOPE = D / (2 * sp.pi)
