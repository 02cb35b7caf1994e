"""The extra ``torch``: asked for when it is first needed, so that nothing else in the package depends on it."""

import importlib
from typing import Any

from ste_theory.model.errors import SteTheoryError


class MissingExtra(SteTheoryError):
    """An optional dependency is not installed."""


def torch() -> Any:
    """The module ``torch``.

    Raises ``MissingExtra`` with the command that installs it.
    """
    try:
        return importlib.import_module("torch")
    except ImportError as error:
        if error.name is not None and error.name.partition(".")[0] != "torch":
            raise
        raise MissingExtra('reading a backward pass needs PyTorch: pip install "ste-theory[torch]"') from None
