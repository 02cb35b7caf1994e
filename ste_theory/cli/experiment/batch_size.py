"""``ste-theory experiment batch-size``."""

import secrets
import sys
from pathlib import Path

import click

from ste_theory.cli import options
from ste_theory.cli.terminal import Progress


@click.command("batch-size")
@click.option("--surrogate", default="relu", show_default=True, metavar="NAME|EXPR")
@click.option("--confidence", type=float, default=0.95, show_default=True, help="The probability 1 − δ of downhill.")
@click.option("--angle", type=float, default=1.0, show_default=True, help="θ, in radians.")
@click.option("--norm", type=float, default=1.0, show_default=True, help="‖w‖; ‖w*‖ = 1.")
@click.option("--rows", type=click.IntRange(1, 1000), default=2, show_default=True, help="m, the length of v.")
@click.option("--dimension", type=click.IntRange(2, 10**4), default=4, show_default=True, help="n, the length of w.")
@click.option("--batches", type=click.IntRange(100, 10**6), default=1000, show_default=True, help="To simulate.")
@options.seed
@click.option("--json", "json_file", type=click.Path(path_type=Path), metavar="FILE", help="Everything, as JSON.")
def batch_size(
    surrogate: str,
    confidence: float,
    angle: float,
    norm: float,
    rows: int,
    dimension: int,
    batches: int,
    seed: int | None,
    json_file: Path | None,
) -> int:
    """How many samples turn w downhill, and whether they do.

    Prints the batch that is enough by Cantelli's inequality (general.sample-size) and the one of the normal
    approximation at a point drawn from the seed, and simulates batches of both sizes. Exit code 1 if the simulation
    contradicts the bound.
    """
    from ste_theory.cli.experiment import writing
    from ste_theory.experiments.batch_size import experiment
    from ste_theory.experiments.places import drawn_point
    from ste_theory.model.problem import Problem
    from ste_theory.model.quantizers import binary
    from ste_theory.model.specification import surrogate_of
    from ste_theory.render.batch_size import record, summary

    write = writing(json_file)
    root = secrets.randbits(64) if seed is None else seed
    problem = Problem(binary(), surrogate_of(surrogate))
    point = drawn_point(rows, dimension, angle=angle, norm=norm, seed=root)
    with Progress() as progress:
        found = experiment(problem, point, confidence=confidence, batches=batches, seed=root, progress=progress)
    write(lambda: record(found))
    sys.stdout.write(summary(found))
    return 0 if found.held else 1
