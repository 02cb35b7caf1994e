"""The handwritten digits that come with scikit-learn: 1797 images of 8×8 pixels, nothing to download."""

import numpy as np

from ste_theory.networks import extra
from ste_theory.networks.datasets.images import Dataset, Labelled

VALIDATION = 360  # a fifth


def read_digits(seed: np.random.SeedSequence) -> Dataset:
    """The digits, 360 of them drawn for validation.

    They are the test set of the collection (Alpaydin and Kaynak, UCI 1998), and who wrote which is not recorded:
    writers appear on both sides, so validation is easier than with new ones.

    Raises ``MissingExtra`` without scikit-learn.
    """
    found = extra.sklearn_datasets().load_digits()
    images = np.asarray(found.images).astype(np.uint8)[:, None]
    labels = np.asarray(found.target).astype(np.uint8)
    order = np.random.default_rng(seed).permutation(len(labels))
    held, rest = order[:VALIDATION], order[VALIDATION:]
    return Dataset("digits", Labelled(images[rest], labels[rest]), Labelled(images[held], labels[held]))
