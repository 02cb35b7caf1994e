"""Quantizers with several levels: a search for networks whose expected coarse gradient points uphill.

With more than one step ∂f/∂ρ ≠ 0, and the radial product can outweigh the tangential one, which is never negative for
μ′ ≥ 0. Candidates are small rational parameters, looked at in floats; the best ones are certified by balls.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ste_theory.analysis.evidence import Counterexample
from ste_theory.model.problem import PlanePoint, Problem
from ste_theory.model.quantities import Quantity
from ste_theory.rigorous.balls import digits, precision
from ste_theory.rigorous.enclose import enclose
from ste_theory.rigorous.formulas import NoBound
from ste_theory.rigorous.integrate import NotEnclosed
from ste_theory.rigorous.plane import Plane

Array = npt.NDArray[np.float64]
_WEIGHTS = ((1,), (2,), (3,), (1, 1), (1, -1), (1, 2), (2, -1), (2, -2), (2, 2), (1, 0), (3, -1), (1, -2), (3, -3))
_RATIOS = tuple(Fraction(x) for x in ("1/4", "1/2", "3/4", "1", "3/2", "2", "3", "4"))
_ANGLES = tuple(Fraction(x) for x in ("1/10", "1/4", "1/2", "1", "3/2", "2", "5/2", "3"))
_NODES = 3000
CERTIFIED_AT_MOST = 6


@dataclass(frozen=True)
class Search:
    """The outcome: a certified counterexample, or how many points were looked at."""

    counterexample: Counterexample | None
    looked_at: int


@dataclass(frozen=True)
class _Moments:
    """The float moments of one (ρ, ρ*, θ)."""

    s1: float
    t1: float
    d1: float
    d2: float
    dk: float
    a0: float
    a1: float
    along: float
    across: float
    kt: float


def search(problem: Problem, max_scale: Fraction | None) -> Search:
    """Small rational networks in order of how negative their correlation is, certified until one holds."""
    unit = max(abs(t) for t in problem.quantizer.thresholds) / 2 or Fraction(1)
    found: list[tuple[float, int, PlanePoint]] = []
    looked_at = 0
    weights: list[tuple[Sequence[int], Sequence[int | Fraction]]]
    weights = [(v, v_star) for v, v_star in itertools.product(_WEIGHTS, repeat=2) if len(v) == len(v_star)]
    scales = [ratio * unit for ratio in _RATIOS if max_scale is None or ratio * unit <= max_scale]
    scales = scales or ([max_scale] if max_scale is not None else [])
    students = {rho: _student(problem, float(rho)) for rho in scales}
    for ratio, theta in itertools.product(_RATIOS, _ANGLES):
        other = ratio * unit
        teacher = _teacher(problem, float(other), float(theta))
        for rho, student in students.items():
            at = _moments(problem, student, teacher)
            for v, v_star in (*weights, *orthogonal(at)):
                looked_at += 1
                share = _share(at, v, v_star, float(rho))
                if share < -1e-3:
                    exact = tuple(map(Fraction, v)), tuple(map(Fraction, v_star))
                    found.append((share, _size(rho, other, theta, v, v_star), PlanePoint(rho, other, theta, *exact)))
    # Simple before deep, among those that are clearly negative.
    clear = [entry for entry in found if entry[0] < -0.05] or found
    for _, _, point in sorted(clear, key=lambda entry: (entry[1], entry[0]))[:CERTIFIED_AT_MOST]:
        if (certified := certify(problem, point)) is not None:
            return Search(certified, looked_at)
    return Search(None, looked_at)


def orthogonal(at: _Moments) -> Iterator[tuple[tuple[int, ...], tuple[Fraction, ...]]]:
    """v and v* = t·v⊥ with vᵀv* = 0: no tangential part, and A and ∂f/∂ρ are linear in t with different roots, so
    that between the roots (or beyond the only one) the correlation is negative."""
    for v, across in (((2, 1), (-1, 2)), ((1, 2), (-2, 1)), ((3, 1), (-1, 3))):
        size, total, other = sum(x * x for x in v), sum(v), sum(across)
        radial = size * at.a1 + (total**2 - size) * at.a0 * at.s1, total * other * at.a0 * at.t1
        slope = (at.d2 - 2 * at.s1 * at.d1) * size / 2 + at.s1 * at.d1 * total**2, total * other * at.d1 * at.t1
        roots = sorted(first / second for first, second in (radial, slope) if abs(second) > 1e-9 * abs(first) + 1e-300)
        places = [(roots[0] + roots[1]) / 2] if len(roots) == 2 else [2 * roots[0], 0.0] if roots else []
        for place in places:
            if 1e-3 < abs(place) < 1e3:
                yield v, tuple(Fraction(place).limit_denominator(8) * x for x in across)


def certify(problem: Problem, point: PlanePoint) -> Counterexample | None:
    """The counterexample at a point, if balls prove the correlation negative."""
    try:
        value = enclose(Quantity.CORRELATION, Plane(problem, point, width=1e-9, bits=64))
    except (NotEnclosed, NoBound):
        return None
    with precision(128):
        if not value < 0:
            return None
        numbers = (str(point.rho), str(point.rho_star), str(point.theta), digits(value, 8))
    return Counterexample(tuple(map(str, point.v)), tuple(map(str, point.v_star)), *numbers)


def matched(problem: Problem, scales: Array, angles: Array) -> Array:
    """⟨E g, ∂f/∂w⟩ in floats with one row, v = v* = (1), ‖w‖ = ‖w*‖: a row for each angle, a column for each scale."""
    found = np.empty((len(angles), len(scales)))
    for column, scale in enumerate(scales):
        student = _student(problem, float(scale))
        for row, theta in enumerate(angles):
            at = _moments(problem, student, _teacher(problem, float(scale), float(theta)))
            found[row, column] = (at.a1 - at.along) * (at.d2 / 2 - at.dk) + at.across * at.kt / scale
    return found


def _size(*numbers: Fraction | Sequence[int | Fraction]) -> int:
    flat: Iterator[Fraction | int] = itertools.chain(*((x,) if isinstance(x, Fraction) else x for x in numbers))
    return sum(len(str(x)) for x in flat)


def _cdf(x: Array) -> Array:
    from scipy.special import ndtr

    return np.asarray(ndtr(x))


def _pdf(x: Array) -> Array:
    return np.asarray(np.exp(-x * x / 2) / np.sqrt(2 * np.pi), dtype=np.float64)


def _nodes() -> tuple[Array, Array]:
    step = 18.0 / _NODES
    a = np.asarray(-9 + step * (np.arange(_NODES) + 0.5), dtype=np.float64)
    return a, _pdf(a) * step


@dataclass(frozen=True)
class _Student:
    """What depends on ρ alone: a·μ′(ρa)φ(a), and the same times σ(ρa), at the nodes."""

    rho: float
    weighted: Array
    moment: Array
    a0: float
    a1: float


@dataclass(frozen=True)
class _Teacher:
    """What depends on (ρ*, θ) alone: the teacher's mean output and its slope across, at the nodes."""

    rho_star: float
    theta: float
    output: Array
    across: Array


