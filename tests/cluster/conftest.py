"""The cluster that the tests run on, and what its absence means."""

import importlib.util
import os

import pytest

REQUIRED = "STE_THEORY_REQUIRE_CLUSTER"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip the tests marked ``cluster`` without Dask; where STE_THEORY_REQUIRE_CLUSTER=1 they run, and fail."""
    missing = not importlib.util.find_spec("distributed")
    if item.get_closest_marker("cluster") and os.environ.get(REQUIRED) != "1" and missing:
        pytest.skip("no distributed: run `make test-cluster`")
