"""Claim ids for the shell's Tab key, from the names of files: nothing is imported while somebody waits."""

from importlib.resources import files

import click
from click.shell_completion import CompletionItem


def claim_ids(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ids that begin with what is typed."""
    return [CompletionItem(name) for name in _ids() if name.startswith(incomplete)]


def _ids() -> list[str]:
    found = []
    for folder in files("ste_theory").joinpath("derivations").iterdir():
        if folder.is_dir() and not folder.name.startswith("_"):
            for file in folder.iterdir():
                if file.name.endswith(".py") and "\nCLAIM = " in file.read_text(encoding="utf-8"):
                    found.append(f"{folder.name}.{file.name.removesuffix('.py')}".replace("_", "-"))
    return sorted(found)
