"""``ste-theory plan``."""

import sys
from pathlib import Path

import click

from ste_theory.claims.verdict import Level
from ste_theory.cli import options
from ste_theory.cli.completion import claim_ids
from ste_theory.cli.terminal import Progress, colour


class RelativeError(click.types.FloatParamType):
    """``0.1%``, ``0.001`` or ``1e-3``: more than 0, less than 100 %."""

    name = "error"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The fraction that the text means."""
        text = str(value).strip()
        try:
            number = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            self.fail(f"{text!r} is not a relative error like 0.1% or 0.001.", param, ctx)
        if not 0 < number < 1:  # not a number fails as well
            self.fail(f"{text} is not between 0 and 100 % (0.1% and 0.001 are the same).", param, ctx)
        return number


@click.command()
@click.argument("claim_id", metavar="CLAIM", shell_complete=claim_ids)
@click.option("--detect", type=RelativeError(), required=True, help="The error to be noticed: 0.1%, 0.001 or 1e-3.")
@options.level(Level.STANDARD)
@options.seed
@options.corpus
def plan(claim_id: str, detect: float, level: str, seed: int | None, corpus: tuple[Path, ...]) -> None:
    """Say how many samples the simulation needs to notice an error of a given size, and how long they take.

    The error is relative to the norm of what is stated; it is noticed with probability 0.99 at the false-alarm rate of
    a run over all claims. The level decides the problems and points simulated. A pilot is run; its seed is printed.
    """
    from ste_theory.claims import registry
    from ste_theory.claims.derive import one_claim
    from ste_theory.claims.plan import plan as make
    from ste_theory.render.plan import render

    claim = one_claim(claim_id, corpus)
    with Progress() as progress:
        made = make(
            claim,
            registry.witnesses(),
            registry.claims(corpus),
            detect=detect,
            level=Level(level),
            seed=seed,
            progress=progress,
        )
    sys.stdout.write(render(made, colour=colour(sys.stdout)))
