"""``ste-theory show``."""

import sys
from pathlib import Path

import click

from ste_theory.cli import options
from ste_theory.cli.completion import claim_ids
from ste_theory.cli.terminal import Progress, colour


@click.command()
@click.argument("claim_id", metavar="CLAIM", shell_complete=claim_ids)
@click.option("--latex", "in_latex", is_flag=True, help="Print the fragment of LaTeX that `export` writes.")
@options.corpus
def show(claim_id: str, in_latex: bool, corpus: tuple[Path, ...]) -> None:
    """Show a claim: statement, domain, source, what it rests on, its proof, its derivation re-checked step by step."""
    from ste_theory.claims import registry
    from ste_theory.claims.derive import one_claim
    from ste_theory.claims.example import example
    from ste_theory.claims.presentation import shown_document
    from ste_theory.render.latex import fragment
    from ste_theory.render.statement import render_text

    claim = one_claim(claim_id, corpus)
    with Progress() as progress:
        document = shown_document(claim, progress=progress, available=registry.claims(corpus))
    text = fragment(document, example(claim)) if in_latex else render_text(document, colour=colour(sys.stdout))
    sys.stdout.write(text)
