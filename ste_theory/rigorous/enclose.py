"""The quantities of the model in balls, from the plane definition and the plane reduction.

f = ½[(s₂−s₁²)V + s₁²S² − 2((κ−s₁s₁*)D + s₁s₁*SS*) + (s₂*−s₁*²)V* + s₁*²S*²]     (rows of Z are iid)
"""

from collections.abc import Callable

from flint import arb

from ste_theory.model.errors import UndefinedQuantity
from ste_theory.model.quantities import Quantity
from ste_theory.rigorous.balls import ball, precision
from ste_theory.rigorous.plane import PLANE_QUANTITIES, Plane


def enclose(quantity: Quantity, plane: Plane, component: int = 0) -> arb:
    """A ball that contains the quantity, for the row number ``component`` where it has one per row.

    Raises ``UndefinedQuantity`` where it does not exist, ``NotEnclosed`` where the width is not reached.
    """
    with precision(plane.bits + 41):
        if quantity in PLANE_QUANTITIES:
            return plane.moment(PLANE_QUANTITIES[quantity])
        return _DEFINITIONS[quantity](plane, component)


def _sums(plane: Plane) -> tuple[arb, arb, arb, arb, arb]:
    sums = plane.point.scalars
    return ball(sums["V"]), ball(sums["S"]), ball(sums["D"]), ball(sums["V_star"]), ball(sums["S_star"])


def _loss(plane: Plane, _: int) -> arb:
    V, S, D, V_star, S_star = _sums(plane)
    s1, s2, t1, t2, kappa = (plane.moment(name) for name in ("s1", "s2", "s1_star", "s2_star", "kappa"))
    student = (s2 - s1 * s1) * V + s1 * s1 * S * S
    teacher = (t2 - t1 * t1) * V_star + t1 * t1 * S_star * S_star
    return (student - 2 * ((kappa - s1 * t1) * D + s1 * t1 * S * S_star) + teacher) / 2


def _v_gradient(plane: Plane, row: int) -> arb:
    _, S, _, _, S_star = _sums(plane)
    s1, s2, t1, kappa = (plane.moment(name) for name in ("s1", "s2", "s1_star", "kappa"))
    own = ball(plane.point.v[row]) * (s2 - s1 * s1) - ball(plane.point.v_star[row]) * (kappa - s1 * t1)
    return own + s1 * s1 * S - s1 * t1 * S_star


def _radial(plane: Plane, _: int) -> arb:
    V, S, D, _V_star, S_star = _sums(plane)
    a0, a1, along, s1, t1 = (plane.moment(name) for name in ("a0", "a1", "b_parallel", "s1", "s1_star"))
    return V * a1 + (S * S - V) * a0 * s1 - D * along - (S * S_star - D) * a0 * t1


def _tangential(plane: Plane, _: int) -> arb:
    return -ball(plane.point.scalars["D"]) * plane.moment("b_perpendicular")


def _gradient_radial(plane: Plane, _: int) -> arb:
    V, S, D, _V_star, S_star = _sums(plane)
    s1, t1 = plane.moment("s1"), plane.moment("s1_star")
    d1, d2, dk = plane.moment("s1_rho"), plane.moment("s2_rho"), plane.moment("kappa_rho")
    return ((d2 - 2 * s1 * d1) * V + 2 * s1 * d1 * S * S - 2 * ((dk - d1 * t1) * D + d1 * t1 * S * S_star)) / 2


def _gradient_tangential(plane: Plane, _: int) -> arb:
    """−(1/ρ)∂f/∂θ = (D/ρ)∂κ/∂θ."""
    if plane.straight:
        raise UndefinedQuantity("the population gradient in w does not exist at θ = π")
    return ball(plane.point.scalars["D"]) * plane.moment("kappa_theta") / plane.rho()


def _correlation(plane: Plane, row: int) -> arb:
    tangential = _tangential(plane, row) * _gradient_tangential(plane, row)
    return _radial(plane, row) * _gradient_radial(plane, row) + tangential


_DEFINITIONS: dict[Quantity, Callable[[Plane, int], arb]] = {
    Quantity.LOSS: _loss,
    Quantity.V_GRADIENT: _v_gradient,
    Quantity.COARSE_RADIAL: _radial,
    Quantity.COARSE_TANGENTIAL: _tangential,
    Quantity.COARSE_ORTHOGONAL: lambda plane, row: arb(0),
    Quantity.GRADIENT_RADIAL: _gradient_radial,
    Quantity.GRADIENT_TANGENTIAL: _gradient_tangential,
    Quantity.CORRELATION: _correlation,
}
