"""Raw coordinates of R² against the plane: the rotation step of the plane reduction, to 1e-25 and better."""

from fractions import Fraction as F

import pytest
from flint import arb

from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import PlanePoint, Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary, sign, staircase, uniform_relu
from ste_theory.model.surrogates import Surrogate, clipped_relu, from_formulas, identity, relu
from ste_theory.rigorous.balls import Truth, ball, is_zero, precision, radius
from ste_theory.rigorous.enclose import enclose
from ste_theory.rigorous.plane import Plane
from ste_theory.rigorous.raw import Raw, RawPoint, half_plane_moment

# Angle of w and w* about 82°, 11° and 134°, the last in both senses of rotation.
POINTS = (
    RawPoint((F(1), F(1, 2)), (F(-1, 4), F(3, 4)), (F(1), F(-1, 2)), (F(2), F(3, 4))),
    RawPoint((F(-1, 2), F(3, 2)), (F(-1), F(7, 4)), (F(1, 3),), (F(-2),)),
    RawPoint((F(5, 4), F(1, 8)), (F(-3, 2), F(5, 4)), (F(1), F(1)), (F(1), F(-3, 8))),
    RawPoint((F(-3, 2), F(5, 4)), (F(5, 4), F(1, 8)), (F(1), F(1)), (F(1), F(-3, 8))),
)


def density(x: arb) -> arb:
    return (-(x * x) / 2).exp() / (2 * arb.pi()).sqrt()


@pytest.mark.parametrize("point", POINTS, ids=["82", "11", "134", "-134"])
def test_binary_loss_and_identity_gradient(point: RawPoint) -> None:
    """Against the first paper's formulas in ρ, θ.

    Would have caught a wrong half-plane, or rows that are not independent.
    """
    raw = Raw(Problem(binary(), identity()), point)
    rho, rho_star, theta = raw.invariants()
    v, v_star = point.v, point.v_star
    V, S, D = sum(x * x for x in v), sum(v), sum(x * y for x, y in zip(v, v_star, strict=True))
    V_star, S_star = sum(x * x for x in v_star), sum(v_star)
    with precision(220):
        share = 1 - 2 * theta / arb.pi()
        exact = ball(V + S * S) - 2 * (share * ball(D) + ball(S * S_star)) + ball(V_star + S_star * S_star)
        assert raw.loss().overlaps(exact / 8)
        assert radius(raw.loss()) < 1e-30
        radial, tangential = raw.components()
        root = (2 * arb.pi()).sqrt()
        assert radial.overlaps((ball(V) - ball(D) * theta.cos()) / root)
        assert tangential.overlaps(-ball(D) * theta.sin() / root)
        assert is_zero(tangential * (1 + arb(10) ** -25) + ball(D) * theta.sin() / root) is Truth.NO
        for row in range(len(v)):
            slope = (ball(v[row] + S - S_star) - share * ball(v_star[row])) / 4
            assert raw.v_gradient(row).overlaps(slope)
        assert rho_star > 0
        assert rho.overlaps(ball(point.w[0] ** 2 + point.w[1] ** 2).sqrt())


def test_the_gradient_is_a_vector_of_raw_coordinates() -> None:
    """E g = (Vŵ − Dŵ*)/√(2π), both entries. Would have caught z₁ and z₂ exchanged, which no invariant sees."""
    point = POINTS[0]
    raw = Raw(Problem(binary(), identity()), point)
    rho, rho_star, _ = raw.invariants()
    V = sum(x * x for x in point.v)
    D = sum(x * y for x, y in zip(point.v, point.v_star, strict=True))
    with precision(220):
        for k, entry in enumerate(raw.coarse_gradient()):
            exact = (ball(V * point.w[k]) / rho - ball(D * point.w_star[k]) / rho_star) / (2 * arb.pi()).sqrt()
            assert entry.overlaps(exact)


