"""Sums over the rows of the network, in the scalars of the model.

Σ_k v_k² = V,  Σ_k v_k v*_k = D,  Σ_k v*_k² = V*,  Σ_k v_k = S,  Σ_k v*_k = S*,  Σ_k 1 = m
"""

from functools import lru_cache

import sympy as sp

from ste_theory.model.symbols import D, S, S_star, V, V_star, k, m, v, v_star

_MOMENTS = {(0, 0): m, (1, 0): S, (0, 1): S_star, (2, 0): V, (1, 1): D, (0, 2): V_star}


@lru_cache(maxsize=256)
def row_sum(summand: sp.Expr) -> sp.Expr:
    """Σ_k of a polynomial of degree two in v[k], v*[k], whose coefficients do not depend on k.

    Raises ``ValueError`` for a summand that is no such polynomial.

    >>> row_sum((v[k] - S / m) ** 2)
    -S**2/m + V
    """
    return _summed(_in_rows(summand))


def _in_rows(summand: sp.Expr) -> sp.Poly:
    try:
        return sp.Poly(summand, v[k], v_star[k])
    except sp.PolynomialError:
        raise ValueError(f"not a polynomial in v[k], v*[k]: {sp.sstr(summand)[:80]}") from None


def _summed(polynomial: sp.Poly) -> sp.Expr:
    terms = polynomial.terms()
    if any(sum(powers) > 2 or coefficient.has(sp.Indexed) for powers, coefficient in terms):
        raise ValueError(f"no polynomial of degree two in v[k], v*[k]: {sp.sstr(polynomial.as_expr())[:80]}")
    return sp.Add(*(sp.expand(coefficient * _MOMENTS[powers]) for powers, coefficient in terms))


def with_student(formula: sp.Expr, weights: sp.Expr) -> sp.Expr:
    """The formula for the student v_k = weights, an affine expression in v*[k] (and v[k])."""
    student = _in_rows(weights)
    # Products in the ring of polynomials: those of expressions are expanded term by term.
    summands = {V: student, S: _in_rows(sp.S.One), D: _in_rows(v_star[k])}
    letters = formula.free_symbols
    sums = {letter: _summed(student * other) for letter, other in summands.items() if letter in letters}
    sums[v[k]] = weights
    # All at once; ``subs`` asks for the signs of what it puts in, which takes seconds.
    result: sp.Expr = formula.xreplace(sums)
    return result
