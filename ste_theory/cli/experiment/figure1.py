"""``ste-theory experiment figure1``."""

import secrets
import sys
from pathlib import Path

import click

from ste_theory.cli import options
from ste_theory.cli.terminal import Progress


@click.command()
@click.option("--surrogate", default="relu", show_default=True, metavar="NAME|EXPR")
@click.option("--quantizer", default="binary", show_default=True, metavar="SPEC", help="binary, uniform_relu(2), ...")
@click.option("--samples", default="10,50,100,1000,10000,100000", show_default=True, metavar="N,N,...")
@click.option("--direction", type=click.Choice(["expected", "sample"]), default="expected", show_default=True)
@click.option("--angle", type=float, default=2.0, show_default=True, help="θ, in radians.")
@click.option("--norm", type=float, default=1.0, show_default=True, help="‖w‖; ‖w*‖ = 1.")
@click.option("--rows", type=click.IntRange(1, 1000), default=4, show_default=True, help="m, the length of v.")
@click.option("--dimension", type=click.IntRange(2, 10**4), default=8, show_default=True, help="n, the length of w.")
@click.option("--steps", type=click.IntRange(2, 10**5), default=200, show_default=True, help="Step sizes per curve.")
@click.option("--reach", type=float, help="The largest step size; by default where w comes nearest to w*.")
@options.seed
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE", help="The picture (.png, .pdf, .svg).")
@click.option("--json", "json_file", type=click.Path(path_type=Path), metavar="FILE", help="Every curve, as JSON.")
def figure1(
    surrogate: str,
    quantizer: str,
    samples: str,
    direction: str,
    angle: float,
    norm: float,
    rows: int,
    dimension: int,
    steps: int,
    reach: float | None,
    seed: int | None,
    plot: Path | None,
    json_file: Path | None,
) -> None:
    """The loss along the negative coarse gradient, sampled.

    Figure 1 of Yin et al. 2019: ragged for few samples, falling for many (yin2019.finite-sample-loss). v is held and w
    moves by η times the expected coarse gradient, or times the mean coarse gradient of the same samples.
    """
    from ste_theory.cli.experiment import writing
    from ste_theory.experiments.figure1 import experiment
    from ste_theory.experiments.places import drawn_point
    from ste_theory.model.problem import Problem
    from ste_theory.model.specification import parse_quantizer, surrogate_of
    from ste_theory.render.figure1 import draw, record, summary
    from ste_theory.render.files import check_writable
    from ste_theory.render.simulation import require_matplotlib

    write = writing(json_file)
    if plot is not None:
        check_writable(plot)
        require_matplotlib(plot)
    counts = [part.strip() for part in samples.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in counts):
        raise click.UsageError(f"--samples {samples}: whole numbers with commas between them, such as 10,100,1000")
    root = secrets.randbits(64) if seed is None else seed
    problem = Problem(parse_quantizer(quantizer), surrogate_of(surrogate))
    point = drawn_point(rows, dimension, angle=angle, norm=norm, seed=root)
    with Progress() as progress:
        found = experiment(
            problem,
            point,
            samples=[int(part) for part in counts],
            steps=steps,
            reach=reach,
            direction=direction,
            seed=root,
            progress=progress,
        )
    write(lambda: record(found))
    if plot is not None:
        draw(plot, found)
    sys.stdout.write(summary(found))
    if plot is not None:
        sys.stdout.write(f"drawn to {plot}\n")
