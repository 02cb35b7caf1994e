"""Where a run takes place: versions, commit and machine."""

import importlib.metadata
import platform
import subprocess
from functools import cache
from pathlib import Path

import ste_theory

_PACKAGES = ("numpy", "scipy", "sympy", "mpmath", "python-flint", "hypothesis")
# What a verdict depends on. A file elsewhere that git does not know, such as a report, changes none.
_CODE = ("ste_theory", "derivations", "checks")


def environment() -> dict[str, str]:
    """What a reader needs to repeat a run: versions, commit and machine, nothing private."""
    found = {name: importlib.metadata.version(name) for name in _PACKAGES}
    own = {"ste-theory": ste_theory.__version__, "python": platform.python_version()}
    here = commit(Path(__file__))
    own |= {"commit": here} if here else {}
    return {**own, **found, "system": platform.system(), "machine": platform.machine()}


@cache
def commit(file: Path) -> str:
    """The commit of the checkout that ``file`` belongs to, or "" where it is in none; read once per process.

    It ends in ``-dirty`` if a file differs from it, or if it lacks one of code or content.
    """
    here = file.resolve()

    def git(*words: str) -> str:
        command = ["git", "-C", str(here.parent), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()

    try:
        # A user's own repository may hold the environment in which this is installed.
        git("ls-files", "--error-unmatch", here.name)
        changed = git("status", "--porcelain", "--untracked-files=no")
        added = git("ls-files", "--others", "--exclude-standard", *(f":/{folder}" for folder in _CODE))
        return git("rev-parse", "--short=12", "HEAD") + ("-dirty" if changed or added else "")
    except (OSError, subprocess.SubprocessError):
        return ""
