"""Enclosures on boxes of (ρ, ρ*, θ): they contain the quantity at every point of the box, and shrink with it."""

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction as F

import pytest
import sympy as sp
from flint import acb, arb

from ste_theory.checks import enclosure
from ste_theory.checks.points import drawn, plane_points, smallest
from ste_theory.checks.residual import BOX, Residual, narrowed
from ste_theory.claims import registry
from ste_theory.claims.verdict import Level, Outcome
from ste_theory.claims.witness import Context
from ste_theory.model.problem import PlanePoint, Problem, Straight
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary, uniform_relu
from ste_theory.model.surrogates import clipped_relu, from_formulas, identity, relu
from ste_theory.model.symbols import rho, theta
from ste_theory.rigorous.angular import clipped_integral
from ste_theory.rigorous.balls import ball, precision, radius
from ste_theory.rigorous.enclose import enclose
from ste_theory.rigorous.gaussian import Analytic, Bound, Piece, mean, upper_probability
from ste_theory.rigorous.integrate import NotEnclosed, Segment, integrate
from ste_theory.rigorous.plane import Plane
from ste_theory.rigorous.translate import CannotTranslate

CENTRE = PlanePoint(F(3, 2), F(5, 4), F(11, 10), (F(1), F(-1, 2)), (F(2), F(3, 4)))
WINDOW = from_formulas("window", ("0", "1 - x^2", "0"), (-1, 1))
PROBLEMS = {
    "binary, ReLU": Problem(binary(), relu()),
    "binary, window": Problem(binary(), WINDOW),
    "2 bits, clipped ReLU": Problem(uniform_relu(2), clipped_relu()),
}
MOMENTS = (
    *("s1", "s2", "s1_star", "s2_star", "kappa", "a0", "a1", "b_parallel", "b_perpendicular", "m_minus", "response"),
    *("s1_rho", "s2_rho", "kappa_theta", "kappa_rho"),
)


def boxed(problem: Problem, share: F) -> Plane:
    """The plane on the box around the centre."""
    return Plane(problem, CENTRE, width=100.0, bits=64, box=share)


def corners(share: F) -> list[PlanePoint]:
    """The eight corners of the box and a point inside."""
    ends = (1 - share, 1 + share)
    assert isinstance(CENTRE.theta, F)
    found = [
        replace(CENTRE, rho=CENTRE.rho * x, rho_star=CENTRE.rho_star * y, theta=CENTRE.theta * z)
        for x in ends
        for y in ends
        for z in ends
    ]
    return [*found, replace(CENTRE, rho=CENTRE.rho * (1 + share / 3), theta=CENTRE.theta * (1 - share / 7))]


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_box_contains_the_quantity_at_its_corners(name: str) -> None:
    """Would have caught a breakpoint that is integrated across, a density at the centre's ρ, a parameter not widened.

    With thresholds and clips at rational places of the pre-activation every breakpoint moves with ρ as a place of a.
    """
    share = F(1, 50)
    plane = boxed(PROBLEMS[name], share)
    for point in corners(share):
        exact = Plane(PROBLEMS[name], point, width=1e-12, bits=64)  # narrow beside a box of 2 %
        for moment in MOMENTS:
            assert plane.moment(moment).overlaps(exact.moment(moment)), (moment, point)


@pytest.mark.parametrize("name", PROBLEMS)
def test_half_a_box_is_half_as_wide(name: str) -> None:
    """Would have caught a width that does not come from the box: a wide tail, a piece that is covered by a bound."""
    problem = PROBLEMS[name]
    for moment in MOMENTS:
        whole, half = (radius(boxed(problem, share).moment(moment)) for share in (F(1, 10**4), F(1, 2 * 10**4)))
        assert abs(whole - 2 * half) <= 0.02 * whole + 2.0**-48, (moment, whole, half)


def test_a_box_knows_what_does_not_vary() -> None:
    """Would have caught widening ρ* where the teacher is normalized, or an exact θ = π."""
    problem = PROBLEMS["2 bits, clipped ReLU"]
    fixed = Plane(problem, CENTRE, width=1.0, bits=64, box=F(1, 100), unit_teacher=True)
    assert radius(fixed.moment("s1_star")) < 1e-15
    assert radius(boxed(problem, F(1, 100)).moment("s1_star")) > 1e-4
    straight = Plane(Problem(binary(), relu()), replace(CENTRE, theta=Straight.PI), width=1.0, bits=64, box=F(1, 100))
    assert straight.cosine() == -1
    assert radius(straight.moment("kappa")) < 0.05


def test_a_box_at_a_straight_angle_refuses_thresholds_that_move() -> None:
    """At θ = π the teacher switches at −ρt/ρ*: would have caught integrating across it with the centre's value."""
    plane = Plane(
        PROBLEMS["2 bits, clipped ReLU"], replace(CENTRE, theta=Straight.PI), width=1.0, bits=64, box=F(1, 99)
    )
    with pytest.raises(NotEnclosed, match="moves with"):
        plane.moment("kappa")


