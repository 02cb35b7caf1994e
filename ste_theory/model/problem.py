"""The two-linear-layer problem (quantizer, surrogate) and the points of its parameter space."""

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput
from ste_theory.model.numbers import Rows, Vector, VectorLike, covariance, exact_tuple, positive, vector
from ste_theory.model.quantizers import Staircase
from ste_theory.model.surrogates import Surrogate


@dataclass(frozen=True)
class Problem:
    """y = vᵀσ(Zw) against y* = v*ᵀσ(Zw*), loss ℓ = ½(y − y*)², coarse gradient g_μ = Zᵀ(μ′(Zw) ⊙ v)(y − y*).

    The rows of Z ∈ R^{m×n} are iid N(0, Σ) with Σ = ``input_covariance``, a symmetric positive definite matrix (n, n);
    without one, N(0, I). With ``teacher_quantizer`` σ*, the teacher is y* = v*ᵀσ*(Zw*); without, σ* = σ.
    """

    quantizer: Staircase
    surrogate: Surrogate
    teacher_quantizer: Staircase | None = None
    input_covariance: Rows | None = None

    def __init__(
        self,
        quantizer: Staircase,
        surrogate: Surrogate,
        *,
        teacher_quantizer: Staircase | None = None,
        input_covariance: npt.ArrayLike | None = None,
    ) -> None:
        if not isinstance(quantizer, Staircase):
            raise InvalidInput(f"quantizer must come from ste_theory.quantizers, got {quantizer!r}")
        if not isinstance(surrogate, Surrogate):
            raise InvalidInput(f"surrogate must come from ste_theory.surrogates, got {surrogate!r}")
        if teacher_quantizer is not None and not isinstance(teacher_quantizer, Staircase):
            raise InvalidInput(f"teacher_quantizer must come from ste_theory.quantizers, got {teacher_quantizer!r}")
        object.__setattr__(self, "quantizer", quantizer)
        object.__setattr__(self, "surrogate", surrogate)
        object.__setattr__(self, "teacher_quantizer", teacher_quantizer)
        rows = None if input_covariance is None else covariance(input_covariance, "input_covariance")
        object.__setattr__(self, "input_covariance", rows)

    @property
    def teacher(self) -> Staircase:
        """σ*, the teacher's activation."""
        return self.quantizer if self.teacher_quantizer is None else self.teacher_quantizer

    @cached_property
    def isotropic(self) -> "Problem":
        """The same problem with input N(0, I)."""
        if self.input_covariance is None:
            return self
        return Problem(self.quantizer, self.surrogate, teacher_quantizer=self.teacher_quantizer)

    @cached_property
    def input_root(self) -> npt.NDArray[np.float64] | None:
        """The symmetric positive definite R with R² = Σ, read-only, shape (n, n); ``None`` for Σ = I left out."""
        if self.input_covariance is None:
            return None
        values, vectors = np.linalg.eigh(np.array(self.input_covariance))
        root = (vectors * np.sqrt(values)) @ vectors.T
        root.setflags(write=False)
        return np.asarray(root)

    @cached_property
    def is_binary(self) -> bool:
        """Whether student and teacher both have the activation 1{x > 0}."""
        return self.quantizer.is_binary and self.teacher.is_binary


@dataclass(frozen=True, eq=False)
class Point:
    """Student (v, w) and teacher (v*, w*): read-only float64 vectors of shapes (m,), (n,), (m,), (n,).

    v* may be longer than v: the teacher then has rows that the student lacks, its last ones (``rows`` > ``m``).

    Domain: all entries finite, w* ≠ 0, v* ≠ 0. w = 0 is a point of the space; quantities that do not exist there say
    so.
    """

    v: Vector
    w: Vector
    v_star: Vector
    w_star: Vector

    def __init__(self, v: VectorLike, w: VectorLike, v_star: VectorLike, w_star: VectorLike) -> None:
        arrays = {
            "v": vector(v, "v"),
            "w": vector(w, "w"),
            "v_star": vector(v_star, "v_star"),
            "w_star": vector(w_star, "w_star"),
        }
        for student, teacher in (("v", "v_star"), ("w", "w_star")):
            own, others = arrays[student].size, arrays[teacher].size
            if own > others or (own < others and student == "w"):
                wanted = "have the shape of" if student == "w" else "be at least as long as"
                raise InvalidInput(f"{teacher} must {wanted} {student}: ({others},) against ({own},)")
        for name in ("v_star", "w_star"):
            if not np.any(arrays[name]):
                raise InvalidInput(f"{name} must not be zero: the teacher would be constant")
        for name, array in arrays.items():
            object.__setattr__(self, name, array)

    @property
    def m(self) -> int:
        """The length of v: rows of Z (patches) that the student has, all of them unless the teacher has more."""
        return self.v.size

    @property
    def rows(self) -> int:
        """The number of rows of Z, the length of v*."""
        return self.v_star.size

    @cached_property
    def padded(self) -> "Point":
        """The same point with weights 0 for the rows that the student lacks: all its expectations are the same."""
        if self.m == self.rows:
            return self
        return Point(np.concatenate([self.v, np.zeros(self.rows - self.m)]), self.w, self.v_star, self.w_star)

    @property
    def n(self) -> int:
        """Length of a row of Z, the length of w."""
        return self.w.size

    def __repr__(self) -> str:
        student = f"v={self.v.tolist()}, w={self.w.tolist()}"
        return f"Point({student}, v_star={self.v_star.tolist()}, w_star={self.w_star.tolist()})"


