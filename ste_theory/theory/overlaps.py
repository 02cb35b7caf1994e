"""The Gaussian moments of a surrogate derivative against two staircases, as sums over half pieces μ′(ς·) on (l, u).

With a = ςt, t > 0, and the cosine ςc in place of c, a piece contributes

    ς ∫ tφ(t) μ′(ςρt) dt                                   to a₀, times the student's level there to a₁
    ς Σ d*_k ∫ tφ(t) μ′(ςρt) Φ((ςct − τ_k)/s) dt             to b∥
    Σ d*_k φ(τ_k) ∫ μ′(ςρt) φ((t − ςcτ_k)/s) dt              to b⊥

For a constant h, with I = Φ((u − cτ)/s) − Φ((l − cτ)/s), by parts and since φ(t)φ((ct − τ)/s) = φ(τ)φ((t − cτ)/s)

    ∫ tφ(t)Φ((ct − τ)/s) dt = φ(l)Φ((cl − τ)/s) − φ(u)Φ((cu − τ)/s) + cφ(τ)I,        ∫ φ((t − cτ)/s) dt = sI

The first loses digits for narrow windows, which are integrated instead, as formulas are.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import numpy as np
from scipy.special import ndtr

from ste_theory.model.problem import Problem
from ste_theory.theory.double_double import Array
from ste_theory.theory.invariants import Invariants
from ste_theory.theory.moments import FORMULA_GRID, GAUSSIAN_GRID, LAST, first
from ste_theory.theory.orthants import Angle, edge
from ste_theory.theory.pieces import HalfPiece, half_pieces
from ste_theory.theory.quadrature import Owners, adaptive, rule
from ste_theory.theory.steps import Pair, density

NARROW, NODES = 1.0, 20
CHUNK = 16
# First panels around the place where a teacher's step is seen, in units of its width s.
_STEP_GRID = np.array([-9.0, -5, -2, 0, 2, 5, 9])
_NORMAL_GRID = np.array([-20.0, -9, -6, -4, -2, 0, 2, 4, 6, 9, 20])


@dataclass(frozen=True)
class Part:
    """A half piece on which the student's activation is constant, and its value there."""

    piece: HalfPiece
    level: float


@lru_cache(maxsize=256)
def parts(problem: Problem) -> tuple[Part, ...]:
    """The surrogate's half pieces cut at the student's thresholds."""
    quantizer, found = problem.quantizer, []
    for piece in half_pieces(problem.surrogate):
        ends = sorted({abs(t) for t in quantizer.thresholds if piece.lower < piece.sign * t < piece.upper})
        upper = None if math.isinf(piece.upper) else Fraction(piece.upper)
        cuts = [Fraction(piece.lower), *ends, upper]
        for low, high in pairwise(cuts):
            assert low is not None
            inside = piece.sign * (low + 1 if high is None else (low + high) / 2)
            level = quantizer.offset + sum(
                (d for t, d in zip(quantizer.thresholds, quantizer.heights, strict=True) if inside > t), Fraction(0)
            )
            width = math.inf if high is None else float(high - low)
            top = math.inf if high is None else float(high)
            found.append(Part(HalfPiece(piece.sign, float(low), top, width, piece.formula, piece.name), float(level)))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Overlaps:
    """a₀, a₁ − a₀s₁, b∥ − a₀s₁*, b⊥ of k points, each of shape (k,)."""

    a0: Array
    student: Array
    parallel: Array
    perpendicular: Array


_MEMBERS = ("a0", "student", "parallel", "perpendicular")


def _interval(lower: Array, upper: Array, width: Array) -> Array:
    """Φ(upper) − Φ(lower) with relative accuracy, also for narrow intervals and in both tails."""
    flip = lower > 0
    wide = ndtr(np.where(flip, -lower, upper)) - ndtr(np.where(flip, -upper, lower))
    narrow = (width < NARROW) & np.isfinite(lower)
    if not narrow.any():
        return np.asarray(wide)
    start, length = np.broadcast_to(lower, wide.shape)[narrow], np.broadcast_to(width, wide.shape)[narrow]
    nodes, weights = rule(NODES)
    points = start[:, None] + length[:, None] * (1 + nodes) / 2
    wide[narrow] = length / 2 * (density(points) @ weights)
    return np.asarray(wide)


def _shown(piece: HalfPiece, rho: Array, tau: Array, of: Angle) -> Array:
    """I of every step, shape (k, K)."""
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        lower, upper = (np.minimum(end / rho, 1e150)[:, None] for end in (piece.lower, piece.upper))
        width = np.nan_to_num((piece.width / rho)[:, None] / of.sine, nan=0.0, posinf=np.inf)
    # (x − cτ)/s = −(cτ − x)/s
    start = -edge(tau, lower, of)
    end = np.full_like(start, np.inf) if math.isinf(piece.upper) else -edge(tau, upper, of)
    return _interval(start, end, width)


