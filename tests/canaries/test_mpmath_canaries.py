"""mpmath is a witness for tests, never a certificate."""

import mpmath
import pytest
from flint import acb, arb
from mpmath import iv, mp

from ste_theory.rigorous.balls import precision, radius
from ste_theory.rigorous.integrate import Segment, integrate


def test_the_error_estimate_of_quad_is_not_a_bound() -> None:
    """∫₋₁¹ of a spike of width 1e-3 off the nodes: the value misses nearly all of √π/1000, the estimate says ~0."""
    with mp.workdps(15):
        value, estimate = mp.quad(
            lambda x: mp.exp(-((1000 * (x - mp.mpf(1) / 3)) ** 2)), [-1, 1], error=True, maxdegree=4
        )
        truth = mp.sqrt(mp.pi) / 1000
        assert abs(value - truth) > 100 * estimate


def test_a_missed_spike_comes_with_a_tiny_estimate() -> None:
    """All defaults: ∫₋₁¹ e^{−(1000(x−1/3))²} is √π/1000; quad says 2.9e-837 and estimates an error of 2.9e-837.

    Our enclosure of the same integral is right: the error bound of a ball comes from the whole ellipse around a range.
    """
    with mp.workdps(15):
        value, estimate = mp.quad(lambda x: mp.exp(-((1000 * (x - mp.mpf(1) / 3)) ** 2)), [-1, 1], error=True)
        assert max(value, estimate) < mp.mpf(10) ** -800

    def make() -> tuple[arb, arb, object]:
        return arb(-1), arb(1), lambda z, _: (-((1000 * (z - arb(1) / 3)) ** 2)).exp()

    found = integrate([Segment(make)])  # type: ignore[arg-type]
    with precision(160):
        assert found.overlaps(arb.pi().sqrt() / 1000)
        assert radius(found) < 1e-32


def test_quad_of_a_step_is_wrong_in_the_third_digit() -> None:
    """∫₀¹ 1{x > 1/3} = 2/3 at 15 digits, breakpoint not given: what a peer needs to be told, our pieces know."""
    with mp.workdps(15):
        value = mp.quad(lambda x: 1 if x > mp.mpf(1) / 3 else 0, [0, 1])
    assert 1e-4 < abs(value - mp.mpf(2) / 3) < 1e-1


def test_quad_aims_at_an_absolute_error() -> None:
    """P(ξ > 16) ≈ 6e-58 at 30 digits: only eight digits are right. Tails are compared after scaling."""
    with mp.workdps(30):
        value = mp.quad(mp.npdf, [16, 16.5, 17, 18, 20, 25, 40])
        truth = mp.erfc(16 / mp.sqrt(2)) / 2
        assert abs(value / truth - 1) > mp.mpf(10) ** -12


def test_mpmath_intervals_lack_the_error_function() -> None:
    """Why ``mpmath.iv`` is no substitute for balls: erf of an interval does not converge, so there is no Φ."""
    with pytest.raises(mpmath.libmp.NoConvergence):
        iv.erf(iv.mpf([0, 1]))


@pytest.mark.parametrize("name", ["erfc", "ncdf"])
def test_mpmath_intervals_lack_the_normal_distribution(name: str) -> None:
    """P(b > t) of an interval is what every integrand of ours has; balls have it."""
    with pytest.raises(mpmath.libmp.NoConvergence):
        getattr(iv, name)(iv.mpf([0, 1]))
    with precision(64):
        assert acb(arb("0.5", "0.5")).erfc().real.contains(acb("0.3").erfc().real)


def test_mpmath_intervals_have_no_quadrature() -> None:
    """``iv.quad`` exists and refuses even eˣ on [0, 1]."""
    with pytest.raises(ValueError):  # noqa: PT011 (the message is empty)
        iv.quad(iv.exp, [0, 1])


def test_an_undecided_comparison_of_intervals_is_none() -> None:
    """``None`` is false in an ``if``, and an interval equals itself: not the three values that ``Truth`` has."""
    wide = iv.mpf([0, 1])
    assert (wide < 0.5) is None
    assert (wide >= 0.5) is None
    assert (wide == iv.mpf([0, 1])) is True
