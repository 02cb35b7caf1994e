"""Files that are whole or not there."""

import os
import stat
from pathlib import Path

import pytest

from ste_theory.render.files import check_writable, write_text
from ste_theory.render.json_text import dumps


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: half a report in place of a good one when the disk is full."""
    file = tmp_path / "report.json"
    file.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_text(file, "new")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_is_written_through_and_permissions_stay(tmp_path: Path) -> None:
    """Would have caught: a link replaced by a file, or a private report made readable for all."""
    file, link = tmp_path / "report.json", tmp_path / "link.json"
    file.write_text("old")
    file.chmod(0o600)
    link.symlink_to(file)
    check_writable(link)
    write_text(link, "new")
    assert link.is_symlink()
    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_device_is_written_and_not_replaced() -> None:
    """Would have caught: /dev/null replaced by a regular file where the user is root."""
    check_writable(Path(os.devnull))
    write_text(Path(os.devnull), "text")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


def test_checking_changes_nothing(tmp_path: Path) -> None:
    """Would have caught: an empty report left by a run that is refused later, or an old one emptied before the run."""
    old = tmp_path / "old"
    old.write_text("content")
    check_writable(old)
    check_writable(tmp_path / "new")
    assert list(tmp_path.iterdir()) == [old]
    assert old.read_text() == "content"


def test_json_refuses_what_json_does_not_have() -> None:
    """Would have caught: NaN in a published file."""
    assert dumps({"θ": 1}) == '{\n "θ": 1\n}\n'
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumps(float("nan"))
