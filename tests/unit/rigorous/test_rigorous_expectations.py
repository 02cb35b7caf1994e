"""Expectation nodes and angular integrals in balls, against values worked out by hand."""

from collections.abc import Callable

import mpmath
import pytest
import sympy as sp
from flint import acb, arb

from ste_theory.calculus.expectation import indicator
from ste_theory.model.symbols import a, b, rho, theta
from ste_theory.rigorous.angular import clipped_integral
from ste_theory.rigorous.balls import Truth, is_zero, precision, radius
from ste_theory.rigorous.expectations import expectation
from ste_theory.rigorous.integrate import NotEnclosed
from ste_theory.rigorous.translate import CannotTranslate

c, s = sp.cos(theta), sp.sin(theta)
VALUES = {theta: acb(1), rho: acb(arb("1.5"))}


def settle(value: arb, exact: arb) -> None:
    """Inside with radius < 1e-30; a relative 1e-20 beside it is excluded."""
    assert value.overlaps(exact)
    assert radius(value) < 1e-30
    assert is_zero(value - exact - (abs(exact) + 1) * arb(10) ** -20) is Truth.NO


def peak() -> arb:
    return 1 / (2 * arb.pi()).sqrt()


@pytest.mark.parametrize(
    ("integrand", "exact"),
    [
        (sp.Integer(1), lambda: arb(1)),
        (a**4, lambda: arb(3)),
        (a * b, lambda: arb(0)),
        (b**2, lambda: arb(1)),
        (b**2 * indicator(b), lambda: arb(1) / 2),
        (indicator(b) * indicator(b - 1), lambda: (1 / arb(2).sqrt()).erfc() / 2),
        (a * indicator(a), peak),
        (b * indicator(b), peak),
        (indicator(1 - b), lambda: (-1 / arb(2).sqrt()).erfc() / 2),
        (b * indicator(-rho * b), lambda: -peak()),
        (indicator(a) * indicator(s * a - c * b), lambda: (arb.pi() / 2 + 1) / (2 * arb.pi())),
        (a * indicator(-rho * a), lambda: -peak()),
        (indicator(a) * indicator(c * a + s * b), lambda: (arb.pi() - 1) / (2 * arb.pi())),
        (b * indicator(a) * indicator(c * a + s * b), lambda: arb(1).sin() * peak() / 2),
        (a * indicator(a) * indicator(1 - rho * a), lambda: peak() * (1 - (-arb(2) / 9).exp())),
        (a * sp.exp(-(a**2)) * indicator(a), lambda: peak() / 3),
        (indicator(a - 2) * indicator(1 - a), lambda: arb(0)),
        (3 * indicator(b - 1) + rho, lambda: 3 * (1 / arb(2).sqrt()).erfc() / 2 + arb("1.5")),
    ],
    ids=lambda x: sp.sstr(x) if isinstance(x, sp.Basic) else "",
)
def test_known_means(integrand: sp.Expr, exact: Callable[[], arb]) -> None:
    """Would have caught a window taken from the wrong side, an indicator lost in a product, E b² for E b."""
    with precision(220):
        settle(expectation(integrand, a, b, VALUES), exact())


@pytest.mark.parametrize(
    "integrand",
    [
        sp.exp(b),
        indicator(sp.sin(theta - 1) * b),
        sp.exp(a**2) * indicator(a),
        indicator(rho - sp.Rational(3, 2) + 0 * a) * a,
        sp.Function("g")(a),
    ],
    ids=str,
)
def test_what_it_cannot_integrate_is_refused(integrand: sp.Expr) -> None:
    """Would have caught a wrong number for an integrand outside the language."""
    with pytest.raises((CannotTranslate, NotEnclosed)), precision(200):
        expectation(integrand, a, b, VALUES)


@pytest.mark.parametrize("angle", ["0", "0.01", "1", "2.9", "3.1"])
@pytest.mark.parametrize("length", ["0.05", "0.25", "4", "100"])
def test_angular_integrals_have_the_closed_forms(angle: str, length: str) -> None:
    """q = sinθ/(2√(2π))·erf(k/(√2 sinθ)), p = 1/(2√(2π)) − φ(k)Φ(k cotθ) + cotθ·q, k = 1/ρ; p(0) = φ(0) − φ(k).

    Would have caught a wrong range of the angle, a lost bit of it near ±π/2, or a limit that is not reached there.
    """
    with precision(220):
        turn, rho_ = arb(angle), arb(length)
        k = 1 / rho_
        edge = (-(k * k) / 2).exp() * peak()
        p, q = clipped_integral("cos", turn, rho_), clipped_integral("sin", turn, rho_)
        if turn == 0:
            settle(p, peak() - edge)
            settle(q, arb(0))
            return
        exact_q = turn.sin() * peak() / 2 * (k / (arb(2).sqrt() * turn.sin())).erf()
        settle(q, exact_q)
        below = (-k * turn.cot() / arb(2).sqrt()).erfc() / 2
        settle(p, peak() / 2 - edge * below + turn.cot() * exact_q)


def test_the_angular_definition_by_quadrature() -> None:
    """The paper's double integral by mpmath at one point: the definition itself, not its closed form."""
    with mpmath.workdps(20):
        turn, length = mpmath.mpf(1), mpmath.mpf("1.5")
        half = mpmath.pi / 2

        def inner(end: object) -> object:
            return mpmath.quad(lambda r: r**2 * mpmath.exp(-(r**2) / 2), [0, min(end, 12)])  # type: ignore[call-overload]

        def outer(angle: object) -> object:
            return mpmath.cos(angle) * inner(1 / (length * mpmath.cos(angle)))

        expected = mpmath.quad(outer, [turn - half, 0, 1, half]) / (2 * mpmath.pi)
        found = clipped_integral("cos", arb(1), arb("1.5"))
        assert abs(mpmath.mpf(found.str(25, radius=False)) - expected) < mpmath.mpf(10) ** -10
