"""Certified values of a quantity at floats: at points inside the domain, and near both ends of 0 < θ < π.

The values are defining integrals enclosed in balls at exactly the floats that a program is given: near θ = π, where
π − θ has few digits in floats, sin θ of the float still has all of them.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from flint import arb

from ste_theory.claims.instance import assignment, components_of
from ste_theory.exchange.cancellation import size
from ste_theory.exchange.tree import Tree
from ste_theory.model.errors import SteTheoryError
from ste_theory.model.problem import PlanePoint, Straight
from ste_theory.rigorous.balls import digits, precision, real
from ste_theory.rigorous.enclose import enclose
from ste_theory.rigorous.integrate import NotEnclosed
from ste_theory.rigorous.plane import Plane
from ste_theory.rigorous.translate import translate

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim, Equation
    from ste_theory.model.problem import Problem

SEED, POINTS = 20190107, 3
# Digits of a certified value: more than a float holds, so that reading it rounds once.
DIGITS, BITS, WIDTH = 22, 110, 1e-24
# Near the ends of the domain: θ and ρ, as floats. Widths down to the last are tried for a value that small.
ANGLES = (1e-6, math.pi - 1e-6)
RADII = (0.125, 64.0)
NARROWER, NARROWEST = 1e-8, 1e-40
# Where size/|value| is more, the error is measured by the size: 1e-13 / 500 is two roundings.
CANCELLED = 500


@dataclass(frozen=True)
class Certified:
    """Floats, as they are written in a program, and the quantity there to 22 digits.

    ``scale`` is what an error is measured by: |value|, or where the formula's terms cancel the sum of their absolute
    values. ``near_end`` marks a point near an end of the domain.
    """

    arguments: tuple[str, ...]
    value: str
    scale: str
    cancelled: float
    near_end: bool = False


@dataclass(frozen=True)
class Place:
    """A point with the enclosed quantity and the letters' values in balls."""

    letters: Mapping[str, arb]
    value: arb
    near_end: bool


def places(claim: "Claim", equation: "Equation", problem: "Problem", arguments: Collection[str]) -> tuple[Place, ...]:
    """Three points of the domain and those near its ends, with the quantity at each; the same arguments once.

    Raises ``SteTheoryError`` where a point inside has no certified value; near the ends it is left out.
    """
    rng = np.random.default_rng(SEED)
    inside = [_at_floats(claim.domain.point(rng, rows=2)) for _ in range(POINTS)]
    angles = (inside[0].theta,) if claim.domain.spurious else tuple(map(Fraction, ANGLES))
    ends = [
        claim.domain.admit(replace(inside[0], theta=theta, rho=Fraction(rho))) for theta, rho in product(angles, RADII)
    ]
    found, seen = [], set[tuple[str, ...]]()
    for point, near_end in [*((one, False) for one in inside), *((one, True) for one in ends)]:
        component = components_of(equation.quantity, point)[-1]
        with precision(BITS + 40):
            letters = {
                str(key).replace("[k]", "_k"): real(translate(exact, {}))
                for key, exact in assignment(point, component).items()
            }
        given = written(letters, arguments)
        if given in seen:
            continue
        seen.add(given)
        value = _enclosed(claim, equation, problem, point, component)
        if value is not None:
            found.append(Place(letters, value, near_end))
        elif not near_end:
            raise SteTheoryError(f"{claim.id}: no certified value of {equation.quantity} at {point}")
    return tuple(found)


def written(letters: Mapping[str, arb], arguments: Collection[str]) -> tuple[str, ...]:
    """The arguments as a program has them."""
    return tuple(repr(float(letters[name].mid())) for name in arguments)


def _at_floats(point: PlanePoint) -> PlanePoint:
    """The point with the nearest float for θ: a program's arguments are floats. θ = π is in no formula."""
    if isinstance(point.theta, Straight):
        return point
    return replace(point, theta=Fraction(float(point.theta)))


def _enclosed(
    claim: "Claim", equation: "Equation", problem: "Problem", point: PlanePoint, component: int
) -> arb | None:
    """The quantity to 22 digits, or a ball around 0 that is as narrow as balls get; ``None`` where there is neither."""
    width, value = WIDTH, None
    while width >= NARROWEST:
        bits = BITS + round(math.log2(WIDTH / width))
        try:
            found = enclose(equation.quantity, Plane(problem, point, width=width, bits=bits), component)
        except NotEnclosed:
            break
        if found.is_finite():
            value = found
            if value.rad() <= 10 * WIDTH * abs(value).lower():
                return value
        width *= NARROWER
    return value if value is not None and value.contains(0) and value.rad() <= 10 * WIDTH else None


def certified(places: Sequence[Place], body: Tree, arguments: Sequence[str]) -> tuple[Certified, ...]:
    """The places as rows of a program, each arguments once."""
    found: dict[tuple[str, ...], Certified] = {}
    for place in places:
        texts = written(place.letters, arguments)
        with precision(BITS + 40):
            whole = size(body, place.letters)
        if place.value.contains(0):
            # All that is proved: the quantity is so near 0.
            proved, cancelled = "0.0", 1.0
            scale = max(float(whole.mid()), float(place.value.abs_upper()) * 1e13)
        else:
            proved, value = digits(place.value, DIGITS), abs(float(place.value.mid()))
            cancelled = float(whole.mid()) / value
            scale = value if cancelled <= CANCELLED else float(whole.mid())
        found.setdefault(texts, Certified(texts, proved, f"{scale:.6g}", cancelled, place.near_end))
    return tuple(found.values())


def cancellation(places: Sequence[Place], body: Tree) -> float:
    """The largest factor by which terms cancel."""
    with precision(BITS + 40):
        factors = [
            float((size(body, place.letters) / abs(place.value)).mid())
            for place in places
            if not place.value.contains(0)
        ]
    return max(factors, default=1.0)
