"""What the commands that train networks share: their options, and a run that can be interrupted and resumed."""

import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ste_theory.cli import options
from ste_theory.cli.errors import INTERRUPTED
from ste_theory.cli.terminal import Progress

if TYPE_CHECKING:
    from ste_theory.networks.experiments.results import Results
    from ste_theory.networks.experiments.source import Source
    from ste_theory.networks.training.protocol import Protocol

Command = TypeVar("Command", bound=Callable[..., Any])
NETWORKS = ("lenet5", "vgg11", "resnet20")
SURROGATES = ("identity", "relu", "clipped_relu")
KEPT_BESIDE_RESUME = {"resume", "jobs", "plot"}


def training_options(*, networks: tuple[str, ...], bits: tuple[int, ...], seeds: int) -> Callable[[Command], Command]:
    """The options of a study, with these defaults."""
    found = (
        click.option(
            "--dataset", type=click.Choice(["digits", "mnist", "cifar10"]), default="digits", show_default=True
        ),
        click.option(
            "--data",
            "folder",
            type=click.Path(path_type=Path),
            metavar="DIR",
            help="The folder with MNIST's idx files or CIFAR-10's binary ones. The digits come with scikit-learn.",
        ),
        click.option(
            "--network",
            "networks",
            type=click.Choice(NETWORKS),
            multiple=True,
            default=networks,
            show_default=True,
            help="Repeat it for several.",
        ),
        click.option(
            "--bits",
            type=click.IntRange(1, 8),
            multiple=True,
            default=bits,
            show_default=True,
            help="Of the activations; repeat it for several.",
        ),
        click.option(
            "--surrogate",
            "surrogates",
            multiple=True,
            default=SURROGATES,
            show_default=True,
            metavar="NAME|EXPR",
            help="These three, a name of the catalogue or a formula in x; repeat it for several.",
        ),
        click.option("--seeds", type=click.IntRange(1, 10_000), default=seeds, show_default=True, help="How many."),
        options.seed,
        click.option(
            "--epochs",
            type=click.IntRange(1, 10**6),
            show_default="50 for lenet5, else 200; 20 on the digits",
            help="Of training.",
        ),
        click.option("--batch", type=click.IntRange(2, 10**6), show_default="64; 128 for the others on large data"),
        click.option("--learning-rate", type=float, show_default="0.1; 0.02 for vgg11"),
        click.option("--drop", "drops", type=float, multiple=True, show_default="0.5 0.75", help=_DROP),
        click.option("--momentum", type=float, show_default="0.9"),
        click.option("--weight-decay", type=float, show_default="5e-4; 1e-4 for resnet20"),
        click.option("--augment/--no-augment", default=None, show_default="for cifar10", help=_AUGMENT),
        click.option(
            "--label-noise", type=float, default=0.0, show_default=True, help="Fraction of training labels drawn anew."
        ),
        options.runs,
        click.option(
            "--json", "json_file", type=click.Path(path_type=Path), metavar="FILE", help="Save the runs, after each."
        ),
        click.option("--resume", type=click.Path(path_type=Path), metavar="FILE", help="Go on with a saved file."),
        click.option(
            "--plot", type=click.Path(path_type=Path), metavar="FILE", help="Draw the losses (.png, .pdf, .svg)."
        ),
    )

    def decorate(command: Command) -> Command:
        for option in reversed(found):
            command = option(command)
        return command

    return decorate


_DROP = "When the rate falls to a tenth, as a fraction of the epochs; repeat it."
_AUGMENT = "Shift training images by up to four pixels and mirror half of them."


def root_of(seed: int | None) -> int:
    """The seed of --seed, or a drawn one that a person can retype."""
    return secrets.randbelow(2**32) if seed is None else seed


def source_of(dataset: str, folder: Path | None, label_noise: float) -> "Source":
    """The images that the options mean. Raises ``InvalidInput``."""
    from ste_theory.networks.experiments.source import Source

    return Source(dataset, None if folder is None else str(folder), label_noise)


def protocols(networks: tuple[str, ...], dataset: str, given: dict[str, Any]) -> "tuple[Protocol, ...]":
    """The training that the options mean, network by network. Raises ``InvalidInput``."""
    from ste_theory.networks.experiments.study import protocols_for

    names = ("epochs", "batch", "learning_rate", "momentum", "weight_decay", "augment")
    drops = given["drops"] or None
    return protocols_for(networks, dataset, drops=drops, **{name: given[name] for name in names})


def refuse_beside_resume(context: click.Context) -> None:
    """Raise ``UsageError`` for an option that the file of --resume answers."""
    for parameter in context.command.params:
        name = parameter.name or ""
        given = context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT
        if given and name not in KEPT_BESIDE_RESUME and context.params.get(name) is not None:
            raise click.UsageError(f"{parameter.opts[0]} comes from the file of --resume; leave it out.", context)


def conduct(
    start: Callable[[], "Results"],
    *,
    json_file: Path | None,
    resume: Path | None,
    jobs: int,
    plot: Path | None,
    render: Callable[["Results"], str],
    draw: Callable[[Path, "Results"], None],
) -> int:
    """Run what is missing, write the file after each run, print the results and draw them.

    The file is that of --resume, or a new one of --json.

    Ctrl-C keeps the finished runs: they are printed, and in the file if there is one.
    """
    from ste_theory.networks.experiments.conduct import remaining
    from ste_theory.render.files import check_new, check_writable, write_text
    from ste_theory.render.json_text import dumps
    from ste_theory.render.simulation import require_matplotlib

    file = resume or json_file
    for path in (file, plot):
        if path is not None:
            check_writable(path)
    if file is not None and (file.is_file() or not file.exists()):  # a pipe or a device loses nothing
        check_new(file, resume)
    if plot is not None:
        require_matplotlib(plot)
    results, interrupted = start(), False
    if file is not None:
        write_text(file, dumps(results.to_json()))
    try:
        with Progress() as progress:
            for after in remaining(results, jobs=jobs, progress=progress):
                results = after
                if file is not None:
                    write_text(file, dumps(results.to_json()))
    except KeyboardInterrupt:
        interrupted = True
    if results.runs:
        sys.stdout.write(render(results))
        if plot is not None:
            draw(plot, results)
            sys.stdout.write(f"drawn to {plot}\n")
    if file is not None:
        sys.stdout.write(f"saved to {file}\n")
    if interrupted:
        done, total = len(results.runs), len(results.study.tasks())
        advice = f"; saved, go on with --resume {file}" if file is not None else "; --json keeps them for --resume"
        click.echo(f"ste-theory: interrupted after {done} of {total} runs{advice}", err=True)
        return INTERRUPTED
    return 0
