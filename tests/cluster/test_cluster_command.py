"""``--executor dask`` on the command line: a cluster of this machine, a checkpoint, a sweep."""

from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Command, command

pytestmark = pytest.mark.cluster

__all__ = ["command"]  # the fixture
RUN = ("estimate", "--samples", "200000", "--rows", "3", "--dimension", "4", "--seed", "5")


def test_a_cluster_of_this_machine_goes_on_with_what_threads_began(command: Command, tmp_path: Path) -> None:
    """Would have caught: an executor that the command line cannot make, a checkpoint that belongs to one executor."""
    whole, begun = tmp_path / "whole.npz", tmp_path / "begun.npz"
    alone = command(*RUN, "--checkpoint", str(whole))
    cluster = command(*RUN, "--executor", "dask", "--jobs", "2", "--checkpoint", str(begun))
    assert (alone.code, cluster.code) == (0, 0)
    resumed = command("estimate", "--resume", str(begun), "--executor", "dask", "--jobs", "1")
    assert resumed.code == 0
    tables = [ended.out.split("\n\n")[0] for ended in (alone, cluster, resumed)]
    assert tables[0] == tables[1] == tables[2]
    with np.load(whole) as one, np.load(begun) as two:
        assert set(one.files) == set(two.files)
        assert all(one[name].tobytes() == two[name].tobytes() for name in one.files)


def test_a_sweep_on_a_cluster_has_the_rows_of_one_process(command: Command, tmp_path: Path) -> None:
    """Would have caught: rows in the order in which workers end, a task that workers cannot read."""
    sweep = ("sweep", "--theta", "0.5:2.5:3", "--rows", "2", "--dimension", "3", "--seed", "5", "--out")
    assert command(*sweep, str(tmp_path / "one.csv")).code == 0
    assert command(*sweep, str(tmp_path / "two.csv"), "--executor", "dask", "--jobs", "2").code == 0
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
