"""Versions, commit and machine, as a report keeps them."""

import subprocess
from pathlib import Path

import pytest

from ste_theory.claims.environment import commit, environment


def test_environment_names_versions_and_nothing_private() -> None:
    """Would have caught: a host or user name or a path in every published report."""
    import getpass
    import platform

    found = environment()
    assert {"ste-theory", "python", "numpy", "sympy", "python-flint", "machine"} <= set(found)
    values = " ".join(found.values())
    assert "/" not in values
    assert platform.node() not in values.split()
    assert getpass.getuser() not in values.split()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with one commit, of one file of code."""
    (tmp_path / "ste_theory").mkdir()
    (tmp_path / "ste_theory" / "code.py").write_text("1")
    author = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    for words in (("init", "-q"), ("add", "."), (*author, "commit", "-q", "-m", "first")):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "dirty"),
    [("ste_theory/code.py", True), ("ste_theory/new.py", True), ("derivations/new.py", True), ("report.json", False)],
)
def test_a_changed_checkout_is_dirty(checkout: Path, file: str, dirty: bool) -> None:
    """Would have caught: verdicts of edited or added claims under the name of a commit that lacks them."""
    commit.cache_clear()
    code = checkout / "ste_theory" / "code.py"
    clean = commit(code)
    assert len(clean) == 12
    commit.cache_clear()
    (checkout / file).parent.mkdir(exist_ok=True)
    (checkout / file).write_text("2")
    assert commit(code) == clean + ("-dirty" if dirty else "")


def test_a_file_that_is_in_no_commit_has_none(checkout: Path) -> None:
    """Would have caught: the commit of a user's own repository that holds the environment."""
    (checkout / "installed.py").write_text("1")
    assert commit(checkout / "installed.py") == ""
