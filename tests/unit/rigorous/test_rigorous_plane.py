"""The plane definition in balls against mpmath's quadrature of the same words, and against closed forms."""

import itertools
from collections.abc import Callable
from fractions import Fraction as F
from functools import cache
from typing import Any

import mpmath
import pytest
from flint import arb
from mpmath import mp

from ste_theory.model.errors import UndefinedQuantity
from ste_theory.model.expressions import Algebra, fold
from ste_theory.model.problem import PlanePoint, Problem, Straight
from ste_theory.model.quantizers import Staircase, binary, sign, staircase, ternary, uniform_relu
from ste_theory.model.surrogates import Surrogate, clipped_relu, from_formulas, identity, relu
from ste_theory.rigorous.balls import Truth, ball, is_zero, precision, radius, to_text
from ste_theory.rigorous.integrate import NotEnclosed
from ste_theory.rigorous.plane import Plane

POINTS = (
    PlanePoint(F(3, 2), F(5, 4), F(1), (F(1), F(-1, 2)), (F(2), F(3, 4))),
    PlanePoint(F(1, 2), F(1), F(27, 10), (F(1),), (F(1),)),
    PlanePoint(F(4), F(2, 3), F(1, 10), (F(1), F(1), F(-2)), (F(0), F(3), F(1, 7))),
)
SWISH = from_formulas("swish", ("2*(2 - 2*x*tanh(x))/(1 + cosh(2*x))",))
BUMP = from_formulas("bump", ("0", "1 - x^2", "exp(-x)*(x - 2)"), (-1, 1))
PROBLEMS = (
    Problem(binary(), clipped_relu()),
    Problem(sign(), SWISH),
    Problem(ternary("1/3"), BUMP),
    Problem(uniform_relu(2), identity()),
    Problem(staircase(["-1/2", "1/3", 2], [1, "1/2", 3], -1), clipped_relu(3)),
)


def mp_number(value: F) -> Any:
    """An exact rational in mpmath."""
    return mp.mpf(value.numerator) / value.denominator


MPMATH: Algebra[Any] = Algebra(
    number=mp_number,
    operators={
        "+": lambda x, y: x + y,
        "-": lambda x, y: x - y,
        "*": lambda x, y: x * y,
        "/": lambda x, y: x / y,
        "^": lambda x, y: x**y,
    },
    functions={name: getattr(mp, name) for name in ("exp", "tanh", "cosh")},
    pi=mp.pi,
)


def sigma(quantizer: Staircase, x: Any) -> Any:
    """σ(x), summed step by step."""
    steps = zip(quantizer.thresholds, quantizer.heights, strict=True)
    return mp_number(quantizer.offset) + sum(mp_number(d) for t, d in steps if x > mp_number(t))


def mu_prime(surrogate: Surrogate, x: Any) -> Any:
    """μ′(x) by the first piece that reaches beyond x."""
    for piece in surrogate.pieces:
        if piece.upper is None or x < mp_number(piece.upper):
            return fold(piece.formula, MPMATH, {"x": x})
    raise AssertionError


