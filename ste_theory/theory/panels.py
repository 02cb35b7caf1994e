"""Moments of half pieces by the rule of 24 nodes on fixed panels, all pieces of a surrogate in one pass.

With a = ςt, t > 0, and the cosine ςc in place of c, a piece h = μ′(ς·) on (l, u) contributes

    ∫ tφ(t) h(ρt) dt                       on each part between the student's thresholds
    Σ d*_k ∫ tφ(t) h(ρt) Φ((ςct − τ_k)/s) dt
    ∫ φ(ξ) h(ρ(ςcτ_k + sξ)) dξ             over ξ with l < ρ(ςcτ_k + sξ) < u, for each k

One call of NumPy costs more than the nodes of one piece: the pieces are one axis of every array but in h itself.
A formula brings the cuts of its ``mesh``; polynomials need none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from ste_theory.theory.double_double import Array
from ste_theory.theory.mesh import Mesh
from ste_theory.theory.orthants import Angle, edge
from ste_theory.theory.pieces import HalfPiece
from ste_theory.theory.quadrature import LAST, Owners, between, falls, paneled
from ste_theory.theory.steps import Pair, density

# Beyond 9 widths a step is 0 or 1 to rounding accuracy; 4.5 widths of it are one panel.
_STEP_PANELS = np.array([-9.0, -4.5, 0, 4.5, 9])
COLUMNS = len(_STEP_PANELS) + 3
# Where |cosθ| is less, a step is so wide that it needs no panels: they lie beyond the Gaussian, or are those for 1e-3.
_FLAT = 1e-3
_THIN = 1e-300
Chosen = npt.NDArray[np.bool_] | None


@dataclass(frozen=True, eq=False)
class Pieces:
    """Half pieces, their signs and ends as arrays of shape (P, 1), the cuts of their meshes, (P, q), filled with ∞."""

    each: tuple[HalfPiece, ...]
    sign: Array
    lower: Array
    upper: Array
    cuts: Array

    @staticmethod
    def of(each: Sequence[HalfPiece], meshes: Sequence[Mesh | None] = ()) -> "Pieces":
        """From the pieces, and their meshes or ``None``."""
        columns = np.array([(p.sign, p.lower, p.upper) for p in each], dtype=np.float64).reshape(-1, 3).T[:, :, None]
        inner = [() if mesh is None else mesh.cuts[1:-1].tolist() for mesh in meshes] or [()] * len(each)
        most = max(map(len, inner), default=0)
        cuts = np.array([[*row, *[np.inf] * (most - len(row))] for row in inner]).reshape(len(each), most)
        for array in (columns, cuts):
            array.setflags(write=False)
        sign, lower, upper = columns
        return Pieces(tuple(each), sign, lower, upper, cuts)

    def within(self, reach: float) -> Array:
        """The cuts up to ``reach``, as far as any piece has one."""
        return self.cuts[:, : int(np.max(np.sum(self.cuts < reach, axis=1)))] if self.cuts.size else self.cuts

    def values(self, x: Array, owner: Owners) -> Array:
        """h at x, shape (p, q), row i on the piece ``owner[i]``; the owners do not decrease."""
        if len(self.each) == 1:
            return self.each[0](x)
        found, start = np.empty_like(x), 0
        for number, piece in enumerate(self.each):
            end = int(np.searchsorted(owner, number, side="right"))
            found[start:end] = piece(x[start:end])
            start = end
        return found


def firsts(pieces: Pieces, owner: Owners, lower: Array, width: Array, rho: Array) -> Array:
    """∫ tφ(t)h(ρt) dt over windows of the pieces, shapes (W,), at k scales: (W, k). Two panels follow the Gaussian."""
    if pieces.cuts.size:
        return _firsts_cut(pieces, owner, lower, width, rho)
    with np.errstate(over="ignore"):
        alpha = np.minimum(lower[:, None] / rho, 2 * LAST)[:, :, None]
        ends = np.minimum((width[:, None] / rho)[:, :, None], falls(alpha))
    nodes, weights = between(np.concatenate([np.zeros_like(alpha), ends[:, :, :1]], axis=2), ends)
    nodes += alpha
    values = pieces.values((rho[:, None] * nodes).reshape(-1, nodes.shape[2]), np.repeat(owner, len(rho)))
    return np.asarray(np.add.reduce(nodes * density(nodes) * weights * values.reshape(nodes.shape), axis=2))


def _firsts_cut(pieces: Pieces, owner: Owners, lower: Array, width: Array, rho: Array) -> Array:
    """``firsts`` with the cuts of the meshes."""
    with np.errstate(over="ignore"):
        start = np.minimum(lower[:, None] / rho, 2 * LAST)[:, :, None]
        fallen = falls(start)
        end = np.minimum((width[:, None] / rho)[:, :, None], fallen[..., 1:])
    cuts = pieces.within(LAST * float(np.max(rho)))[owner][:, None, :] / rho[:, None]
    # Distances from the start: a narrow window far out keeps its digits.
    bounds = np.concatenate([np.zeros_like(start), fallen[..., :1], cuts - start, end], axis=2)
    bounds = np.minimum(np.maximum(bounds, 0.0), end)
    bounds.sort(axis=2)
    of, start = np.repeat(owner, len(rho)), start.reshape(-1, 1)
    scale = np.tile(rho, len(owner))[:, None]

    def integrand(t: Array, row: Owners) -> Array:
        t = t + start[row]
        return np.asarray(t * density(t) * pieces.values(scale[row] * t, of[row]))

    return paneled(integrand, bounds.reshape(len(of), -1)).reshape(len(owner), len(rho))


@dataclass(frozen=True, eq=False)
class Rows:
    """Integrals over t of pieces at centre + scale·t: arrays of shape (P, r); ``bounds`` (P, r, b), non-decreasing."""

    bounds: Array
    centre: Array
    scale: Array


@dataclass(frozen=True, eq=False)
class Turned:
    """θ of k points for the pieces of either sign: arrays of shape (P, k, 1)."""

    cosine: Array
    sine: Array
    half: Array

    @staticmethod
    def of(pieces: Pieces, angle: Angle) -> "Turned":
        """From θ as arrays of shape (k, 1, 1)."""
        cosine = pieces.sign[:, :, None] * angle.cosine[:, :, 0]
        # Adding zeros is several times faster than np.broadcast_to; so below.
        zero = np.zeros_like(cosine)
        return Turned(cosine, angle.sine[:, :, 0] + zero, angle.half[:, :, 0] + zero)

    @property
    def angle(self) -> Angle:
        """As edges need it."""
        return Angle(self.cosine, self.cosine, self.sine, self.half)


def _along(pieces: Pieces, cuts: Array, rho: Array, tau: Array, turned: Turned, chosen: Chosen) -> Rows:
    """Each step has panels of its own."""
    lower = np.minimum(pieces.lower / rho, LAST)[:, :, None, None]
    fallen = lower + falls(lower)
    upper = np.minimum(np.minimum(pieces.upper / rho, LAST)[:, :, None, None], fallen[..., 1:])
    if chosen is not None:
        upper = np.where(chosen[:, :, None, None], upper, lower)
    slope = np.where(np.abs(turned.cosine) > _FLAT, turned.cosine, _FLAT)
    bounds = np.empty((*turned.cosine.shape[:2], tau.shape[1], COLUMNS + cuts.shape[1]))
    bounds[..., :1], bounds[..., 1:2], bounds[..., COLUMNS - 1 : COLUMNS] = lower, fallen[..., :1], upper
    bounds[..., 2 : COLUMNS - 1] = (tau / slope)[..., None] + (turned.sine / np.abs(slope))[..., None] * _STEP_PANELS
    bounds[..., COLUMNS:] = (cuts[:, None, :] / rho[:, None])[:, :, None, :]
    np.maximum(bounds, lower, out=bounds)
    np.minimum(bounds, upper, out=bounds)
    bounds.sort(axis=3)
    bounds = bounds.reshape(len(lower), -1, bounds.shape[-1])
    scale = np.repeat(rho, tau.shape[1])
    zero = np.zeros(bounds.shape[:2])
    return Rows(bounds, zero, scale + zero)


def _across(pieces: Pieces, cuts: Array, rho: Array, tau: Array, turned: Turned) -> Rows:
    """Panels that follow the Gaussian from where the piece is nearest to its centre."""
    ends = np.minimum(np.array([pieces.lower, pieces.upper]) / rho, 1e150)[..., None]
    lower, upper = np.minimum(np.maximum(-edge(tau, ends, turned.angle), -LAST), LAST)[..., None]
    upper = np.where(turned.sine[..., None] > 0, upper, lower)
    nearest = np.minimum(np.maximum(0.0, lower), upper)
    distance = falls(np.abs(nearest))
    bounds = np.empty((*lower.shape[:3], COLUMNS + cuts.shape[1]))
    bounds[..., :2], bounds[..., 2:3] = nearest - distance[..., ::-1], nearest
    bounds[..., 3:5], bounds[..., 5:COLUMNS] = nearest + distance, np.inf
    if cuts.size:
        places = cuts[:, None, None, :] / rho[:, None, None] - (turned.cosine * tau)[..., None]
        bounds[..., COLUMNS:] = places / np.maximum(turned.sine, _THIN)[..., None]
    np.maximum(bounds, lower, out=bounds)
    np.minimum(bounds, upper, out=bounds)
    if cuts.size:
        bounds.sort(axis=3)
    shape = len(lower), -1
    scale = rho[:, None] * turned.sine + np.zeros(lower.shape[:3])
    centre = rho[:, None] * turned.cosine * tau
    return Rows(bounds.reshape(*shape, bounds.shape[-1]), centre.reshape(shape), scale.reshape(shape))


def integrals(
    pieces: Pieces, rho: Array, pair: Pair, *, chosen: Chosen = None, both: bool = True
) -> tuple[Array, Array]:
    """Σ d*_k ∫ tφ(t)h(ρt)Φ((ςct − τ_k)/s) dt, shape (P, k), and ∫ φ(ξ)h(ρ(ςcτ_k + sξ)) dξ, shape (P, k, K).

    The first is 0 where not ``chosen``, the second where s = 0; it is left out, shape (P, 0), unless ``both``.
    """
    tau, heights = pair.teacher.edges, pair.teacher.heights
    turned = Turned.of(pieces, pair.angle)
    cuts = pieces.within(LAST * float(np.max(rho, initial=0.0)))
    rows = [_along(pieces, cuts, rho, tau, turned, chosen)]
    if both:
        rows.append(_across(pieces, cuts, rho, tau, turned))
    bounds = np.concatenate([row.bounds for row in rows], axis=1)
    centre = np.concatenate([row.centre for row in rows], axis=1).reshape(-1, 1)
    scale = np.concatenate([row.scale for row in rows], axis=1).reshape(-1, 1)
    count, number = bounds.shape[1], tau.size
    side = np.where(turned.cosine < 0, -1.0, 1.0)
    # (ςct − τ)/s as in ``edge``, t being finite: side·t − τ over s, and side·t·tan.
    zero = np.zeros((*side.shape[:2], tau.shape[1]))
    of_step = [(x + zero).reshape(-1, 1) for x in (side, tau, turned.sine)]
    half = (turned.half + zero).reshape(-1, 1)

    def integrand(t: Array, owner: Owners) -> Array:
        piece = owner // count
        values = density(t) * pieces.values(centre[owner] + scale[owner] * t, piece)
        first = np.nonzero(owner - piece * count < number)[0]
        step = (owner - piece * (count - number))[first]
        at, (signs, edges, sine) = t[first], (x[step] for x in of_step)
        x = signs * at
        apart = x - edges
        seen = ndtr(np.where(apart == 0, 0.0, apart / sine) - x * half[step])
        values[first] *= at * seen
        return np.asarray(values)

    found = paneled(integrand, bounds.reshape(-1, bounds.shape[-1])).reshape(len(pieces.each), -1)
    along = found[:, :number].reshape(-1, *tau.shape) @ heights
    return np.asarray(along), found[:, number:].reshape(-1, *tau.shape) if both else np.zeros((len(along), 0))
