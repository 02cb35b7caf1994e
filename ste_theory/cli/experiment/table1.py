"""``ste-theory experiment table1``."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ste_theory.cli.training import conduct, protocols, refuse_beside_resume, root_of, source_of, training_options

if TYPE_CHECKING:
    from ste_theory.networks.experiments.results import Results


@click.command()
@training_options(networks=("lenet5",), bits=(2, 4), seeds=5)
@click.pass_context
def table1(
    context: click.Context,
    /,
    dataset: str,
    folder: Path | None,
    networks: tuple[str, ...],
    bits: tuple[int, ...],
    surrogates: tuple[str, ...],
    seeds: int,
    seed: int | None,
    label_noise: float,
    jobs: int,
    json_file: Path | None,
    resume: Path | None,
    plot: Path | None,
    **training: Any,
) -> int:
    """Train networks with quantized activations under several surrogates (Yin et al. 2019, Table 1).

    Prints training loss and validation accuracy with their spread over seeds, beside the paper's figures. Needs the
    extra `networks`. The loss is the mean cross-entropy over the training images after the last epoch. The same seed
    gives the same figures on one machine. --resume takes everything but --jobs and --plot from its file.
    """
    from ste_theory.networks.experiments.conduct import begin
    from ste_theory.networks.experiments.conduct import resume as go_on
    from ste_theory.networks.experiments.results import read
    from ste_theory.networks.experiments.table1 import Table1
    from ste_theory.render.training import table1 as render
    from ste_theory.render.training_figure import draw_table1

    def start() -> "Results":
        if resume is not None:
            refuse_beside_resume(context)
            return go_on(read(resume, "table1"))
        source, chosen = source_of(dataset, folder, label_noise), protocols(networks, dataset, training)
        return begin(Table1(source, root_of(seed), networks, bits, surrogates, seeds, chosen))

    return conduct(start, json_file=json_file, resume=resume, jobs=jobs, plot=plot, render=render, draw=draw_table1)
