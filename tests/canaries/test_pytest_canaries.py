"""Behaviour of pytest and its plugins that the suite relies on."""

import os

import pytest


@pytest.mark.xdist_group("canary")
def test_a_group_runs_in_one_process(request: pytest.FixtureRequest) -> None:
    """Would have caught pytest 9.2, with which xdist 3.8 forgets the groups: the suite then took twice as long.

    What the scheduler goes by is the end of a test's id.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ or not request.config.getoption("loadgroup"):
        pytest.skip("groups are for several processes: make test")
    assert request.node.nodeid.endswith("@canary")