@pytest.mark.parametrize("surrogate", [relu(), clipped_relu()], ids=["relu", "clipped"])
def test_windows_of_the_surrogate(surrogate: Surrogate) -> None:
    """Tangential part −D s φ(0) M(ρs), M = ½ or Φ(1/(ρs)) − ½. Would have caught a window of the wrong width."""
    point = POINTS[0]
    raw = Raw(Problem(binary(), surrogate), point)
    rho, _, theta = raw.invariants()
    D = sum(x * y for x, y in zip(point.v, point.v_star, strict=True))
    with precision(220):
        small = rho * theta.sin()
        response = arb(1) / 2 if surrogate == relu() else arb(1) / 2 - (1 / (small * arb(2).sqrt())).erfc() / 2
        exact = -ball(D) * theta.sin() * density(arb(0)) * response
        assert raw.components()[1].overlaps(exact)


class RightAngled(Plane):
    """The plane at an angle given by its rational sine and cosine."""

    def cosine(self) -> arb:
        return ball(F(33, 65))

    def sine(self) -> arb:
        return ball(F(56, 65))


ROTATED = (
    Problem(staircase(["-1/2", 1], [1, "3/2"], "-1/3"), clipped_relu(2)),
    Problem(sign(), from_formulas("window", ("0.5", "2", "0"), (-1, "1/2"))),
    Problem(uniform_relu(2), relu()),
)


@pytest.mark.parametrize("problem", ROTATED, ids=lambda p: p.quantizer.name)
def test_the_rotation_of_any_staircase_and_window(problem: Problem) -> None:
    """Loss and both gradients in raw coordinates equal the plane's: cosθ = 33/65, ρ = 3/2, ρ* = 5/4, radius < 1e-28.

    Two computations that share the integrator and the half-line moments and nothing of the reduction. Would have caught
    a lost offset, a wrong pairing of thresholds, û for −û; 1e-25 beside the value is excluded.
    """
    v, v_star = (F(1), F(-3, 8)), (F(2, 3), F(5, 4))
    raw = Raw(problem, RawPoint((F(9, 10), F(6, 5)), (F(-25, 52), F(15, 13)), v, v_star))
    plane = RightAngled(problem, PlanePoint(F(3, 2), F(5, 4), F(1), v, v_star))
    radial, tangential = raw.components()
    pairs = [
        (raw.loss(), enclose(Quantity.LOSS, plane)),
        (raw.v_gradient(0), enclose(Quantity.V_GRADIENT, plane, 0)),
        (raw.v_gradient(1), enclose(Quantity.V_GRADIENT, plane, 1)),
        (radial, enclose(Quantity.COARSE_RADIAL, plane)),
        (tangential, enclose(Quantity.COARSE_TANGENTIAL, plane)),
    ]
    with precision(220):
        for left, right in pairs:
            assert left.overlaps(right)
            assert radius(left - right) < 1e-28
            assert is_zero(left * (1 + arb(10) ** -25) - right) is Truth.NO


def test_half_plane_moments_with_far_crossings() -> None:
    """Two nearly parallel lines cross at z₁ = 400. Would have caught the refusal of a cut beyond the reach."""
    planes = (((F(0), F(1)), F(-4)), ((F(1, 100), F(1)), F(0)))
    value = half_plane_moment(planes, 0, 0, bits=160, width=1e-32)
    with precision(220):
        # The second half-plane decides wherever there is mass, up to P(z₂ < −4) in the corner.
        assert abs(value - arb(1) / 2) < arb("1e-4")


def test_points_and_surrogates_out_of_scope_are_refused() -> None:
    """Would have caught a wrong orientation for w₂ < 0, û for parallel vectors, a constant for a formula."""
    with pytest.raises(InvalidInput, match="positive"):
        RawPoint((F(1), F(-1)), (F(1), F(1)), (F(1),), (F(1),))
    with pytest.raises(InvalidInput, match="parallel"):
        RawPoint((F(1), F(1)), (F(2), F(2)), (F(1),), (F(1),))
    window = from_formulas("window", ("0", "1 - x^2", "0"), (-1, 1))
    with pytest.raises(InvalidInput, match="piecewise constant"):
        Raw(Problem(sign(), window), POINTS[0]).coarse_gradient()
