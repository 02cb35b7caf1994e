"""``ste-theory show``."""

import sys
from pathlib import Path

import click

from ste_theory.cli import options
from ste_theory.cli.terminal import Progress, colour


@click.command()
@click.argument("claim_id", metavar="CLAIM")
@click.option("--latex", "in_latex", is_flag=True, help="Print statement and derivation as LaTeX (amsmath).")
@options.corpus
def show(claim_id: str, in_latex: bool, corpus: tuple[Path, ...]) -> None:
    """Show a claim: statement, domain, source, what it rests on, and its derivation, every step re-checked."""
    from ste_theory.claims.derive import one_claim
    from ste_theory.claims.presentation import shown, shown_derivation
    from ste_theory.claims.printing import latex, text
    from ste_theory.render.statement import render_latex, render_text

    claim = one_claim(claim_id, corpus)
    form = latex if in_latex else text
    with Progress() as progress:
        progress(f"{claim_id}: deriving")
        parts = shown_derivation(claim.derivation(), form=form, progress=progress) if claim.derivation else ()
    presented = shown(claim, form=form)
    if in_latex:
        sys.stdout.write(render_latex(presented, parts))
    else:
        sys.stdout.write(render_text(presented, parts, colour=colour(sys.stdout)))
