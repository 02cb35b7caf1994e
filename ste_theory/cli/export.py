"""``ste-theory export``."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ste_theory.cli import options
from ste_theory.cli.completion import claim_ids
from ste_theory.cli.terminal import Progress

if TYPE_CHECKING:
    from ste_theory.claims.shown import ShownDocument


@click.command()
@click.argument("claims", nargs=-1, metavar="[CLAIM|PREFIX]...", shell_complete=claim_ids)
@click.option(
    "--format",
    "form",
    type=click.Choice(["latex", "markdown"]),
    required=True,
    help="latex: article.tex and a fragment per claim for \\input. markdown: index.md and a page per claim.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="The folder to write to, made if it is not there. Files of the same names are replaced, others left alone.",
)
@options.corpus
def export(claims: tuple[str, ...], form: str, out: Path, corpus: tuple[Path, ...]) -> None:
    """Write claims with their derivations as documents, every step re-checked and numbered with its rule.

    CLAIM is an id as `ste-theory claims` lists them, PREFIX the beginning of several (yin2019). Without any, all
    claims.
    """
    from ste_theory.claims import registry
    from ste_theory.claims.legend import whole_legend
    from ste_theory.claims.presentation import shown_document
    from ste_theory.render.files import make_folder, write_text

    available = registry.claims(corpus)
    chosen = registry.select(available, claims)
    make_folder(out)
    with Progress() as progress:
        documents = [shown_document(available[claim_id], progress=progress, available=available) for claim_id in chosen]
    files = _latex(documents, whole_legend()) if form == "latex" else _markdown(documents)
    for name, content in files.items():
        write_text(out / name, content)
    main = "article.tex" if form == "latex" else "index.md"
    sys.stdout.write(f"{out / main} and {len(documents)} claim{'s' if len(documents) > 1 else ''}\n")


def _latex(documents: Sequence["ShownDocument"], symbols: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    from ste_theory.render.latex import article, fragment

    files = {f"{document.claim.id}.tex": fragment(document) for document in documents}
    return {**files, "article.tex": article(documents, symbols)}


def _markdown(documents: Sequence["ShownDocument"]) -> Mapping[str, str]:
    from ste_theory.render.markdown import index, page

    exported = [document.claim.id for document in documents]
    files = {f"{document.claim.id}.md": page(document, exported) for document in documents}
    return {**files, "index.md": index(documents)}
