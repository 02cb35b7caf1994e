"""``ste-theory claims``."""

import shutil
import sys
from pathlib import Path

import click

from ste_theory.cli import options
from ste_theory.cli.completion import claim_ids
from ste_theory.cli.terminal import colour


@click.command()
@click.argument("prefixes", nargs=-1, metavar="[CLAIM|PREFIX]...", shell_complete=claim_ids)
@options.corpus
def claims(prefixes: tuple[str, ...], corpus: tuple[Path, ...]) -> None:
    """List the claims: id, kind, documented verdict, source, title."""
    from ste_theory.claims import registry
    from ste_theory.render.listing import render

    available = registry.claims(corpus)
    chosen = [available[claim_id] for claim_id in registry.select(available, prefixes)]
    rows = [(claim.id, str(claim.kind), str(claim.expected), str(claim.source), claim.title) for claim in chosen]
    # For other programs one line per claim, whatever its length.
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    sys.stdout.write(render(rows, colour=colour(sys.stdout), width=width))