def test_a_segment_may_end_in_a_ball() -> None:
    """∫_L² x² with L in [0.9, 1.1]. Would have caught integrating from the middle of the end only."""
    with precision(64):
        found = integrate([Segment(lambda: (arb(1, 0.1), arb(2), lambda z, _: z * z))], bits=64, width=1.0)
        for end in (0.9, 1.0, 1.1):
            assert found.contains((8 - arb(end) ** 3) / 3)
        assert radius(found) < 0.6


def test_a_mean_over_an_interval_of_scales() -> None:
    """P(λa > 1) for all λ in [1.9, 2.1]: would have caught a cut at T instead of λT, and a density without its 1/λ."""

    def one() -> Analytic:
        return lambda z, _: acb(1)

    piece = Piece(lambda: arb(1), None, one, lambda side: Bound(arb(1), 0, arb(0)))
    found = mean([piece], bits=64, width=1.0, scale=lambda: arb(2, 0.1))
    for scale in (1.9, 2.0, 2.1):
        assert found.contains(upper_probability(acb(1 / arb(scale))).real)
    assert radius(found) < 0.2


@pytest.mark.parametrize("weight", ["cos", "sin"])
def test_the_angular_integrals_on_a_box(weight: str) -> None:
    """Would have caught a cut near π/2 that is right for the middle of ρ only."""
    kind: Callable[..., arb] = clipped_integral
    with precision(64):
        box = kind(weight, arb(1, 0.01), arb(1.5, 0.015), bits=64, width=1.0)
    for turn in (F(99, 100), F(1), F(101, 100)):
        for length in (F(297, 200), F(3, 2), F(303, 200)):
            with precision(160):
                assert box.overlaps(kind(weight, ball(turn), ball(length)))
    assert radius(box) < 0.1


WITNESS = enclosure.WITNESS
# One problem with each kind of moments, and several problems; with the derivatives of moments it takes longer.
CHEAP = (
    *("yin2019.loss", "yin2019.relu", "yin2019.clipped-relu", "general.stationarity"),
    pytest.param("general.population-gradient", marks=pytest.mark.slow),
)


@pytest.mark.parametrize("claim_id", CHEAP)
def test_the_witness_looks_at_boxes_above_the_quick_level(claim_id: str) -> None:
    """Would have caught boxes that are silently not done."""
    claim = registry.claims()[claim_id]
    result = WITNESS.examine(claim, Context(Level.STANDARD, 7))
    assert result.outcome is Outcome.PASS, result.detail
    assert "on 1 box of relative radius" in result.detail
    assert "of the quantity" in result.detail
    assert "no boxes" not in result.detail


def test_the_witness_refuses_a_formula_that_swings_on_a_box() -> None:
    """sin(10⁷(ρ − ρ₀)) vanishes at the points looked at: would have caught a box that only looks at its centre."""
    claim, context = registry.claims()["yin2019.identity-correlation"], Context(Level.STANDARD, 7)
    swing = sp.S.One
    for place in enclosure.places(claim, context):
        assert isinstance(place, PlanePoint)
        swing *= sp.sin(10**7 * (rho - sp.Rational(place.rho.numerator, place.rho.denominator)))
    wrong = replace(claim, statement=claim.statement.replacing(Quantity.CORRELATION, lambda f: f * (1 + 10**6 * swing)))
    result = WITNESS.examine(wrong, context)
    assert result.outcome is Outcome.INCONCLUSIVE
    assert "on a box" in result.detail


