"""Rigorous enclosures against mpmath's and SciPy's quadrature, in one run.

Every quantity is a combination of defining integrals over the first coordinate a of the plane, the second one being
taken at fixed a. The same integrals go to all three, with the breakpoints of σ and μ′ handed to each. Digits are
counted against balls of 50 digits; those of the enclosure are proved by its own radius, those of the peers are not.

    python benchmarks/enclosures.py [--rounds N] [--json FILE]
"""

import itertools
import math
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath as mp
from flint import arb
from scipy.integrate import IntegrationWarning
from scipy.integrate import quad as scipy_quad

from measurement.driver import Options, drive
from measurement.row import Row
from measurement.turns import figures, in_turns, ratios
from ste_theory import Problem, quantizers, surrogates
from ste_theory.model.problem import PlanePoint
from ste_theory.model.surrogates import from_formulas
from ste_theory.rigorous.balls import precision, radius
from ste_theory.rigorous.plane import Plane

RHO, RHO_STAR, ANGLE = Fraction(3, 2), Fraction(5, 4), Fraction(11, 10)
POINT = PlanePoint(RHO, RHO_STAR, ANGLE, v=(Fraction(1),), v_star=(Fraction(2),))  # the integrals know no weights
DIGITS, BITS, WIDTH = 30, 160, 1e-32
OURS = "balls"


@dataclass(frozen=True)
class Number:
    """What the integrands need from a number system: conversion, exp, cosh, tanh, erfc, cos, sin, π."""

    make: Callable[[Fraction], Any]
    library: Any

    def density(self, x: Any) -> Any:
        """φ(x)."""
        return self.library.exp(-x * x / 2) / self.library.sqrt(2 * self.library.pi)

    def beyond(self, x: Any) -> Any:
        """P(b > x)."""
        return self.library.erfc(x / self.library.sqrt(self.make(Fraction(2)))) / 2


def _clipped(number: Number, x: Any) -> Any:
    return number.make(Fraction(int(0 < x < 1)))


def _swish(number: Number, x: Any) -> Any:
    """5(2 − 5x tanh(5x/2))/(1 + cosh 5x), the derivative of a smoothed sign; 0 where cosh would overflow."""
    if abs(x) > 100:
        return number.make(Fraction(0))
    return 5 * (2 - 5 * x * number.library.tanh(5 * x / 2)) / (1 + number.library.cosh(5 * x))


# name → (factor of a, activations of the student, surrogate, what of the teacher)
MOMENTS: dict[str, tuple[int, int, bool, str]] = {
    "s1": (0, 1, False, ""),
    "s2": (0, 2, False, ""),
    "kappa": (0, 1, False, "mean"),
    "a0": (1, 0, True, ""),
    "a1": (1, 1, True, ""),
    "b_parallel": (1, 0, True, "mean"),
    "b_perpendicular": (0, 0, True, "moment"),
    "kappa_theta": (0, 1, False, "angle"),
}


@dataclass(frozen=True)
class Case:
    """A quantity: the problem and the integrals that it is made of."""

    name: str
    problem: Problem
    moments: tuple[str, ...]
    backward: Callable[[Number, Any], Any] = lambda number, x: number.make(Fraction(1))

    def cuts(self) -> list[Fraction]:
        """Where the integrand breaks, as places of a."""
        return sorted({x / RHO for x in (*self.problem.quantizer.thresholds, *self.problem.surrogate.breakpoints)})

    def integrand(self, moment: str, number: Number) -> Callable[[Any], Any]:
        """weight(a)·σ(ρa)^p·μ′(ρa)·teacher(a)·φ(a), without the teacher's constant offset (there is none here)."""
        factor, power, backward, teacher = MOMENTS[moment]
        steps = [
            (number.make(t), number.make(d))
            for t, d in zip(self.problem.quantizer.thresholds, self.problem.quantizer.heights, strict=True)
        ]
        rho, rho_star, angle = (number.make(x) for x in (RHO, RHO_STAR, ANGLE))
        c, s = number.library.cos(angle), number.library.sin(angle)

        def of_teacher(a: Any) -> Any:
            total = number.make(Fraction(0))
            for t, d in steps:
                tau = t / rho_star
                at = (tau - c * a) / s
                if teacher == "mean":
                    total += d * number.beyond(at)
                else:
                    total += d * number.density(at) * (1 if teacher == "moment" else -(a - tau * c) / (s * s))
            return total

        def value(a: Any) -> Any:
            x = rho * a
            result = number.density(a) * a**factor
            if power:
                result *= sum((d for t, d in steps if x > t), number.make(Fraction(0))) ** power
            if backward:
                result *= self.backward(number, x)
            return result * of_teacher(a) if teacher else result

        return value


