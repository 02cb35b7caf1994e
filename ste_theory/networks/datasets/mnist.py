"""MNIST from its four files in the idx format, compressed or not."""

import gzip
import zlib
from pathlib import Path

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.networks.datasets.images import Bytes, Dataset, Labelled

SIDE = 28
# An idx file begins with two zero bytes, the type of its entries (8: bytes) and the number of its dimensions.
IMAGES, LABELS = 0x00000803, 0x00000801
LARGEST = 2**31  # bytes that a file may hold or unpack to


def read_mnist(folder: Path) -> Dataset:
    """The images of ``folder``: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
    t10k-labels-idx1-ubyte, each as it is or with the ending .gz; also spelt with a dot, train-images.idx3-ubyte.

    Raises ``InvalidInput``, one line, for missing, truncated, too long, corrupt and foreign files, images that are not
    28×28, labels above 9, and numbers of images and labels that differ.
    """
    return Dataset("mnist", _part(folder, "train"), _part(folder, "t10k"))


def _part(folder: Path, prefix: str) -> Labelled:
    images_file, labels_file = (_find(folder, f"{prefix}-{kind}") for kind in ("images-idx3", "labels-idx1"))
    images, labels = read_idx(images_file, IMAGES), read_idx(labels_file, LABELS)
    if images.shape[1:] != (SIDE, SIDE):
        raise InvalidInput(f"{images_file}: images of {images.shape[1]}×{images.shape[2]} pixels, MNIST has 28×28")
    try:
        return Labelled(images[:, None], labels)
    except InvalidInput as error:
        raise InvalidInput(f"{labels_file}: {error}") from None


def _find(folder: Path, stem: str) -> Path:
    names = [f"{spelt}-ubyte{ending}" for spelt in (stem, stem.replace("-idx", ".idx")) for ending in ("", ".gz")]
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise InvalidInput(f"{folder}: no file {names[0]} or {names[1]}; MNIST has four, for images and labels")


def read_idx(path: Path, magic: int) -> Bytes:
    """The bytes of an idx file in the shape that its header gives: ``IMAGES`` has three dimensions, ``LABELS`` one.

    Raises ``InvalidInput`` unless the file is exactly what its header announces.
    """
    content = _content(path)
    dimensions = magic & 0xFF
    start = 4 + 4 * dimensions
    if len(content) < start:
        raise InvalidInput(f"{path}: truncated, {len(content)} bytes are less than the header of an idx file")
    found = int.from_bytes(content[:4], "big")
    if found != magic:
        kind = {IMAGES: "images", LABELS: "labels"}
        said = f"an idx file of {kind[found]}" if found in kind else "no idx file of bytes"
        raise InvalidInput(f"{path}: {said} (it begins with {found:#010x}), {kind[magic]} begin with {magic:#010x}")
    shape = tuple(int.from_bytes(content[4 * i : 4 * i + 4], "big") for i in range(1, dimensions + 1))
    size = 1
    for length in shape:
        size *= length
    if size != len(content) - start:
        what = "truncated" if len(content) - start < size else "too long"
        raise InvalidInput(f"{path}: {what}, the header announces {size} bytes and {len(content) - start} follow it")
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape)


def _content(path: Path) -> bytes:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except EOFError:
        raise InvalidInput(f"{path}: truncated, the compressed data ends early") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InvalidInput(f"{path}: no gzip file, or damaged ({error})") from None
    if len(content) > LARGEST:
        raise InvalidInput(f"{path}: more than {LARGEST} bytes, no file of MNIST")
    return content
