"""What python-flint does, and does not do, that the rigorous layer is built around."""

import itertools
import pickle
import threading
from fractions import Fraction

import pytest
import sympy as sp
from flint import acb, arb, ctx

from ste_theory.rigorous.balls import Truth, ball, from_text, is_positive, is_zero, precision, radius, to_text
from ste_theory.rigorous.integrate import Contradiction, Integrand, Segment, integrate
from ste_theory.rigorous.translate import translate


def whole(function: Integrand, lower: int, upper: int) -> list[Segment]:
    """One segment."""
    return [Segment(lambda: (arb(lower), arb(upper), function))]


def step(z: acb, _: bool) -> acb:
    """1{x > 1/3}, decided by the middle of the ball."""
    return acb(1 if 3 * z.real.mid() > 1 else 0)


def kink(z: acb, _: bool) -> acb:
    """|Re z|: encloses the values of |x|, but is not analytic."""
    return acb(abs(z.real))


def test_a_ball_does_not_pickle() -> None:
    """Why balls travel to worker processes as text. If they pickle one day, check that it is exact."""
    with pytest.raises(TypeError):
        pickle.dumps(arb(1) / 3)
    assert from_text(pickle.loads(pickle.dumps(to_text(arb(1) / 3)))).overlaps(arb(1) / 3)


def test_the_precision_is_one_number_per_process() -> None:
    """Why threads must not share balls: another computation's precision is this one's."""
    before = ctx.prec
    with precision(300):
        third = arb(1) / 3
    assert ctx.prec == before
    assert third.rad() < arb(2) ** -250
    assert (arb(1) / 3).rad() > arb(2) ** -100


def test_a_comparison_that_is_not_certain_is_false_both_ways() -> None:
    """Why comparisons return Truth: neither < nor ≥ holds, and equality of a wide ball with itself is false."""
    wide = arb(0, 1)
    assert not wide < 0
    assert not wide >= 0
    assert (wide == arb(0, 1)) is False
    assert arb("nan").overlaps(arb(3))


def test_a_discontinuous_integrand_is_integrated_wrongly_with_radius_zero() -> None:
    """acb.integral trusts its integrand: deciding by the middle of the ball gives 1 for ∫₀¹ 1{x > 1/3} = 2/3."""
    with precision(192):
        found = acb.integral(lambda z, _: acb(1 if 3 * z.real.mid() > 1 else 0), acb(0), acb(1))
        assert found.real.contains(1)
        assert not found.real.overlaps(arb(2) / 3)


@pytest.mark.parametrize("bits", [64, 192, 500])
def test_another_precision_does_not_notice_a_breakpoint_and_thirds_do(bits: int) -> None:
    """Why ``integrate`` recomputes with a split that is not dyadic, and does not only raise the precision."""
    with precision(bits):
        halves = acb.integral(step, acb(0), acb("0.5")) + acb.integral(step, acb("0.5"), acb(1))
        assert acb.integral(step, acb(0), acb(1)) == 1
        assert halves != arb(2) / 3
        ends = [acb(k) / 3 for k in range(4)]
        thirds = sum((acb.integral(step, left, right) for left, right in itertools.pairwise(ends)), acb(0))
        assert thirds.overlaps(acb(2) / 3)


def test_our_integral_objects_to_a_breakpoint_and_is_right_when_split_there() -> None:
    """Would have caught an ``integrate`` that returns what FLINT returns."""
    with pytest.raises(Contradiction):
        integrate(whole(step, 0, 1))
    pieces = [
        Segment(lambda: (arb(0), arb(1) / 3, lambda z, _: acb(0))),
        Segment(lambda: (arb(1) / 3, arb(1), lambda z, _: acb(1))),
    ]
    with precision(160):
        assert integrate(pieces).overlaps(arb(2) / 3)