BINARY, TWO_BITS = quantizers.binary(), quantizers.uniform_relu(2)
# The surrogate derivative of the ReLU is 1{x > 0}; the identity's is 1.
SWISH = from_formulas("swish_sign", ("5*(2 - 5*x*tanh(5*x/2))/(1 + cosh(5*x))",))
COARSE = ("a0", "a1", "b_parallel", "b_perpendicular")
CASES = (
    Case("loss, binary", Problem(BINARY, surrogates.identity()), ("s1", "s2", "kappa")),
    Case("loss, 2 bits", Problem(TWO_BITS, surrogates.identity()), ("s1", "s2", "kappa")),
    Case(
        "coarse gradient, ReLU",
        Problem(BINARY, surrogates.relu()),
        COARSE,
        lambda number, x: number.make(Fraction(int(x > 0))),
    ),
    Case("coarse gradient, clipped ReLU", Problem(BINARY, surrogates.clipped_relu()), COARSE, _clipped),
    Case("coarse gradient, swish", Problem(BINARY, SWISH), COARSE[1:], _swish),  # μ′ is even: a₀ = 0
    Case("coarse gradient, 2 bits, clipped", Problem(TWO_BITS, surrogates.clipped_relu()), COARSE, _clipped),
    Case("population gradient (angle)", Problem(BINARY, surrogates.identity()), ("kappa_theta",)),
)


def by_balls(case: Case) -> list[arb]:
    """Every integral enclosed, twice and compared, as in a run."""
    plane = Plane(case.problem, POINT, width=WIDTH, bits=BITS)
    return [plane.moment(name) for name in case.moments]


def by_mpmath(case: Case) -> list[Any]:
    """mpmath's tanh-sinh quadrature at 30 digits."""
    with mp.workdps(DIGITS):
        number = Number(lambda x: mp.mpf(x.numerator) / x.denominator, mp)
        ends = [-mp.inf, *(number.make(x) for x in case.cuts()), mp.inf]
        return [mp.quad(case.integrand(name, number), ends) for name in case.moments]


def by_scipy(case: Case) -> list[Any]:
    """SciPy's adaptive Gauss–Kronrod quadrature in double precision, asked for all the digits it has."""
    number = Number(float, math)
    ends = [-math.inf, *(float(x) for x in case.cuts()), math.inf]
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IntegrationWarning)  # it says that rounding stops it: that is what is asked
        for name in case.moments:
            function, pieces = case.integrand(name, number), itertools.pairwise(ends)
            found.append(sum(scipy_quad(function, p, q, epsabs=1e-15, epsrel=1e-14)[0] for p, q in pieces))
    return found


def right_digits(values: Sequence[Any], truth: Sequence[arb]) -> float:
    """The fewest correct digits of the values."""
    with mp.workdps(60):
        return min(_agreement(mp.mpf(x), mp.mpf(y.str(50, radius=False))) for x, y in zip(values, truth, strict=True))


def _agreement(value: Any, truth: Any) -> float:
    error = abs(value - truth) / abs(truth)
    return 50.0 if error == 0 else float(-mp.log10(error))


def proved_digits(values: Sequence[arb], truth: Sequence[arb]) -> float:
    """The fewest digits that the radii prove; the run stops if a ball misses the truth."""
    if not all(x.overlaps(y) for x, y in zip(values, truth, strict=True)):
        raise SystemExit("an enclosure misses the value of 50 digits")
    return min(-math.log10(radius(x) / abs(float(y.mid()))) for x, y in zip(values, truth, strict=True))


def compete(case: Case, rounds: int) -> list[Row]:
    """The three at one quantity."""
    plane = Plane(case.problem, POINT, width=1e-50, bits=240)
    with precision(300):
        truth = [plane.moment(name) for name in case.moments]
    values: dict[str, list[Any]] = {}

    def kept(name: str, run: Callable[[Case], list[Any]]) -> Callable[[], None]:
        def call() -> None:
            values[name] = run(case)

        return call

    ways = {OURS: by_balls, "mpmath, 30 digits": by_mpmath, "SciPy, double": by_scipy}
    times = in_turns({name: kept(name, run) for name, run in ways.items()}, rounds)
    proved = f"{proved_digits(values[OURS], truth):.0f} digits proved"
    rows = [Row(case.name, OURS, "s", figures(times[OURS]), None, proved, reference=True)]
    for name in list(ways)[1:]:
        digits = f"{right_digits(values[name], truth):.1f} digits right, none proved"
        rows.append(Row(case.name, name, "s", figures(times[name]), ratios(times[name], times[OURS]), digits))
    return rows


def tables(chosen: Options) -> Iterator[list[Row]]:
    """One table per quantity."""
    for case in CASES[: 1 if chosen.quick else None]:
        yield compete(case, 1 if chosen.quick else chosen.rounds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one table per quantity."""
    return drive(__doc__, "one round of the first quantity", tables, arguments, rounds=3)


if __name__ == "__main__":
    sys.exit(main())
