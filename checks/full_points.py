"""Points in full dimension that print as code, and their reduction to the plane, exact to 120 digits.

Weights are dyadic over six decades (2^±10), so that the numbers drawn are the numbers meant.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import mpmath as mp
import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from ste_theory.model.expressions import Algebra, fold
from ste_theory.model.problem import PlanePoint, Point, Problem, Straight
from ste_theory.model.quantizers import Staircase
from ste_theory.model.surrogates import Surrogate, clipped_relu, identity, relu

DIGITS = 120
# A formula has no value at θ = 0 or π itself where û enters; its limit, to far more digits than floats have.
EDGE = Fraction(1, 10**40)
Array = npt.NDArray[np.float64]

_TEXT: Algebra[str] = Algebra(
    number=lambda value: f"({value})",
    operators={sign: (lambda left, right, sign=sign: f"({left} {sign} {right})") for sign in "+-*/^"},  # type: ignore[misc]
    functions={
        name: (lambda argument, name=name: f"{name}({argument})")  # type: ignore[misc]
        for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "cosh", "atan", "erf")
    },
    pi="pi",
)


def problem_code(problem: Problem) -> str:
    """The problem as Python, where ``st`` is ``ste_theory``."""
    quantizer = "binary()" if problem.quantizer.is_binary else _staircase_code(problem.quantizer)
    return f"st.Problem(st.quantizers.{quantizer}, st.surrogates.{_surrogate_code(problem.surrogate)})"


def _staircase_code(quantizer: Staircase) -> str:
    numbers = [tuple(map(str, values)) for values in (quantizer.thresholds, quantizer.heights)]
    return f"staircase({numbers[0]!r}, {numbers[1]!r}, {str(quantizer.offset)!r})"


def _surrogate_code(surrogate: Surrogate) -> str:
    for known in (identity(), relu(), clipped_relu()):
        if surrogate == known:
            return f"{known.name}()"
    formulas = tuple(fold(piece.formula, _TEXT, {"x": "x"}) for piece in surrogate.pieces)
    ends = tuple(str(end) for end in surrogate.breakpoints)
    return f"from_formulas({surrogate.name!r}, {formulas!r}, {ends!r})"


@dataclass(frozen=True, eq=False)
class Reduction:
    """A point's exact invariants as a point of the plane, the frame (ŵ, û) in long numbers, and whether w ∥ w*."""

    plane: PlanePoint
    w_hat: tuple[mp.mpf, ...]
    u_hat: tuple[mp.mpf, ...]
    parallel: bool

    @property
    def theta(self) -> float:
        """θ, rounded once."""
        return np.pi if isinstance(self.plane.theta, Straight) else float(self.plane.theta)

    @property
    def supplement(self) -> float:
        """π − θ, rounded once."""
        if isinstance(self.plane.theta, Straight):
            return 0.0
        with mp.workdps(DIGITS):
            return float(mp.pi - mp.mpf(self.plane.theta.numerator) / self.plane.theta.denominator)


@dataclass(frozen=True, eq=False)
class Case:
    """A point, and a permutation of the coordinates with signs that goes with it."""

    point: Point
    columns: npt.NDArray[np.intp]
    signs: Array

    def __repr__(self) -> str:
        return f"st.{self.point!r}"

    @cached_property
    def reduction(self) -> Reduction:
        """The plane reduction: every product of entries exact, then roots and angle to ``DIGITS`` digits."""
        point = self.point
        with mp.workdps(DIGITS):
            w, t = ([mp.mpf(float(x)) for x in vector] for vector in (point.w, point.w_star))
            square, overlap = mp.fdot(w, w), mp.fdot(w, t)
            rest = [square * y - overlap * x for x, y in zip(w, t, strict=True)]
            length, rest_length = mp.sqrt(square), mp.sqrt(mp.fdot(rest, rest))
            parallel = rest_length == 0
            angle = _exact(mp.atan2(rest_length, length * overlap))
            if parallel:
                angle = EDGE if overlap > 0 else _exact(mp.pi) - EDGE
            plane = PlanePoint(
                rho=_exact(length),
                rho_star=_exact(mp.sqrt(mp.fdot(t, t))),
                theta=angle,
                v=tuple(Fraction(float(x)) for x in point.v),
                v_star=tuple(Fraction(float(x)) for x in point.v_star),
            )
            u_hat = () if parallel else tuple(x / rest_length for x in rest)
            return Reduction(plane, tuple(x / length for x in w), u_hat, parallel)

    def moved(self) -> Point:
        """Rows in reverse order; coordinates of w and w* permuted with signs: an exact rotation."""
        old = self.point
        w, w_star = (self.signs * vector[self.columns] for vector in (old.w, old.w_star))
        return Point(old.v[::-1].copy(), w, old.v_star[::-1].copy(), w_star)

    def at_the_spurious_minimum(self) -> "Case":
        """v = B⁻¹(11ᵀ − I)v*, w* = −2w, without rounding: m + 1 is made a power of two by leaving rows out."""
        rows = 2 ** ((self.point.m + 1).bit_length() - 1) - 1
        v_star = self.point.v_star[:rows].copy()
        if not v_star.any():
            v_star[0] = 1.0
        v = 2 * v_star.sum() / (rows + 1) - v_star
        return Case(Point(v, self.point.w, v_star, -2 * self.point.w), self.columns, self.signs)


