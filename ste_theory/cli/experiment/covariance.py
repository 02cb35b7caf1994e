"""``ste-theory experiment covariance``."""

import secrets
import sys
from pathlib import Path

import click

from ste_theory.cli import options


@click.command()
@click.option("--surrogate", default="relu", show_default=True, metavar="NAME|EXPR")
@click.option("--rows", type=click.IntRange(1, 1000), default=2, show_default=True, help="m of the drawn network.")
@click.option("--dimension", type=click.IntRange(2, 500), default=3, show_default=True, help="n of the drawn network.")
@click.option("--angle", type=float, default=1.0, show_default=True, help="θ between Σ^½w and Σ^½w*, drawn network.")
@click.option("--samples", type=click.IntRange(1000, 10**10), default=10**6, show_default=True)
@options.seed
@click.option("--json", "json_file", type=click.Path(path_type=Path), metavar="FILE", help="Everything, as JSON.")
def covariance(
    surrogate: str, rows: int, dimension: int, angle: float, samples: int, seed: int | None, json_file: Path | None
) -> None:
    """Input that is not isotropic: the coarse gradient can point uphill.

    Shows an example in integers and, for a network drawn from the seed, a covariance that turns the sign of the
    correlation, each computed and sampled; then what whitened input and the step −Σ⁻¹E g restore.
    """
    from ste_theory.cli.experiment import writing
    from ste_theory.experiments.covariance import adverse, correlations, example
    from ste_theory.experiments.places import drawn_point
    from ste_theory.model.specification import surrogate_of
    from ste_theory.render.covariance import record, summary

    write = writing(json_file)
    root = secrets.randbits(64) if seed is None else seed
    chosen = surrogate_of(surrogate)
    seen = drawn_point(rows, dimension, angle=angle, norm=1.0, seed=root)
    places = [("An example in integers", *example()), ("A covariance made for a drawn network", *adverse(chosen, seen))]
    found = [
        correlations(title, chosen, sigma, point, samples=samples, seed=root, stream=index)
        for index, (title, sigma, point) in enumerate(places)
    ]
    write(lambda: record(found, samples, root))
    sys.stdout.write(summary(found, samples, root))
