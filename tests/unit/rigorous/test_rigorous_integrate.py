"""Integrals computed twice: right values, and integrands that break their promise."""

import mpmath
import pytest
from flint import acb, arb, ctx

from ste_theory.rigorous.balls import Truth, is_zero, precision, radius
from ste_theory.rigorous.gaussian import REACH, Analytic, Bound, Piece, density, mean, tail
from ste_theory.rigorous.integrate import Contradiction, Integrand, NotEnclosed, Segment, integrate


def on_unit_interval(function: Integrand) -> list[Segment]:
    """One segment [0, 1]."""
    return [Segment(lambda: (arb(0), arb(1), function))]


def test_a_known_integral_is_enclosed_and_a_neighbour_excluded() -> None:
    """∫₀¹ eˣ = e − 1. Would have caught any wrong constant down to a relative 1e-30."""
    value = integrate(on_unit_interval(lambda z, _: z.exp()))
    with precision(200):
        exact = arb(1).exp() - 1
        assert value.overlaps(exact)
        assert radius(value) < 1e-32
        assert is_zero(value - exact * (1 + arb(10) ** -30)) is Truth.NO


@pytest.mark.parametrize("jump", ["0.005", "0.05", "0.1", "0.34", "0.5", "0.66", "0.9", "0.98"])
def test_a_breakpoint_inside_a_segment_is_noticed(jump: str) -> None:
    """An integrand that decides by the middle of the ball: FLINT returns a *wrong value with radius 0*.

    Without the sample points the jumps near the ends pass: both splits see the same constant.
    """
    wrong = on_unit_interval(lambda z, _: acb(1 if z.real.mid() > arb(jump) else 0))
    with pytest.raises(Contradiction):
        integrate(wrong)


def test_a_wide_first_evaluation_confirms_nothing() -> None:
    """A step that is hidden from balls wider than 1/2. The first evaluation is [±2], the second 2/3 with radius 0, the
    truth 0.6: would have caught returning the narrow one because the wide one overlaps with it."""

    def step(z: acb, _: bool) -> acb:
        if z.real.rad() > 0.25 or z.real.rad() == 0:
            return acb(arb(0, 2))
        return acb(1 if z.real.mid() > arb("0.4") else 0)

    with pytest.raises(NotEnclosed):
        integrate(on_unit_interval(step))


def test_two_narrow_evaluations_that_disagree_are_a_contradiction() -> None:
    """An integrand that is 1 on wide balls, anything at points, and decides by the middle between: 1 against 2/3.

    Passes the sample points; would have caught an overlap that nobody asks for.
    """

    def shifty(z: acb, _: bool) -> acb:
        if z.real.rad() > 0.3:
            return acb(1)
        if z.real.rad() < 1e-6:
            return acb(arb("0.5", "0.5"))
        return acb(1 if z.real.mid() > arb("0.4") else 0)

    with pytest.raises(Contradiction, match="two evaluations"):
        integrate(on_unit_interval(shifty))


def test_the_analytic_flag_makes_a_kink_harmless() -> None:
    """∫₀¹ |x − 1/3| = 5/18 with the kink declared by the flag. Would have caught a flag that is not handed on."""
    value = integrate(on_unit_interval(lambda z, analytic: (z - acb(1) / 3).real_abs(analytic=analytic)), width=1e-10)
    with precision(200):
        assert value.overlaps(arb(5) / 18)


def test_a_wide_result_is_refused() -> None:
    """Would have caught returning a ball of radius 1/2 as if it were a value: any formula would agree."""
    with pytest.raises(NotEnclosed, match="radius"):
        integrate(on_unit_interval(lambda z, _: z + arb(0, "0.5")))
    with pytest.raises(NotEnclosed):
        integrate(on_unit_interval(lambda z, _: 1 / (z - acb(1) / 3)))


def test_a_complex_integrand_is_refused() -> None:
    """∫₀¹ √(x − 2): would have caught taking the real part, 0, of an integral that is not real."""
    with pytest.raises(NotEnclosed):
        integrate(on_unit_interval(lambda z, analytic: (z - 2).sqrt(analytic=analytic)))


