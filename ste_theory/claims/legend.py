"""What the symbols in a claim's formulas mean: the legend of a printed claim."""

from collections.abc import Callable, Iterable

import sympy as sp

from ste_theory.calculus.clipped import ClippedIntegral, p_clipped, q_clipped
from ste_theory.calculus.expectation import Expectation, Phi, indicator, phi
from ste_theory.calculus.orthants import Orthant, OrthantSlope
from ste_theory.calculus.step_sums import StepSum
from ste_theory.model.symbols import (
    D,
    Projection,
    RowNormal,
    S,
    S_star,
    V,
    V_star,
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
    xi,
)

Occurs = Callable[[sp.Basic], bool]


def _is(*symbols: sp.Basic) -> Occurs:
    return lambda node: node in symbols


def _kind(*kinds: type) -> Occurs:
    return lambda node: isinstance(node, kinds)


def _applied(function: object) -> Occurs:
    return lambda node: getattr(node, "func", None) == function


# Per line: where it is needed, the symbols, their meaning; both as Unicode text.
_MEANINGS: tuple[tuple[Occurs, str, str], ...] = (
    (_is(V), "V", "‖v‖²"),
    (_is(S), "S", "1ᵀv, the sum of the entries of v"),
    (_is(D), "D", "vᵀv*"),
    (_is(V_star), "V*", "‖v*‖²"),
    (_is(S_star), "S*", "1ᵀv*"),
    (_is(v[i], v[j], v[k], v_star[i], v_star[j], v_star[k]), "v_k, v*_k", "entries of the second layers v and v*"),
    (_is(m), "m", "number of rows of the input Z, the length of v"),
    (_is(rho), "ρ", "‖w‖"),
    (_is(rho_star), "ρ*", "‖w*‖"),
    (_is(theta), "θ", "angle between w and w*"),
    (_is(w_hat), "ŵ", "w/‖w‖"),
    (_is(u_hat), "û", "unit vector in the direction of (I − ŵŵᵀ)w*"),
    (_is(e_hat), "e", "unit vector orthogonal to w and w*"),
    (_is(w_vector, w_star_vector), "w, w*", "weights of the first layer of student and teacher, in R^n"),
    (_kind(Projection), "Z_i", "row i of the input, Z_i ~ N(0, I) independent"),
    (_is(a, b), "a, b", "ŵᵀz and ûᵀz for a row z ~ N(0, I): independent standard normal"),
    (_kind(RowNormal), "a_i, b_i, e_i", "coordinates of row i along ŵ, û, e"),
    (_is(xi), "ξ", "standard normal"),
    (_applied(sigma), "σ", "activation"),
    (_is(c_0, d, t), "c_0, d_i, t_i", "offset, heights and thresholds: σ(x) = c_0 + Σ_i d_i 1{x > t_i}"),
    (_kind(StepSum), "Σ_i, Σ_j", "sums over all steps of the staircase"),
    (_applied(mu_prime), "μ′", "surrogate derivative"),
    (_kind(indicator), "1{…}", "1 where the condition holds, else 0"),
    (_kind(Expectation), "E[…]", "mean over all standard normal variables between the brackets"),
    (_kind(phi, Phi), "φ(x), Φ(x)", "density and distribution function of N(0, 1)"),
    (_kind(Orthant, OrthantSlope), "L(h, k, θ)", "P(a > h, a cosθ + b sinθ > k), two correlated normal variables"),
    (_kind(OrthantSlope), "L_1, L_3", "derivatives of L in its first and third argument"),
    (_kind(p_clipped), "p(θ, ρ)", "(1/(2π)) ∫ ξ(1/(ρ cosω)) cosω dω over θ − π/2 < ω < π/2"),
    (_kind(q_clipped), "q(θ, ρ)", "(1/(2π)) ∫ ξ(1/(ρ cosω)) sinω dω over θ − π/2 < ω < π/2"),
    (_kind(ClippedIntegral), "ξ(x)", "∫_0^x r² e^{−r²/2} dr"),
)


def legend(expressions: Iterable[sp.Basic]) -> tuple[tuple[str, str], ...]:
    """(symbols, meaning) for what occurs in the expressions, in a fixed order."""
    nodes = {node for expression in expressions for node in sp.preorder_traversal(expression)}
    return tuple((symbols, meaning) for occurs, symbols, meaning in _MEANINGS if any(map(occurs, nodes)))


def whole_legend() -> tuple[tuple[str, str], ...]:
    """Every line of the legend."""
    return tuple((symbols, meaning) for _, symbols, meaning in _MEANINGS)
