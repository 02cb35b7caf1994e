"""SymPy trees in balls: every node against mpmath, and refusal of everything else."""

from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from flint import acb, arb

from ste_theory.rigorous.balls import precision, radius
from ste_theory.rigorous.translate import CannotTranslate, real_value, settled, translate

x, y = sp.Symbol("x", real=True), sp.Symbol("y", positive=True)
v = sp.IndexedBase("v", real=True)
AT = {x: sp.Rational(-3, 7), y: sp.Rational(11, 5)}


class bell(sp.Function):
    """A named function with a definition, like φ."""

    nargs = 1

    def definition(self) -> sp.Expr:
        return sp.exp(-(self.args[0] ** 2))


class Nameless(sp.Function):
    """A named function without a definition."""


EXPRESSIONS = (
    x**2 - 3 * x + sp.Rational(1, 3),
    y**-3,
    sp.sqrt(y) * sp.pi + sp.E,
    y ** sp.Rational(-5, 2),
    y ** sp.Rational(1, 3),
    y**x,
    sp.exp(-(x**2) / 2) * sp.erf(x / sp.sqrt(2)),
    sp.erfc(y) + sp.log(y),
    sp.sin(x) * sp.cos(y) + sp.tan(x) - sp.cot(y) + sp.sec(x) * sp.csc(y),
    sp.acos(x) + sp.asin(x) * sp.atan(y),
    sp.tanh(x) / sp.cosh(y),
    sp.gamma(y),
    sp.Abs(x) + sp.Abs(y - 3),
    sp.Max(x, y, 1) - sp.Min(x, y, -2),
    sp.Piecewise((x, y < 1), (x**2, sp.And(y > 2, x < 0)), (sp.pi, True)),
    sp.Piecewise((1, sp.Or(x >= 0, sp.Not(y <= 3))), (sp.log(y), sp.Ne(x, 0))),
)


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=sp.sstr)
def test_each_node_agrees_with_sympy_and_mpmath(expression: sp.Expr) -> None:
    """To 40 digits. Would have caught a function under the wrong name, a power rule, or a comparison turned round."""
    value = real_value(expression, AT)
    expected = sp.N(expression.subs(AT), 45)
    with mpmath.workdps(50), precision(200):
        assert abs(value - arb(str(expected))) < arb(10) ** -40
    assert radius(value) < 1e-45


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=sp.sstr)
def test_what_is_settled_beforehand_changes_no_ball(expression: sp.Expr) -> None:
    """Would have caught: a part taken for free of the variable that is not, or settled at another precision."""
    with precision(100):
        fixed = {y: acb(arb("2.2"))}  # narrow, so that fewer bits show
        known = settled(expression, x, fixed)
        for place in (acb(arb("-0.43", "0.01")), acb(arb("0.3", "1e-20"), arb("0.1"))):
            for analytic in (False, True):
                try:
                    expected = translate(expression, {**fixed, x: place}, analytic=analytic)
                except CannotTranslate:
                    continue
                found = translate(expression, {**known, x: place}, analytic=analytic)
                assert (str(found.real), str(found.imag)) == (str(expected.real), str(expected.imag))


@pytest.mark.parametrize("expression", EXPRESSIONS[:12], ids=sp.sstr)
def test_a_box_contains_the_values_at_its_points(expression: sp.Expr) -> None:
    """Inclusion for wide balls. Would have caught evaluating a box at its midpoint, which proves nothing on the box."""
    with precision(100):
        box = translate(expression, {x: acb(arb("-0.4", "0.2")), y: acb(arb("2.2", "0.2"))}).real
        for left in ("-0.59", "-0.4", "-0.21"):
            for right in ("2.01", "2.2", "2.39"):
                point = translate(expression, {x: acb(arb(left)), y: acb(arb(right))}).real
                assert box.overlaps(point)
        assert radius(box) > 1e-3


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        (sp.Float("0.5") * x, "Float"),
        (sp.Symbol("z"), "Symbol z"),
        (v[1], "v"),
        (Nameless(x), "Nameless"),
        (sp.Heaviside(x), "Heaviside"),
        (sp.Integral(sp.exp(-(x**2)), (x, 0, y)), "Integral"),
        (sp.oo, "Infinity"),
        (sp.zoo, "ComplexInfinity"),
        (sp.nan, "NaN"),
        (sp.I, "ImaginaryUnit"),
    ],
    ids=str,
)
def test_what_has_no_meaning_in_balls_is_refused_by_name(expression: sp.Expr, named: str) -> None:
    """Would have caught a float inside a derivation, Heaviside(0) = ½ for σ(0), a symbol without a value."""
    with pytest.raises(CannotTranslate, match=named):
        translate(expression, {x: acb(1), y: acb(2)} if v not in expression.atoms() else {})


def test_a_named_function_is_its_definition() -> None:
    """Would have caught φ or Φ refused, or read by name as something else."""
    with precision(120):
        found = translate(bell(x), {x: acb(2)}).real
        assert found.overlaps(arb(-4).exp())


def test_values_may_stand_for_any_node() -> None:
    """v[1], or a whole expectation. Would have caught descending into a node that has a value."""
    with precision(120):
        assert translate(v[1] + Nameless(x), {v[1]: acb(3), Nameless(x): acb(4)}).real == 7


@pytest.mark.parametrize(
    "expression", [sp.sqrt(x), sp.log(x), x ** sp.Rational(1, 3), sp.acos(x), sp.asin(x)], ids=sp.sstr
)
def test_outside_its_domain_a_function_is_not_finite(expression: sp.Expr) -> None:
    """At −2. Would have caught a stated formula √(−2) that 'agrees' with a quantity that is 0."""
    assert not real_value(expression, {x: sp.Integer(-2)}).is_finite()
    assert not translate(expression, {x: acb(-2)}).is_finite()


@pytest.mark.parametrize("expression", [1 / x, sp.log(x), x**-2, sp.cot(x)], ids=sp.sstr)
def test_at_a_pole_it_is_not_finite(expression: sp.Expr) -> None:
    """Would have caught a large number in place of none."""
    assert not real_value(expression, {x: sp.Integer(0)}).is_finite()


@pytest.mark.parametrize("expression", [sp.sqrt(x), sp.log(x), sp.Abs(x), sp.Max(x, 0)], ids=sp.sstr)
def test_not_analytic_across_a_kink_or_cut(expression: sp.Expr) -> None:
    """Would have caught an integral across the kink of |x| taken as analytic."""
    across = acb(arb(0, 1), arb(0, 1))
    assert not translate(expression, {x: across}, analytic=True).is_finite()
    assert translate(expression, {x: across + 4}, analytic=True).is_finite()


def test_an_undecided_condition_is_refused() -> None:
    """Would have caught the first branch taken on a box that meets both."""
    expression = sp.Piecewise((0, x < 0), (1, True))
    with pytest.raises(CannotTranslate, match="not decide"):
        translate(expression, {x: acb(arb(0, 1))})
    assert translate(expression, {x: acb(0)}).real == 1
    with pytest.raises(CannotTranslate, match="no branch"):
        translate(sp.Piecewise((0, x < 0)), {x: acb(1)})


def test_precision_is_the_callers_and_restored() -> None:
    """Would have caught 53 bits for a value asked at 400."""
    fine = real_value(sp.pi, {}, bits=400)
    assert radius(fine) < 1e-115
    with precision(400):
        assert fine.overlaps(arb.pi())
    assert Fraction(str(sp.N(sp.pi, 20))) != fine
