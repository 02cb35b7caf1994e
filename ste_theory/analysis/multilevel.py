"""Quantizers with several levels: a search for networks whose expected coarse gradient points uphill.

With more than one step ∂f/∂ρ ≠ 0, and the radial product can outweigh the tangential one, which is never negative for
μ′ ≥ 0. Candidates are small rational parameters, looked at in floats; the best ones are certified by balls.
"""

import itertools
from collections.abc import Iterator
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
    weights = list(itertools.product(_WEIGHTS, repeat=2))
    for rho, rho_star, theta in itertools.product(_RATIOS, _RATIOS, _ANGLES):
        scale, other = rho * unit, rho_star * unit
        if max_scale is not None and scale > max_scale:
            continue
        at = _moments(problem, float(scale), float(other), float(theta))
        for v, v_star in weights:
            if len(v) != len(v_star):
                continue
            looked_at += 1
            share = _share(at, v, v_star, float(scale))
            if share < -1e-3:
                exact = tuple(map(Fraction, v)), tuple(map(Fraction, v_star))
                found.append((share, _size(scale, other, theta, v, v_star), PlanePoint(scale, other, theta, *exact)))
    # Simple before deep, among those that are clearly negative.
    clear = [entry for entry in found if entry[0] < -0.05] or found
    for _, _, point in sorted(clear, key=lambda entry: (entry[1], entry[0]))[:CERTIFIED_AT_MOST]:
        if (certified := certify(problem, point)) is not None:
            return Search(certified, looked_at)
    return Search(None, looked_at)


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


def _size(*numbers: Fraction | tuple[int, ...]) -> int:
    flat: Iterator[Fraction | int] = itertools.chain(*(x if isinstance(x, tuple) else (x,) for x in numbers))
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


def _moments(problem: Problem, rho: float, rho_star: float, theta: float) -> _Moments:
    a, weight = _nodes()
    steps = [(float(t), float(d)) for t, d in zip(problem.quantizer.thresholds, problem.quantizer.heights, strict=True)]
    c, s, base = np.cos(theta), np.sin(theta), float(problem.quantizer.offset)
    alpha = np.array([t / rho for t, _ in steps])
    tau = np.array([t / rho_star for t, _ in steps])
    d = np.array([height for _, height in steps])
    slope = problem.surrogate(rho * a)
    threshold = (tau[:, None] - c * a) / s
    teacher = base + (d[:, None] * _cdf(-threshold)).sum(0)
    moment = (d[:, None] * _pdf(threshold)).sum(0)
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
        a0=float((weight * a * slope).sum()),
        a1=float((weight * a * slope * problem.quantizer(rho * a)).sum()),
        along=float((weight * a * slope * teacher).sum()),
        across=float((weight * slope * moment).sum()),
        kt=float((pairs * plackett).sum() / (2 * np.pi)),
    )


def _share(at: _Moments, v: tuple[int, ...], v_star: tuple[int, ...], rho: float) -> float:
    """The correlation over the sum of the sizes of its radial and tangential part."""
    V, S, S_star = sum(x * x for x in v), sum(v), sum(v_star)
    D = sum(x * y for x, y in zip(v, v_star, strict=True))
    radial = V * at.a1 + (S * S - V) * at.a0 * at.s1 - D * at.along - (S * S_star - D) * at.a0 * at.t1
    slope = (at.d2 - 2 * at.s1 * at.d1) * V / 2 + at.s1 * at.d1 * S * S
    slope -= (at.dk - at.d1 * at.t1) * D + at.d1 * at.t1 * S * S_star
    # E g·û = −D b⊥ and ∂f/∂w·û = −(D/ρ)κ′ with κ′ = Σ d_j d_k φ₂/…, both with the sign of D.
    tangential = D * at.across * D * at.kt / rho
    size = abs(radial * slope) + abs(tangential)
    return (radial * slope + tangential) / size if size > 1e-12 else 0.0