def test_a_kink_is_integrated_wrongly_though_every_ball_holds_the_values() -> None:
    """∫₋₁² |x| = 5/2; with |Re z| FLINT proves 2.598…: an integrand must be analytic, enclosing is not enough.

    No sample point can notice it. Our formulas are translated with the flag, and the wrong one contradicts itself.
    """
    with precision(128):
        careless = acb.integral(kink, acb(-1), acb(2)).real
        assert not careless.overlaps(arb(5) / 2)
        assert radius(careless) < 1e-30
    x = sp.Symbol("x", real=True)
    with precision(128):
        assert not translate(sp.Abs(x), {x: acb(0, 0)}, analytic=True).is_finite()
    careful = integrate(whole(lambda z, flag: translate(sp.Abs(x), {x: z}, analytic=flag), -1, 2), width=1e-25)
    with precision(160):
        assert careful.overlaps(arb(5) / 2)
    with pytest.raises(Contradiction):
        integrate(whole(kink, -1, 2))


def test_an_exception_leaves_a_precision_that_was_set_by_hand() -> None:
    """Why precision is set by ``precision(bits)`` only: what comes after an error would be computed with 20 bits."""
    before = ctx.prec

    def by_hand(bits: int) -> None:
        ctx.prec = bits
        raise ZeroDivisionError

    try:
        with pytest.raises(ZeroDivisionError):
            by_hand(20)
        assert ctx.prec == 20
    finally:
        ctx.prec = before

    def failing(z: acb, _: bool) -> acb:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        integrate(whole(failing, 0, 1), bits=777)
    assert ctx.prec == before


def test_a_thread_sees_the_precision_of_another() -> None:
    """Why enclosures run in processes. If it is a number per thread one day, threads may do."""
    seen: list[int] = []
    with precision(333):
        thread = threading.Thread(target=lambda: seen.append(ctx.prec))
        thread.start()
        thread.join()
    assert seen == [333]


def test_truth_float_and_max_of_a_ball_ignore_its_radius() -> None:
    """bool(0) is True, float of [−1, 1] is 0, Python's max keeps the first of what it cannot order.

    Why questions go through ``is_zero`` and ``is_positive``, which know a third answer, and extremes through ``arb``.
    """
    wide, half = arb(0, 1), arb("0.5")
    assert bool(arb(0)) is True
    assert float(wide) == 0
    assert max(wide, half).rad() != max(half, wide).rad()
    assert wide.max(half).contains(1)
    assert wide.max(half).contains(half)
    assert (is_zero(wide), is_positive(wide)) == (Truth.UNKNOWN, Truth.UNKNOWN)


def test_a_float_makes_a_ball_of_radius_zero_beside_the_decimal() -> None:
    """arb(0.1) is the double, exactly, and excludes 1/10: why balls are made from fractions."""
    with precision(128):
        assert not arb(0.1).overlaps(arb(1) / 10)
        assert ball(Fraction(1, 10)).overlaps(arb(1) / 10)


def test_a_branch_cut_is_integrated_wrongly_without_the_flag() -> None:
    """∫₁⁴ √x = 14/3 needs ``analytic``; without it FLINT's own documentation shows 4.669…."""
    with precision(100):
        careless = acb.integral(lambda z, _: z.sqrt(), acb(1), acb(4)).real
        careful = acb.integral(lambda z, flag: z.sqrt(analytic=flag), acb(1), acb(4)).real
        assert not careless.overlaps(arb(14) / 3)
        assert careful.overlaps(arb(14) / 3)


def test_an_error_in_an_integrand_is_wrapped_unless_it_is_a_value_error() -> None:
    """Why ``integrate`` unwraps SystemError. If every error passes one day, the unwrapping may go."""

    def failing(error: BaseException) -> acb:
        raise error

    with pytest.raises(ValueError, match="inside"):
        acb.integral(lambda z, _: failing(ValueError("inside")), acb(0), acb(1))
    with pytest.raises(SystemError) as caught:
        acb.integral(lambda z, _: failing(KeyboardInterrupt()), acb(0), acb(1))
    root: BaseException | None = caught.value
    while isinstance(root, SystemError):
        root = root.__cause__
    assert isinstance(root, KeyboardInterrupt)


def test_complex_functions_leave_the_reals_silently() -> None:
    """√(−2) is an imaginary ball whose real part is exactly 0: why ``real`` looks at the rest."""
    assert acb(-2).sqrt().real == 0
    assert not arb(-2).sqrt().is_finite()
