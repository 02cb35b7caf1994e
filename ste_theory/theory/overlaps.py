"""The Gaussian moments of a surrogate derivative against two staircases, as sums over half pieces μ′(ς·) on (l, u).

With a = ςt, t > 0, and the cosine ςc in place of c, a piece contributes

    ς ∫ tφ(t) μ′(ςρt) dt                                   to a₀, times the student's level there to a₁
    ς Σ d*_k ∫ tφ(t) μ′(ςρt) Φ((ςct − τ_k)/s) dt             to b∥
    Σ d*_k φ(τ_k) ∫ μ′(ςρt) φ((t − ςcτ_k)/s) dt              to b⊥

For a constant h, with I = Φ((u − cτ)/s) − Φ((l − cτ)/s), by parts and since φ(t)φ((ct − τ)/s) = φ(τ)φ((t − cτ)/s)

    ∫ tφ(t)Φ((ct − τ)/s) dt = φ(l)Φ((cl − τ)/s) − φ(u)Φ((cu − τ)/s) + cφ(τ)I,        ∫ φ((t − cτ)/s) dt = sI

The first loses digits for narrow windows, which are integrated instead, as formulas are: on fixed panels, cut where the
Gaussian has fallen, where the steps are seen and where the formula's mesh has cuts; adaptively without a mesh.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import Staircase
from ste_theory.model.surrogates import Surrogate
from ste_theory.theory.double_double import Array
from ste_theory.theory.invariants import Invariants
from ste_theory.theory.moments import FORMULA_GRID, GAUSSIAN_GRID, first, first_constant
from ste_theory.theory.orthants import Angle, edge, quiet
from ste_theory.theory.panels import firsts, integrals
from ste_theory.theory.parts import (
    Curves,
    Windows,
    constant_parts,
    constant_pieces,
    constants,
    formula_parts,
    meshed,
    polynomials,
)
from ste_theory.theory.pieces import HalfPiece, half_pieces
from ste_theory.theory.quadrature import LAST, Owners, adaptive, rule
from ste_theory.theory.steps import Pair, density

# In units of the Gaussian: the difference of two values of Φ, and the closed form whose terms are w⁻² times its value.
NARROW, SHORT, NODES = 1.0, 0.25, 20
CHUNK = 16
# First panels around the place where a teacher's step is seen, in units of its width s.
_STEP_GRID = np.array([-9.0, -5, -2, 0, 2, 5, 9])
# Of b⊥, how much of |μ′| the meshes may leave out.
LEFT_OUT = 1e-14
_NORMAL_GRID = np.array([-20.0, -9, -6, -4, -2, 0, 2, 4, 6, 9, 20])


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


def _shown(of: Windows, rho: Array, tau: Array, angle: Angle) -> Array:
    """I of every window and step, shape (k, P, K)."""
    lower, upper = (np.minimum(end / rho[:, None], 1e150)[:, :, None] for end in (of.lower, of.upper))
    width = (of.width / rho[:, None])[:, :, None] / angle.sine
    # (x − cτ)/s = −(cτ − x)/s
    end = np.where(np.isinf(of.upper)[:, None], np.inf, -edge(tau, upper, angle))
    return _interval(-edge(tau, lower, angle), end, width)


def _closed(of: Windows, rho: Array, tau: Array, heights: Array, angle: Angle, shown: Array) -> Array:
    """ς ∫ tφ(t)h Σ d*_k Φ((ct − τ_k)/s) dt of every window by parts, shape (k, P)."""
    lower, upper = (np.minimum(end / rho[:, None], 1e150)[:, :, None] for end in (of.lower, of.upper))
    values = density(lower) * ndtr(edge(lower, tau, angle)) + angle.cosine * density(tau) * shown
    if np.isfinite(of.upper).any():
        values -= density(upper) * ndtr(edge(upper, tau, angle))
    return np.asarray(of.height * (values @ heights))


def _integrated(piece: HalfPiece, rho: Array, pair: Pair, of: Angle) -> Array:
    """∫ tφ(t)μ′(ςρt) Σ d*_k Φ((ct − τ_k)/s) dt by quadrature, panels cut where the steps are seen."""
    tau, heights, count = pair.teacher.edges, pair.teacher.heights, len(rho)
    lower, upper = (np.minimum(end / rho, LAST)[:, None] for end in (piece.lower, piece.upper))
    width = of.sine / np.maximum(np.abs(of.cosine), 1e-3)
    centre = np.where(np.abs(of.cosine) > 1e-3, tau / of.cosine, 0.0)
    places = (centre[:, :, None] + width[:, :, None] * _STEP_GRID).reshape(count, -1)
    features = FORMULA_GRID / rho[:, None]
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
    with quiet():
        if len(at.rho) <= CHUNK:
            return _overlaps(problem, pair, at.rho)
        chunks = [np.arange(start, min(start + CHUNK, len(at.rho))) for start in range(0, len(at.rho), CHUNK)]
        found = [_overlaps(problem, pair.rows(rows), at.rho[rows]) for rows in chunks]
    return Overlaps(*(np.concatenate([getattr(part, name) for part in found]) for name in _MEMBERS))


def _overlaps(problem: Problem, pair: Pair, rho: Array) -> Overlaps:
    quantizer, surrogate = problem.quantizer, problem.surrogate
    a0, student = np.zeros(len(rho)), np.zeros(len(rho))
    of = constant_parts(quantizer, surrogate)
    if of.sign.size:
        moments = first_constant(of.lower, of.upper, of.width, rho[:, None]) * of.height
        a0, student = _student(moments, of, pair)
    parallel, perpendicular = _constant(surrogate, rho, pair)
    for found in _curved(quantizer, surrogate, rho, pair):
        a0, student, parallel, perpendicular = (
            x + y for x, y in zip((a0, student, parallel, perpendicular), found, strict=True)
        )
    parallel = parallel + a0 * (pair.teacher.offset - pair.teacher.mean)
    return Overlaps(a0, student, parallel, np.asarray(pair.angle.sine[:, 0, 0] * perpendicular))


_Parts = tuple[Array, Array, Array, Array]


def _student(moments: Array, of: Windows, pair: Pair) -> tuple[Array, Array]:
    """a₀ and a₁ − a₀s₁ from the parts' moments, shape (k, P)."""
    levels = of.level - pair.student.mean[:, None]
    return np.asarray(np.add.reduce(moments, axis=1)), np.asarray(np.add.reduce(moments * levels, axis=1))


