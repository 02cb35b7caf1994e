"""The extras ``torch`` and ``networks``: asked for when they are first needed, so that nothing else depends on them."""

import importlib
from typing import Any

from ste_theory.model.errors import SteTheoryError


class MissingExtra(SteTheoryError):
    """An optional dependency is not installed."""


def torch(purpose: str = "reading a backward pass", extra: str = "torch") -> Any:
    """The module ``torch``.

    Raises ``MissingExtra`` with the command that installs it.
    """
    return _module("torch", f'{purpose} needs PyTorch: pip install "ste-theory[{extra}]"')


def training_torch() -> Any:
    """The module ``torch``, for what trains networks. Raises ``MissingExtra``."""
    return torch("training networks", "networks")


def sklearn_datasets() -> Any:
    """The module ``sklearn.datasets``. Raises ``MissingExtra``, which names the other way to data."""
    remedy = 'pip install "ste-theory[networks]", or name a folder of MNIST or CIFAR-10 files with --data'
    return _module("sklearn.datasets", f"the handwritten digits come with scikit-learn: {remedy}")


def _module(name: str, missing: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        if error.name is not None and error.name.partition(".")[0] != name.partition(".")[0]:
            raise
        raise MissingExtra(missing) from None
