"""Files in the formats of MNIST and CIFAR-10, written byte by byte."""

import gzip
import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
IDX = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
BATCHES = (*(f"data_batch_{number}.bin" for number in range(1, 6)), "test_batch.bin")


def idx(array: Bytes) -> bytes:
    """An idx file of unsigned bytes: two zeros, type 8, the number of dimensions, their lengths, the entries."""
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def drawn(count: int, side: int, channels: int, seed: int) -> tuple[Bytes, Bytes]:
    """Images that a network can learn: a bright square whose place tells the class, over noise."""
    draw = np.random.default_rng(seed)
    images = draw.integers(0, 60, (count, channels, side, side), dtype=np.uint8)
    labels = (np.arange(count) % 10).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        row, column = divmod(int(label), 5)
        image[:, 4 + 10 * row : 10 + 10 * row, 1 + 5 * column : 6 + 5 * column] = 250
    return images, labels


def write_mnist(folder: Path, *, training: int = 40, validation: int = 20, compressed: bool = False) -> None:
    """The four files of MNIST with few images."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = [drawn(training, 28, 1, 1), drawn(validation, 28, 1, 2)]
    contents = [idx(array) for images, labels in parts for array in (images[:, 0], labels)]
    for name, content in zip(IDX, contents, strict=True):
        if compressed:
            (folder / f"{name}.gz").write_bytes(gzip.compress(content))
        else:
            (folder / name).write_bytes(content)


def write_cifar10(folder: Path, *, each: int = 20) -> None:
    """The six files of CIFAR-10 with few images."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(BATCHES):
        images, labels = drawn(each, 32, 3, number)
        records = np.concatenate([labels[:, None], images.reshape(each, -1)], axis=1)
        (folder / name).write_bytes(records.tobytes())