class Reference:
    """The moments by mpmath's quadrature to about 20 digits, split at every breakpoint; no code shared."""

    def __init__(self, problem: Problem, point: PlanePoint) -> None:
        assert not isinstance(point.theta, Straight)
        self.problem, self.rho, self.rho_star = problem, mp_number(point.rho), mp_number(point.rho_star)
        self.c, self.s = mp.cos(mp_number(point.theta)), mp.sin(mp_number(point.theta))
        # Most moments are integrals over the same nodes.
        self.student, self.backward = cache(self._student), cache(self._backward)
        self.teacher, self.teacher_b, self.density = cache(self._teacher), cache(self._teacher_b), cache(mp.npdf)

    def mean(self, h: Callable[[Any], Any], scale: Any) -> Any:
        quantizer, surrogate = self.problem.quantizer, self.problem.surrogate
        breaks = {mp_number(t) / scale for t in (*quantizer.thresholds, *surrogate.breakpoints, F(0))}
        ends = sorted({x for x in breaks if abs(x) < 12} | {mp.mpf(x) for x in (-12, -6, -3, -1, 1, 3, 6, 12)})
        return mp.quad(lambda a: h(a) * self.density(a), ends)

    def _student(self, a: Any) -> Any:
        return sigma(self.problem.quantizer, self.rho * a)

    def _backward(self, a: Any) -> Any:
        return mu_prime(self.problem.surrogate, self.rho * a)

    def _teacher(self, a: Any) -> Any:
        """E over b of σ(ρ*(ca + sb))."""
        quantizer = self.problem.quantizer
        total = mp_number(quantizer.offset)
        for t, d in zip(quantizer.thresholds, quantizer.heights, strict=True):
            total += mp_number(d) * mp.ncdf((self.c * a - mp_number(t) / self.rho_star) / self.s)
        return total

    def _teacher_b(self, a: Any) -> Any:
        """E over b of bσ(ρ*(ca + sb))."""
        quantizer = self.problem.quantizer
        steps = zip(quantizer.thresholds, quantizer.heights, strict=True)
        return sum(mp_number(d) * mp.npdf((mp_number(t) / self.rho_star - self.c * a) / self.s) for t, d in steps)

    def moment(self, name: str) -> Any:
        quantizer, surrogate, rho = self.problem.quantizer, self.problem.surrogate, self.rho
        star, small = self.rho_star, self.rho * self.s
        return {
            "s1": lambda: self.mean(self.student, rho),
            "s2": lambda: self.mean(lambda a: self.student(a) ** 2, rho),
            "s1_star": lambda: self.mean(lambda a: sigma(quantizer, star * a), star),
            "s2_star": lambda: self.mean(lambda a: sigma(quantizer, star * a) ** 2, star),
            "kappa": lambda: self.mean(lambda a: self.student(a) * self.teacher(a), rho),
            "a0": lambda: self.mean(lambda a: a * self.backward(a), rho),
            "a1": lambda: self.mean(lambda a: a * self.backward(a) * self.student(a), rho),
            "b_parallel": lambda: self.mean(lambda a: a * self.backward(a) * self.teacher(a), rho),
            "b_perpendicular": lambda: self.mean(lambda a: self.backward(a) * self.teacher_b(a), rho),
            "m_minus": lambda: self.mean(lambda a: a * self.backward(a) * (a < 0), rho),
            "response": lambda: self.mean(lambda x: mu_prime(surrogate, small * x), small),
        }[name]()


NAMES = ("s1", "s2", "s1_star", "s2_star", "kappa", "a0", "a1", "b_parallel", "b_perpendicular", "m_minus", "response")
# Each problem at one point and each point with one problem; full products would only repeat the same code.
CASES = [(PROBLEMS[k], POINTS[k % 3]) for k in range(len(PROBLEMS))]


@pytest.mark.parametrize(("problem", "point"), CASES, ids=lambda x: x.surrogate.name if isinstance(x, Problem) else "")
def test_every_moment_agrees_with_independent_quadrature(problem: Problem, point: PlanePoint) -> None:
    """To 18 digits, for every moment. Would have caught a wrong breakpoint, scale, sign or half-line moment."""
    plane = Plane(problem, point)
    with mp.workdps(24):
        reference = Reference(problem, point)
    for name in NAMES:
        value = plane.moment(name)
        assert radius(value) < 1e-30
        with mp.workdps(24):
            expected = reference.moment(name)
            assert abs(mpmath.mpf(value.mid().str(40, radius=False)) - expected) < mp.mpf(10) ** -18, name


