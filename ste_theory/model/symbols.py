"""Every symbol of the theory, made once, with its assumptions. The same letter means the same thing everywhere.

Z ∈ R^{m×n}   input, rows Z_i iid N(0, I)       ρ = ‖w‖, ρ* = ‖w*‖, θ = angle(w, w*) ∈ (0, π)
v, v*         second layer, student / teacher   V = ‖v‖², S = 1ᵀv, D = vᵀv*, V* = ‖v*‖², S* = 1ᵀv*
a = ŵᵀz, b = ûᵀz   coordinates of a row in the plane span(w, w*)
σ(x) = c_0 + Σ_j d_j 1{x > t_j}   the staircase, where it is not an undefined function
"""

from typing import Any

import sympy as sp


class StandardNormal(sp.Symbol):
    """A random variable with distribution N(0, 1), independent of every other one."""

    def __new__(cls, name: str) -> "StandardNormal":
        symbol: StandardNormal = super().__new__(cls, name, real=True)
        return symbol


class RowNormal(sp.Function):
    """``RowNormal(k, i)``: the k-th orthonormal coordinate of row Z_i, N(0, 1), independent for different k or i."""

    is_commutative = True
    is_real = True
    nargs = 2

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = f"{printer._print(self.args[0])}_{{{printer._print(self.args[1])}}}"
        return text if exp is None else f"{text}^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])}[{printer._print(self.args[1])}]"


class Projection(sp.Function):
    """``Projection(u, i)`` = ⟨Z_i, u⟩: row i of the input against a fixed vector u; Gaussian, covariance ⟨u, u′⟩·1{i
    = j}."""

    is_commutative = True
    is_real = True
    nargs = 2

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = rf"\langle Z_{{{printer._print(self.args[1])}}}, {printer._print(self.args[0])}\rangle"
        return text if exp is None else f"{text}^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"<Z[{printer._print(self.args[1])}],{printer._print(self.args[0])}>"


m = sp.Symbol("m", integer=True, positive=True)
n = sp.Symbol("n", integer=True, positive=True)
# Rows are counted by all three; the steps of a staircase by i and j, so that the component k of a gradient stays free.
i, j, k = sp.symbols("i j k", integer=True, positive=True)

rho = sp.Symbol("rho", positive=True)
rho_star = sp.Symbol("rho_star", positive=True)
theta = sp.Symbol("theta", positive=True)
c, s = sp.cos(theta), sp.sin(theta)

V = sp.Symbol("V", nonnegative=True)
S = sp.Symbol("S", real=True)
D = sp.Symbol("D", real=True)
V_star = sp.Symbol("V_star", positive=True)
S_star = sp.Symbol("S_star", real=True)
v = sp.IndexedBase("v", real=True)
v_star = sp.IndexedBase("v_star", real=True)

a, b, xi = StandardNormal("a"), StandardNormal("b"), StandardNormal("xi")

# Vectors of R^n, by name: as arguments of Projection, and as formal unit vectors in which a gradient is written.
w_vector, w_star_vector = sp.Symbol("w"), sp.Symbol("w_star")
w_hat, u_hat, e_hat = sp.Symbol("w_hat"), sp.Symbol("u_hat"), sp.Symbol("e")

# The staircase: offset, heights and thresholds of its steps.
c_0 = sp.Symbol("c_0", real=True)
d, t = sp.IndexedBase("d", real=True), sp.IndexedBase("t", real=True)

# Dummy variables of integrals: an angle, a radius, a point of the real line.
phi_angle = sp.Symbol("omega", real=True)
r = sp.Symbol("r", positive=True)
x = sp.Symbol("x", real=True)

sigma, sigma_star = sp.Function("sigma", real=True), sp.Function("sigma_star", real=True)
mu_prime = sp.Function("mu_prime", real=True)