def _closed(piece: HalfPiece, height: float, rho: Array, pair: Pair, of: Angle, shown: Array) -> Array:
    """∫ tφ(t)h Σ d*_k Φ((ct − τ_k)/s) dt by parts."""
    tau, heights = pair.teacher.edges, pair.teacher.heights
    lower = np.minimum(piece.lower / rho, 1e150)[:, None]
    values = density(lower) * ndtr(edge(lower, tau, of)) + of.cosine * density(tau) * shown
    if not math.isinf(piece.upper):
        with np.errstate(over="ignore"):
            upper = np.minimum(piece.upper / rho, 1e150)[:, None]
        values -= density(upper) * ndtr(edge(upper, tau, of))
    return np.asarray(height * (values @ heights))


def _integrated(piece: HalfPiece, rho: Array, pair: Pair, of: Angle) -> Array:
    """∫ tφ(t)μ′(ςρt) Σ d*_k Φ((ct − τ_k)/s) dt by quadrature, panels cut where the steps are seen."""
    tau, heights, count = pair.teacher.edges, pair.teacher.heights, len(rho)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        lower, upper = (np.minimum(end / rho, LAST)[:, None] for end in (piece.lower, piece.upper))
        width = of.sine / np.maximum(np.abs(of.cosine), 1e-3)
        centre = np.where(np.abs(of.cosine) > 1e-3, tau / of.cosine, 0.0)
        places = (centre[:, :, None] + width[:, :, None] * _STEP_GRID).reshape(count, -1)
        features = np.zeros((count, 0)) if piece.constant is not None else FORMULA_GRID / rho[:, None]
    grid = np.concatenate([np.broadcast_to(GAUSSIAN_GRID, (count, len(GAUSSIAN_GRID))), features, places], axis=1)
    bounds = np.concatenate([lower, np.sort(np.clip(np.nan_to_num(grid), lower, upper), axis=1), upper], axis=1)

    def integrand(t: Array, owner: Owners) -> Array:
        seen = ndtr(edge(t[:, :, None], tau[owner][:, None, :], turned.rows(owner))) @ heights
        return np.asarray(t * density(t) * piece(rho[owner][:, None] * t) * seen)

    turned = of.deep()
    floor = np.abs(first(piece, rho)) * float(np.sum(heights))
    return adaptive(integrand, bounds, floor)


def _responses(piece: HalfPiece, rho: Array, tau: Array, of: Angle) -> Array:
    """∫ μ′(ςρt) φ((t − cτ_k)/s) dt/s of every step by quadrature in ξ = (t − cτ_k)/s, shape (k, K); s > 0."""
    count, number = tau.shape
    scale, centre = (rho[:, None] * of.sine + np.zeros_like(tau)).ravel(), (rho[:, None] * of.cosine * tau).ravel()
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        ends = [np.minimum(end / rho, 1e150)[:, None] for end in (piece.lower, piece.upper)]
        lower, upper = (np.clip(-edge(tau, end, of), -LAST, LAST).ravel()[:, None] for end in ends)
        features = (FORMULA_GRID - centre[:, None]) / scale[:, None]
    normal = np.broadcast_to(_NORMAL_GRID, (count * number, len(_NORMAL_GRID)))
    grid = np.sort(np.clip(np.concatenate([normal, features], axis=1), lower, upper), axis=1)

    def integrand(t: Array, owner: Owners) -> Array:
        return np.asarray(density(t) * piece(centre[owner][:, None] + scale[owner][:, None] * t))

    bounds = np.concatenate([lower, grid, upper], axis=1)
    return adaptive(integrand, bounds).reshape(count, number)


def overlaps(problem: Problem, pair: Pair, at: Invariants) -> Overlaps:
    """The moments at k points with w ≠ 0; chunks of them bound the memory of quadratures."""
    chunks = [np.arange(start, min(start + CHUNK, len(at.rho))) for start in range(0, len(at.rho), CHUNK)]
    found = [_overlaps(problem, pair.rows(rows), at.rho[rows]) for rows in chunks]
    return Overlaps(*(np.concatenate([getattr(part, name) for part in found]) for name in _MEMBERS))


def _overlaps(problem: Problem, pair: Pair, rho: Array) -> Overlaps:
    tau, heights = pair.teacher.edges, pair.teacher.heights
    a0, student, parallel, perpendicular = (np.zeros(len(rho)) for _ in range(4))
    mean = pair.student.mean
    for part in parts(problem):
        half = part.piece.sign * first(part.piece, rho)
        a0 += half
        student += (part.level - mean) * half
    flat = pair.angle.flat()
    live = flat.sine[:, 0] > 0
    weight = density(tau) * heights
    for piece in half_pieces(problem.surrogate):
        of = flat if piece.sign > 0 else flat.mirrored
        height = piece.constant
        if height is None:
            parallel += piece.sign * _integrated(piece, rho, pair, of)
            if live.any():
                seen = _responses(piece, rho[live], tau[live], of.rows(live))
                perpendicular[live] += np.sum(weight[live] * seen, axis=1)
            continue
        shown = _shown(piece, rho, tau, of)
        perpendicular += height * np.sum(weight * shown, axis=1)
        narrow = piece.width / rho < NARROW
        values = _closed(piece, height, rho, pair, of, shown)
        if narrow.any():
            values[narrow] = _integrated(piece, rho[narrow], pair.rows(narrow), of.rows(narrow))
        parallel += piece.sign * values
    parallel += a0 * (pair.teacher.offset - pair.teacher.mean)
    return Overlaps(a0, student, parallel, np.asarray(flat.sine[:, 0] * perpendicular))
