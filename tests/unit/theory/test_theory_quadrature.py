"""The building blocks: pairs of floats, quadrature rules, and the moments of windows wherever they stand."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from ste_theory.model import surrogates
from ste_theory.model.errors import InvalidInput
from ste_theory.theory import double_double, quadrature
from ste_theory.theory.moments import first, overlap, zeroth
from ste_theory.theory.pieces import HalfPiece, half_pieces
from tests.unit.theory.adaptive_integration import without_meshes

U = 2.0**-53


def window(lower: float, upper: float, text: str = "1") -> HalfPiece:
    ends = (lower, upper) if math.isfinite(upper) else (lower,)
    formulas = ("0", text, "0") if math.isfinite(upper) else ("0", text)
    return half_pieces(surrogates.from_formulas("window", formulas, ends))[0]


@pytest.mark.parametrize("size", [1, 2, 3, 8, 31, 33, 200])
def test_dot_products_in_pairs(size: int) -> None:
    """Against exact rationals, with heavy cancellation. Would have caught: a lost low part, an odd length cut short."""
    rng = np.random.default_rng(size)
    for _ in range(50):
        a, b = rng.normal(size=size), rng.normal(size=size) * 10.0 ** rng.uniform(-6, 6, size)
        if size > 1:
            b[-1] = -float(a[:-1] @ b[:-1]) / a[-1]
        exact = sum((Fraction(x) * Fraction(y) for x, y in zip(a.tolist(), b.tolist(), strict=True)), Fraction(0))
        terms = sum(abs(Fraction(x) * Fraction(y)) for x, y in zip(a.tolist(), b.tolist(), strict=True))
        high, low = (Fraction(float(part)) for part in double_double.dot(a, b))
        # 6 roundings of the pairs per level of the tree.
        assert abs(high + low - exact) <= 6 * (1 + math.ceil(math.log2(size))) * Fraction(2) ** -104 * terms


def test_naive_dot_products_fail_that_test() -> None:
    """Planted error: ordinary floats. Would have caught: a bound that anything meets."""
    a, b = np.array([1e8, 1.0, -1e8]), np.array([1e8, 0.25, 1e8 + 1e-8])
    exact = sum(Fraction(x) * Fraction(y) for x, y in zip(a.tolist(), b.tolist(), strict=True))
    high, low = (Fraction(float(part)) for part in double_double.dot(a, b))
    assert abs(high + low - exact) <= 18 * Fraction(2) ** -104 * Fraction(2 * 10**16)
    assert abs(Fraction(float(a @ b)) - exact) > Fraction(2) ** -104 * 10**18


@pytest.mark.filterwarnings("ignore:invalid value")
def test_sums_of_infinities_are_no_errors() -> None:
    """Would have caught: an exception of the exact sum where the other way of summing gives nan."""
    for terms in ([math.inf, 1.0], [math.inf, -math.inf], [math.nan, 1.0]):
        assert not np.isfinite(double_double.total(np.array([terms]))[0]).any()


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 0.03, 0.3, 1.0, 3.0, 1e3, 1e6])
@pytest.mark.parametrize("ends", [(0.0, 1.0), (0.0, math.inf), (0.3, math.inf), (0.5, 0.5001), (1.0, 4.0)])
def test_moments_of_windows(ends: tuple[float, float], scale: float) -> None:
    """Relative to themselves: e⁻⁴⁵⁰ in the tail, 1e-24 for wide scales. The exponent t²/2 turns a rounding of t into
    t².

    Would have caught: Φ(β) − Φ(α) by subtraction, antiderivatives that cancel for κ → 1, a rule that misses the window.
    """
    piece, x = window(*ends), np.array([scale])
    with mpmath.workdps(60):
        low = mpmath.mpf(ends[0]) / mpmath.mpf(scale)
        high = mpmath.inf if math.isinf(ends[1]) else mpmath.mpf(ends[1]) / mpmath.mpf(scale)
        density = mpmath.npdf
        tail = 0 if high == mpmath.inf else density(high)
        expected = {
            "first": density(low) - tail,
            "zeroth": (mpmath.erfc(low / mpmath.sqrt(2)) - mpmath.erfc(high / mpmath.sqrt(2))) / 2,
        }
        for kappa in (0.0, 0.5, 0.999999, 1 - 1e-12):
            k = mpmath.mpf(kappa)

            def primitive(t: mpmath.mpf, k: mpmath.mpf = k) -> mpmath.mpf:
                # −φ(t)(erfcx(κt/√2) − κ erfcx(t/√2))/(1 − κ²), at 60 digits
                if t == mpmath.inf:
                    return mpmath.mpf(0)
                scaled = mpmath.exp((k * t) ** 2 / 2) * mpmath.erfc(k * t / mpmath.sqrt(2))
                own = mpmath.exp(t**2 / 2) * mpmath.erfc(t / mpmath.sqrt(2))
                return -density(t) * (scaled - k * own) / (1 - k**2)

            with mpmath.workdps(700 if low > 20 else 60):
                expected[f"overlap {kappa}"] = primitive(high) - primitive(low)
        computed = {
            "first": first(piece, x),
            "zeroth": zeroth(piece, x),
            **{f"overlap {kappa}": overlap(piece, x, np.array([kappa])) for kappa in (0.0, 0.5, 0.999999, 1 - 1e-12)},
        }
        for name, value in computed.items():
            want = expected[name]
            if want < mpmath.mpf("1e-300"):
                assert value[0] <= 1e-299, name
                continue
            conditioning = 1 + float(low) ** 2 + (ends[1] / (ends[1] - ends[0]) if math.isfinite(ends[1]) else 0)
            assert abs(value[0] - want) <= 64 * U * conditioning * want, name


@pytest.mark.parametrize(("text", "meshes"), [("1 + 0*x", True), ("exp(0*x)", True), ("exp(0*x)", False)])
@pytest.mark.parametrize("scale", [1e-4, 0.1, 1.0, 30.0, 1e5])
def test_formulas_agree_with_windows(scale: float, meshes: bool, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """1 + 0·x is a polynomial to the code, exp(0·x) has a mesh or is integrated adaptively, 1 has closed forms.

    Would have caught: panels that do not cover.
    """
    if not meshes:
        without_meshes(monkeypatch)
    x, kappa = np.array([scale]), np.array([0.7])
    for ends in ((0.0, 1.0), (0.0, math.inf), (0.5, 2.0)):
        curved, flat = window(*ends, text=text), window(*ends)
        assert curved.constant is None
        for moment in (first, zeroth):
            assert moment(curved, x)[0] == pytest.approx(moment(flat, x)[0], rel=1e-13, abs=1e-200)
        assert overlap(curved, x, kappa)[0] == pytest.approx(overlap(flat, x, kappa)[0], rel=1e-13, abs=1e-200)


@pytest.mark.parametrize("width", [1e-4, 1e-2, 1.0, 1e2])
@pytest.mark.parametrize("scale", [1e-5, 1e-2, 1.0, 1e3])
def test_narrow_and_wide_bumps(width: float, scale: float) -> None:
    """E exp(−(xξ)²/(2t²)) = 1/√(1 + x²/t²). Would have caught: a bump that falls between the nodes."""
    surrogate = surrogates.from_formulas("bump", ("exp(-x^2/(2*t^2))",), t=width)
    value = sum(float(zeroth(piece, np.array([scale]))[0]) for piece in half_pieces(surrogate))
    assert value == pytest.approx(1 / math.hypot(1, scale / width), rel=1e-13)


def test_adaptive_integration_of_many_at_once() -> None:
    """∫₀¹ cos(kx) = sin(k)/k, each integral refined by itself. Would have caught: panels credited to the wrong
    integral.
    """
    frequency = np.array([1.0, 10.0, 300.0, 5000.0])
    bounds = np.tile([0.0, 0.5, 0.5, 1.0], (4, 1))
    values = quadrature.adaptive(lambda x, owner: np.cos(frequency[owner][:, None] * x), bounds)
    assert np.abs(values - np.sin(frequency) / frequency).max() <= 1e-13
    with pytest.raises(InvalidInput, match="too singular"):
        quadrature.adaptive(lambda x, owner: np.abs(x - 0.5 - 1e-18) ** -1.5, bounds[:1])


@pytest.mark.parametrize("count", [1, 2, 20, 32])
def test_nodes_and_weights_are_correctly_rounded(count: int) -> None:
    """Σ w_k x_k^j = 2/(j+1) for even j < 2n, and P_n(x_k) = 0 at 60 digits. Would have caught: numpy's weights."""
    nodes, weights = quadrature.rule(count)
    for power in range(0, 2 * count, 2):
        assert math.fsum(weights * nodes**power) == pytest.approx(2 / (power + 1), rel=2 * (2 + power) * U)
    with mpmath.workdps(60):
        for x, weight in zip(nodes, weights, strict=True):
            slope = mpmath.diff(lambda t: mpmath.legendre(count, t), mpmath.mpf(float(x)))
            root = mpmath.mpf(float(x)) - mpmath.legendre(count, mpmath.mpf(float(x))) / slope
            assert abs(root - x) <= U
            slope = mpmath.diff(lambda t: mpmath.legendre(count, t), root)
            assert abs(2 / ((1 - root**2) * slope**2) - weight) <= U * weight


def test_a_surrogate_is_cut_at_zero() -> None:
    """A piece over 0 becomes two, mirrored; ends in the right order. Would have caught: negative windows left out."""
    pieces = half_pieces(surrogates.from_formulas("steps", ("1", "x", "0", "3"), (-2, 1, 5)))
    assert [(p.sign, p.lower, p.upper) for p in pieces] == [
        (-1, 2.0, math.inf),
        (1, 0.0, 1.0),
        (-1, 0.0, 2.0),
        (1, 5.0, math.inf),
    ]
    assert pieces[2](np.array([0.5]))[0] == -0.5
