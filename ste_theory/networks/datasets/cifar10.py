"""CIFAR-10 from the six files of its binary version."""

from pathlib import Path

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.networks.datasets.images import CLASSES, Bytes, Dataset, Labelled

SIDE, CHANNELS = 32, 3
RECORD = 1 + CHANNELS * SIDE * SIDE  # a label, then the red, green and blue planes row by row
TRAINING = tuple(f"data_batch_{number}.bin" for number in range(1, 6))
VALIDATION = "test_batch.bin"
INNER = "cifar-10-batches-bin"  # the folder that the archive unpacks to
LARGEST = 2**31  # bytes that a file may hold


def read_cifar10(folder: Path) -> Dataset:
    """The images of data_batch_1.bin to data_batch_5.bin and test_batch.bin, in ``folder`` or in its folder
    cifar-10-batches-bin.

    All six hold equally many records (10 000 in the published set), so that a file cut between two records shows. The
    version for Python is pickled: it is recognized and refused, since unpickling runs what a file says.

    Raises ``InvalidInput``, one line, for missing, truncated and foreign files, and labels above 9.
    """
    place = folder / INNER if (folder / INNER).is_dir() else folder
    files = [place / name for name in (*TRAINING, VALIDATION)]
    for file in files:
        if not file.is_file():
            pickled = file.with_suffix("").is_file()
            reason = f"{file.stem} is of the pickled version, which is not read" if pickled else "there is no such file"
            raise InvalidInput(f"{file}: {reason}; CIFAR-10's binary version has {TRAINING[0]} to 5 and {VALIDATION}")
    parts = [_records(file) for file in files]
    for file, part in zip(files, parts, strict=True):
        if len(part) != len(parts[0]):
            raise InvalidInput(f"{file}: {len(part)} images, but {TRAINING[0]} has {len(parts[0])}; one is truncated")
    return Dataset("cifar10", _labelled(np.concatenate(parts[:-1])), _labelled(parts[-1]))


def _records(file: Path) -> Bytes:
    size = file.stat().st_size
    if size == 0 or size > LARGEST or size % RECORD:
        what = "empty" if size == 0 else f"{size} bytes are no whole number of records of {RECORD} bytes"
        raise InvalidInput(f"{file}: truncated or no binary CIFAR-10 file, {what}")
    records = np.frombuffer(file.read_bytes(), dtype=np.uint8).reshape(-1, RECORD)
    wrong = np.flatnonzero(records[:, 0] >= CLASSES)
    if len(wrong):
        label = int(records[wrong[0], 0])
        raise InvalidInput(f"{file}: damaged or no CIFAR-10 file, image {wrong[0]} has the label {label}")
    return records


def _labelled(records: Bytes) -> Labelled:
    return Labelled(records[:, 1:].reshape(-1, CHANNELS, SIDE, SIDE), records[:, 0].copy())
