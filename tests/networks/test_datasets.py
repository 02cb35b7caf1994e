"""Image files: what is read is what was written, and a damaged file is one clear line."""

import gzip
import pickle
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ste_theory.model.errors import InvalidInput
from ste_theory.networks.datasets.cifar10 import read_cifar10
from ste_theory.networks.datasets.images import Dataset, Labelled
from ste_theory.networks.datasets.mnist import read_mnist
from ste_theory.networks.experiments.source import Source
from tests.networks.files import BATCHES, IDX, drawn, idx, write_cifar10, write_mnist

Damage = Callable[[Path], None]


@pytest.mark.parametrize("compressed", [False, True])
def test_mnist_files_are_read(tmp_path: Path, compressed: bool) -> None:
    """Would have caught: rows for columns, training for validation, a header counted as pixels."""
    write_mnist(tmp_path, compressed=compressed)
    found = read_mnist(tmp_path)
    for part, (count, seed) in ((found.training, (40, 1)), (found.validation, (20, 2))):
        images, labels = drawn(count, 28, 1, seed)
        assert np.array_equal(part.images, images)
        assert np.array_equal(part.labels, labels)
    assert (found.channels, found.side) == (1, 28)


def test_the_other_spelling_of_mnist_files_is_read(tmp_path: Path) -> None:
    """Would have caught: files as some mirrors name them, train-images.idx3-ubyte, said to be missing."""
    write_mnist(tmp_path)
    expected = read_mnist(tmp_path).digest
    for name in IDX:
        (tmp_path / name).rename(tmp_path / name.replace("-idx", ".idx"))
    assert read_mnist(tmp_path).digest == expected


def test_cifar10_files_are_read_in_their_order(tmp_path: Path) -> None:
    """Would have caught: the label taken for a pixel, planes for pixels, the test batch among the training images."""
    write_cifar10(tmp_path / "cifar-10-batches-bin")
    found = read_cifar10(tmp_path)
    expected = [drawn(20, 32, 3, number) for number in range(6)]
    assert np.array_equal(found.training.images, np.concatenate([images for images, _ in expected[:5]]))
    assert np.array_equal(found.validation.images, expected[5][0])
    assert np.array_equal(found.training.labels, np.concatenate([labels for _, labels in expected[:5]]))
    assert found.digest == read_cifar10(tmp_path / "cifar-10-batches-bin").digest


def cut(name: str, size: int) -> Damage:
    """Leave the first ``size`` bytes, or all but the last if it is negative."""

    def damage(folder: Path) -> None:
        (folder / name).write_bytes((folder / name).read_bytes()[:size])

    return damage


def rewrite(name: str, content: bytes) -> Damage:
    """Put other content in a file."""

    def damage(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return damage


def remove(name: str) -> Damage:
    """Take a file away."""

    def damage(folder: Path) -> None:
        (folder / name).unlink()

    return damage


LABELS = np.zeros(40, dtype=np.uint8)
MNIST: dict[str, tuple[Damage, str]] = {
    "missing": (remove(IDX[3]), "no file t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz"),
    "empty": (cut(IDX[0], 0), "truncated, 0 bytes are less than the header"),
    "in the header": (cut(IDX[0], 15), "truncated, 15 bytes are less than the header"),
    "in the pixels": (cut(IDX[0], -1), "truncated, the header announces 31360 bytes and 31359 follow"),
    "too long": (rewrite(IDX[1], idx(LABELS) + b"\0"), "too long, the header announces 40 bytes and 41 follow"),
    "labels for images": (rewrite(IDX[0], idx(LABELS)), "an idx file of labels (it begins with 0x00000801)"),
    "no idx": (rewrite(IDX[0], b"<html>Not found</html>"), "no idx file of bytes (it begins with 0x3c68746d)"),
    "floats": (rewrite(IDX[1], struct.pack(">BBBBI", 0, 0, 13, 1, 0)), "no idx file of bytes"),
    "counts": (rewrite(IDX[1], idx(LABELS[:39])), "40 images but 39 labels"),
    "label": (rewrite(IDX[1], idx(LABELS + 10)), "a label is 10, they go from 0 to 9"),
    "size": (rewrite(IDX[0], idx(np.zeros((40, 27, 28), dtype=np.uint8))), "images of 27×28 pixels"),
    "huge header": (rewrite(IDX[0], struct.pack(">4B3I", 0, 0, 8, 3, *[2**32 - 1] * 3)), "truncated"),
    "none": (rewrite(IDX[0], idx(np.zeros((0, 28, 28), dtype=np.uint8))), "0 images but 40 labels"),
}


@pytest.mark.parametrize("kind", MNIST)
def test_damaged_mnist_files_are_one_line(tmp_path: Path, kind: str) -> None:
    """Would have caught: a traceback, an image made of what follows, a shifted label; each message names the file."""
    damage, message = MNIST[kind]
    write_mnist(tmp_path)
    damage(tmp_path)
    with pytest.raises(InvalidInput) as caught:
        read_mnist(tmp_path)
    text = str(caught.value)
    assert message in text
    assert text.startswith(str(tmp_path))
    assert "\n" not in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(idx(LABELS))[:-9], "truncated, the compressed data ends early"),
        (gzip.compress(idx(LABELS))[:-8] + bytes(8), "no gzip file, or damaged"),
        (idx(LABELS), "no gzip file, or damaged"),
        (gzip.compress(idx(LABELS))[:10] + b"\x07" * 30, "no gzip file, or damaged"),
    ],
    # A gzip file holds the time: as names of tests they would differ between two workers.
    ids=["cut", "wrong checksum", "not compressed", "damaged inside"],
)
def test_damaged_compression_is_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    """Would have caught: an EOFError, a checksum that is not looked at, a zlib error."""
    write_mnist(tmp_path, compressed=True)
    rewrite(f"{IDX[1]}.gz", content)(tmp_path)
    with pytest.raises(InvalidInput, match=f"{IDX[1]}.gz: {message}"):
        read_mnist(tmp_path)


