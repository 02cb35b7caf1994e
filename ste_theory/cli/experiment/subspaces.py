"""``ste-theory experiment subspaces``."""

import secrets
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import click

from ste_theory.cli import options
from ste_theory.cli.terminal import Progress

STES = ("relu", "reverse-exponential", "log-tailed", "identity")
MOST = 1000  # runs per cell


@click.command()
@click.option("--angle", "angles", type=float, multiple=True, default=(15, 30, 45, 60, 75, 90), help="Degrees; repeat.")
@click.option("--bits", "bits", type=click.IntRange(1, 8), multiple=True, default=(1, 2, 4), help="Repeat for more.")
@click.option("--surrogate", "surrogates", multiple=True, default=STES, metavar="NAME", help="Repeat for more.")
@click.option(
    "--neurons", type=click.IntRange(2, 1000), default=24, show_default=True, help="Of both classes together."
)
@click.option("--weight", type=float, default=0.5, show_default=True, help="v_ij of every neuron of class i.")
@click.option("--runs", type=click.IntRange(1, MOST), default=20, show_default=True, help="Starts per cell.")
@click.option(
    "--compared",
    type=click.IntRange(1, MOST),
    default=None,
    show_default="twice --runs",
    help="Starts of a surrogate of the class, b ≥ 2, whose iterations are compared; three times as many by neurons.",
)
@click.option("--cap", type=click.IntRange(1, 10**7), default=5000, show_default=True, help="Iterations at most.")
@click.option("--step", type=float, default=1.0, show_default=True, help="η, on the mean over the data.")
@click.option("--batch", type=click.IntRange(0, 10**6), default=0, help="Points drawn for a step (0: all of them).")
@click.option("--noise", type=float, default=0.0, help="Standard deviation of normal noise in every step.")
@click.option("--precondition", is_flag=True, help="Multiply steps by (P₁ + P₂)⁻¹: decoupled at every angle.")
@click.option("--grid-only", is_flag=True, help="Without other numbers of neurons and other v_ij.")
@options.runs
@options.seed
@click.option("--json", "json_file", type=click.Path(path_type=Path), metavar="FILE", help="Everything, as JSON.")
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE", help="Iterations against the angle.")
def subspaces(
    angles: tuple[float, ...],
    bits: tuple[int, ...],
    surrogates: tuple[str, ...],
    neurons: int,
    weight: float,
    runs: int,
    compared: int | None,
    cap: int,
    step: float,
    batch: int,
    noise: float,
    precondition: bool,
    grid_only: bool,
    jobs: int,
    seed: int | None,
    json_file: Path | None,
    plot: Path | None,
) -> int:
    """Two classes in planes at an angle: which surrogates reach zero loss.

    The reconstructed setting of Long, Yin, Xin 2021: surrogate by bits by angle, iterations to zero loss, accuracy,
    norms; then ReLU with fewer and more neurons, and with v_ij from 1/2 to 3/2. Any name of the catalogue is a
    surrogate. Exit code 1 if a finding of the reconstruction does not hold in this run, or is tested and not shown.
    """
    from ste_theory.cli.experiment import writing
    from ste_theory.experiments.subspace_cells import Setting
    from ste_theory.experiments.subspace_findings import member
    from ste_theory.experiments.subspaces import experiment
    from ste_theory.render.files import check_writable
    from ste_theory.render.simulation import require_matplotlib
    from ste_theory.render.subspaces import draw, record, summary

    write = writing(json_file)
    if plot is not None:
        check_writable(plot)
        require_matplotlib(plot)
    root = secrets.randbits(64) if seed is None else seed

    def setting(angle: float, count: int, name: str, *, of: int = neurons, value: float = weight) -> Setting:
        """A cell with ``runs`` starts."""
        return Setting(
            angle,
            count,
            name,
            of,
            value,
            runs=runs,
            cap=cap,
            step=step,
            batch=batch,
            noise=noise,
            precondition=precondition,
        )

    starts = min(2 * runs, MOST) if compared is None else compared

    def more(found: Setting) -> Setting:
        """With the starts that a comparison needs; cells that end at the cap alone would cost the most."""
        return replace(found, runs=starts) if found.bits > 1 and member(found) else found

    cells = [more(setting(angle, count, name)) for count, name, angle in product(bits, surrogates, angles)]
    # From 24 to 48 neurons 86 % of the pairs fall: of 40 pairs too few to be shown in every run, of 120 enough.
    pairs = min(3 * starts, MOST)
    sizes = [] if grid_only else [setting(a, 2, "relu", of=n) for a in (30.0, 90.0) for n in (12, 24, 48)]
    others = [replace(found, runs=pairs) for found in sizes]
    weights = (
        [] if grid_only else [setting(90.0, 2, "relu", of=n, value=v) for v in (0.5, 0.75, 1.0, 1.5) for n in (8, 24)]
    )
    with Progress() as progress:
        found = experiment(cells, neurons=others, weights=weights, seed=root, jobs=jobs, progress=progress)
    write(lambda: record(found))
    sys.stdout.write(summary(found))
    if plot is not None:
        draw(plot, found)
        sys.stdout.write(f"drawn to {plot}\n")
    return 0 if found.held else 1