def _exact(number: mp.mpf) -> Fraction:
    """A number as a fraction with 380 binary places (the working precision has more)."""
    return Fraction(int(mp.floor(mp.ldexp(number, 380))), 2**380)


_STEPS = (1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 15, 17)
_EXPONENTS = (0, 1, -1, 3, -3, 5, -5, 7, -7, 10)
_WEIGHTS = np.array(
    [1.0, 0.0, *(s * k * 2.0**e / 4 for e in _EXPONENTS for k in _STEPS for s in (1, -1))][:256], dtype=np.float64
)
_MODERATE = np.array([1.0, 0.0, *(s * k / 8 for k in range(1, 40) for s in (1, -1))], dtype=np.float64)


def cases(*, slow: bool, spurious: bool) -> st.SearchStrategy[Case]:
    """m from 1 to 16, n from 1 to 32; (w, w*) anywhere, at 10^e from parallel for −12 ≤ e ≤ −1, or exactly parallel;
    (v, v*) anywhere or beside the minima at the teacher, at −v* and at the spurious point.

    ``slow``: moderate weights and angles, where quadrature in double precision is accurate.
    """
    table = _MODERATE if slow else _WEIGHTS

    def build(drawn: tuple[int, int, bytes]) -> Case:
        m, n, data = drawn
        numbers = np.frombuffer(data, dtype=np.uint8)
        entries = table[numbers[3:] % len(table)]
        v, v_star, w, x = np.split(entries, [m, 2 * m, 2 * m + n])
        for vector in (v_star, w, x):
            if not vector.any():
                vector[0] = 1.0
        kind, gap, place = (int(number) for number in numbers[:3])
        w_star = x if slow else _beside(w, x, kind, gap)
        if not slow:
            v = _near(v, v_star, place, gap)
        choices = numbers[3 + 2 * m + n :]
        case = Case(Point(v, w, v_star, w_star), np.argsort(choices, kind="stable"), np.where(choices % 2, -1.0, 1.0))
        return case.at_the_spurious_minimum() if spurious else case

    def sized(shape: tuple[int, int]) -> st.SearchStrategy[Case]:
        m, n = shape
        length = 3 + 2 * m + 2 * n
        return st.binary(min_size=length, max_size=length).map(lambda data: build((m, n, data)))

    return st.tuples(st.integers(1, 16), st.integers(2 if slow else 1, 32)).flatmap(sized)


def _beside(w: Array, x: Array, kind: int, gap: int) -> Array:
    """w*: x itself, or ±2w moved by 10^−1 to 10^−12 of its length along x, or ±2w exactly."""
    if kind % 4 < 2:
        return x
    sign = 2.0 if kind % 8 < 4 else -2.0
    distance = 0.0 if kind % 32 > 28 else 10.0 ** -(1 + gap % 12)
    return np.asarray(sign * (w + distance * np.abs(w).max() / np.abs(x).max() * x))


def _near(v: Array, v_star: Array, place: int, gap: int) -> Array:
    """v: itself, or within 10^−4 to 10^−15 of v*, of −v* or of the spurious point."""
    if place % 8 < 5:
        return v
    centre = (v_star, -v_star, 2 * v_star.sum() / (len(v) + 1) - v_star)[place % 8 - 5]
    return np.asarray(centre * (1 + 10.0 ** -(4 + gap % 12) * v / max(float(np.abs(v).max()), 1.0)))
