"""mpmath is a witness for tests, never a certificate."""

import mpmath
import pytest
from mpmath import iv, mp


def test_the_error_estimate_of_quad_is_not_a_bound() -> None:
    """∫₋₁¹ of a spike of width 1e-3 off the nodes: the value misses nearly all of √π/1000, the estimate says ~0."""
    with mp.workdps(15):
        value, estimate = mp.quad(
            lambda x: mp.exp(-((1000 * (x - mp.mpf(1) / 3)) ** 2)), [-1, 1], error=True, maxdegree=4
        )
        truth = mp.sqrt(mp.pi) / 1000
        assert abs(value - truth) > 100 * estimate


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
