"""The libraries that the readings are tested against, and what their absence means."""

import importlib
import importlib.util
import os
import warnings
from typing import Any

import pytest

REQUIRED = "STE_THEORY_REQUIRE_TORCH"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip the tests marked ``torch`` without PyTorch; where STE_THEORY_REQUIRE_TORCH=1 they run, and fail."""
    if item.get_closest_marker("torch") and os.environ.get(REQUIRED) != "1" and not importlib.util.find_spec("torch"):
        pytest.skip("no torch: run `make test-torch`")


def _imported(name: str) -> Any:
    """A module of a foreign library; its warnings while it is imported are its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(name)


@pytest.fixture(scope="session")
def torch() -> Any:
    """The module torch, on one thread: pytest-xdist's processes already take the cores."""
    module = _imported("torch")
    module.set_num_threads(1)
    return module


@pytest.fixture(scope="session")
def library() -> Any:
    """A function from a module's name to the module; an import failure fails the test."""
    return _imported
