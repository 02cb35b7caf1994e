"""``ste-theory graph``."""

import shutil
import subprocess
import sys
from pathlib import Path

import click

from ste_theory.cli import options
from ste_theory.cli.completion import claim_ids
from ste_theory.cli.report_file import read_report
from ste_theory.cli.terminal import Progress
from ste_theory.model.errors import InvalidInput, SteTheoryError


@click.command()
@click.argument("claims", nargs=-1, metavar="[CLAIM|PREFIX]...", shell_complete=claim_ids)
@click.option(
    "--format",
    "form",
    type=click.Choice(["dot", "svg"]),
    default="dot",
    show_default=True,
    help="dot: the language of Graphviz. svg: a picture, drawn by Graphviz.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Fill the claims by the verdicts of a report of `verify --json` (- is standard input).",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE, not to standard output.")
@options.corpus
def graph(
    claims: tuple[str, ...], form: str, json_file: Path | None, out: Path | None, corpus: tuple[Path, ...]
) -> None:
    """Draw which claims rest on which: proofs solid, statements dashed, corrections beside what they correct.

    With claims or prefixes named, those and all they use. No witness is run: without a report every claim is "not run".
    """
    from ste_theory.claims import registry
    from ste_theory.claims.graph import diagram
    from ste_theory.claims.stored import check_claims
    from ste_theory.render.files import check_writable, write_text
    from ste_theory.render.graph import accessible, dot

    if out is not None:
        check_writable(out)
    program = _graphviz() if form == "svg" else ""
    with Progress() as progress:
        progress("reading the claims")
        available = registry.claims(corpus)
        chosen = registry.select(available, claims)
        report = read_report(json_file) if json_file is not None else None
        verdicts = {claim.id: claim.effective_verdict for claim in report.claims} if report else {}
        if report is not None:
            check_claims(report, available, str(json_file))
        drawn = diagram(available, chosen, verdicts)
        text = dot(drawn)
        if form == "svg":
            progress("drawing")
            text = accessible(_drawn(program, text), drawn)
    if out is None:
        sys.stdout.write(text)
    else:
        write_text(out, text)


def _graphviz() -> str:
    program = shutil.which("dot")
    if program is None:
        raise InvalidInput(
            "--format svg needs the program dot: install the Debian package graphviz (apt-get install graphviz), or"
            " take --format dot"
        )
    return program


def _drawn(program: str, text: str) -> str:
    done = subprocess.run([program, "-Tsvg"], input=text, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise SteTheoryError(f"dot could not draw the graph (exit code {done.returncode}): {done.stderr}")
    return done.stdout
