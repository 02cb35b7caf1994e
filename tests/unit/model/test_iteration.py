"""Iterated quantities: their values in balls, what they refuse, and that their letters are their own."""

import pytest
import sympy as sp
from flint import arb

from ste_theory.claims.printing import latex, text
from ste_theory.model.iteration import Iterated
from ste_theory.rigorous.translate import real_value

x, y = sp.symbols("x y", real=True)


def test_the_value_is_that_of_the_steps_all_at_once() -> None:
    """Would have caught: letters replaced one after the other: Fibonacci's 55 would become a power of 2."""
    fibonacci = Iterated(sp.Symbol("F_10"), x, (x, y), (y, x + y), (0, 1), 10)
    assert real_value(fibonacci, {}) == arb(55)
    assert real_value(Iterated(sp.Symbol("F_0"), x + 2 * y, (x, y), (y, x + y), (0, 1), 0), {}) == arb(2)


def test_balls_enclose_an_orbit_that_floats_lose() -> None:
    """Would have caught: floats on the way: 100 steps of 4x(1 − x) lose all 53 bits; sin²(2ⁿ arcsin √x₀) is exact."""
    orbit = Iterated(sp.Symbol("x_100"), x, (x,), (4 * x * (1 - x),), (sp.Rational(1, 3),), 100)
    exact = real_value(sp.sin(2**100 * sp.asin(sp.sqrt(sp.Rational(1, 3)))) ** 2, {}, bits=400)
    ball = real_value(orbit, {}, bits=400)
    assert ball.overlaps(exact)
    assert float(ball.rad()) < 1e-40


def test_its_letters_are_bound() -> None:
    """Would have caught: a place of the sentence put into the middle of an iteration."""
    orbit = Iterated(sp.Symbol("x_2"), x, (x,), (x + 1,), (0,), 2)
    assert orbit.subs(x, 7) == orbit
    assert (orbit + x).subs(x, 7) == orbit + 7
    assert not orbit.free_symbols
    assert (text(orbit), latex(orbit)) == ("x_2", "x_{2}")


@pytest.mark.parametrize(
    "arguments",
    [
        (x, (x,), (x, x), (0,), 1),
        (x, (x,), (y,), (0,), 1),
        (y, (x,), (x,), (0,), 1),
        (x, (x,), (x,), (y,), 1),
        (x, (x,), (x,), (0,), -1),
        (x, (x,), (x,), (0,), sp.Symbol("n")),
    ],
)
def test_what_is_no_iteration_is_refused(arguments: tuple[object, ...]) -> None:
    """Would have caught: a start that is no number, a letter without a step, a number of steps that is none."""
    with pytest.raises(ValueError, match="iteration"):
        Iterated(sp.Symbol("a"), *arguments)
