"""E μ′(m + sξ), √(E μ′²) and P(μ′ = 0) against closed forms and against the centred response."""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from flint import acb, arb, ctx
from scipy.special import ndtr
from scipy.stats import norm

import ste_theory as st
from ste_theory.networks.gaussian import shifted_response

POINTS = [(0.0, 1.0), (0.7, 0.3), (-3.0, 0.5), (40.0, 10.0), (0.2, 1e-3), (-0.4, 50.0)]


@pytest.mark.parametrize(("m", "s"), POINTS)
def test_window(m: float, s: float) -> None:
    """Would have caught a window shifted the wrong way, or a gain that forgets the square."""
    window = st.surrogates.from_formulas("window", ("0", "3", "0"), (-1, 2))
    found = shifted_response(window, m, s)
    inside = norm.sf((-1 - m) / s) - norm.sf((2 - m) / s) if m > 2 else ndtr((2 - m) / s) - ndtr((-1 - m) / s)
    assert found.mean == pytest.approx(3 * inside, rel=1e-12)
    assert found.gain == pytest.approx(3 * math.sqrt(inside), rel=1e-12)
    assert found.outside == pytest.approx(1 - inside, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("m", "s"), POINTS)
def test_gaussian_bump(m: float, s: float) -> None:
    """Would have caught panels that miss a bump beside the mean: E e^{−X²/2} = e^{−m²/(2(1+s²))}/√(1+s²)."""
    bump = st.surrogates.from_formulas("bump", ("exp(-x^2/2)",))
    found = shifted_response(bump, m, s)
    assert found.mean == pytest.approx(math.exp(-m * m / (2 * (1 + s * s))) / math.sqrt(1 + s * s), rel=1e-12)
    square = math.exp(-m * m / (1 + 2 * s * s)) / math.sqrt(1 + 2 * s * s)
    assert found.gain == pytest.approx(math.sqrt(square), rel=1e-12)
    assert found.outside == 0


def _zero(_: acb) -> acb:
    return acb(0)


Balls = Callable[[acb], acb]
# The formula, and its pieces written by hand: where each ends, and its value in balls.
EXACT: dict[str, tuple[str, tuple[float, ...], tuple[Balls, ...]]] = {
    "triangle": ("Max(0, 1 - Abs(x))", (-1, 0, 1), (_zero, lambda x: 1 + x, lambda x: 1 - x, _zero)),
    "parabola": ("Piecewise((1 - x^2, Abs(x) < 1), (0, True))", (-1, 1), (_zero, lambda x: 1 - x * x, _zero)),
    "cubic": ("Piecewise((x^3 - 2*x, x > 1/2), (0, True))", (0.5,), (_zero, lambda x: x**3 - 2 * x)),
    "line": ("1 + x/3", (), (lambda x: 1 + x / 3,)),
    "sigmoid": ("1/(2 + 2*cosh(x))", (), (lambda x: 1 / (2 + 2 * x.cosh()),)),
    "arctan": ("1/(1 + 4*x^2)", (), (lambda x: 1 / (1 + 4 * x * x),)),
    "swish": (
        "5*(2 - 5*x*tanh(5*x/2))/(1 + cosh(5*x))",
        (),
        (lambda x: 5 * (2 - 5 * x * (5 * x / 2).tanh()) / (1 + (5 * x).cosh()),),
    ),
    "Laplace": ("exp(-Abs(x))/2", (0,), (lambda x: x.exp() / 2, lambda x: (-x).exp() / 2)),
}


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize(("m", "s"), [(0.7, 0.3), (-1.5, 2.0), (0.95, 0.02), (4.0, 3.0)])
def test_formulas_agree_with_certified_quadrature(name: str, m: float, s: float) -> None:
    """Would have caught a closed form with a wrong sign at one end, or one used where its terms cancel."""
    text, breaks, values = EXACT[name]
    found = shifted_response(st.surrogates.parse(text), m, s)
    with ctx.workprec(100):
        first, second = (_certified(breaks, values, m, s, power) for power in (1, 2))
    # 14 standard deviations: what lies beyond is below 1e-40 of a polynomial of the second degree.
    assert abs(found.mean - float(first.mid())) <= 1e-12 * math.sqrt(float(second.mid()))
    assert abs(found.gain**2 - float(second.mid())) <= 1e-12 * float(second.mid())


def _certified(breaks: Sequence[float], values: Sequence[Balls], m: float, s: float, power: int) -> arb:
    """∫ φ(t) h(m + st)^power dt over |t| ≤ 14 by FLINT, piece by piece."""
    low, high = m - 14 * s, m + 14 * s
    ends = [low, *(min(max(x, low), high) for x in breaks), high]
    total = arb(0)
    for value, start, end in zip(values, ends[:-1], ends[1:], strict=True):
        parts = [start + (end - start) * k / 8 for k in range(9)]
        for a, b in itertools.pairwise(parts):
            if b > a and value is not _zero:
                total += acb.integral(_Weighted(value, m, s, power), a, b).real
    assert total.rad() < 1e-20
    return total


@dataclass(frozen=True)
class _Weighted:
    """φ(t) h(m + st)^power/s at x = m + st."""

    value: Balls
    m: float
    s: float
    power: int

    def __call__(self, x: acb, _: bool) -> acb:
        t = (x - self.m) / self.s
        return self.value(x) ** self.power * (-t * t / 2).exp() / (self.s * (2 * arb.pi()).sqrt())


@pytest.mark.parametrize("s", [0.1, 1.0, 10.0])
def test_centred_it_is_the_response(s: float) -> None:
    """Would have caught a density that is not normalized, piecewise."""
    surrogate = st.surrogates.from_formulas("fast sigmoid", ("1/(1 - 25*x)^2", "1/(1 + 25*x)^2"), (0,))
    assert shifted_response(surrogate, 0.0, s).mean == pytest.approx(float(st.response(surrogate, s)), rel=1e-12)


def test_no_spread_gives_the_value() -> None:
    """Would have caught a division by s = 0."""
    found = shifted_response(st.surrogates.clipped_relu(), 0.5, 0.0)
    assert (found.mean, found.gain, found.outside) == (1, 1, 0)


@pytest.mark.parametrize(("m", "s"), [(math.nan, 1.0), (0.0, -1.0), (math.inf, 1.0)])
def test_senseless_arguments_are_refused(m: float, s: float) -> None:
    """Would have caught nan out of nan."""
    with pytest.raises(st.InvalidInput, match="mean and deviation"):
        shifted_response(st.surrogates.identity(), m, s)


def test_large_batches_agree() -> None:
    """Would have caught a formula that is right for other statistics than those of m + sξ."""
    draws = 0.3 + 0.8 * np.random.default_rng(7).standard_normal(1_000_000)
    surrogate = st.surrogates.from_formulas("triangle", ("0", "1 + x", "1 - x", "0"), (-1, 0, 1))
    found = shifted_response(surrogate, 0.3, 0.8)
    slopes = surrogate(draws)
    # Six standard errors: a false alarm once in 5e8 runs; it would see 0.3 %.
    assert abs(slopes.mean() - found.mean) <= 6 * slopes.std() / 1000
    assert abs((slopes == 0).mean() - found.outside) <= 6 * 0.5 / 1000
