"""``ste-theory experiment instability``."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ste_theory.cli.training import conduct, protocols, refuse_beside_resume, root_of, source_of, training_options

if TYPE_CHECKING:
    from ste_theory.networks.experiments.results import Results


@click.command()
@training_options(networks=("lenet5", "resnet20"), bits=(2,), seeds=5)
@click.option("--start", default="clipped_relu", show_default=True, metavar="NAME|EXPR", help="Trains to the minimum.")
@click.option(
    "--rate",
    "rates",
    type=float,
    multiple=True,
    default=(1e-4,),
    show_default=True,
    help="Learning rates to leave the minimum with; repeat it for several.",
)
@click.option(
    "--further", type=click.IntRange(1, 10**6), default=20, show_default=True, help="Epochs from the minimum on."
)
@click.pass_context
def instability(
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
    start: str,
    rates: tuple[float, ...],
    further: int,
    **training: Any,
) -> int:
    """Start at a good minimum and see which surrogates leave it (Yin et al. 2019, section 4).

    A one-sided surrogate trains to the minimum; from there training goes on with each surrogate at each learning rate,
    held constant. The paper's rate is 1e-5, with 17 times as many steps per epoch as the digits have: 1e-4 makes up for
    most of that. Needs the extra `networks`. The same seed gives the same figures on one machine. --resume takes
    everything but --jobs and --plot from its file; a run is one seed with all that is done from its minimum.
    """
    from ste_theory.networks.experiments.conduct import begin
    from ste_theory.networks.experiments.conduct import resume as go_on
    from ste_theory.networks.experiments.instability import Instability
    from ste_theory.networks.experiments.results import read
    from ste_theory.render.training import instability as render
    from ste_theory.render.training_figure import draw_instability

    def begun() -> "Results":
        if resume is not None:
            refuse_beside_resume(context)
            return go_on(read(resume, "instability"))
        source, chosen = source_of(dataset, folder, label_noise), protocols(networks, dataset, training)
        root = root_of(seed)
        return begin(
            Instability(
                source, root, networks, bits, surrogates, seeds, chosen, start=start, rates=rates, further=further
            )
        )

    return conduct(
        begun, json_file=json_file, resume=resume, jobs=jobs, plot=plot, render=render, draw=draw_instability
    )
