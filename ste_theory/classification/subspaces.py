"""The places where data live: linear subspaces V₁, …, V_n of R^d that meet in 0 only, orthogonal or at any angle."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput

Array = npt.NDArray[np.float64]

# Bases are orthonormal to rounding, so cosines and singular values are exact to some multiples of 2^-52.
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Subspaces:
    """V_i = the span of the columns of ``bases[i]`` (d, k_i), orthonormal; the V_i are linearly independent.

    Raises ``InvalidInput`` for fewer than two classes, bases that are not orthonormal, and subspaces that overlap.

    >>> round(at_angle(60).angle(0, 1), 6)
    60.0
    """

    bases: tuple[Array, ...]

    def __post_init__(self) -> None:
        if len(self.bases) < 2:
            raise InvalidInput(f"subspaces: at least two classes are needed, got {len(self.bases)}")
        checked = []
        for index, basis in enumerate(self.bases):
            array = np.array(basis, dtype=np.float64)
            if array.ndim != 2 or array.shape[1] == 0 or array.shape[0] != np.asarray(self.bases[0]).shape[0]:
                raise InvalidInput(f"subspaces: basis {index} has the shape {array.shape}, not (d, k) with k ≥ 1")
            if not np.all(np.isfinite(array)):
                raise InvalidInput(f"subspaces: basis {index} has entries that are not finite")
            if not np.allclose(array.T @ array, np.eye(array.shape[1]), rtol=0, atol=ROUNDING * len(array)):
                raise InvalidInput(f"subspaces: the columns of basis {index} are not orthonormal; see `spanned`")
            array.setflags(write=False)
            checked.append(array)
        object.__setattr__(self, "bases", tuple(checked))
        for one, two in itertools.combinations(range(self.classes), 2):
            if self.cosine(one, two) >= 1 - ROUNDING:
                raise InvalidInput(
                    f"assumption 'subspaces meet in 0 only' fails: classes {one + 1} and {two + 1} overlap"
                )
        if self._smallest_singular_value < np.sqrt(ROUNDING):
            raise InvalidInput(
                "assumption 'subspaces are linearly independent' fails: one lies in the sum of the others"
            )

    @property
    def classes(self) -> int:
        """The number n of classes."""
        return len(self.bases)

    @property
    def ambient(self) -> int:
        """The dimension d of the space around them."""
        return int(self.bases[0].shape[0])

    @property
    def dimensions(self) -> tuple[int, ...]:
        """The dimensions k_i."""
        return tuple(int(basis.shape[1]) for basis in self.bases)

    @cached_property
    def _smallest_singular_value(self) -> float:
        return float(np.linalg.svd(np.hstack(self.bases), compute_uv=False)[-1]) if self._fits else 0.0

    @property
    def _fits(self) -> bool:
        return sum(self.dimensions) <= self.ambient

    def cosine(self, one: int, two: int) -> float:
        """The cosine of the smallest angle between two of them: the largest ⟨x, y⟩ over unit vectors."""
        return float(np.linalg.norm(self.bases[one].T @ self.bases[two], 2))

    def angle(self, one: int, two: int) -> float:
        """The smallest angle between two of them, in degrees."""
        return float(np.rad2deg(np.arccos(min(1.0, self.cosine(one, two)))))

    @property
    def largest_cosine(self) -> float:
        """The cosine of the smallest angle between any two: 0 where they are orthogonal."""
        return max(self.cosine(one, two) for one, two in itertools.combinations(range(self.classes), 2))

    @property
    def orthogonal(self) -> bool:
        """Whether any two are orthogonal, to rounding: the assumption of the paper."""
        return self.largest_cosine <= ROUNDING * self.ambient

    def projected(self, index: int, vectors: Array) -> Array:
        """The coordinates (..., k_i) of the projections of vectors (..., d) to V_i, in its basis."""
        return vectors @ self.bases[index]

    @cached_property
    def preconditioner(self) -> Array:
        """T = (Σ_i P_i)⁺, P_i the projection to V_i: steps multiplied by T are decoupled at every angle.

        For x ∈ V_i: P_i T x = x and P_r T x = 0 for r ≠ i. T is the identity on the sum of orthogonal subspaces.
        """
        total = sum((basis @ basis.T for basis in self.bases), np.zeros((self.ambient,) * 2))
        return np.asarray(np.linalg.pinv(total), dtype=np.float64)


def spanned(spans: Sequence[npt.ArrayLike]) -> Subspaces:
    """The subspaces that the columns of the given matrices span, with orthonormal bases.

    Raises ``InvalidInput`` where the columns of a matrix are linearly dependent.
    """
    bases = []
    for index, span in enumerate(spans):
        matrix = np.asarray(span, dtype=np.float64)
        if matrix.ndim != 2:
            raise InvalidInput(f"subspaces: matrix {index} has the shape {matrix.shape}, not (d, k)")
        sizes = np.linalg.svd(matrix, compute_uv=False)
        if matrix.shape[1] > matrix.shape[0] or sizes[-1] <= ROUNDING * sizes[0]:
            raise InvalidInput(f"subspaces: the columns of matrix {index} are linearly dependent")
        bases.append(np.linalg.qr(matrix)[0])
    return Subspaces(tuple(bases))


def coordinate(dimensions: Sequence[int], ambient: int | None = None) -> Subspaces:
    """Orthogonal subspaces along the axes: the first k_1 coordinates, the next k_2, …

    >>> coordinate((2, 2)).orthogonal
    True
    """
    total = _total(dimensions, ambient)
    eye, ends = np.eye(total), np.cumsum([0, *dimensions])
    return Subspaces(tuple(eye[:, start:end] for start, end in itertools.pairwise(ends)))


def rotated(dimensions: Sequence[int], *, ambient: int | None = None, seed: int) -> Subspaces:
    """Orthogonal subspaces in random directions (uniformly distributed)."""
    total = _total(dimensions, ambient)
    turn, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((total, total)))
    return Subspaces(tuple(turn @ basis for basis in coordinate(dimensions, total).bases))


def at_random(dimensions: Sequence[int], *, ambient: int | None = None, seed: int) -> Subspaces:
    """Subspaces spanned by independent Gaussian vectors: at any angles."""
    total, rng = _total(dimensions, ambient), np.random.default_rng(seed)
    return spanned([rng.standard_normal((total, count)) for count in dimensions])


def at_angle(degrees: float) -> Subspaces:
    """V₁ = span{e₁, sinθ·e₂ + cosθ·e₃}, V₂ = span{e₃, e₄} in R⁴: two planes whose smallest angle is θ.

    Raises ``InvalidInput`` unless 0 < θ ≤ 90.
    """
    if not 0 < degrees <= 90:
        raise InvalidInput(f"assumption 'subspaces meet in 0 only' fails: the angle must be in (0, 90], got {degrees}")
    eye, theta = np.eye(4), np.deg2rad(degrees)
    cosine = 0.0 if degrees == 90 else np.cos(theta)
    return Subspaces((np.stack([eye[0], np.sin(theta) * eye[1] + cosine * eye[2]], axis=1), eye[:, 2:]))


def _total(dimensions: Sequence[int], ambient: int | None) -> int:
    for index, count in enumerate(dimensions):
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise InvalidInput(f"subspaces: dimension {index + 1} must be a positive integer, got {count!r}")
    total = sum(dimensions) if ambient is None else ambient
    if total < sum(dimensions):
        raise InvalidInput(
            f"assumption 'subspaces are linearly independent' fails: dimensions {sum(dimensions)} in R^{total}"
        )
    return total
