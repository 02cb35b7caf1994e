"""The quantities of the model: closed forms of the binary activation and of staircases, derivatives, exact zeros."""

from dataclasses import replace
from fractions import Fraction as F

import pytest
import sympy as sp
from flint import arb

from ste_theory.checks.enclosure import Comparison
from ste_theory.claims import registry
from ste_theory.claims.verdict import Level
from ste_theory.claims.witness import Context
from ste_theory.model.errors import UndefinedQuantity
from ste_theory.model.problem import PlanePoint, Problem, Straight
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import Staircase, binary, sign, staircase, ternary, uniform_relu
from ste_theory.model.surrogates import clipped_relu, identity, relu
from ste_theory.rigorous.balls import Truth, ball, is_zero, precision, radius
from ste_theory.rigorous.enclose import enclose
from ste_theory.rigorous.plane import Plane

POINTS = (
    PlanePoint(F(3, 2), F(5, 4), F(1), (F(1), F(-1, 2)), (F(2), F(3, 4))),
    PlanePoint(F(1, 2), F(1), F(27, 10), (F(1),), (F(1),)),
    PlanePoint(F(4), F(2, 3), F(3, 10), (F(1), F(1), F(-2)), (F(1, 9), F(3), F(1, 7))),
)
STAIRCASES = (
    binary(),
    sign(),
    ternary("1/3"),
    uniform_relu(2),
    staircase(["-1/2", "1/3", 2], [1, "1/2", 3], -1),
)


def angle(point: PlanePoint) -> arb:
    assert not isinstance(point.theta, Straight)
    return ball(point.theta)


def settle(value: arb, exact: arb) -> None:
    """Inside with radius < 1e-30, and 1e-20 beside it is excluded."""
    assert value.overlaps(exact)
    assert radius(value) < 1e-30
    assert is_zero(value - exact - (abs(exact) + arb(10) ** -5) * arb(10) ** -20) is Truth.NO


@pytest.mark.parametrize("point", POINTS, ids=["1", "2.7", "0.3"])
def test_binary_loss_and_gradients(point: PlanePoint) -> None:
    """The first paper's loss ⅛[…], ∂f/∂v and ∂f/∂θ = D/(2π).

    Would have caught a wrong combination of rows (V against S²).
    """
    plane, sums = Plane(Problem(binary(), identity()), point), point.scalars
    with precision(240):
        V, S, D, V_star, S_star = (ball(sums[name]) for name in ("V", "S", "D", "V_star", "S_star"))
        share = 1 - 2 * angle(point) / arb.pi()
        settle(enclose(Quantity.LOSS, plane), (V + S * S - 2 * (share * D + S * S_star) + V_star + S_star * S_star) / 8)
        for row, (x, x_star) in enumerate(zip(point.v, point.v_star, strict=True)):
            exact = (ball(x) + S - share * ball(x_star) - S_star) / 4
            settle(enclose(Quantity.V_GRADIENT, plane, row), exact)
        settle(enclose(Quantity.GRADIENT_TANGENTIAL, plane), -D / (2 * arb.pi() * ball(point.rho)))
        assert enclose(Quantity.GRADIENT_RADIAL, plane).contains(0)
        assert enclose(Quantity.COARSE_ORTHOGONAL, plane) == 0


@pytest.mark.parametrize("point", POINTS, ids=["1", "2.7", "0.3"])
def test_binary_coarse_gradients(point: PlanePoint) -> None:
    """Identity: (Vŵ − Dw*)/√(2π); ReLU: its closed form.

    Would have caught components along û and ŵ exchanged, or of wrong sign.
    """
    D, V = point.scalars["D"], point.scalars["V"]
    S, S_star = point.scalars["S"], point.scalars["S_star"]
    with precision(240):
        c, s, root = angle(point).cos(), angle(point).sin(), (2 * arb.pi()).sqrt()
        plane = Plane(Problem(binary(), identity()), point)
        settle(enclose(Quantity.COARSE_RADIAL, plane), (ball(V) - ball(D) * c) / root)
        settle(enclose(Quantity.COARSE_TANGENTIAL, plane), -ball(D) * s / root)
        settle(enclose(Quantity.CORRELATION, plane), ball(D * D) * s / (root * 2 * arb.pi() * ball(point.rho)))
        plane = Plane(Problem(binary(), relu()), point)
        h = ball(V + S * S - S * S_star + D)
        settle(enclose(Quantity.COARSE_RADIAL, plane), h / (2 * root) - ball(D) * (1 + c) / (2 * root))
        settle(enclose(Quantity.COARSE_TANGENTIAL, plane), -ball(D) * s / (2 * root))


def overlap_slope(quantizer: Staircase, point: PlanePoint) -> arb:
    """(1/2π) Σ_jk d_j d_k exp(−(α_j² − 2α_jτ_k c + τ_k²)/(2s²)): −∂κ/∂θ by Plackett's identity."""
    c, s = angle(point).cos(), angle(point).sin()
    steps = list(zip(quantizer.thresholds, quantizer.heights, strict=True))
    total = arb(0)
    for t, d in steps:
        for t_star, d_star in steps:
            alpha, tau = ball(t / point.rho), ball(t_star / point.rho_star)
            total += ball(d * d_star) * (-(alpha * alpha - 2 * alpha * tau * c + tau * tau) / (2 * s * s)).exp()
    return total / (2 * arb.pi())


