"""``ste-theory experiment misspecified``."""

import sys
from pathlib import Path

import click

from ste_theory.cli.terminal import Progress


@click.command()
@click.argument("surrogates", metavar="[NAME|EXPR]...", nargs=-1)
@click.option("--quantizer", default="binary", show_default=True, metavar="SPEC", help="binary, uniform_relu(2), ...")
@click.option("--all", "everything", is_flag=True, help="Every surrogate of the catalogue.")
@click.option("--teacher", default="1,1,1", show_default=True, metavar="V", help="v*, the rows that are missing last.")
@click.option("--rows", type=click.IntRange(1, 1000), default=2, show_default=True, help="The student's rows.")
@click.option("--norm", type=float, default=None, help="‖w*‖ = ‖w‖.  [default: 1 for binary, else 2]")
@click.option("--steps", type=click.IntRange(0, 10**6), default=1000, show_default=True)
@click.option("--step-size", type=float, default=0.01, show_default=True)
@click.option("--json", "json_file", type=click.Path(path_type=Path), metavar="FILE", help="Everything, as JSON.")
def misspecified(
    surrogates: tuple[str, ...],
    quantizer: str,
    everything: bool,
    teacher: str,
    rows: int,
    norm: float | None,
    steps: int,
    step_size: float,
    json_file: Path | None,
) -> None:
    """Rank surrogates by the coarse gradient at a good minimum.

    The teacher has rows that the student lacks, so the residual does not vanish at the minimizer of the population
    loss, and a surrogate whose expected coarse gradient does not vanish there leaves it (general.misspecified).
    """
    from ste_theory.analysis import catalogue
    from ste_theory.cli.experiment import writing
    from ste_theory.experiments.misspecified import experiment, minimizer
    from ste_theory.model.catalogue.index import ENTRIES
    from ste_theory.model.specification import parse_quantizer, surrogate_of
    from ste_theory.render.misspecified import record, summary

    if everything and surrogates:
        raise click.UsageError("--all takes every surrogate; name none beside it")
    target = writing(json_file)
    staircase = parse_quantizer(quantizer)
    if everything:
        chosen = [entry.surrogate() for entry in ENTRIES.values()]
    elif surrogates:
        chosen = [surrogate_of(text) for text in surrogates]
    else:
        chosen = [surrogate_of(text) for text in ("identity", "relu", "clipped_relu", "clipped_relu(3)")]
        chosen.append(catalogue.surrogate("larq.swish_sign"))
    length = norm if norm is not None else (1.0 if staircase.is_binary else 2.0)
    minimum = minimizer(staircase, numbers(teacher, "--teacher"), rows, [length, 0.0])
    with Progress() as progress:
        found = experiment(staircase, chosen, minimum, steps=steps, step_size=step_size, progress=progress)
    target(lambda: record(found))
    sys.stdout.write(summary(found))


def numbers(text: str, name: str) -> list[float]:
    """The numbers of a comma-separated list."""
    from ste_theory.model.numbers import exact

    return [float(exact(part.strip(), name)) for part in text.split(",")]
