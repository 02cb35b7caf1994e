"""Sampled moments of the program's columns, and of linear combinations of them."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.numbers import Vector, VectorLike, vector
from ste_theory.montecarlo.blocks import Precision
from ste_theory.montecarlo.notation import shorthand, shorthands
from ste_theory.montecarlo.program import Layout, Matrix


class Sampled(NamedTuple):
    """A sampled number and its standard error."""

    value: float
    standard_error: float

    def __repr__(self) -> str:
        return shorthand(*self)


@dataclass(frozen=True, eq=False, repr=False)
class Moments:
    """Mean (k,) and unbiased covariance (k, k) of one sample's columns, over ``samples`` samples drawn from ``seed``.

    The columns are those of ``Layout`` (see ``labels``). Arrays are read-only. Zero on the diagonal of the covariance
    means that every sample had the same value bit for bit, which is then the mean. ``prefixes`` are the moments of the
    first 1, 2, 4, … blocks of the same samples, without prefixes of their own.
    """

    mean: Vector
    covariance: Matrix
    samples: int
    seed: int
    stream: tuple[int, ...]
    layout: Layout
    prefixes: tuple["Moments", ...] = ()
    precision: Precision = "double"

    def __post_init__(self) -> None:
        self.mean.setflags(write=False)
        self.covariance.setflags(write=False)

    @property
    def labels(self) -> tuple[str, ...]:
        """One name per column: ``v_gradient[0]``, …, ``coarse_gradient[0]``, …, ``loss``, ``score.radial``, …"""
        return self.layout.labels

    @property
    def standard_error(self) -> Vector:
        """√(variance/samples) per column, shape (k,)."""
        return np.asarray(np.sqrt(np.diagonal(self.covariance) / self.samples))

    @property
    def roundings(self) -> int:
        """A bound on the roundings between the inputs and a term of a column or of a projection of one
        (``decide.compare``).

        y − y* takes at most 2m + 1, a product with it and a sum over m rows m + 4 more, the square 2m + 3; a
        projection n + 1. In units of 2⁻⁵³: one rounding in single precision counts as 2²⁹, and beside them stand those
        of the normal numbers (8, a bound for the four functions they take).
        """
        count = 4 * self.layout.m + self.layout.n + 8
        return count if self.precision == "double" else (count + 8) << 29

    def column(self, label: str) -> Sampled:
        """Mean and standard error of one column. Raises ``InvalidInput`` for an unknown label."""
        if label not in self.labels:
            raise InvalidInput(f"label must be one of {', '.join(self.labels)}; got {label!r}")
        index = self.labels.index(label)
        return Sampled(float(self.mean[index]), float(self.standard_error[index]))

    def combination(self, weights: VectorLike) -> Sampled:
        """⟨weights, mean⟩ and √(weightsᵀ covariance weights/samples), for ``weights`` of shape (k,).

        The standard error is never below its own rounding error u·k·Σ|w_i||w_j||c_ij|, so that a variance which
        cancels gives a small pull rather than a division by noise; it is exactly zero only if every column with a
        non-zero weight is constant.
        """
        chosen = vector(weights, "weights")
        if chosen.shape != self.mean.shape:
            raise InvalidInput(f"weights must have shape {self.mean.shape}, got {chosen.shape}")
        variance = float(chosen @ self.covariance @ chosen)
        size = np.abs(chosen)
        rounding = chosen.size * np.finfo(np.float64).eps * float(size @ np.abs(self.covariance) @ size)
        return Sampled(float(chosen @ self.mean), math.sqrt(max(variance, rounding) / self.samples))

    def along(self, group: str, direction: VectorLike) -> Sampled:
        """The component of one observable along ``direction``: ``moments.along("coarse_gradient", u_hat)`` is û·g.

        ``group`` is ``v_gradient`` (direction of shape (m,)), ``coarse_gradient`` (n,), ``loss`` (1,) or ``score``
        (2,). Raises ``InvalidInput`` for another group or shape.
        """
        groups = self.layout.groups
        if group not in groups:
            raise InvalidInput(f"group must be one of {', '.join(groups)}; got {group!r}")
        chosen, weights = vector(direction, "direction"), np.zeros(self.layout.width)
        if chosen.shape != weights[groups[group]].shape:
            raise InvalidInput(
                f"direction must have shape {weights[groups[group]].shape} for {group}, got {chosen.shape}"
            )
        weights[groups[group]] = chosen
        return self.combination(weights)

    def __repr__(self) -> str:
        groups = (
            f"{name}={shorthands(self.mean[s], self.standard_error[s])}" for name, s in self.layout.groups.items()
        )
        stream = f", stream={self.stream}" if self.stream else ""
        return f"Moments({', '.join(groups)}, samples={self.samples}, seed={self.seed}{stream})"
