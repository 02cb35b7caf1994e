"""SymPy expressions as LaTeX and as text on one line, with the letters of the papers."""

import sympy as sp

from ste_theory.notation import latex as _latex
from ste_theory.notation import unicode as _unicode
from ste_theory.notation.printer import formula


def text(expression: sp.Basic) -> str:
    """The expression on one line, readable without a renderer.

    >>> from ste_theory.model import symbols as sym
    >>> text(sym.rho_star**2 * sp.sqrt(sym.theta / sp.pi))
    '(ρ*)² √θ/√π'
    """
    return _unicode.text(formula(expression))


def latex(expression: sp.Basic) -> str:
    r"""The expression as LaTeX on one line.

    >>> from ste_theory.model import symbols as sym
    >>> print(latex(sym.rho_star * sym.mu_prime(sym.theta)))
    \rho^{*} \mu'(\theta)
    """
    return _latex.latex(formula(expression))
