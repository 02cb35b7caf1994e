"""Validated numbers and arrays: every constructor of the model passes its arguments through here.

A parameter of a quantizer or surrogate is kept as an exact rational, so that the float program, the symbolic
derivation and the ball enclosure speak of the same number.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from numbers import Rational

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput

Exact = int | float | str | Fraction
Vector = npt.NDArray[np.float64]
VectorLike = npt.ArrayLike


def exact(value: Exact, name: str) -> Fraction:
    """The rational number that ``value`` denotes; a float denotes its exact binary value.

    >>> exact("1/3", "clip"), exact(0.5, "clip")
    (Fraction(1, 3), Fraction(1, 2))
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Rational, np.integer, np.floating)):
        raise InvalidInput(f"{name} must be a number, got {value!r}")
    try:
        if isinstance(value, (float, np.floating)):
            if not math.isfinite(value):
                raise InvalidInput(f"{name} must be finite, got {value!r}")
            return Fraction(float(value))
        return Fraction(value) if isinstance(value, (str, Rational)) else Fraction(int(value))
    except (ValueError, ZeroDivisionError):
        raise InvalidInput(f"{name} must be a number, got {value!r}") from None


def positive(value: Exact, name: str) -> Fraction:
    """``exact(value)`` if it is positive, else an error that names the argument."""
    number = exact(value, name)
    if number <= 0:
        raise InvalidInput(f"{name} must be positive, got {value!r}")
    return number


def exact_tuple(values: Sequence[Exact], name: str) -> tuple[Fraction, ...]:
    """A tuple of exact numbers; an element's error names its index."""
    if isinstance(values, (str, bytes)) or not isinstance(values, (Sequence, np.ndarray)):
        raise InvalidInput(f"{name} must be a sequence of numbers, got {values!r}")
    return tuple(exact(value, f"{name}[{index}]") for index, value in enumerate(values))


Rows = tuple[tuple[float, ...], ...]


def covariance(values: npt.ArrayLike, name: str) -> Rows:
    """A symmetric positive definite matrix as rows of floats, which compare and hash.

    Symmetric means: equal to one rounding; the lower triangle counts. Positive definite means: to rounding accuracy,
    the least eigenvalue above k·2⁻⁵² of the largest.
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidInput(f"{name} must be a matrix of real numbers") from None
    if array.ndim != 2 or array.shape[0] != array.shape[1] or array.size == 0:
        raise InvalidInput(f"{name} must be a square matrix, got an array of shape {array.shape}")
    if not np.isfinite(array).all():
        raise InvalidInput(f"{name} must be finite")
    if np.any(np.abs(array - array.T) > np.finfo(np.float64).eps * np.abs(array)):
        raise InvalidInput(f"{name} must be symmetric")
    lower = np.tril(array)
    array = lower + np.tril(array, -1).T
    eigenvalues = np.linalg.eigvalsh(array)
    if eigenvalues[0] <= len(array) * np.finfo(np.float64).eps * eigenvalues[-1]:
        raise InvalidInput(f"{name} must be positive definite; its least eigenvalue is {eigenvalues[0]:.3g}")
    return tuple(tuple(float(x) for x in row) for row in array)


def vector(values: VectorLike, name: str) -> Vector:
    """A non-empty, finite, read-only float64 vector of shape ``(k,)``."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise InvalidInput(f"{name} must be a vector of numbers, got a ragged sequence") from None
    if array.dtype.kind not in "iuf":
        raise InvalidInput(f"{name} must be a vector of real numbers, got elements of type {array.dtype}")
    if array.ndim != 1:
        raise InvalidInput(f"{name} must be a vector, got an array of shape {array.shape}")
    if array.size == 0:
        raise InvalidInput(f"{name} must not be empty")
    result = array.astype(np.float64)
    bad = np.flatnonzero(~np.isfinite(result))
    if bad.size:
        raise InvalidInput(f"{name}[{bad[0]}] must be finite, got {result[bad[0]]}")
    result.setflags(write=False)
    return result