@pytest.mark.parametrize("error", [ValueError, KeyError, ZeroDivisionError, KeyboardInterrupt])
def test_errors_of_an_integrand_arrive_as_they_are(error: type[BaseException]) -> None:
    """python-flint turns Ctrl-C and most errors into SystemError: the command would crash, not end with 130."""

    calls = 0

    def failing(z: acb, _: bool) -> acb:
        nonlocal calls
        calls += 1
        # Past the sample points, so that the error comes from within FLINT.
        if calls > 20:
            raise error("inside")
        return (40 * z).sin()

    before = ctx.prec
    with pytest.raises(error):
        integrate(on_unit_interval(failing))
    assert ctx.prec == before


def one(z: acb, _: bool) -> acb:
    """The constant function."""
    return acb(1)


def exponential() -> Analytic:
    """a ↦ e^{2a}."""
    return lambda z, _: (2 * z).exp()


def test_a_gaussian_mean_on_the_whole_line() -> None:
    """E e^{2a} = e²: would have caught a cut without its tail, and a tail bound for the wrong growth."""
    value = mean([Piece(None, None, exponential, lambda side: Bound(arb(1), 0, arb(2)))])
    with precision(200):
        assert value.overlaps(arb(2).exp())
    assert radius(value) < 1e-32


@pytest.mark.parametrize(("degree", "rate"), [(0, 0), (1, 0), (4, 0), (12, 0), (0, 3), (2, 1)])
def test_the_tail_ball_contains_the_tail_and_not_much_more(degree: int, rate: int) -> None:
    """∫₁₆^∞ (1+a)^k e^{αa} φ by quadrature: would have caught a bound that is too small, or one so large
    that moments of degree 4 are refused."""
    with mpmath.workdps(30):
        # Scaled to size 1: quadrature aims at an absolute error.
        scaled = mpmath.quad(
            lambda a: (1 + a) ** degree * mpmath.exp(rate * a + (256 - a**2) / 2), [16, 16.5, 17, 18, 20, 25, 40]
        )
        exact = scaled * mpmath.npdf(16)
        with precision(160):
            size = mpmath.mpf(tail(Bound(arb(1), degree, arb(rate))).upper().str(20, radius=False))
        assert exact * (1 - mpmath.mpf(10) ** -15) <= size <= 1.1 * exact


def test_an_infinite_piece_needs_a_growth_bound() -> None:
    """Would have caught dropping the tail silently."""
    with pytest.raises(NotEnclosed, match="growth bound"):
        mean([Piece(None, None, exponential)])


def test_growth_that_the_density_does_not_tame_is_refused() -> None:
    """Would have caught a tail ball too small for e^{16a}, whose mean lies mostly beyond the cut."""
    with pytest.raises(NotEnclosed):
        mean([Piece(None, None, exponential, lambda side: Bound(arb(1), 0, arb(REACH)))])


@pytest.mark.parametrize(("lower", "upper"), [(1, 40), (-40, -1), (-40, 40), (15, 17)])
def test_ends_beyond_the_reach_are_cut_with_a_tail(lower: int, upper: int) -> None:
    """Would have caught refusing a clip at 6 with ρ = 1/4 (a breakpoint at a = 24), or forgetting what lies beyond."""
    piece = Piece(lambda: arb(lower), lambda: arb(upper), lambda: one, lambda side: Bound(arb(1), 0, arb(0)))
    value = mean([piece])
    with precision(250):
        exact = ((arb(lower) / arb(2).sqrt()).erfc() - (arb(upper) / arb(2).sqrt()).erfc()) / 2
        assert value.overlaps(exact)


def test_a_piece_wholly_beyond_the_reach_is_a_tail_ball() -> None:
    """P(20 < a < 30) ≈ 3e-89: would have caught integrating from the wrong side of the cut, a value of −1e-57."""
    bound = Bound(arb(1), 0, arb(0))
    value = mean([Piece(lambda: arb(20), lambda: arb(30), lambda: one, lambda side: bound)])
    with precision(250):
        exact = ((arb(20) / arb(2).sqrt()).erfc() - (arb(30) / arb(2).sqrt()).erfc()) / 2
        assert value.overlaps(exact)
    assert 0 < radius(value) < 1e-50


def test_the_density_integrates_to_one() -> None:
    """Would have caught a density without its 1/√(2π)."""
    value = mean([Piece(None, None, lambda: one, lambda side: Bound(arb(1), 0, arb(0)))])
    with precision(200):
        assert value.overlaps(arb(1))
        assert density(acb(0)).real.overlaps(1 / (2 * arb.pi()).sqrt())