def test_the_half_line_moments_against_a_double_integral() -> None:
    """E[bμ′(ρa)σ(ρ*(ca+sb))] by quadrature over both coordinates: nothing in closed form, not even over b.

    Would have caught E b·1{b > t} = Φ(−t) for φ(t). Sees errors above 1e-9.
    """
    problem, point = PROBLEMS[4], POINTS[0]
    reference = Reference(problem, point)
    thresholds = [mp_number(t) / reference.rho_star for t in problem.quantizer.thresholds]

    def inner(a: Any) -> Any:
        jumps = [(t - reference.c * a) / reference.s for t in thresholds]
        ends = [mp.mpf(-9), *(t for t in jumps if -9 < t < 9), mp.mpf(9)]
        total = mp.mpf(0)
        for left, right in itertools.pairwise(ends):
            level = sigma(problem.quantizer, reference.rho_star * (reference.c * a + reference.s * (left + right) / 2))
            total += level * mp.quad(lambda b: b * mp.npdf(b), [left, right], maxdegree=4)
        return total

    with mp.workdps(15):
        ends = [mp.mpf(0), mp.mpf(1), mp.mpf(2)]  # μ′ = 1 on 0 < ρa < 3
        expected = mp.quad(lambda a: inner(a) * mp.npdf(a), ends, maxdegree=4)
        found = mpmath.mpf(Plane(problem, point).moment("b_perpendicular").str(20, radius=False))
        assert abs(found - expected) < 1e-9


def density(x: arb) -> arb:
    return (-(x * x) / 2).exp() / (2 * arb.pi()).sqrt()


def distribution(x: arb) -> arb:
    return (-x / arb(2).sqrt()).erfc() / 2


def binary_closed_forms(point: PlanePoint) -> dict[tuple[str, str], arb]:
    """(surrogate, moment) ↦ the known value for σ = 1{x > 0}."""
    assert not isinstance(point.theta, Straight)
    angle, rho = ball(point.theta), ball(point.rho)
    c, s = angle.cos(), angle.sin()
    peak, kappa = 1 / (2 * arb.pi()).sqrt(), (arb.pi() - angle) / (2 * arb.pi())
    edge, reach = density(1 / rho), distribution(1 / (rho * s)) - arb(1) / 2
    return {
        ("identity", "kappa"): kappa,
        ("identity", "a0"): arb(0),
        ("identity", "a1"): peak,
        ("identity", "b_parallel"): c * peak,
        ("identity", "b_perpendicular"): s * peak,
        ("identity", "m_minus"): -peak,
        ("identity", "response"): arb(1),
        ("relu", "a0"): peak,
        ("relu", "b_parallel"): (1 + c) / 2 * peak,
        ("relu", "b_perpendicular"): s / 2 * peak,
        ("relu", "m_minus"): arb(0),
        ("relu", "response"): arb(1) / 2,
        ("clipped_relu", "a0"): peak - edge,
        ("clipped_relu", "a1"): peak - edge,
        ("clipped_relu", "response"): reach,
        ("clipped_relu", "b_parallel"): peak / 2 - edge * distribution(c / (s * rho)) + c * peak * reach,
        ("clipped_relu", "b_perpendicular"): s * peak * reach,
    }


@pytest.mark.parametrize("point", POINTS, ids=["1", "2.7", "0.1"])
@pytest.mark.parametrize("surrogate", [identity(), relu(), clipped_relu()], ids=lambda x: x.name)
def test_closed_forms_are_inside_and_their_neighbours_are_not(surrogate: Surrogate, point: PlanePoint) -> None:
    """Contained with radius < 1e-30; off by a relative 1e-20 is a certified counterexample.

    Would have caught a definition that is right to float accuracy only.
    """
    plane = Plane(Problem(binary(), surrogate), point)
    with precision(240):
        for (name, moment), exact in binary_closed_forms(point).items():
            if name != surrogate.name:
                continue
            value = plane.moment(moment)
            assert value.overlaps(exact), moment
            assert radius(value) < 1e-30
            if is_zero(exact) is Truth.NO:
                assert is_zero(value - exact * (1 + arb(10) ** -20)) is Truth.NO, moment


