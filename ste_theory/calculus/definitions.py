"""The definitions that derivations start from: the model in symbols, and nothing else.

y = Σ_i v_i σ(⟨Z_i, w⟩)      y* = Σ_i v*_i σ(⟨Z_i, w*⟩)      f = E ½(y − y*)²
⟨E g_μ, u⟩ = E Σ_i ⟨Z_i, u⟩ μ′(⟨Z_i, w⟩) v_i (y − y*)        E ∂ℓ/∂v_k = E σ(⟨Z_k, w⟩)(y − y*)
"""

import sympy as sp

from ste_theory.calculus.expectation import Expectation, indicator
from ste_theory.calculus.step_sums import StepSum
from ste_theory.model.expressions import Algebra, fold
from ste_theory.model.quantizers import Staircase
from ste_theory.model.surrogates import Surrogate
from ste_theory.model.symbols import (
    Projection,
    a,
    b,
    c_0,
    d,
    e_hat,
    i,
    j,
    k,
    m,
    mu_prime,
    rho,
    rho_star,
    sigma,
    t,
    theta,
    u_hat,
    v,
    v_star,
    w_hat,
    w_star_vector,
    w_vector,
)

output = sp.Sum(v[i] * sigma(Projection(w_vector, i)), (i, 1, m))
teacher_output = sp.Sum(v_star[i] * sigma(Projection(w_star_vector, i)), (i, 1, m))

population_loss = Expectation((output - teacher_output) ** 2 / 2)
v_gradient = Expectation(sigma(Projection(w_vector, k)) * (output - teacher_output))

# The third coordinate of a row: along a unit vector e orthogonal to w and w*.
e_axis = sp.Symbol("e", real=True)

# Inner products of the vectors that rows are projected on: what the angles and norms mean.
INNER_PRODUCTS: dict[frozenset[sp.Symbol], sp.Expr] = {
    frozenset({w_vector}): rho**2,
    frozenset({w_star_vector}): rho_star**2,
    frozenset({w_vector, w_star_vector}): rho * rho_star * sp.cos(theta),
    frozenset({w_hat}): sp.S.One,
    frozenset({u_hat}): sp.S.One,
    frozenset({e_hat}): sp.S.One,
    frozenset({w_hat, w_vector}): rho,
    frozenset({w_hat, w_star_vector}): rho_star * sp.cos(theta),
    frozenset({u_hat, w_vector}): sp.S.Zero,
    frozenset({u_hat, w_star_vector}): rho_star * sp.sin(theta),
    frozenset({e_hat, w_vector}): sp.S.Zero,
    frozenset({e_hat, w_star_vector}): sp.S.Zero,
    frozenset({w_hat, u_hat}): sp.S.Zero,
    frozenset({w_hat, e_hat}): sp.S.Zero,
    frozenset({u_hat, e_hat}): sp.S.Zero,
}

# The same vectors in an orthonormal frame (ŵ, û, e, …) of R^n.
FRAME: dict[sp.Symbol, dict[sp.Symbol, sp.Expr]] = {
    w_vector: {a: rho},
    w_star_vector: {a: rho_star * sp.cos(theta), b: rho_star * sp.sin(theta)},
    w_hat: {a: sp.S.One},
    u_hat: {b: sp.S.One},
    e_hat: {e_axis: sp.S.One},
}


def coarse_gradient(direction: sp.Symbol) -> Expectation:
    """⟨E g_μ, u⟩ for a fixed vector u."""
    backward = sp.Sum(Projection(direction, i) * mu_prime(Projection(w_vector, i)) * v[i], (i, 1, m))
    return Expectation(backward * (output - teacher_output))


def any_staircase(argument: sp.Expr) -> sp.Expr:
    """σ(argument) = c_0 + Σ_j d_j 1{argument > t_j} with symbolic steps, as many as one likes."""
    return c_0 + StepSum(d[j] * indicator(argument - t[j]), j)


def activation(quantizer: Staircase, argument: sp.Expr) -> sp.Expr:
    """σ(argument) = c₀ + Σ_k d_k 1{argument > t_k} as an expression."""
    steps = zip(quantizer.thresholds, quantizer.heights, strict=True)
    return _number(quantizer.offset) + sum(_number(d) * indicator(argument - _number(t)) for t, d in steps)


def surrogate_derivative(surrogate: Surrogate, argument: sp.Expr) -> sp.Expr:
    """μ′(argument) as a sum over pieces of formula·1{lower < argument < upper}."""
    total = sp.S.Zero
    for piece in surrogate.pieces:
        term = fold(piece.formula, SYMPY, {"x": argument})
        if piece.lower is not None:
            term *= indicator(argument - _number(piece.lower))
        if piece.upper is not None:
            term *= indicator(_number(piece.upper) - argument)
        total += term
    return total


def _number(value: object) -> sp.Rational:
    return sp.Rational(str(value))


SYMPY: Algebra[sp.Expr] = Algebra(
    number=_number,
    operators={
        "+": lambda p, q: p + q,
        "-": lambda p, q: p - q,
        "*": lambda p, q: p * q,
        "/": lambda p, q: p / q,
        "^": lambda p, q: p**q,
    },
    functions={
        "exp": sp.exp,
        "log": sp.log,
        "sqrt": sp.sqrt,
        "sin": sp.sin,
        "cos": sp.cos,
        "tanh": sp.tanh,
        "cosh": sp.cosh,
        "atan": sp.atan,
        "erf": sp.erf,
    },
    pi=sp.pi,
)
