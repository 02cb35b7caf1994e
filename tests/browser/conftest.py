"""A browser for the tests of a file."""

import shutil
from collections.abc import Iterator

import pytest

from tests.browser.devtools import Page


@pytest.fixture(scope="module")
def page(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A browser with a new profile."""
    profile = tmp_path_factory.mktemp("profile")
    opened = Page(chromium, profile)
    yield opened
    opened.close()
    shutil.rmtree(profile, ignore_errors=True)
