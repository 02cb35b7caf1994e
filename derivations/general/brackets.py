"""What decides the drift of ‖w‖ at θ = 0 and the best v, in terms of means, (co)variances and moments.

    X₁ = (b∥ − a₀s₁*)q − k(a₁ − a₀s₁)
    X₀ + (m−1)X₂ = (b∥ + (m−1)a₀s₁*)(q + ms₁²) − (k + ms₁s₁*)(a₁ + (m−1)a₀s₁)

Arguments in the order of ``two_bit``: s₁ = E σ, s₁* = E σ*, q = Var σ, k = Cov(σ, σ*), a₀ = E aμ′, a₁ = E aμ′σ,
b∥ = E aμ′σ*.
"""

import sympy as sp


def uneven(s: sp.Expr, s_star: sp.Expr, q: sp.Expr, k: sp.Expr, a0: sp.Expr, a1: sp.Expr, b: sp.Expr) -> sp.Expr:
    """X₁."""
    return (b - a0 * s_star) * q - k * (a1 - a0 * s)


def one_row(s: sp.Expr, s_star: sp.Expr, q: sp.Expr, k: sp.Expr, a0: sp.Expr, a1: sp.Expr, b: sp.Expr) -> sp.Expr:
    """X₀; a₀ drops out."""
    return b * (q + s**2) - (k + s * s_star) * a1


def per_row(s: sp.Expr, s_star: sp.Expr, q: sp.Expr, k: sp.Expr, a0: sp.Expr, a1: sp.Expr, b: sp.Expr) -> sp.Expr:
    """X₂."""
    return b * s**2 + a0 * s_star * (q + s**2) - (k + s * s_star) * a0 * s - s * s_star * a1


def density(x: sp.Expr) -> sp.Expr:
    """φ(x)."""
    return sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)


def tail(x: sp.Expr) -> sp.Expr:
    """1 − Φ(x)."""
    return sp.erfc(x / sp.sqrt(2)) / 2


def two_bit(x: sp.Expr, *, beyond: bool, clip: int | None = None) -> tuple[sp.Expr, ...]:
    """(s₁, s₁*, q, k, a₀, a₁, b∥) of the steps at 0, 1, 2 at ρ = x, ρ* = 1, 1 ≤ x ≤ 2 (``beyond``) or ½ ≤ x ≤ 1, for
    1{0 < x < clip} (ReLU without), clip ≥ 3 and clip ≥ 2x."""
    half = sp.S.Half
    s, s_star = half + tail(1 / x) + tail(2 / x), half + tail(sp.S.One) + tail(sp.S(2))
    second = half + 3 * tail(1 / x) + 5 * tail(2 / x)
    if beyond:
        both = half + tail(1 / x) + 2 * tail(2 / x) + 2 * tail(sp.S.One) + 3 * tail(sp.S(2))
    else:
        both = half + 2 * tail(1 / x) + 3 * tail(2 / x) + tail(sp.S.One) + 2 * tail(sp.S(2))
    a0 = density(sp.S.Zero) - (density(clip / x) if clip else 0)
    a1, b = (
        sum(density(sp.Integer(t) / scale) for t in range(3)) - (3 * density(clip / x) if clip else 0)
        for scale in (x, 1)
    )
    return s, s_star, second - s**2, both - s * s_star, a0, a1, b


# The same for the loss: with primes for derivatives by ρ, kq′ − 2k′q > 0 says that k²/q falls.


def uneven_rise(s: sp.Expr, s_star: sp.Expr, q: sp.Expr, k: sp.Expr, _ds: sp.Expr, dq: sp.Expr, dk: sp.Expr) -> sp.Expr:
    """What belongs to X₁."""
    return k * dq - 2 * dk * q


def one_row_rise(s: sp.Expr, s_star: sp.Expr, q: sp.Expr, k: sp.Expr, ds: sp.Expr, dq: sp.Expr, dk: sp.Expr) -> sp.Expr:
    """What belongs to X₀: K = k + s₁s₁*, Q = q + s₁² for k, q."""
    return (k + s * s_star) * (dq + 2 * s * ds) - 2 * (dk + ds * s_star) * (q + s**2)


def per_row_rise(s: sp.Expr, s_star: sp.Expr, q: sp.Expr, k: sp.Expr, ds: sp.Expr, dq: sp.Expr, dk: sp.Expr) -> sp.Expr:
    """What each further row adds to it."""
    return (
        2 * (k + s * s_star) * s * ds
        + s * s_star * (dq + 2 * s * ds)
        - 2 * (dk + ds * s_star) * s**2
        - 2 * ds * s_star * (q + s**2)
    )
