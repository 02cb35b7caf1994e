"""The proof search: what is true is proved with a valid certificate, what is false never is."""

from fractions import Fraction

import pytest
import sympy as sp
from flint import ctx
from hypothesis import given
from hypothesis import strategies as st
from sympy import Abs, Rational, atan, cos, erf, exp, log, oo, pi, sin, sqrt, tanh

from ste_theory.checker import check
from ste_theory.model.errors import InvalidInput
from ste_theory.rigorous.inequality import Inequality, Variable
from ste_theory.rigorous.prove import Proved, Refuted, Undecided, prove
from ste_theory.rigorous.translate import real_value

x, y, z, theta = sp.symbols("x y z theta", real=True)
SLACK = 1 - 2 / pi
PSI = 1 - 2 * theta / pi - cos(theta)
HALF_TURN = (Variable(theta, 0, pi),)
UNIT, BOTH, LINE, RAY = ((Variable(x, *ends),) for ends in ((0, 1), (-1, 1), (-oo, oo), (0, oo)))
SQUARE = (Variable(x, 0, 1), Variable(y, 0, 1))
FOURTH = 2 * SLACK**2 * cos(x) * (1 - cos(x)) - (SLACK * x - (x - sin(x))) ** 2

TRUE = {
    "ties at both ends and inside": Inequality(sin(theta) - sin(theta) ** 2 - 2 * PSI**2, HALF_TURN),
    "the same constant, sharp: a tie of fourth order": Inequality(
        sin(theta) - sin(theta) ** 2 - PSI**2 / (2 * SLACK**2), HALF_TURN
    ),
    "a tie of fourth order at an end": Inequality(FOURTH, (Variable(x, 0, pi / 2),)),
    "a tie that no halving meets": Inequality((3 * x - 1) ** 2 * (x + 1), UNIT),
    "almost a tie": Inequality(
        sin(theta) - sin(theta) ** 2 - PSI**2 * (1 - Rational(1, 10**6)) / (2 * SLACK**2), HALF_TURN
    ),
    "a line": Inequality(x**2 - x + Rational(26, 100), LINE, strict=True),
    "a ray with a tie": Inequality(x + 1 / x - 2, (Variable(x, Rational(1, 5), oo),)),
    "an angle at infinity": Inequality(pi / 2 * x - atan(x), RAY),
    "a root at infinity, strict": Inequality(sqrt(1 + x**2) - x, RAY, strict=True),
    "an exponential that tends to a tie": Inequality(
        1 - exp(-1 / (2 * x**2)), (Variable(x, Rational(1, 10), oo),), strict=True
    ),
    "an exponential that falls": Inequality(2 - exp(-(x**2) / 2), RAY, strict=True),
    "an error function that rises": Inequality(Rational(3, 2) - erf(x), LINE, strict=True),
    "a root that reaches 0": Inequality(2 - sqrt(1 - x**2), BOTH, strict=True),
    "a hypothesis": Inequality(x - y, SQUARE, strict=True, hypotheses=(x - y - Rational(1, 10),)),
    "a tie on a face": Inequality(x * (1 + y * cos(x)), (Variable(x, 0, pi / 2), Variable(y, Rational(-1, 2), 1))),
    "ties at two corners": Inequality(x * (1 - y) + y * (1 - x), SQUARE),
    "three variables": Inequality(
        3 + sin(x) * cos(y) - z**2 * x / 4, (Variable(x, 0, pi), Variable(y, 0, pi), Variable(z, -1, 1)), strict=True
    ),
    "four variables": Inequality(
        5 + x * y + z * theta, (*BOTH, Variable(y, -1, 1), Variable(z, -1, 1), *HALF_TURN), strict=True
    ),
    "a concave error function": Inequality(erf(x) - 2 / sqrt(pi) * x * exp(-(x**2)), (Variable(x, 0, 2),)),
    "a tie with √2 and √π": Inequality(erf(x / sqrt(2)) - sqrt(2 / pi) * x * exp(-(x**2) / 2), (Variable(x, 0, 3),)),
    "a tie with a constant of its own": Inequality(
        atan(x) - 3 * atan(Rational(1, 3)) * x, (Variable(x, 0, Rational(1, 3)),)
    ),
    "a logarithm": Inequality(x - 1 - log(x), (Variable(x, Rational(1, 10), 4),)),
    "a hyperbolic tangent": Inequality(x - tanh(x), (Variable(x, 0, 2),)),
    "an absolute value": Inequality(Abs(x) + 1 - x, BOTH, strict=True),
    "ends of two kinds": Inequality(2 - sin(x), (Variable(x, 1, pi),), strict=True),
}

FALSE = {
    "the sharp constant raised by a millionth": Inequality(
        sin(theta) - sin(theta) ** 2 - PSI**2 * (1 + Rational(1, 10**6)) / (2 * SLACK**2), HALF_TURN
    ),
    "and by less": Inequality(
        sin(theta) - sin(theta) ** 2 - PSI**2 * (1 + Rational(1, 10**12)) / (2 * SLACK**2), HALF_TURN
    ),
    "a tie of fourth order, lowered by a millionth": Inequality(
        FOURTH - Rational(2, 10**6) * SLACK**2 * cos(x) * (1 - cos(x)), (Variable(x, 0, pi / 16),)
    ),
    "negative near a third only": Inequality((x - Rational(1, 3)) ** 2 * (1 + x) - Rational(1, 10**9) * x, UNIT),
    "a strict inequality with a tie inside": Inequality((3 * x - 1) ** 2, UNIT, strict=True),
    "a strict inequality with a tie at an end": Inequality(sin(theta), HALF_TURN, strict=True),
    "false at the last point alone, strictly": Inequality(1 - x, UNIT, strict=True),
    "false far out": Inequality(1000 - x, RAY),
    "false on the other side": Inequality(x + 1000, LINE),
    "false at a corner": Inequality(3 + x * y * z, tuple(Variable(s, -2, 2) for s in (x, y, z))),
    "false where the hypothesis holds": Inequality(x - y, SQUARE, hypotheses=(y - x - Rational(1, 10),)),
    "false outside a pole": Inequality(1 / x, BOTH),
}

