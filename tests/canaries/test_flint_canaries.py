"""What python-flint does, and does not do, that the rigorous layer is built around."""

import pickle

import pytest
from flint import acb, arb, ctx

from ste_theory.rigorous.balls import from_text, precision, to_text


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
