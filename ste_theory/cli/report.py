"""``ste-theory report``, and what `verify --report` writes."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ste_theory.cli import options
from ste_theory.cli.report_file import read_report
from ste_theory.cli.terminal import Progress

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim
    from ste_theory.claims.report import Report

RESULTS, PAGE = "results.json", "index.html"


def write(
    folder: Path,
    report: "Report",
    available: "Mapping[str, Claim]",
    progress: Progress,
    *,
    extra: Sequence[str] = (),
) -> None:
    """Write the results once, then the page from what stands in that file."""
    from ste_theory.claims.pages import with_pages
    from ste_theory.render.files import write_text
    from ste_theory.render.json_text import compact
    from ste_theory.render.report.document import render

    results = folder / RESULTS
    write_text(results, compact(with_pages(report, available, progress=progress).to_json()))
    found = read_report(results)
    write_text(folder / PAGE, render(found, str(results), whole=_whole(found, available), extra=extra))


def _whole(report: "Report", available: "Mapping[str, Claim]") -> bool:
    """Whether all claims were asked for."""
    return {claim.id for claim in report.claims if claim.requested} | set(report.missing) >= available.keys()


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write to FILE; by default index.html beside the results.",
)
@options.corpus
def report(results: Path, out: Path | None, corpus: tuple[Path, ...]) -> None:
    """Write the HTML page of a run again, from the results.json of `verify --report`.

    Runs no witness. A file of another version, or one that is damaged or speaks of other claims, is refused.
    """
    from ste_theory.claims import registry
    from ste_theory.claims.stored import check_claims
    from ste_theory.render.files import check_writable, write_text
    from ste_theory.render.report.document import render

    target = out if out is not None else results.parent / PAGE
    check_writable(target)
    with Progress() as progress:
        progress("reading")
        found = read_report(results)
        available = registry.claims(corpus)
        check_claims(found, available, str(results))
        extra = options.corpus_arguments(corpus)
        write_text(target, render(found, str(results), whole=_whole(found, available), extra=extra))
    sys.stdout.write(f"{target}\n")