def test_a_box_that_excludes_zero_is_a_certified_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that is 0 at no point of the box: would have caught a box whose verdict nobody reads."""
    claim, context = registry.claims()["yin2019.loss"], Context(Level.STANDARD, 7)
    wrong = replace(claim, statement=claim.statement.replacing(Quantity.LOSS, lambda f: f + theta))
    monkeypatch.setitem(enclosure.POINTS, Level.STANDARD, 1)
    figures: list[object] = []
    result = WITNESS._boxes(wrong, context, figures)  # type: ignore[arg-type]
    assert not isinstance(result, str)
    assert (result.outcome, result.certified) == (Outcome.FAIL, True)
    assert "on a box" in result.detail


def balls(width: Callable[[F], float]) -> Callable[[F], Residual]:
    """Residuals around 0 of a given radius on each box."""
    return lambda box: Residual("f", "here", arb(0, width(box)), arb(0))


def test_a_box_becomes_smaller_until_the_ball_is_narrow_beside_the_quantity() -> None:
    """Would have caught a box that is kept although its ball is too wide, and one that is halved without need."""
    residual, box = narrowed(balls(lambda box: 50 * float(box)), 1e-3)
    assert residual.width() <= 1e-3
    assert BOX / 2**5 <= box <= BOX / 2**4
    _, kept = narrowed(balls(lambda box: 50 * float(box)), 1.0)
    assert kept == BOX / 2


@pytest.mark.parametrize("width", [1e-2, math.inf])
def test_a_width_that_no_box_makes_smaller_is_refused(width: float) -> None:
    """Would have caught an endless search, and a ball that is wide for another reason than the box."""
    with pytest.raises(NotEnclosed, match="radius"):
        narrowed(balls(lambda _: width), 1e-3)
    with pytest.raises(NotEnclosed, match="radius"):
        narrowed(balls(lambda box: 0.9e-3 + 1e-3 * float(box)), 1e-3)


def unsettled(monkeypatch: pytest.MonkeyPatch, surrogate: str) -> None:
    """No box of the problems with this surrogate can be enclosed."""
    on_box = enclosure.Comparison.on_box

    def refuse(self: enclosure.Comparison, place: PlanePoint, context: Context, box: F) -> Residual:
        if self.problem.surrogate.name == surrogate:
            raise CannotTranslate("a sign is not decided")
        return on_box(self, place, context, box)

    monkeypatch.setattr(enclosure.Comparison, "on_box", refuse)


def test_a_box_that_cannot_be_enclosed_settles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught "no boxes" as a pass, and a problem that hides a counterexample of the next one."""
    unsettled(monkeypatch, "relu")
    problems = (Problem(binary(), relu()), Problem(binary(), identity()))
    claim, context = replace(registry.claims()["general.stationarity"], problems=problems), Context(Level.STANDARD, 7)
    result = WITNESS.examine(claim, context)
    assert result.outcome is Outcome.INCONCLUSIVE
    assert "a sign is not decided" in result.detail
    wrong = replace(claim, statement=claim.statement.replacing(Quantity.COARSE_RADIAL, lambda f: 2 * f))
    found = WITNESS._boxes(wrong, context, [])
    assert not isinstance(found, str)
    assert (found.outcome, found.certified) == (Outcome.FAIL, True)
    assert "identity" in found.detail


def test_a_problem_without_boxes_is_named() -> None:
    """Thresholds that move at θ = π: would have caught their silence, and a claim that they make inconclusive."""
    problems = (Problem(uniform_relu(2), identity()), Problem(binary(), identity()))
    claim = replace(registry.claims()["general.stationarity"], problems=problems)
    found = WITNESS._boxes(claim, Context(Level.STANDARD, 7), [])
    assert isinstance(found, str)
    assert f"identity: {enclosure.NO_BOX}" in found
    assert "on 1 box of relative radius" in found


@pytest.mark.parametrize("quantity", [Quantity.LOSS, Quantity.COARSE_RADIAL, Quantity.GRADIENT_TANGENTIAL])
def test_composite_quantities_on_a_box_contain_their_points(quantity: Quantity) -> None:
    """Would have caught a quantity that divides by the centre's ρ."""
    share = F(1, 50)
    problem = Problem(binary(), identity())
    box = enclose(quantity, boxed(problem, share))
    for point in corners(share):
        assert box.overlaps(enclose(quantity, Plane(problem, point, width=1e-25, bits=120)))


def test_points_follow_from_the_seed_and_are_telling() -> None:
    """Would have caught points that every run shares, points that a second run does not find again, and a drawn point
    (or the simplest one) at which two quantities agree."""
    for claim_id in ("general.stationarity", "general.correlation", "yin2019.loss"):
        domain = registry.claims()[claim_id].domain
        one, again, other = (drawn(plane_points(domain), 6, stream) for stream in ("1", "1", "2"))
        assert one == again
        assert not set(one) & set(other)
        simplest = smallest(plane_points(domain), lambda _: True, one[0], budget=4, stream=0)
        assert simplest.m == 2
        assert simplest not in one
        for point in (*one, *other, simplest):
            sums = {abs(x) for x in point.scalars.values()}
            assert len(sums) == 5
            assert not sums & {0, 1}
            assert point == domain.admit(point)


def test_the_smallest_point_is_found_within_its_budget() -> None:
    """Would have caught a search that looks on after its budget, or that returns a point that is not wrong."""
    domain = registry.claims()["yin2019.loss"].domain
    (known,) = drawn(plane_points(domain), 1, "3")
    looks: list[PlanePoint] = []

    def wrong(point: PlanePoint) -> bool:
        looks.append(point)
        return point.rho < 2

    found = smallest(plane_points(domain), wrong, known, budget=30, stream=5)
    assert found.rho == F(1, 2)
    assert len(looks) <= 30
    assert smallest(plane_points(domain), lambda point: False, known, budget=4, stream=5) == known