OPEN = {
    "an irrational tie": Inequality((x**2 - 2) ** 2, (Variable(x, 0, 2),)),
    "a tie at one point of the plane": Inequality(x**2 + y**2, (*BOTH, Variable(y, -1, 1))),
    "a pole at an end": Inequality(1 / x, UNIT),
    "a root of a negative number": Inequality(sqrt(x - Rational(1, 2)) + 1, UNIT),
    "an unknown function": Inequality(sp.gamma(x), (Variable(x, 1, 2),)),
}


@pytest.mark.parametrize("name", TRUE)
def test_what_is_true_is_proved_and_the_checker_agrees(name: str) -> None:
    """Would have caught a proof that stops short of an end, and a certificate that only its author understands."""
    found = prove(TRUE[name], max_boxes=3000)
    assert isinstance(found, Proved), found
    checked = check(found.certificate.to_json())
    assert checked.boxes == found.certificate.boxes
    assert checked.claim == str(TRUE[name])


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_is_refuted_at_a_point_of_its_domain(name: str) -> None:
    """Would have caught a "proved" for what fails on a tiny set, and a counterexample outside the domain."""
    statement = FALSE[name]
    found = prove(statement, max_boxes=3000)
    assert isinstance(found, Refuted), found
    value = real_value(statement.expression, found.point, bits=300)
    assert value < 0 or (statement.strict and value.contains(0))
    assert all(
        bool(v.lower <= found.point[v.symbol]) and bool(found.point[v.symbol] <= v.upper) for v in statement.variables
    )
    assert all(real_value(h, found.point) > 0 for h in statement.hypotheses)


@pytest.mark.parametrize("name", OPEN)
def test_what_is_left_is_said(name: str) -> None:
    """Would have caught a search that calls what it could not decide proved, or that does not end."""
    found = prove(OPEN[name], max_boxes=400)
    assert isinstance(found, Undecided)
    assert found.reason
    assert found.count >= len(found.left)


@given(
    tie=st.fractions(0, 1, max_denominator=12),
    order=st.sampled_from([1, 2, 3]),
    margin=st.sampled_from([Fraction(0), Fraction(1, 10**8), Fraction(-1, 10**8), Fraction(1, 2), Fraction(-1, 2)]),
    strict=st.booleans(),
)
def test_ties_anywhere_are_settled_as_they_are(tie: Fraction, order: int, margin: Fraction, strict: bool) -> None:
    """Would have caught a margin lost to rounding, or a tie met at an unlucky place."""
    p, raised = Rational(tie.numerator, tie.denominator), Rational(margin.numerator, margin.denominator)
    found = prove(Inequality((x - p) ** (2 * order) * (1 + x) + raised * exp(x), UNIT, strict=strict))
    true = margin > 0 or (margin == 0 and not strict)
    assert isinstance(found, Proved if true else Refuted), found
    if isinstance(found, Proved):
        check(found.certificate.to_json())


def test_counterexamples_are_simple_numbers() -> None:
    """Would have caught the raw dyadic number of a box, which nobody can check by hand."""
    found = prove(Inequality(x**2 - x + Rational(24, 100), UNIT))
    assert isinstance(found, Refuted)
    assert found.point == {x: Rational(1, 2)}
    assert found.margin.startswith("-0.01")
    angular = prove(Inequality(Rational(3, 10) - sin(theta) * cos(theta), HALF_TURN))
    assert isinstance(angular, Refuted)
    assert len(str(angular.point[theta])) <= 4


def test_few_boxes_are_not_a_proof() -> None:
    """Would have caught a limit that is reached and forgotten."""
    found = prove(TRUE["three variables"], max_boxes=3)
    assert isinstance(found, Undecided)
    assert found.count > 0
    assert "3 boxes" in found.reason


def test_the_search_is_deterministic_and_leaves_the_precision_alone() -> None:
    """Would have caught a certificate that depends on the run, and a precision that is not put back."""
    before = ctx.prec
    documents = [prove(TRUE["a hypothesis"]).certificate.to_json() for _ in range(2)]  # type: ignore[union-attr]
    assert documents[0] == documents[1]
    assert ctx.prec == before


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Variable(x, 1, 1), "empty"),
        (lambda: Variable(x, sqrt(2), 2), "rational"),
        (lambda: Inequality(x + y, UNIT), "no range is given for y"),
        (lambda: Inequality(x, UNIT + UNIT), "two ranges"),
        (lambda: Inequality(sp.S.One, ()), "1 to 4 variables"),
        (lambda: prove(TRUE["a line"], max_boxes=0), "max_boxes"),
        (lambda: prove(TRUE["a line"], bits=1), "bits"),
    ],
)
def test_wrong_questions_are_refused(make: object, message: str) -> None:
    """Would have caught a statement with a free symbol that is searched as if it were a number."""
    with pytest.raises(InvalidInput, match=message):
        make()  # type: ignore[operator]
