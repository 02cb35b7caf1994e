"""The angular integrals p and q of the clipped ReLU, as the first paper writes them.

ξ(x) = ∫_0^x r² e^{−r²/2} dr = √(π/2) erf(x/√2) − x e^{−x²/2}
p(θ, ρ) = (1/2π) ∫_{θ−π/2}^{π/2} cos ω ξ(sec ω/ρ) dω        q(θ, ρ) the same with sin ω
"""

from typing import Any

import sympy as sp

from ste_theory.model.symbols import phi_angle


def xi_integral(x: sp.Expr) -> sp.Expr:
    """ξ(x) in closed form; its derivative x²e^{−x²/2} and ξ(0) = 0 determine it."""
    return sp.sqrt(sp.pi / 2) * sp.erf(x / sp.sqrt(2)) - x * sp.exp(-(x**2) / 2)


class ClippedIntegral(sp.Function):
    """Base of p and q: (1/2π) ∫_{θ−π/2}^{π/2} weight(ω) ξ(sec ω/ρ) dω, unevaluated; arguments (θ, ρ)."""

    nargs = 2
    is_real = True
    letter = ""

    @staticmethod
    def weight(angle: sp.Expr) -> sp.Expr:
        """cos for p, sin for q."""
        raise TypeError("p and q define their weight")

    def integral(self) -> sp.Integral:
        """The defining integral."""
        theta, rho = self.args
        integrand = self.weight(phi_angle) * xi_integral(1 / (rho * sp.cos(phi_angle))) / (2 * sp.pi)
        return sp.Integral(integrand, (phi_angle, theta - sp.pi / 2, sp.pi / 2))

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        arguments = ", ".join(printer._print(argument) for argument in self.args)
        text = rf"{self.letter}\left({arguments}\right)"
        return text if exp is None else rf"{text}^{{{exp}}}"


class p_clipped(ClippedIntegral):
    """p(θ, ρ): the cosine integral."""

    letter = "p"

    @staticmethod
    def weight(angle: sp.Expr) -> sp.Expr:
        return sp.cos(angle)


class q_clipped(ClippedIntegral):
    """q(θ, ρ): the sine integral."""

    letter = "q"

    @staticmethod
    def weight(angle: sp.Expr) -> sp.Expr:
        return sp.sin(angle)