def _student(problem: Problem, rho: float) -> _Student:
    a, weight = _nodes()
    with np.errstate(all="ignore"):
        weighted = weight * np.nan_to_num(problem.surrogate(rho * a))
    moment = weighted * a
    return _Student(rho, weighted, moment, float(moment.sum()), float((moment * problem.quantizer(rho * a)).sum()))


def _teacher(problem: Problem, rho_star: float, theta: float) -> _Teacher:
    a, _ = _nodes()
    output, across = np.full_like(a, float(problem.quantizer.offset)), np.zeros_like(a)
    for t, d in zip(problem.quantizer.thresholds, problem.quantizer.heights, strict=True):
        z = (float(t) / rho_star - np.cos(theta) * a) / np.sin(theta)
        output += float(d) * _cdf(-z)
        across += float(d) * _pdf(z)
    return _Teacher(rho_star, theta, output, across)


def _moments(problem: Problem, student: _Student, teacher: _Teacher) -> _Moments:
    c, s, base = np.cos(teacher.theta), np.sin(teacher.theta), float(problem.quantizer.offset)
    rho = student.rho
    alpha = np.array([float(t) / rho for t in problem.quantizer.thresholds])
    tau = np.array([float(t) / teacher.rho_star for t in problem.quantizer.thresholds])
    d = np.array([float(height) for height in problem.quantizer.heights])
    largest = np.maximum.outer(alpha, alpha)
    pairs = np.outer(d, d)
    d1 = float((d * _pdf(alpha) * alpha).sum() / rho)
    cross = (c * alpha[:, None] - tau[None, :]) / s
    plackett = np.exp(-(alpha[:, None] ** 2 - 2 * c * np.outer(alpha, tau) + tau[None, :] ** 2) / (2 * s * s))
    return _Moments(
        s1=float(base + (d * _cdf(-alpha)).sum()),
        t1=float(base + (d * _cdf(-tau)).sum()),
        d1=d1,
        d2=float(2 * base * d1 + (pairs * _pdf(largest) * largest).sum() / rho),
        dk=float(base * d1 + (pairs * (_pdf(alpha) * alpha / rho)[:, None] * _cdf(cross)).sum()),
        a0=student.a0,
        a1=student.a1,
        along=float(student.moment @ teacher.output),
        across=float(student.weighted @ teacher.across),
        kt=float((pairs * plackett).sum() / (2 * np.pi)),
    )


def _share(at: _Moments, v: Sequence[int], v_star: Sequence[int | Fraction], rho: float) -> float:
    """The correlation over the sum of the sizes of its radial and tangential part."""
    V, S, S_star = sum(x * x for x in v), sum(v), float(sum(v_star))
    D = float(sum(x * y for x, y in zip(v, v_star, strict=True)))
    radial = V * at.a1 + (S * S - V) * at.a0 * at.s1 - D * at.along - (S * S_star - D) * at.a0 * at.t1
    slope = (at.d2 - 2 * at.s1 * at.d1) * V / 2 + at.s1 * at.d1 * S * S
    slope -= (at.dk - at.d1 * at.t1) * D + at.d1 * at.t1 * S * S_star
    # E g·û = −D b⊥ and ∂f/∂w·û = −(D/ρ)κ′ with κ′ = Σ d_j d_k φ₂/…, both with the sign of D.
    tangential = D * at.across * D * at.kt / rho
    size = abs(radial * slope) + abs(tangential)
    return (radial * slope + tangential) / size if size > 1e-12 else 0.0
