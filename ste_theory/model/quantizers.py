"""Staircase quantizers: the hard activation σ(x) = c₀ + Σ_k d_k·1{x > t_k}."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput
from ste_theory.model.numbers import Exact, exact, exact_tuple, positive

Rounding = Literal["ceil", "round", "floor"]


@dataclass(frozen=True)
class Staircase:
    """σ(x) = c₀ + Σ_k d_k·1{x > t_k} with increasing thresholds t_k and increments d_k > 0.

    The value at a threshold is the one on its left (the papers' convention for the binary activation, 1{x > 0}); an
    input has density zero there, so no expectation depends on it.

    >>> binary()([-1.0, 0.0, 2.0])
    array([0., 0., 1.])
    """

    name: str
    thresholds: tuple[Fraction, ...]
    heights: tuple[Fraction, ...]
    offset: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if not self.thresholds:
            raise InvalidInput("thresholds must not be empty: a constant activation has nothing to estimate")
        if len(self.thresholds) != len(self.heights):
            raise InvalidInput(
                f"heights must have one increment per threshold: {len(self.heights)} for {len(self.thresholds)}"
            )
        for index, (left, right) in enumerate(zip(self.thresholds, self.thresholds[1:], strict=False)):
            if left >= right:
                raise InvalidInput(f"thresholds must increase: thresholds[{index + 1}] = {right} after {left}")
        for index, height in enumerate(self.heights):
            if height <= 0:
                raise InvalidInput(f"heights[{index}] must be positive, got {height}")

    @cached_property
    def _float_steps(self) -> tuple[tuple[float, float], ...]:
        return tuple((float(t), float(d)) for t, d in zip(self.thresholds, self.heights, strict=True))

    def __call__(self, x: npt.ArrayLike) -> npt.NDArray[np.floating]:
        """σ applied to an array of any shape; float32 input stays float32."""
        array = np.asarray(x)
        dtype = array.dtype if array.dtype.kind == "f" else np.dtype(np.float64)
        result = np.full(array.shape, float(self.offset), dtype=dtype)
        for threshold, height in self._float_steps:
            result += dtype.type(height) * (array > threshold)
        return result

    @cached_property
    def is_binary(self) -> bool:
        """Whether σ is exactly 1{x > 0}, the activation of the first paper."""
        return self.thresholds == (Fraction(0),) and self.heights == (Fraction(1),) and self.offset == 0


def binary() -> Staircase:
    """σ(x) = 1{x > 0}: the binarized ReLU of Yin et al. 2019."""
    return Staircase("binary", (Fraction(0),), (Fraction(1),))


def sign() -> Staircase:
    """σ(x) = −1 + 2·1{x > 0}."""
    return Staircase("sign", (Fraction(0),), (Fraction(2),), Fraction(-1))


def ternary(threshold: Exact) -> Staircase:
    """σ(x) = −1 + 1{x > −τ} + 1{x > τ} with values −1, 0, 1.

    Raises ``InvalidInput`` unless the threshold τ is positive.
    """
    tau = positive(threshold, "threshold")
    return Staircase(f"ternary({tau})", (-tau, tau), (Fraction(1), Fraction(1)), Fraction(-1))


def uniform_relu(bits: int, step: Exact = 1, rounding: Rounding = "ceil") -> Staircase:
    """The ``bits``-bit quantized ReLU with ``2**bits`` levels 0, step, …, (2**bits − 1)·step.

    ``ceil`` (the papers' choice) jumps at 0, step, 2·step, …; ``round`` at step/2, 3·step/2, …; ``floor`` at step,
    2·step, ….

    >>> uniform_relu(2)([-1.0, 0.5, 1.5, 9.0])
    array([0., 1., 2., 3.])
    """
    if isinstance(bits, bool) or not isinstance(bits, int) or not 1 <= bits <= 16:
        raise InvalidInput(f"bits must be an integer from 1 to 16, got {bits!r}")
    size = positive(step, "step")
    shifts = {"ceil": Fraction(0), "round": Fraction(1, 2), "floor": Fraction(1)}
    if rounding not in shifts:
        raise InvalidInput(f"rounding must be one of ceil, round, floor, got {rounding!r}")
    count = 2**bits - 1
    thresholds = tuple((k + shifts[rounding]) * size for k in range(count))
    return Staircase(f"uniform_relu({bits}, step={size}, rounding={rounding})", thresholds, (size,) * count)


def uniform_signed(bits: int, step: Exact = 1) -> Staircase:
    """The signed ``bits``-bit quantizer: x/step rounded to the nearest of −2^{bits−1}, …, 2^{bits−1} − 1, times step.

    It jumps half way between two levels. With one bit the levels are −step and 0.

    >>> uniform_signed(2)([-9.0, -0.6, 0.4, 0.6, 9.0])
    array([-2., -1.,  0.,  1.,  1.])
    """
    if isinstance(bits, bool) or not isinstance(bits, int) or not 1 <= bits <= 16:
        raise InvalidInput(f"bits must be an integer from 1 to 16, got {bits!r}")
    size = positive(step, "step")
    half, count = 2 ** (bits - 1), 2**bits - 1
    thresholds = tuple((k - half + Fraction(1, 2)) * size for k in range(count))
    return Staircase(f"uniform_signed({bits}, step={size})", thresholds, (size,) * count, -half * size)


def staircase(thresholds: Sequence[Exact], heights: Sequence[Exact], offset: Exact = 0) -> Staircase:
    """σ(x) = offset + Σ_k heights[k]·1{x > thresholds[k]}; ``heights`` are the increments d_k.

    Raises ``InvalidInput`` for empty, unequal or non-increasing thresholds and for non-positive increments.
    """
    return Staircase(
        "staircase", exact_tuple(thresholds, "thresholds"), exact_tuple(heights, "heights"), exact(offset, "offset")
    )


def parse(text: str, /) -> Staircase:
    """The quantizer that a text such as ``"uniform_relu(2, rounding=round)"`` specifies; see ``specification.py``.

    >>> parse("ternary(1/2)").thresholds
    (Fraction(-1, 2), Fraction(1, 2))
    """
    from ste_theory.model.specification import parse_quantizer

    return parse_quantizer(text)
