"""A file for a new claim: one that verifies as it is, so that its author changes one thing after the other."""

import re
from collections.abc import Collection
from importlib.resources import files
from pathlib import Path

from ste_theory.model.errors import InvalidInput

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\.[a-z][a-z0-9]*(-[a-z0-9]+)*")


def scaffold(claim_id: str, folder: Path, known: Collection[str]) -> dict[Path, str]:
    """The new files below ``folder`` and what stands in them.

    Raises ``InvalidInput`` for an id that is none, one that exists, and a file that is there already.
    """
    if not _ID.fullmatch(claim_id):
        raise InvalidInput(f"a claim id looks like folder.some-name, in small letters; got {claim_id[:60]!r}")
    if claim_id in known:
        raise InvalidInput(f"there is a claim {claim_id!r} already; `ste-theory show {claim_id}` shows it")
    group, name = claim_id.replace("-", "_").split(".")
    target = folder / group / f"{name}.py"
    if target.exists():
        raise InvalidInput(f"{target}: is there already; nothing was written")
    text = files("ste_theory.claims").joinpath("scaffold.template").read_text(encoding="utf-8")
    found = {target: text.replace("CLAIM_ID", claim_id).replace("FOLDER", str(folder))}
    package = folder / group / "__init__.py"
    if not package.exists():
        found[package] = f'"""Claims: {group}."""\n'
    return found
