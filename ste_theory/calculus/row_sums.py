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
    try:
        polynomial = sp.Poly(summand, v[k], v_star[k])
    except sp.PolynomialError:
        raise ValueError(f"not a polynomial in v[k], v*[k]: {sp.sstr(summand)[:80]}") from None
    terms = polynomial.terms()
    if any(sum(powers) > 2 or coefficient.has(sp.Indexed) for powers, coefficient in terms):
        raise ValueError(f"no polynomial of degree two in v[k], v*[k]: {sp.sstr(summand)[:80]}")
    return sp.Add(*(sp.expand(coefficient * _MOMENTS[powers]) for powers, coefficient in terms))


def with_student(formula: sp.Expr, weights: sp.Expr) -> sp.Expr:
    """The formula for the student v_k = weights, an affine expression in v*[k] (and v[k])."""
    summands = {V: weights**2, S: weights, D: weights * v_star[k]}
    letters = formula.free_symbols
    sums = {letter: row_sum(summand) for letter, summand in summands.items() if letter in letters}
    sums[v[k]] = weights
    result: sp.Expr = formula.subs(sums, simultaneous=True)
    return result
