"""What all tests share: deterministic Hypothesis; TeX, Graphviz and Chromium that are missing loudly where required."""

import importlib.util
import os
import shutil

import pytest
from hypothesis import settings

# Derandomized: a run repeats exactly, and a red test is red for everybody. HYPOTHESIS_PROFILE=explore searches afresh.
settings.register_profile("ci", derandomize=True, print_blob=True, deadline=None, database=None)
settings.register_profile("explore", print_blob=True, deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure() -> None:
    """Refuse to test the bare folder `ste_theory/`, which `python -m pytest` finds before the installed package."""
    if importlib.util.find_spec("ste_theory.derivations") is None:
        raise pytest.UsageError(
            "ste_theory is not installed here: run `make test`, or .venv/bin/pytest after `make setup`"
        )


@pytest.fixture(scope="session")
def pdflatex() -> str:
    """The path of pdflatex. Without one the test is skipped, or fails where STE_THEORY_REQUIRE_TEX=1 (as in CI)."""
    return _program("pdflatex", "STE_THEORY_REQUIRE_TEX")


@pytest.fixture(scope="session")
def graphviz() -> str:
    """The path of Graphviz's dot. Without it the test is skipped, or fails where STE_THEORY_REQUIRE_GRAPHVIZ=1."""
    return _program("dot", "STE_THEORY_REQUIRE_GRAPHVIZ")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium. Without it the test is skipped, or fails where STE_THEORY_REQUIRE_CHROMIUM=1."""
    return _program("chromium", "STE_THEORY_REQUIRE_CHROMIUM")


@pytest.fixture(scope="session")
def gcc() -> str:
    """The path of gcc. Without it the test is skipped, or fails where STE_THEORY_REQUIRE_GCC=1."""
    return _program("gcc", "STE_THEORY_REQUIRE_GCC")


@pytest.fixture(scope="session")
def gxx() -> str:
    """The path of g++. Without it the test is skipped, or fails where STE_THEORY_REQUIRE_GCC=1."""
    return _program("g++", "STE_THEORY_REQUIRE_GCC")


def _program(name: str, required: str) -> str:
    found = shutil.which(name)
    if found is None:
        if os.environ.get(required) == "1":
            pytest.fail(f"{name} is required here and missing")
        pytest.skip(f"no {name}")
    return found
