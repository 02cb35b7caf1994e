"""``ste-theory verify``."""

import sys
from pathlib import Path

import click

from ste_theory.claims.verdict import Level
from ste_theory.cli import options
from ste_theory.cli.completion import claim_ids
from ste_theory.cli.report import write
from ste_theory.cli.terminal import Progress, colour


@click.command()
@click.argument("claims", nargs=-1, metavar="[CLAIM|PREFIX]...", shell_complete=claim_ids)
@options.level(Level.STANDARD)
@options.seed
@options.jobs
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Write the report as JSON; - is standard output, and the table goes to standard error then.",
)
@click.option(
    "--report",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write results.json and from it index.html, one file to open in any browser, without a network.",
)
@click.option("--errors", is_flag=True, help="Add the table of planted errors: which witness noticed which.")
@click.option("--full", is_flag=True, help="Add what every witness found, and the table of planted errors.")
@options.corpus
def verify(
    claims: tuple[str, ...],
    level: str,
    seed: int | None,
    jobs: int,
    json_file: Path | None,
    folder: Path | None,
    errors: bool,
    full: bool,
    corpus: tuple[Path, ...],
) -> int:
    """Settle claims by their independent witnesses, with all they rest on.

    CLAIM is an id as `ste-theory claims` lists them, PREFIX the beginning of several (yin2019). Without any, all
    claims. An interruption (Ctrl-C) reports the claims finished so far.
    """
    from ste_theory.claims import registry
    from ste_theory.claims.verify import verify as run
    from ste_theory.render.files import check_writable, make_folder, write_text
    from ste_theory.render.json_text import dumps
    from ste_theory.render.verification import render

    to_output = json_file is not None and str(json_file) == "-"
    if json_file is not None and not to_output:
        check_writable(json_file)
    if folder is not None:
        make_folder(folder)
    with Progress() as progress:
        report = run(claims or None, level, seed, jobs=jobs, corpus=corpus, progress=progress)
    extra = options.corpus_arguments(corpus)
    stream = sys.stderr if to_output else sys.stdout
    command = ["ste-theory", "verify", *claims, *extra]
    text = render(report, colour=colour(stream), command=command, extra=extra, errors=errors, full=full)
    try:
        if json_file is not None and not to_output:
            write_text(json_file, dumps(report.to_json()))
        if folder is not None and report.claims:
            with Progress() as progress:
                write(folder, report, registry.claims(corpus), progress, extra=extra)
    finally:
        stream.write(text)
    if to_output:
        sys.stdout.write(dumps(report.to_json()))
    return report.exit_code
