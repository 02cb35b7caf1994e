"""``ste-theory certify``."""

import shlex
import sys
from pathlib import Path

import click

from ste_theory.claims.verdict import Level
from ste_theory.cli import options
from ste_theory.cli.completion import claim_ids
from ste_theory.cli.terminal import Progress

OPEN = 3  # the exit code where a search does not end in a proof


@click.command()
@click.argument("claims", nargs=-1, required=True, metavar="CLAIM...", shell_complete=claim_ids)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="DIR",
    help="The folder to write to, made if it is not there; the current one by default. Files of the same names are"
    " replaced.",
)
@options.level(Level.STANDARD)
@options.corpus
def certify(claims: tuple[str, ...], out: Path, level: str, corpus: tuple[Path, ...]) -> int:
    """Search again for the proofs of inequalities, and write a certificate per sentence.

    `ste-theory show CLAIM` lists the sentences that are proved by a search, `ste-theory check-certificate FILE` checks
    a certificate by a program of its own. Exit codes: 0 all are written, 2 a claim has no such sentence, 3 a search did
    not end in a proof.
    """
    from ste_theory.claims import registry
    from ste_theory.claims.certify import certifier, check_searched
    from ste_theory.notation.letters import slugs
    from ste_theory.render.files import make_folder, write_text
    from ste_theory.render.json_text import dumps

    available = registry.claims(corpus)
    chosen = registry.select(available, claims)
    check_searched(available, chosen)
    witness = certifier()
    make_folder(out)
    written: list[str] = []
    code = 0
    for claim_id in chosen:
        with Progress() as progress:
            found = list(witness.certificates(available[claim_id], Level(level), progress))
        for one, name in zip(found, slugs([one.sentence for one in found]), strict=True):
            if one.document is None:
                sys.stdout.write(f"{claim_id}, {one.sentence}: no certificate: {one.detail}\n")
                code = OPEN
                continue
            file = out / f"{claim_id}.{name}.json"
            write_text(file, dumps(one.document))
            written.append(str(file))
            sys.stdout.write(f"{file}: {claim_id}, {one.sentence}: {one.detail}\n")
    if written:
        sys.stdout.write(f"check: {shlex.join(['ste-theory', 'check-certificate', *written])}\n")
    return code
