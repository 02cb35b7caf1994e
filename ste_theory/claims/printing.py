"""SymPy expressions as text and LaTeX, with the letters of the papers: the only place where they are printed."""

import unicodedata
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter, translate
from sympy.printing.str import StrPrinter

_GREEK = {
    "rho": "ρ",
    "theta": "θ",
    "varphi": "φ",
    "phi": "φ",
    "xi": "ξ",
    "sigma": "σ",
    "mu": "μ",
    "pi": "π",
    "kappa": "κ",
    "Phi": "Φ",
    "tau": "τ",
}
# The star of a name is kept apart from the sign of multiplication until the whole text is there.
_STAR = "\ue000"
_MARKS = {"star": _STAR, "prime": "′", "hat": "\u0302"}


def _name(name: str) -> str:
    """``rho_star`` → ``ρ*``, ``mu_prime`` → ``μ′``, ``w_hat`` → ``ŵ``."""
    first, *rest = name.split("_")
    text = _GREEK.get(first, first)
    for part in rest:
        text += _MARKS[part] if part in _MARKS else "_" + _GREEK.get(part, part)
    return unicodedata.normalize("NFC", text)


class _Text(StrPrinter):
    """One line of text, with the letters of the papers."""

    def _print_Symbol(self, expr: Any) -> str:
        return _name(expr.name)

    def _print_Function(self, expr: Any) -> str:
        return f"{_name(expr.func.__name__)}({self.stringify(expr.args, ', ')})"

    def _print_Indexed(self, expr: Any) -> str:
        return f"{_name(str(expr.base))}[{', '.join(self._print(index) for index in expr.indices)}]"

    def _print_Pi(self, _: Any) -> str:
        return "π"

    def _print_Infinity(self, _: Any) -> str:
        return "∞"

    def _print_NegativeInfinity(self, _: Any) -> str:
        return "-∞"


def text(expression: sp.Basic) -> str:
    """The expression on one line, readable without a renderer.

    >>> from ste_theory.model import symbols as sym
    >>> text(sym.rho_star**2 * sp.sqrt(sym.theta / sp.pi))
    'ρ*^2·sqrt(θ)/sqrt(π)'
    """
    return str(_Text().doprint(expression)).replace("**", "^").replace("*", "·").replace(_STAR, "*")


class _Latex(LatexPrinter):
    """LaTeX with the letters of the papers."""

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:
        return _latex_name(expr.name)

    def _hprint_Function(self, func: str) -> str:
        known: str = super()._hprint_Function(func)
        return _latex_name(func) if set(func.split("_")[1:]) & set(_MARKS) else known


def _latex_name(name: str) -> str:
    """``rho_star`` → ``\\rho^{*}``, ``mu_prime`` → ``\\mu'``, ``w_hat`` → ``\\hat{w}``."""
    first, *rest = name.split("_")
    printed: str = translate(first)
    for part in rest:
        match part:
            case "star":
                printed += "^{*}"
            case "prime":
                printed += "'"
            case "hat":
                printed = rf"\hat{{{printed}}}"
            case _:
                printed += f"_{{{translate(part)}}}"
    return printed


def latex(expression: sp.Basic) -> str:
    r"""The expression as LaTeX.

    >>> from ste_theory.model import symbols as sym
    >>> print(latex(sym.rho_star * sym.mu_prime(sym.theta)))
    \rho^{*} \mu'{\left(\theta \right)}
    """
    return str(_Latex().doprint(expression))
