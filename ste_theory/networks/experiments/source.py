"""Where the images come from."""

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.networks.datasets.cifar10 import read_cifar10
from ste_theory.networks.datasets.digits import read_digits
from ste_theory.networks.datasets.images import CLASSES, Dataset, Labelled
from ste_theory.networks.datasets.mnist import read_mnist
from ste_theory.networks.training.descent import noise_seed, split_seed

# The least number of pixels on a side: smaller images are enlarged by the least whole factor that reaches it.
SMALLEST = {"lenet5": 12, "vgg11": 1, "resnet20": 1}
DATASETS = ("digits", "mnist", "cifar10")


@dataclass(frozen=True)
class Source:
    """A dataset by name, the folder of its files, and the fraction of training labels to draw anew.

    Raises ``InvalidInput`` for unknown names, for files without a folder, and for digits with one.
    """

    dataset: str = "digits"
    folder: str | None = None
    label_noise: float = 0.0

    def __post_init__(self) -> None:
        if self.dataset not in DATASETS:
            raise InvalidInput(f"dataset must be one of {', '.join(DATASETS)}, got {self.dataset!r}")
        if self.dataset == "digits" and self.folder is not None:
            raise InvalidInput("the digits come with scikit-learn; name mnist or cifar10 for the files of a folder")
        if self.dataset != "digits" and self.folder is None:
            raise InvalidInput(f"{self.dataset} is read from files: name their folder with --data")
        if not 0 <= self.label_noise <= 1:
            raise InvalidInput(f"label_noise must be a fraction from 0 to 1, got {self.label_noise}")

    def read(self, root: int) -> Dataset:
        """The images as the dataset has them; ``root`` draws the validation digits and the noise.

        Raises ``InvalidInput`` for files that are missing or damaged, ``MissingExtra`` without scikit-learn.
        """
        if self.dataset == "digits":
            return self._noisy(read_digits(split_seed(root)), root)
        assert self.folder is not None
        folder = Path(self.folder)
        if not folder.is_dir():
            raise InvalidInput(f"{folder}: there is no such folder; name the one with the files of {self.dataset}")
        return self._noisy((read_mnist if self.dataset == "mnist" else read_cifar10)(folder), root)

    def _noisy(self, found: Dataset, root: int) -> Dataset:
        if not self.label_noise:
            return found
        draw = np.random.default_rng(noise_seed(root))
        labels = found.training.labels.copy()
        chosen = draw.permutation(len(labels))[: round(self.label_noise * len(labels))]
        labels[chosen] = draw.integers(0, CLASSES, len(chosen), dtype=np.uint8)
        return Dataset(found.name, Labelled(found.training.images, labels), found.validation)


@functools.lru_cache(maxsize=2)
def images_for(source: Source, root: int, network: str) -> Dataset:
    """The images, enlarged to what the network can take. Kept, because every run of a process asks for them."""
    found = source.read(root)
    return found.enlarged(-(-SMALLEST[network] // found.side))
