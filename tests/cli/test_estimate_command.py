"""``ste-theory estimate``: the files it writes, and what it refuses before it begins."""

import json
from pathlib import Path

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


def test_a_limit_theorem_is_no_guarantee(command: Command) -> None:
    """Would have caught: what is assumed printed, or written as JSON, under the name of a guarantee."""
    run = ("estimate", "--accuracy", "0.1", "--seed", "1", "--sampler")
    assert "no guarantee; if what is assumed is true: every component" in command(*run, "one-row").out
    assert command(*run, "strata").out.count("every component") == 1
    assert "no guarantee" not in command(*run, "strata").out
    for sampler, proved in (("one-row", False), ("strata", True)):
        written = json.loads(command(*run, sampler, "--json", "-").out)
        assert (written["guarantee"] is not None, written["assumes"] is not None) == (proved, not proved)
