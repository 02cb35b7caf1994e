"""What the certificate says is what was meant: the text, and the substitutions, against SymPy's own reading."""

import pytest
import sympy as sp
from flint import arb
from sympy import Abs, Rational, atan, cos, erf, exp, log, oo, pi, sin, sqrt

from ste_theory.checker.exact import ball
from ste_theory.checker.expression import Program, parse
from ste_theory.checker.jets import Jets
from ste_theory.rigorous.balls import precision
from ste_theory.rigorous.bounds import Surface
from ste_theory.rigorous.inequality import Inequality, Variable
from ste_theory.rigorous.language import core, text
from ste_theory.rigorous.substitution import atan_ratio, cases, erf_ratio, exp_ratio
from ste_theory.rigorous.translate import CannotTranslate, real_value

x, y = sp.symbols("x y", real=True)
MEANING = {
    exp_ratio: lambda p, q: exp(-p / q),
    erf_ratio: lambda p, q: erf(p / q),
    atan_ratio: lambda p, q: atan(p / q),
}
AT = {x: Rational(3, 7), y: Rational(5, 11)}

EXPRESSIONS = [
    x - y - 1,
    -(x - y) / 3,
    Rational(-2, 3) * x**2 / y**3 + 4,
    (x + y) ** -2 * (1 - x) ** 3,
    -(x**2),
    (-x) ** 2 / (-2 * y),
    sqrt(x) * sqrt(x + y) ** 3 / sqrt(y),
    sin(pi * x) + cos(pi * x / 2 + pi / 3) * sin(x),
    atan(x) - exp(-x * y) + log(1 + x) * erf(y),
    Abs(x - y) * x ** Rational(1, 3),
    sp.tan(x) + sp.tanh(y) + sp.erfc(x) + sp.E**2,
    exp_ratio(x, y) - erf_ratio(y, x) * atan_ratio(-x, y),
    x - (y - (x - 1)) / (x / (y / 2)),
]


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_the_text_means_the_expression(expression: sp.Expr) -> None:
    """Would have caught a lost bracket or sign: the certificate would prove another statement."""
    program = Program(("x", "y"))
    root = parse(text(core(expression)), program)
    plain = expression
    for function, meaning in MEANING.items():
        plain = plain.replace(function, meaning)
    with precision(128):
        expected = real_value(plain, AT, bits=128)
        found = ball(
            Jets(program, (arb.pi().sqrt(), arb(0), arb(0))).of(root, [[real_value(v, {})] for v in AT.values()], 1)[0]
        )
        searched = Surface(core(expression), (x, y))
        assert expected.rel_accuracy_bits() > 100
        assert (found - expected).contains(0)
        assert found.rel_accuracy_bits() > 100
        point = [arb(3) / 7, arb(5) / 11]
        assert searched._evaluate(point).overlaps(expected)


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
@pytest.mark.parametrize("axis", [0, 1])
def test_both_arithmetics_find_the_derivatives(expression: sp.Expr, axis: int) -> None:
    """Would have caught a wrong recurrence in the checker, or a series that python-flint means otherwise."""
    program = Program(("x", "y"))
    root = parse(text(core(expression)), program)
    with precision(200):
        plain = expression.replace(Abs, lambda u: -u)  # x < y here
        for function, meaning in MEANING.items():
            plain = plain.replace(function, meaning)
        jets = Jets(program, (arb.pi().sqrt(), arb(0), arb(0)))
        point = [arb(3) / 7, arb(5) / 11]
        variables = [[value] for value in point]
        variables[axis].append(arb(1))
        checked = [ball(c) for c in jets.of(root, variables, 5)]  # type: ignore[arg-type]
        searched = Surface(core(expression), (x, y))._series(point, axis, 5)
        for order in range(5):
            derivative = sp.diff(plain, (x, y)[axis], order) / sp.factorial(order)
            expected = real_value(derivative.xreplace(AT).doit(), {}, bits=200)
            for found in (checked[order], searched[order]):
                assert (found - expected).contains(0), (order, found, expected)
                assert found.rad() < 1e-30


@pytest.mark.parametrize(
    ("expression", "lower", "upper"),
    [
        (x**2 - x + 1, -oo, oo),
        (sqrt(1 + x**2) - x, 0, oo),
        (x * exp(-x) + 1, -1, oo),
        (erf(x) + atan(x), -oo, 2),
        (sin(x) + x, 0, pi / 3),
        (x + cos(x), 1, pi),
        (1 / (1 + x**2) + 1 / x, 1, oo),
    ],
    ids=str,
)
def test_a_substitution_keeps_the_sign_and_reaches_every_point(
    expression: sp.Expr, lower: sp.Expr, upper: sp.Expr
) -> None:
    """Would have caught a factor that changes sign, or a piece of the range that is left out."""
    variable = Variable(x, lower, upper)
    pieces = [case for case in cases(Inequality(expression, (variable,))) if case.original]
    reached = 0
    for value in (-50, -1, Rational(-1, 3), 0, Rational(1, 2), 1, Rational(3, 2), 2, 40):
        if not bool(
            variable.lower <= value <= variable.upper if value == 0 else variable.lower < value < variable.upper
        ):
            continue
        for case in pieces:
            (part,) = case.ranges
            for t in sp.solve(part.meaning - value, part.symbol):
                if bool(part.lower <= t) and bool(t <= part.upper):
                    plain = case.expression.xreplace({part.symbol: t})
                    for function, meaning in MEANING.items():
                        plain = plain.replace(function, meaning)
                    new, old = real_value(plain, {}), real_value(expression, {x: sp.sympify(value)})
                    assert (new > 0) == (old > 0)
                    assert (new < 0) == (old < 0)
                    reached += 1
                    break
            else:
                continue
            break
        else:
            raise AssertionError(f"x = {value} is in no piece")
    assert reached > 0


def test_what_has_no_word_is_refused_by_name() -> None:
    """Would have caught a function written into a certificate that no checker reads."""
    with pytest.raises(CannotTranslate, match="gamma"):
        text(sp.gamma(x))
