"""``ste-theory export``."""

import sys
from pathlib import Path

import click

from ste_theory.cli import options
from ste_theory.cli.completion import claim_ids
from ste_theory.cli.report_file import read_report
from ste_theory.cli.terminal import Progress
from ste_theory.model.errors import InvalidInput

FORMATS = ("latex", "markdown", "html", "notebook", "python", "c", "lean", "json")


@click.command()
@click.argument("claims", nargs=-1, metavar="[CLAIM|PREFIX]...", shell_complete=claim_ids)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    required=True,
    help=(
        "latex: article.tex and a fragment per claim for \\input, its numbers as macros. markdown, html: an index and a"
        " page per claim. notebook: one per claim, which derives and checks it again (extra report). python, c: the"
        " explicit formulas as functions, with a self-test against certified values. lean: the statements for Lean 4"
        " and Mathlib, without proofs. json: exact formulas as text, which can be read back."
    ),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="The folder to write to, made if it is not there. Files of the same names are replaced, others left alone.",
)
@click.option(
    "--results",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="latex: a report of `verify --json`, whose seed, verdicts, errors, pulls and digits become macros too.",
)
@options.corpus
def export(claims: tuple[str, ...], form: str, out: Path, results: Path | None, corpus: tuple[Path, ...]) -> None:
    """Write claims as documents, programs or data, everything derived and re-checked now.

    CLAIM is an id as `ste-theory claims` lists them, PREFIX the beginning of several (yin2019). Without any, all
    claims. What a format cannot say is left out, and said on standard error, one line each.
    """
    from ste_theory.claims import registry
    from ste_theory.exchange import formats
    from ste_theory.render.files import make_folder, write_text

    available = registry.claims(corpus)
    chosen = registry.select(available, claims)
    wanted = [available[claim_id] for claim_id in chosen]
    report = None
    if results is not None:
        report = read_report(results)
        formats.check_results(form, wanted, available, report)
    absent = not out.exists()
    make_folder(out)
    try:
        with Progress() as progress:
            exported = formats.export(form, wanted, available, progress, report=report)
    except InvalidInput:
        if absent:
            out.rmdir()
        raise
    for name, content in exported.files.items():
        write_text(out / name, content)
    for line in exported.left_out:
        click.echo(f"left out: {line}", err=True)
    count = f"{len(chosen)} claim{'s' if len(chosen) > 1 else ''}"
    if exported.without:
        count = f"{len(chosen) - exported.without} of {count}"
    sys.stdout.write(f"{out / exported.main}: {count}\n")