def _curved(quantizer: Staircase, surrogate: Surrogate, rho: Array, pair: Pair) -> list[_Parts]:
    """What the pieces that are not constant contribute: to a₀, a₁ − a₀s₁, b∥ (c₀* apart) and b⊥/s, shapes (k,) each."""
    curves = meshed(quantizer, surrogate)
    if curves is not None and all(each.holds(rho) for each in curves.meshes):
        found = _on_panels(curves, rho, pair)
        weight = density(pair.teacher.edges) @ np.abs(pair.teacher.heights)
        if np.all((np.abs(found[3]) >= curves.left_out / LEFT_OUT * weight) | (pair.angle.sine[:, 0, 0] == 0)):
            return [found]
    polynomial = polynomials(quantizer, surrogate)
    on_panels = [_on_panels(polynomial, rho, pair)] if polynomial.pieces.each else []
    return on_panels + ([_adaptively(quantizer, surrogate, rho, pair)] if formula_parts(quantizer, surrogate) else [])


def _on_panels(curves: Curves, rho: Array, pair: Pair) -> _Parts:
    inside = curves.parts
    moments = (inside.sign[:, None] * firsts(curves.pieces, curves.owner, inside.lower, inside.width, rho)).T
    along, across = integrals(curves.pieces, rho, pair)
    weight = density(pair.teacher.edges) * pair.teacher.heights
    parallel = np.add.reduce(curves.pieces.sign * along, axis=0)
    perpendicular = np.add.reduce(weight * np.add.reduce(across, axis=0), axis=1)
    return (*_student(moments, inside, pair), np.asarray(parallel), np.asarray(perpendicular))


def _adaptively(quantizer: Staircase, surrogate: Surrogate, rho: Array, pair: Pair) -> _Parts:
    a0, student, parallel, perpendicular = (np.zeros(len(rho)) for _ in range(4))
    for part in formula_parts(quantizer, surrogate):
        moment = part.piece.sign * first(part.piece, rho)
        a0 += moment
        student += (part.level - pair.student.mean) * moment
    flat = pair.angle.flat()
    live = flat.sine[:, 0] > 0
    weight = density(pair.teacher.edges) * pair.teacher.heights
    for piece in half_pieces(surrogate):
        if piece.constant is not None or piece.is_polynomial:
            continue
        angle = flat if piece.sign > 0 else flat.mirrored
        parallel += piece.sign * _integrated(piece, rho, pair, angle)
        if live.any():
            seen = _responses(piece, rho[live], pair.teacher.edges[live], angle.rows(live))
            perpendicular[live] += np.sum(weight[live] * seen, axis=1)
    return a0, student, parallel, perpendicular


def _constant(surrogate: Surrogate, rho: Array, pair: Pair) -> tuple[Array, Array]:
    """What the constant half pieces contribute to b∥ (c₀* apart) and to b⊥/s, shapes (k,)."""
    of = constant_pieces(surrogate)
    if not of.sign.size:
        return np.zeros(len(rho)), np.zeros(len(rho))
    tau, heights = pair.teacher.edges[:, None, :], pair.teacher.heights
    angle = pair.angle.turned(of.sign)
    shown = _shown(of, rho, tau, angle)
    perpendicular = np.sum((of.sign * of.height)[:, None] * shown, axis=1)
    parallel = _closed(of, rho, tau, heights, angle, shown)
    narrow = of.width / rho[:, None] < SHORT
    if narrow.any():
        pieces = constants(surrogate)
        along, _ = integrals(pieces, rho, pair, chosen=narrow.T, both=False)
        parallel = np.where(narrow, (pieces.sign * along).T, parallel)
    weight = density(pair.teacher.edges) * heights
    return np.sum(parallel, axis=1), np.sum(weight * perpendicular, axis=1)
