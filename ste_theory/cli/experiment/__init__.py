"""``ste-theory experiment NAME``: one file of this folder per experiment, found when it is asked for.

A file ``batch_size.py`` holds the command ``batch_size``, called ``batch-size`` by users; nothing else registers it.
Heavy imports stand inside the commands, as everywhere here: the list of experiments reads all files.
"""

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


class Folder(click.Group):
    """A group whose commands are the modules of this package."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The experiments, in alphabetical order."""
        return sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules(__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The experiment of that name, or ``None``; the file of no other one is read."""
        if cmd_name not in self.list_commands(ctx):
            return None
        name = cmd_name.replace("-", "_")
        found = getattr(importlib.import_module(f"{__name__}.{name}"), name)
        assert isinstance(found, click.Command), f"{__name__}.{name} must define the command {name}"
        return found


@click.group(cls=Folder, invoke_without_command=True)
@click.pass_context
def experiment(context: click.Context) -> None:
    """Repeat a published experiment, or see a theorem at work in numbers."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def writing(path: Path | None) -> Callable[[Callable[[], Any]], None]:
    """What writes a result as JSON to ``path``, if there is one; that it cannot be written is known before the work."""
    from ste_theory.render.files import check_writable, write_text
    from ste_theory.render.json_text import dumps

    if path is None:
        return lambda _: None
    check_writable(path)
    return lambda record: write_text(path, dumps(record()))
