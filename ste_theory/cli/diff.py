"""``ste-theory diff``."""

import sys
from pathlib import Path

import click

from ste_theory.cli.report_file import read_report
from ste_theory.cli.terminal import colour
from ste_theory.model.errors import InvalidInput

FILE = click.Path(path_type=Path, allow_dash=True)


@click.command()
@click.argument("first", type=FILE, metavar="A.json")
@click.argument("second", type=FILE, metavar="B.json")
@click.option("--full", is_flag=True, help="List every change, not only the first ten of a kind.")
def diff(first: Path, second: Path, full: bool) -> int:
    """Say which verdicts, statements, figures and versions changed from one run to another.

    A.json and B.json are reports of `verify --json` or results of `verify --report`; one of them may be - (standard
    input). Figures are compared where both runs have the same seed and level. Exit codes: 0 nothing changed but
    versions or settings, 1 something did.
    """
    from ste_theory.claims.difference import difference
    from ste_theory.render.difference import render

    if str(first) == str(second) == "-":
        raise InvalidInput("only one of the two reports can come from standard input")
    found = difference(read_report(first), read_report(second))
    sys.stdout.write(render(found, colour=colour(sys.stdout), full=full))
    return found.exit_code
