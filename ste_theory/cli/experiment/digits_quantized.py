"""``ste-theory experiment digits-quantized``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ste_theory.cli import options
from ste_theory.cli.training import conduct, refuse_beside_resume, root_of, source_of

if TYPE_CHECKING:
    from ste_theory.networks.experiments.results import Results

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
@click.option("--json", "json_file", type=click.Path(path_type=Path), metavar="FILE", help="Save the runs, after each.")
@click.option("--resume", type=click.Path(path_type=Path), metavar="FILE", help="Go on with a saved file.")
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE", help="The features of the classes in 2-D.")
@click.pass_context
def digits_quantized(
    context: click.Context,
    /,
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
    resume: Path | None,
    plot: Path | None,
) -> int:
    """LeNet-5 with quantized activations: ReLU, reverse exponential, log-tailed.

    The experiment on images of Long, Yin, Xin 2021, reconstructed from the abstract: accuracy at 2 and 4 bits, and how
    the last features of the held-out images fall apart into classes, projected to two dimensions. Needs the extra
    `networks`. Ctrl-C keeps the finished runs. --resume takes everything but --jobs and --plot from its file.
    """
    from ste_theory.networks.experiments.conduct import begin
    from ste_theory.networks.experiments.conduct import resume as go_on
    from ste_theory.networks.experiments.digits_quantized import DigitsQuantized
    from ste_theory.networks.experiments.results import read
    from ste_theory.networks.experiments.study import protocols_for
    from ste_theory.render.digits_quantized import draw, summary

    def start() -> "Results":
        if resume is not None:
            refuse_beside_resume(context)
            return go_on(read(resume, "digits-quantized"))
        protocols = protocols_for(("lenet5",), dataset, epochs=epochs, learning_rate=learning_rate)
        source = source_of(dataset, folder, 0.0)
        return begin(DigitsQuantized(source, root_of(seed), ("lenet5",), bits, surrogates, seeds, protocols))

    return conduct(start, json_file=json_file, resume=resume, jobs=jobs, plot=plot, render=summary, draw=draw)