def test_the_teacher_mean_at_an_opposite_teacher() -> None:
    """θ = π: κ = P(|a| < 1/ρ) for σ = 1{x > −1} and ρ = ρ*.

    Would have caught a teacher that switches at ρt/ρ*, not −ρt/ρ*.
    """
    point = PlanePoint(F(3, 2), F(3, 2), Straight.PI, (F(1),), (F(1),))
    value = Plane(Problem(staircase([-1], [1]), identity()), point).moment("kappa")
    with precision(240):
        assert value.overlaps(1 - 2 * distribution(arb(-2) / 3))


@pytest.mark.parametrize("name", ["kappa_rho", "kappa_theta"])
def test_derivatives_at_an_opposite_teacher_are_not_enclosed(name: str) -> None:
    """There the teacher's mean jumps. Would have caught its value in place of its derivative."""
    point = PlanePoint(F(3, 2), F(1), Straight.PI, (F(1),), (F(1),))
    with pytest.raises(NotEnclosed, match="jumps"):
        Plane(PROBLEMS[0], point).moment(name)


@pytest.mark.parametrize("name", ["b_perpendicular", "response"])
def test_what_does_not_exist_at_an_opposite_teacher_says_so(name: str) -> None:
    """Would have caught 0 for a quantity along a û that does not exist."""
    with pytest.raises(UndefinedQuantity):
        Plane(PROBLEMS[0], PlanePoint(F(1), F(1), Straight.PI, (F(1),), (F(1),))).moment(name)


def test_a_clip_beyond_the_reach() -> None:
    """Clip 6 at ρ = 1/4 puts a breakpoint at a = 24. Would have caught refusing it, or dropping the piece around it."""
    point = PlanePoint(F(1, 4), F(1), F(1), (F(1),), (F(1),))
    value = Plane(Problem(binary(), clipped_relu(6)), point).moment("a0")
    with precision(240):
        assert value.overlaps(density(arb(0)) - density(arb(24)))


def test_a_surrogate_that_is_not_real_is_not_enclosed() -> None:
    """√(x − 3) on (0, 2) is NaN in floats. Would have caught the mean 0 = Re of an imaginary mean."""
    surrogate = from_formulas("imaginary", ("0", "sqrt(x - 3)", "0"), (0, 2))
    with pytest.raises(NotEnclosed):
        Plane(Problem(binary(), surrogate), POINTS[0]).moment("a0")


def test_an_end_singularity_is_enclosed() -> None:
    """E √(1 − ξ²)·1{|ξ| < 1} for ρ sinθ ≈ 1: the integrand is not differentiable at its ends.

    Would have caught a breakpoint that is cut short by rounding. Reference: I₀, I₁ Bessel functions.
    """
    half_circle = from_formulas("half circle", ("0", "sqrt(1 - x^2)", "0"), (-1, 1))
    plane = Plane(Problem(binary(), half_circle), PlanePoint(F(3, 2), F(1), F(1), (F(1),), (F(1),)))
    value = plane.moment("response")
    with precision(200):
        # ∫₋₁¹ √(1−x²) e^{−x²/(2r²)} dx = (π/2) e^{−z}(I₀(z) + I₁(z)), z = 1/(4r²)
        r = arb(3) / 2 * arb(1).sin()
        z = 1 / (4 * r * r)
        exact = arb.pi() / 2 * (-z).exp() * (z.bessel_i(0) + z.bessel_i(1)) / (r * (2 * arb.pi()).sqrt())
        assert value.overlaps(exact)


def test_moments_are_computed_once_and_repeat_exactly() -> None:
    """Would have caught a cache under the wrong name, and a result that depends on the order of questions."""
    first, second = Plane(PROBLEMS[2], POINTS[1]), Plane(PROBLEMS[2], POINTS[1])
    forward = {name: to_text(first.moment(name)) for name in NAMES}
    backward = {name: to_text(second.moment(name)) for name in reversed(NAMES)}
    assert forward == backward
    assert len(set(forward.values())) >= len(NAMES) - 1
