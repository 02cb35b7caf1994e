"""Formal vectors: a gradient written in ŵ, û, w, w*, and its components along the orthonormal frame (ŵ, û, e).

w = ρŵ        w* = ρ*(cosθ ŵ + sinθ û)
"""

from typing import Any

import sympy as sp

from ste_theory.calculus.definitions import FRAME, e_axis
from ste_theory.model.symbols import a, b, e_hat, rho_star, u_hat, w_hat, w_star_vector, w_vector

_VECTORS = (w_hat, u_hat, e_hat, w_vector, w_star_vector)
_AXES = (a, b, e_axis)


class Norm(sp.Function):
    """‖x‖ of a formal vector x."""

    nargs = 1
    is_real = True

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = rf"\left\|{printer._print(self.args[0])}\right\|"
        return text if exp is None else rf"{text}^{{{exp}}}"


def components(vector: sp.Expr, *, unit_teacher: bool = False) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """(along ŵ, along û, along e) of a formal vector; ``unit_teacher`` sets ‖w*‖ = 1.

    Raises ``ValueError`` for an expression that is not linear in the vectors.

    >>> from ste_theory.model.symbols import D
    >>> components(D * w_star_vector, unit_teacher=True)
    (D*cos(theta), D*sin(theta), 0)
    """
    resolved = vector.replace(lambda node: isinstance(node, Norm), lambda node: _length(node.args[0]))
    expanded = sp.expand(resolved)
    if expanded.subs(dict.fromkeys(_VECTORS, 0)) != 0:
        raise ValueError(f"not a vector: {vector}")
    parts = []
    for axis in _AXES:
        total = sp.S.Zero
        for name in _VECTORS:
            coefficient = sp.diff(expanded, name)
            if any(coefficient.has(other) for other in _VECTORS):
                raise ValueError(f"not linear in the vectors: {vector}")
            total += coefficient * FRAME[name].get(axis, sp.S.Zero)
        parts.append(total.subs(rho_star, 1) if unit_teacher else total)
    return parts[0], parts[1], parts[2]


def _length(vector: sp.Expr) -> sp.Expr:
    return sp.sqrt(sp.Add(*(part**2 for part in components(vector))))