CIFAR: dict[str, tuple[Damage, str]] = {
    "missing": (remove("data_batch_3.bin"), "there is no such file"),
    "in a record": (cut("data_batch_2.bin", -5), "61455 bytes are no whole number of records of 3073"),
    "between records": (cut("data_batch_5.bin", 3073 * 19), "19 images, but data_batch_1.bin has 20"),
    "empty": (cut("test_batch.bin", 0), "empty"),
    "label": (rewrite("test_batch.bin", b"\x0a" + bytes(3073 * 20 - 1)), "image 0 has the label 10"),
}


@pytest.mark.parametrize("kind", CIFAR)
def test_damaged_cifar10_files_are_one_line(tmp_path: Path, kind: str) -> None:
    """Would have caught: fewer images than the user thinks, or images that begin in the middle of another."""
    damage, message = CIFAR[kind]
    write_cifar10(tmp_path)
    damage(tmp_path)
    with pytest.raises(InvalidInput) as caught:
        read_cifar10(tmp_path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


class Trap:
    """Unpickling an object of this class writes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return (Path.touch, (self.path,))  # type: ignore[return-value]


def test_the_pickled_version_is_refused_unread(tmp_path: Path) -> None:
    """Would have caught: an unpickled file, which runs whatever it says."""
    folder = tmp_path / "data"
    folder.mkdir()
    trap = tmp_path / "trap"
    for name in (file.removesuffix(".bin") for file in BATCHES):
        (folder / name).write_bytes(pickle.dumps(Trap(trap)))
    with pytest.raises(InvalidInput, match="data_batch_1 is of the pickled version, which is not read"):
        read_cifar10(folder)
    for file in BATCHES:
        (folder / file.removesuffix(".bin")).rename(folder / file)
    with pytest.raises(InvalidInput, match="truncated or no binary CIFAR-10 file"):
        read_cifar10(folder)
    assert not trap.exists()


def test_enlarging_repeats_pixels() -> None:
    """Would have caught: pixels repeated along one direction, or interleaved."""
    images = np.arange(4, dtype=np.uint8).reshape(1, 1, 2, 2)
    labelled = Labelled(images, np.zeros(1, dtype=np.uint8))
    found = Dataset("two", labelled, labelled).enlarged(2)
    expected = [[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 3, 3], [2, 2, 3, 3]]
    assert found.training.images[0, 0].tolist() == expected
    assert (found.side, found.digest == Dataset("two", labelled, labelled).digest) == (4, False)


def test_label_noise_touches_training_labels_alone(tmp_path: Path) -> None:
    """Would have caught: noise in what validates, in more labels than said, or another noise for the same seed."""
    write_mnist(tmp_path, training=1000)
    clean = Source("mnist", str(tmp_path)).read(5)
    noisy = Source("mnist", str(tmp_path), 0.3).read(5)
    changed = int((clean.training.labels != noisy.training.labels).sum())
    # 300 labels drawn anew, each another one with probability 0.9.
    assert 200 < changed <= 300
    assert np.array_equal(clean.validation.labels, noisy.validation.labels)
    assert noisy.digest == Source("mnist", str(tmp_path), 0.3).read(5).digest
    assert noisy.digest != Source("mnist", str(tmp_path), 0.3).read(6).digest


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("mnist", None), "name their folder with --data"),
        (("digits", "here"), "the digits come with scikit-learn"),
        (("imagenet", "here"), "dataset must be one of digits, mnist, cifar10"),
        (("digits", None, 1.5), "label_noise must be a fraction"),
    ],
)
def test_sources_that_mean_nothing_are_refused(arguments: tuple[str, str | None], message: str) -> None:
    """Would have caught: a folder that is ignored without a word."""
    with pytest.raises(InvalidInput, match=message):
        Source(*arguments)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Would have caught: four missing files instead of one missing folder."""
    with pytest.raises(InvalidInput, match="there is no such folder"):
        Source("mnist", str(tmp_path / "nowhere")).read(1)
