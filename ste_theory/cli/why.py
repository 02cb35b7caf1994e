"""``ste-theory why``."""

import sys
from pathlib import Path

import click

from ste_theory.claims.verdict import Level
from ste_theory.cli import options
from ste_theory.cli.completion import claim_ids
from ste_theory.cli.report_file import read_report
from ste_theory.cli.terminal import Progress, colour


@click.command()
@click.argument("claim_id", metavar="CLAIM", shell_complete=claim_ids)
@options.level(Level.QUICK)
@options.seed
@options.jobs
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Read a report of `verify --json` (- is standard input) instead of running the witnesses.",
)
@options.corpus
def why(
    claim_id: str, level: str, seed: int | None, jobs: int, json_file: Path | None, corpus: tuple[Path, ...]
) -> int:
    """Say why a claim has its verdict: the weakest claim its proof rests on, and the witness that decides
    there.

    The exit code is that of `verify` for this claim and all its proof rests on.
    """
    from ste_theory.claims.derive import one_claim
    from ste_theory.claims.reason import reason
    from ste_theory.claims.verify import verify as run
    from ste_theory.render.explanation import render

    if json_file is not None:
        report = read_report(json_file)
    else:
        with Progress() as progress:
            claim = one_claim(claim_id, corpus)
            report = run(claim.id, level, seed, jobs=jobs, corpus=corpus, progress=progress)
        if report.interrupted:
            raise KeyboardInterrupt
    report = report.about(claim_id)
    extra = options.corpus_arguments(corpus)
    sys.stdout.write(render(reason(report, claim_id), report, colour=colour(sys.stdout), extra=extra))
    return report.exit_code
