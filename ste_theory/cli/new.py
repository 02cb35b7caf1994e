"""``ste-theory new``."""

import shlex
import sys
from pathlib import Path

import click


@click.group()
def new() -> None:
    """Write the beginning of a file of your own."""


@new.command()
@click.argument("claim_id", metavar="ID")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("claims"),
    show_default=True,
    metavar="DIR",
    help="Your folder of claims, made if it is not there; the same as --corpus of other commands.",
)
def claim(claim_id: str, out: Path) -> None:
    """Write a file for the claim ID (folder.some-name) that verifies as it is, to be changed step by step.

    Replaces no file.
    """
    from ste_theory.claims import registry
    from ste_theory.claims.scaffold import scaffold
    from ste_theory.render.files import make_folder, write_text

    written = scaffold(claim_id, out, registry.claims())
    for target, text in written.items():
        make_folder(target.parent)
        write_text(target, text)
        sys.stdout.write(f"{target}\n")
    sys.stdout.write(f"next: {shlex.join(['ste-theory', 'verify', claim_id, '--corpus', str(out), '--errors'])}\n")
