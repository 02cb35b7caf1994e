"""Labelled images as arrays, for training and for validation."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput

CLASSES = 10
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Labelled:
    """``images`` of shape (count, channels, side, side) and ``labels`` of shape (count,) from 0 to 9, both bytes.

    Raises ``InvalidInput`` for other shapes, for none, and for a label above 9.
    """

    images: Bytes
    labels: Bytes

    def __post_init__(self) -> None:
        if self.images.ndim != 4 or self.images.shape[2] != self.images.shape[3] or self.labels.ndim != 1:
            raise InvalidInput(f"images must be square, got shapes {self.images.shape} and {self.labels.shape}")
        if len(self.images) != len(self.labels):
            raise InvalidInput(f"{len(self.images)} images but {len(self.labels)} labels")
        if not len(self.labels):
            raise InvalidInput("there are no images")
        if (largest := int(self.labels.max())) >= CLASSES:
            raise InvalidInput(f"a label is {largest}, they go from 0 to {CLASSES - 1}")

    def __len__(self) -> int:
        return len(self.labels)

    def enlarged(self, factor: int) -> "Labelled":
        """Every pixel repeated ``factor`` times in both directions."""
        return Labelled(self.images.repeat(factor, axis=2).repeat(factor, axis=3), self.labels)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images to train on and others to validate with, of one shape."""

    name: str
    training: Labelled
    validation: Labelled

    def __post_init__(self) -> None:
        if self.training.images.shape[1:] != self.validation.images.shape[1:]:
            raise InvalidInput(f"{self.name}: the images for training and validation differ in shape")

    @property
    def channels(self) -> int:
        """Colours per pixel."""
        return int(self.training.images.shape[1])

    @property
    def side(self) -> int:
        """Pixels on a side."""
        return int(self.training.images.shape[2])

    @property
    def digest(self) -> str:
        """SHA-256 over all images and labels: whether two runs saw the same data."""
        total = hashlib.sha256()
        for part in (self.training, self.validation):
            for array in (part.images, part.labels):
                total.update(repr(array.shape).encode())
                total.update(np.ascontiguousarray(array).tobytes())
        return total.hexdigest()

    def enlarged(self, factor: int) -> "Dataset":
        """The same with every pixel repeated ``factor`` times in both directions."""
        return Dataset(self.name, self.training.enlarged(factor), self.validation.enlarged(factor))

    def tensors(self) -> tuple[Any, Any, Any, Any]:
        """Training images and labels, validation images and labels, as torch tensors.

        The images become float32 and are shifted and scaled, each colour by one mean and one deviation, so that the
        training images have mean 0 and variance 1. Nothing is taken from the validation images.
        """
        from ste_theory.networks import extra

        torch = extra.training_torch()
        mean = self.training.images.mean(axis=(0, 2, 3), dtype=np.float64, keepdims=True)
        # Constant images, as damaged files may hold, are left at 0.
        spread = self.training.images.std(axis=(0, 2, 3), dtype=np.float64, keepdims=True)
        spread[spread == 0] = 1.0
        found = []
        for part in (self.training, self.validation):
            scaled = (part.images.astype(np.float32) - mean.astype(np.float32)) / spread.astype(np.float32)
            found += [torch.from_numpy(scaled), torch.from_numpy(part.labels.astype(np.int64))]
        return found[0], found[1], found[2], found[3]
