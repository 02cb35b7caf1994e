"""``ste-theory replay``."""

import sys
from pathlib import Path

import click

from ste_theory.claims.verdict import Level
from ste_theory.cli import options
from ste_theory.cli.completion import claim_ids
from ste_theory.cli.terminal import Progress


@click.command()
@click.argument("claim_id", metavar="CLAIM", shell_complete=claim_ids)
@click.option("--seed", type=options.Seed(), required=True, help="The seed that the run printed.")
@options.level(Level.STANDARD)
@options.threads
@options.corpus
def replay(claim_id: str, seed: int, level: str, jobs: int, corpus: tuple[Path, ...]) -> int:
    """Run the randomized witnesses of one claim again and print all their figures.

    Same seed and level, same figures as in the run that printed them. The false-alarm rate is split over this claim
    alone, so that a figure at the very edge of its threshold can change sides. Exit codes: 0 no witness fails, 1 one
    does, 3 undecided.
    """
    from ste_theory.claims import registry
    from ste_theory.claims.derive import one_claim
    from ste_theory.claims.replay import replay as run
    from ste_theory.render.figures import render

    claim = one_claim(claim_id, corpus)
    with Progress() as progress:
        again = run(claim, registry.witnesses(), seed=seed, level=Level(level), threads=jobs, progress=progress)
    sys.stdout.write(render(again))
    return again.exit_code
