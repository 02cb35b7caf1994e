"""``ste-theory cite``."""

import sys
from pathlib import Path

import click

from ste_theory.cli import options


@click.command()
@click.argument("claim_id", metavar="[CLAIM]", required=False)
@options.corpus
def cite(claim_id: str | None, corpus: tuple[Path, ...]) -> None:
    """Print how to cite this software as BibTeX; with CLAIM also where its statement comes from.

    Whoever uses a statement of a paper cites the paper as well.
    """
    from ste_theory.claims.derive import one_claim
    from ste_theory.claims.environment import environment
    from ste_theory.render.citation import render

    claim = one_claim(claim_id, corpus) if claim_id else None
    about = None if claim is None else (claim.id, str(claim.source), claim.source.remark)
    sys.stdout.write(render(environment(), about))
