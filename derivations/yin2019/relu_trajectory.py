"""One trajectory of the ReLU algorithm, exact: v* = (1, ½), w* = e₁, v⁰ = (3, ½), w⁰ = 2(cos 1, sin 1), η = 1/20.

The state is (v₁, v₂, x, y) with w = x w* + y e for a unit vector e ⟂ w*; so û = (sinθ, −yc/(ρ sinθ)), c = x/ρ.
"""

import sympy as sp

from ste_theory.derivations.yin2019 import loss, relu
from ste_theory.model.iteration import Iterated
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import D, S, S_star, V, V_star, rho, theta, v, v_star
from ste_theory.model.symbols import k as row

STEP, COUNT = sp.Rational(1, 20), 26
TEACHER = (sp.Integer(1), sp.S.Half)
_v1, _v2, _x, _y = LETTERS = tuple(sp.Symbol(name, real=True) for name in ("v_1", "v_2", "w_1", "w_2"))
START = (sp.Integer(3), sp.S.Half, 2 * sp.cos(1), 2 * sp.sin(1))
_RHO = sp.sqrt(_x**2 + _y**2)


def _at(formula: sp.Expr, v1: sp.Expr, v2: sp.Expr, x: sp.Expr, y: sp.Expr) -> sp.Expr:
    """A formula of the model at a state."""
    one, two = TEACHER
    norm = sp.sqrt(x**2 + y**2)
    sums = {V: v1**2 + v2**2, S: v1 + v2, D: one * v1 + two * v2, V_star: one**2 + two**2, S_star: one + two}
    return formula.subs(sums | {rho: norm, theta: sp.acos(x / norm)}, simultaneous=True)


def _moved() -> tuple[sp.Expr, ...]:
    """The state after a step: v − ηp, w − η(Aŵ + Bû)."""
    along = [
        _at(relu.ALONG_V.subs({v[row]: weight, v_star[row]: target}), *LETTERS)
        for weight, target in zip((_v1, _v2), TEACHER, strict=True)
    ]
    radial, tangential = (
        _at(relu.STATEMENT.formula(quantity), *LETTERS)
        for quantity in (Quantity.COARSE_RADIAL, Quantity.COARSE_TANGENTIAL)
    )
    c, s, sine = _x / _RHO, _y / _RHO, _at(sp.sin(theta), *LETTERS)
    return (
        _v1 - STEP * along[0],
        _v2 - STEP * along[1],
        _x - STEP * (radial * c + tangential * sine),
        _y - STEP * (radial * s - tangential * c * s / sine),
    )


MOVED = _moved()
_LOSS = loss.STATEMENT.formula(Quantity.LOSS)
_TURN = MOVED[2] * _x + MOVED[3] * _y
_RISE = _at(_LOSS, *MOVED) - _at(_LOSS, *LETTERS)


def _after(name: str, quantity: sp.Expr, count: int) -> Iterated:
    return Iterated(sp.Symbol(name), quantity, LETTERS, MOVED, START, count)


# ⟨wᵗ⁺¹, wᵗ⟩ at t = 26 and a step before; fᵗ⁺¹ − fᵗ at t = 26.
TURN, EARLIER = _after("I_26", _TURN, COUNT), _after("I_25", _TURN, COUNT - 1)
RISE = _after("J_26", _RISE, COUNT)
