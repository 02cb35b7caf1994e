"""Directional derivatives in w of a function of ρ = ‖w‖ and θ = angle(w, w*).

‖w + te‖² = ρ² + 2t⟨e,w⟩ + t²        cos θ(t) = ⟨w + te, w*⟩/(‖w + te‖ρ*)
"""

from typing import Any

import sympy as sp

from ste_theory.calculus.definitions import INNER_PRODUCTS
from ste_theory.calculus.derivation import Check, Options, Rule
from ste_theory.calculus.rules.algebra import equality
from ste_theory.model.symbols import rho, rho_star, theta, w_star_vector, w_vector

_STEP = sp.Dummy("t", real=True)


class DirectionalDerivative(sp.Expr):
    """⟨∂f/∂w, e⟩ for f a function of ρ and θ and e a unit vector of the frame, not evaluated."""

    is_commutative = True
    is_real = True

    def __new__(cls, function: sp.Expr, direction: sp.Symbol) -> "DirectionalDerivative":
        node: DirectionalDerivative = super().__new__(cls, function, direction)
        return node

    @property
    def function(self) -> sp.Expr:
        """f in terms of ρ and θ."""
        return self.args[0]

    @property
    def direction(self) -> sp.Symbol:
        """e."""
        return self.args[1]

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        function, direction = printer._print(self.function), printer._print(self.direction)
        return rf"\left\langle\frac{{\partial}}{{\partial w}}\left[{function}\right], {direction}\right\rangle"

    def _sympystr(self, printer: Any) -> str:
        return f"<d/dw [{printer._print(self.function)}], {self.direction}>"


def _along(direction: sp.Symbol) -> tuple[sp.Expr, sp.Expr]:
    """(⟨e, w⟩, ⟨e, w*⟩)."""
    return INNER_PRODUCTS[frozenset({direction, w_vector})], INNER_PRODUCTS[frozenset({direction, w_star_vector})]


def _differentiate(node: sp.Expr, options: Options) -> sp.Expr | None:
    """Put ρ(step) and θ(step) in and differentiate at step = 0; ``tidy`` makes the result shorter."""
    on_w, on_w_star = _along(node.direction)
    length = sp.sqrt(rho**2 + 2 * _STEP * on_w + _STEP**2)
    cosine = (rho * rho_star * sp.cos(theta) + _STEP * on_w_star) / (length * rho_star)
    angle = sp.Function("theta_of_t")(_STEP)
    moved = node.function.subs({theta: angle, rho: length}, simultaneous=True)
    slope = -(sp.diff(cosine, _STEP).subs(_STEP, 0)) / sp.sin(theta)
    derivative = sp.diff(moved, _STEP).subs(sp.Derivative(angle, _STEP), slope).subs(angle, theta).subs(_STEP, 0)
    tidy = options.get("tidy", sp.simplify)
    result: sp.Expr = tidy(derivative)
    return result


def _verify_differentiate(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """Chain rule in closed form: ∂f/∂ρ·⟨e,ŵ⟩ − (1/ρ)∂f/∂θ·⟨e,û⟩, since ŵ and û are the directions of growing ρ and of
    shrinking θ, and the angle subtended at distance ρ by a step t is t/ρ. The components of e are read from its inner
    products with w and w*."""
    on_w, on_w_star = _along(node.direction)
    radial = on_w / rho
    tangential = (on_w_star / rho_star - radial * sp.cos(theta)) / sp.sin(theta)
    expected = radial * sp.diff(node.function, rho) - tangential * sp.diff(node.function, theta) / rho
    return equality(new, expected, "gradient in polar coordinates of the plane")


DIFFERENTIATE = Rule(
    name="directional derivative",
    says="⟨∂f/∂w, e⟩ = d/dt f(ρ(t), θ(t)) at t = 0 along w + te.",
    targets=lambda expression: sorted(expression.atoms(DirectionalDerivative), key=sp.default_sort_key),
    rewrite=_differentiate,
    verify=_verify_differentiate,
)
