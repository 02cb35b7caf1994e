"""``ste-theory experiment digits-quantized``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ste_theory.cli import options
from ste_theory.cli.errors import INTERRUPTED
from ste_theory.cli.terminal import Progress
from ste_theory.cli.training import root_of, source_of

if TYPE_CHECKING:
    from ste_theory.networks.experiments.digits_quantized import Projected

SURROGATES = ("relu", "long2021.reverse_exponential", "long2021.log_tailed")


@click.command("digits-quantized")
@click.option("--dataset", type=click.Choice(["digits", "mnist"]), default="digits", show_default=True)
@click.option("--data", "folder", type=click.Path(path_type=Path), metavar="DIR", help="MNIST's idx files.")
@click.option("--bits", type=click.IntRange(1, 8), multiple=True, default=(2, 4), show_default=True, help="Repeat it.")
@click.option("--surrogate", "surrogates", multiple=True, default=SURROGATES, metavar="NAME|EXPR", help="Repeat it.")
@click.option("--seeds", type=click.IntRange(1, 1000), default=1, show_default=True, help="How many.")
@click.option("--epochs", type=click.IntRange(1, 10**5), default=30, show_default=True, help="Of training.")
@click.option("--learning-rate", type=float, help="0.1 by default.")
@options.runs
@options.seed
@click.option("--json", "json_file", type=click.Path(path_type=Path), metavar="FILE", help="Everything, as JSON.")
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE", help="The features of the classes in 2-D.")
def digits_quantized(
    dataset: str,
    folder: Path | None,
    bits: tuple[int, ...],
    surrogates: tuple[str, ...],
    seeds: int,
    epochs: int,
    learning_rate: float | None,
    jobs: int,
    seed: int | None,
    json_file: Path | None,
    plot: Path | None,
) -> int:
    """LeNet-5 with quantized activations: ReLU, reverse exponential, log-tailed.

    The experiment on images of Long, Yin, Xin 2021, reconstructed from the abstract: accuracy at 2 and 4 bits, and how
    the last features of the held-out images fall apart into classes, projected to two dimensions. Needs the extra
    `networks`. Ctrl-C keeps the finished runs.
    """
    from ste_theory.cli.experiment import writing
    from ste_theory.networks.experiments.digits_quantized import DigitsQuantized
    from ste_theory.networks.experiments.study import protocols_for
    from ste_theory.networks.experiments.workers import performed
    from ste_theory.networks.extra import training_torch
    from ste_theory.render.digits_quantized import draw, record, summary
    from ste_theory.render.files import check_writable
    from ste_theory.render.simulation import require_matplotlib

    write = writing(json_file)
    if plot is not None:
        check_writable(plot)
        require_matplotlib(plot)
    training_torch()
    protocols = protocols_for(("lenet5",), dataset, epochs=epochs, learning_rate=learning_rate)
    source = source_of(dataset, folder, 0.0)
    study = DigitsQuantized(source, root_of(seed), ("lenet5",), bits, surrogates, seeds, protocols)
    source.read(study.root)  # what is wrong with the files is said before the first run
    runs: list[Projected] = []
    interrupted = False
    try:
        with Progress() as progress:
            for run in performed(study, study.tasks(), jobs=jobs, progress=progress):
                runs.append(run)
    except KeyboardInterrupt:
        interrupted = True
    if runs:
        write(lambda: record(study, runs))
        sys.stdout.write(summary(study, runs))
        if plot is not None:
            draw(plot, study, runs)
            sys.stdout.write(f"drawn to {plot}\n")
    if interrupted:
        click.echo(f"ste-theory: interrupted after {len(runs)} of {len(study.tasks())} runs", err=True)
        return INTERRUPTED
    return 0
