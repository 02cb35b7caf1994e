"""The b-bit quantized ReLU of the paper: 0 for x ≤ 0, ⌈x⌉ on (0, q), q beyond, q = 2^b − 1."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ste_theory.classification.subspaces import Array
from ste_theory.model.errors import InvalidInput
from ste_theory.model.quantizers import Staircase, uniform_relu


@dataclass(frozen=True)
class QuantizedReLU:
    """σ(x) = min(max(⌈x⌉, 0), 2^bits − 1): the staircase ``uniform_relu(bits)``, in three passes over an array.

    >>> QuantizedReLU(2)([-1.0, 0.0, 0.5, 1.0, 9.0])
    array([0., 0., 1., 1., 3.])
    """

    bits: int

    def __post_init__(self) -> None:
        if isinstance(self.bits, bool) or not isinstance(self.bits, int) or not 1 <= self.bits <= 16:
            raise InvalidInput(f"bits must be an integer from 1 to 16, got {self.bits!r}")

    @property
    def top(self) -> int:
        """q = 2^b − 1, the largest value."""
        return int(2**self.bits - 1)

    @cached_property
    def staircase(self) -> Staircase:
        """The same function as a quantizer of the model."""
        return uniform_relu(self.bits)

    def __call__(self, x: npt.ArrayLike) -> Array:
        """σ of an array of any shape."""
        result: Array = np.ceil(np.asarray(x, dtype=np.float64))
        return np.clip(result, 0, self.top, out=result) if result.ndim else np.clip(result, 0, self.top)
