"""``ste-theory estimate``: the files it writes, and what it refuses before it begins."""

import errno
import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Command

FEW = ("estimate", "--samples", "9000", "--seed", "1")


def test_a_checkpoint_is_not_overwritten(command: Command, tmp_path: Path) -> None:
    """Would have caught: days of samples replaced by an empty state, for --checkpoint in place of --resume; the same
    for another run's file beside --resume; a run that cannot go on in its own file."""
    file, other = tmp_path / "run.npz", tmp_path / "other.npz"
    other.write_text("something of the user's")
    assert command(*FEW, "--checkpoint", str(file)).code == 0
    saved = file.read_bytes()
    for arguments in (
        (*FEW, "--checkpoint", str(file)),
        ("estimate", "--accuracy", "0.1", "--checkpoint", str(file)),
        ("estimate", "--resume", str(file), "--checkpoint", str(other)),
    ):
        ended = command(*arguments)
        assert (ended.code, ended.out) == (2, "")
        name = arguments[-1]
        assert ended.err == f"ste-theory: {name} exists; name another file, or go on with --resume {name}\n"
    assert (file.read_bytes(), other.read_text()) == (saved, "something of the user's")
    for more in ((), ("--checkpoint", str(file)), ("--checkpoint", str(tmp_path / "new.npz"))):
        assert command("estimate", "--resume", str(file), *more).code == 0


def test_whole_blocks_and_precision_are_said(command: Command) -> None:
    """Would have caught: 12,288 samples for 9000 without a word; a precision that is not that of the run; one that a
    run to an accuracy takes and forgets."""
    ended = command(*FEW)
    assert "12,288 samples, which are whole blocks, for the 9,000 that were asked for" in ended.out
    assert "whole blocks" not in command("estimate", "--samples", "8192", "--seed", "1").out
    single = command(*FEW, "--precision", "single")
    assert "16,384 samples" in single.out
    assert "--precision single" in single.out.splitlines()[-1]
    assert "--precision goes with --samples" in command("estimate", "--accuracy", "0.1", "--precision", "single").err


def test_a_limit_theorem_is_no_guarantee(command: Command) -> None:
    """Would have caught: what is assumed printed, or written as JSON, under the name of a guarantee."""
    run = ("estimate", "--accuracy", "0.1", "--seed", "1", "--sampler")
    assert "no guarantee; if what is assumed is true: every component" in command(*run, "one-row").out
    assert command(*run, "strata").out.count("every component") == 1
    assert "no guarantee" not in command(*run, "strata").out
    for sampler, proved in (("one-row", False), ("strata", True)):
        written = json.loads(command(*run, sampler, "--json", "-").out)
        assert (written["guarantee"] is not None, written["assumes"] is not None) == (proved, not proved)


def test_a_file_that_cannot_be_written_is_refused_at_once(command: Command, tmp_path: Path) -> None:
    """Would have caught: a run of days whose result has no place."""
    began = tmp_path / "run.npz"
    ended = command(*FEW, "--checkpoint", str(began), "--json", str(tmp_path / "no" / "result.json"))
    assert (ended.code, ended.out) == (2, "")
    assert "there is no folder" in ended.err
    assert ended.err.count("\n") == 1
    assert not began.exists()


@pytest.mark.parametrize("options", [(), ("--accuracy", "0.1")], ids=["samples", "accuracy"])
def test_a_full_disk_at_the_end_does_not_hide_the_result(
    options: tuple[str, ...], command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would have caught: a finished run whose result is lost with its last checkpoint, or with its JSON file."""
    run, file = ("estimate", "--seed", "1", *(options or FEW[1:3])), tmp_path / "run.npz"
    expected, sync, synced = command(*run).out, os.fsync, list[int]()

    def full(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) > 2:  # the first state, and its folder
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))
        sync(descriptor)

    def table(out: str) -> str:
        return out.partition("\n\n")[0]

    monkeypatch.setattr(os, "fsync", full)
    ended = command(*run, "--checkpoint", str(file), "--every", "1000")
    assert (ended.code, table(ended.out)) == (0, table(expected))
    assert ended.err == (
        f"ste-theory: {file}: No space left on device; the last state is not saved, the result is whole\n"
    )
    ended = command(*run, "--json", str(tmp_path / "result.json"))
    assert (ended.code, table(ended.out)) == (2, table(expected))
    assert "No space left" in ended.err