@pytest.mark.parametrize("quantizer", STAIRCASES, ids=lambda q: q.name)
@pytest.mark.parametrize("point", POINTS[:2], ids=["1", "2.7"])
def test_the_angular_derivative_of_staircases(quantizer: Staircase, point: PlanePoint) -> None:
    """−(1/ρ)∂f/∂θ. Would have caught a wrong derivative of the teacher's mean, or its sign."""
    plane = Plane(Problem(quantizer, clipped_relu()), point)
    with precision(240):
        exact = -ball(point.scalars["D"]) * overlap_slope(quantizer, point) / ball(point.rho)
        settle(enclose(Quantity.GRADIENT_TANGENTIAL, plane), exact)


@pytest.mark.parametrize("quantizer", STAIRCASES, ids=lambda q: q.name)
@pytest.mark.parametrize("point", POINTS[:2], ids=["1", "2.7"])
def test_both_derivatives_are_limits_of_loss_differences(quantizer: Staircase, point: PlanePoint) -> None:
    """Central differences of the enclosed loss with step 1e-8: they agree to 1e-12, the order h².

    No closed form. Would have caught a derivative that forgets how the teacher's mean at fixed ρa depends on ρ.
    """
    step, problem = F(1, 10**8), Problem(quantizer, identity())
    assert not isinstance(point.theta, Straight)

    def loss(rho: F, theta: F) -> arb:
        moved = PlanePoint(rho, point.rho_star, theta, point.v, point.v_star)
        return enclose(Quantity.LOSS, Plane(problem, moved))

    plane = Plane(problem, point)
    with precision(240):
        radial = (loss(point.rho + step, point.theta) - loss(point.rho - step, point.theta)) / ball(2 * step)
        turning = (loss(point.rho, point.theta + step) - loss(point.rho, point.theta - step)) / ball(2 * step)
        assert abs(radial - enclose(Quantity.GRADIENT_RADIAL, plane)) < arb(10) ** -12
        tangential = -turning / ball(point.rho)
        assert abs(tangential - enclose(Quantity.GRADIENT_TANGENTIAL, plane)) < arb(10) ** -12


def test_a_negative_correlation_is_certified() -> None:
    """Identity on thresholds 0, 1, 2 at θ = 5°: −0.0435…. Would have caught a correlation without its radial part."""
    theta = F("0.08726646259971647")
    point = PlanePoint(F(4), F(3, 2), theta, (F(1), F(-1)), (F(2), F(-2)))
    value = enclose(Quantity.CORRELATION, Plane(Problem(staircase([0, 1, 2], [1, 1, 1]), identity()), point))
    assert value < 0
    assert abs(float(value.mid()) + 0.0435) < 5e-5


def test_the_gradient_in_w_does_not_exist_at_an_opposite_teacher() -> None:
    """Would have caught a number for a derivative at a kink."""
    point = PlanePoint(F(1), F(1), Straight.PI, (F(1),), (F(1),))
    plane = Plane(Problem(binary(), identity()), point)
    with pytest.raises(UndefinedQuantity):
        enclose(Quantity.GRADIENT_TANGENTIAL, plane)
    with pytest.raises(UndefinedQuantity):
        enclose(Quantity.CORRELATION, plane)


def test_every_quantity_is_enclosed() -> None:
    """Would have caught a quantity without a definition: its claims would be inconclusive for ever."""
    plane = Plane(Problem(uniform_relu(2), clipped_relu(3)), POINTS[0])
    for quantity in Quantity:
        assert radius(enclose(quantity, plane)) < 1e-30, quantity


RETYPED = (Quantity.LOSS, Quantity.V_GRADIENT, Quantity.COARSE_RADIAL, Quantity.COARSE_TANGENTIAL)


@pytest.mark.parametrize("quantity", RETYPED)
def test_the_formulas_of_this_file_are_those_of_the_plane_reduction(quantity: Quantity) -> None:
    """The claim's own formula, its expectations integrated as they stand, against ``enclose``.

    Would have caught a combination of rows that is typed here and nowhere derived.
    """
    claim, context = registry.claims()["general.plane-reduction"], Context(Level.STANDARD, 11)
    equations = [equation for equation in claim.statement.equations if equation.quantity is quantity]
    for problem in (claim.problems[1], claim.problems[-1]):
        for equation in equations:
            residual = Comparison(equation, problem, 0, False).at(POINTS[0], context)
            truth, width = residual.examine()
            assert truth is not Truth.NO
            assert width < 1e-30
            wrong = replace(equation, formula=equation.formula * (1 + sp.Rational(1, 10**20)))
            assert Comparison(wrong, problem, 0, False).at(POINTS[0], context).examine()[0] is Truth.NO
