"""Closed forms of the response against certified integrals, and what they are as text."""

from fractions import Fraction

import pytest

from ste_theory.analysis.closed_form import closed_form
from ste_theory.analysis.even_part import Half, halves
from ste_theory.analysis.fourier import cosines
from ste_theory.analysis.mass import response_ball
from ste_theory.analysis.signs import Region, regions
from ste_theory.model.expressions import ZERO
from ste_theory.model.surrogates import Surrogate, clipped_relu, from_formulas, get, identity, names, relu

CASES = [
    identity(),
    relu(),
    clipped_relu(),
    from_formulas("triangle", ("0", "2 + 2*x", "2 - 2*x", "0"), (-1, 0, 1)),
    from_formulas("quartic", ("0", "(1 - x^2)^2", "0"), (-1, 1)),
    from_formulas("half exponential", ("0", "exp(-2*x)"), (0,)),
    from_formulas("hat", ("(1 - x^2)*exp(-x^2/2)",)),
    from_formulas("mixed", ("0", "x^3*exp(-x^2/2)", "x^4"), ("1/2", 2)),
    from_formulas("growing window", ("0", "exp(2*x)/3", "0"), ("1/2", 2)),
]


@pytest.mark.parametrize("surrogate", CASES, ids=lambda s: s.name)
def test_closed_forms_equal_certified_integrals(surrogate: Surrogate) -> None:
    """Would have caught a wrong recurrence, end or power: the two agree to 1e-25."""
    form = closed_form(halves(surrogate))
    assert form is not None
    found = regions(halves(surrogate))
    for scale in (Fraction(1, 10), Fraction(1), Fraction(10)):
        exact, integral = form.value(scale), response_ball(found, scale, bits=160, width=1e-28)
        assert abs(exact - integral) < 1e-25 * max(1.0, abs(float(integral)))


def test_every_closed_form_of_the_catalogue_equals_its_certified_integral() -> None:
    """Would have caught an entry whose closed form is that of another parameter: all agree to 1e-25."""
    known: dict[tuple[Half, ...], None] = {}
    entries = 0
    for name in names():
        even = halves(get(name))
        form = closed_form(even) or cosines(even)
        if form is None:
            continue
        entries += 1
        if even in known:
            continue  # one function under several names
        known[even] = None
        for scale in (Fraction(1, 10), Fraction(1), Fraction(10)):
            # The pieces as they are, without their signs: sums of cosines have no end of those.
            pieces = [Region(half.lower, half.upper, 1, half.formula, "") for half in even if half.formula != ZERO]
            integral = response_ball(pieces, scale, bits=160, width=1e-28)
            assert abs(form.value(scale) - integral) < 1e-25 * max(1.0, abs(float(integral))), name
    assert entries >= 60
    assert len(known) >= 25


@pytest.mark.parametrize(
    ("surrogate", "text"),
    [(relu(), "(1/2)"), (clipped_relu(), "-(1/2) + Φ(1/x)"), (CASES[5], "exp(2x²)·Φ̄(2x)")],
)
def test_closed_forms_read_like_the_literature(surrogate: Surrogate, text: str) -> None:
    """Would have caught a formula nobody can read: G8 says Φ(1/x) − ½."""
    assert str(closed_form(halves(surrogate))) == text


def test_no_closed_form_is_invented() -> None:
    """Would have caught a formula printed for what the rules do not cover."""
    assert closed_form(halves(from_formulas("sech", ("1/cosh(x)^2",)))) is None


def test_sums_of_cosines() -> None:
    """Would have caught a frequency or a coefficient lost: E cos(3xξ)/3 = e^{−9x²/2}/3."""
    found = cosines(halves(from_formulas("waves", ("cos(x) + cos(3*x)/3",))))
    assert found is not None
    assert float(found.value(Fraction(1, 2))) == pytest.approx(
        2.718281828459045**-0.125 + 2.718281828459045**-1.125 / 3
    )
