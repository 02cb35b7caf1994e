"""The libraries that these tests need, and what their absence means."""

import importlib.util
import os

import pytest

REQUIRED = "STE_THEORY_REQUIRE_CLUSTER"
LIBRARIES = {"cluster": "distributed", "parquet": "pyarrow"}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip the tests whose library is not there; where STE_THEORY_REQUIRE_CLUSTER=1 they run, and fail."""
    for mark, library in LIBRARIES.items():
        missing = not importlib.util.find_spec(library)
        if item.get_closest_marker(mark) and os.environ.get(REQUIRED) != "1" and missing:
            pytest.skip(f"no {library}: run `make test-cluster`")
