"""L(h, k, θ) = P(a > h, a cosθ + b sinθ > k) for independent standard normal a, b: the probability of a quadrant whose
two coordinates have the correlation cosθ.

At θ = π/2 it is Φ(−h)Φ(−k), and ∂L/∂θ = −exp(−(h² − 2hk cosθ + k²)/(2 sin²θ))/(2π) (Plackett). In numbers the two
together are its definition here; the rule that introduces L starts from the probability, which derivations look at in
the plane.
"""

from typing import Any

import mpmath as mp
import sympy as sp

from ste_theory.calculus.expectation import Phi


class Orthant(sp.Function):
    """L(h, k, θ), unevaluated; 0 < θ < π."""

    nargs = 3
    is_real = True

    def at_right_angle(self) -> sp.Expr:
        """L(h, k, π/2)."""
        h, k, _ = self.args
        return (1 - Phi(h)) * (1 - Phi(k))

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return OrthantSlope(sp.Integer(argindex), *self.args)

    def _eval_evalf(self, precision: int) -> sp.Expr | None:
        if not all(argument.is_number for argument in self.args):
            return None
        with mp.workprec(precision + 10):
            h, k, angle = (mp.mpf(sp.N(argument, mp.mp.dps + 5)) for argument in self.args)
            return sp.Float(digits(h, k, angle), precision=precision)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        h, k, angle = (printer._print(argument) for argument in self.args)
        text = rf"L\left({h}, {k}, {angle}\right)"
        return text if exp is None else rf"{text}^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"L({', '.join(printer._print(argument) for argument in self.args)})"


class OrthantSlope(sp.Expr):
    """The derivative of L in one of its arguments (1: h, 2: k, 3: θ), unevaluated."""

    is_commutative = True
    is_real = True

    def __new__(cls, argument: sp.Integer, h: sp.Expr, k: sp.Expr, angle: sp.Expr) -> "OrthantSlope":
        node: OrthantSlope = super().__new__(cls, argument, h, k, angle)
        return node

    @property
    def argument(self) -> int:
        """Which argument, from 1."""
        return int(self.args[0])

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        h, k, angle = (printer._print(argument) for argument in self.args[1:])
        text = rf"L_{{{self.argument}}}\left({h}, {k}, {angle}\right)"
        return text if exp is None else rf"{text}^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"L_{self.argument}({', '.join(printer._print(argument) for argument in self.args[1:])})"


def digits(h: mp.mpf, k: mp.mpf, angle: mp.mpf) -> mp.mpf:
    """L at the working precision of mpmath, by quadrature over the angle.

    >>> print(mp.nstr(digits(mp.mpf(0), mp.mpf(0), mp.pi / 3), 12))  # (π − θ)/(2π)
    0.333333333333
    """

    def height(angle: mp.mpf) -> mp.mpf:
        return mp.exp(-(h**2 - 2 * h * k * mp.cos(angle) + k**2) / (2 * mp.sin(angle) ** 2)) / (2 * mp.pi)

    return mp.ncdf(-h) * mp.ncdf(-k) + mp.quad(height, [angle, mp.pi / 2])