class Straight(Enum):
    """The one irrational angle a ``PlanePoint`` may have: θ = π, where w* is opposite to w and û does not exist."""

    PI = "π"

    def __repr__(self) -> str:
        return "Straight.PI"


@dataclass(frozen=True)
class PlanePoint:
    """A point up to rotation, in exact numbers: ρ = ‖w‖, ρ* = ‖w*‖, θ = angle(w, w*) in radians, and v, v*.

    Everything the expectations depend on. Domain: ρ, ρ* > 0 and 0 < θ < π, so that the unit vectors ŵ and û span a
    plane; or θ = ``Straight.PI``, where quantities along û do not exist.
    """

    rho: Fraction
    rho_star: Fraction
    theta: Fraction | Straight
    v: tuple[Fraction, ...]
    v_star: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        positive(self.rho, "rho")
        positive(self.rho_star, "rho_star")
        if isinstance(self.theta, Fraction) and not 0 < self.theta < Fraction(
            "3.14159265358979323846264338327950288419716939937510"
        ):
            raise InvalidInput(f"theta must lie in (0, π), got {self.theta}")
        object.__setattr__(self, "v", exact_tuple(self.v, "v"))
        object.__setattr__(self, "v_star", exact_tuple(self.v_star, "v_star"))
        if not self.v or len(self.v) != len(self.v_star):
            raise InvalidInput(
                f"v and v_star must be non-empty and equally long: {len(self.v)} against {len(self.v_star)}"
            )
        if not any(self.v_star):
            raise InvalidInput("v_star must not be zero: the teacher would be constant")

    @property
    def words(self) -> str:
        """All of the point in the letters of the field, exactly: ``ρ = 7/2, ρ* = 1, θ = 21/100, v = (1), v* = (2)``."""
        angle = "π" if isinstance(self.theta, Straight) else str(self.theta)
        entries = (f"({', '.join(map(str, vector))})" for vector in (self.v, self.v_star))
        return "ρ = {}, ρ* = {}, θ = {}, v = {}, v* = {}".format(self.rho, self.rho_star, angle, *entries)

    @property
    def m(self) -> int:
        """Number of rows of Z."""
        return len(self.v)

    @cached_property
    def scalars(self) -> dict[str, Fraction]:
        """The exact sums the expectations depend on: V = ‖v‖², S = 1ᵀv, D = vᵀv*, V_star = ‖v*‖², S_star = 1ᵀv*."""
        return {
            "V": sum((x * x for x in self.v), Fraction(0)),
            "S": sum(self.v, Fraction(0)),
            "D": sum((x * y for x, y in zip(self.v, self.v_star, strict=True)), Fraction(0)),
            "V_star": sum((x * x for x in self.v_star), Fraction(0)),
            "S_star": sum(self.v_star, Fraction(0)),
        }

    def embed(self, n: int, seed: int | None = None) -> Point:
        """A full-dimensional point with these invariants: the plane is rotated into R^n at random from ``seed``.

        n ≥ 2; without a seed ŵ and û are the first two coordinate axes.
        """
        if n < 2:
            raise InvalidInput(f"n must be at least 2 to hold an angle in (0, π), got {n}")
        basis = np.eye(n)
        if seed is not None:
            basis, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((n, n)))
        w = float(self.rho) * basis[:, 0]
        if isinstance(self.theta, Straight):
            w_star = -float(self.rho_star) * basis[:, 0]
        else:
            angle = float(self.theta)
            w_star = float(self.rho_star) * (np.cos(angle) * basis[:, 0] + np.sin(angle) * basis[:, 1])
        return Point([float(x) for x in self.v], w, [float(x) for x in self.v_star], w_star)
