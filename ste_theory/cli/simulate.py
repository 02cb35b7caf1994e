"""``ste-theory simulate``."""

import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ste_theory.cli import options
from ste_theory.cli.errors import INTERRUPTED
from ste_theory.cli.terminal import Progress
from ste_theory.model.errors import InvalidInput

if TYPE_CHECKING:
    from ste_theory.dynamics.checkpoint import Experiment
    from ste_theory.dynamics.run import Run
    from ste_theory.dynamics.state import Teacher
    from ste_theory.model.problem import Problem
    from ste_theory.theory.double_double import Array

RECORDS = 1000  # records of a whole run; longer runs keep every second, third, ... step
_FIXED = (
    "surrogate",
    "quantizer",
    "step_size",
    "normalize",
    "batch",
    "at_zero",
    "start",
    "starts",
    "rows",
    "dimension",
    "alone",
)


@click.command()
@click.option(
    "--surrogate",
    "surrogate_texts",
    multiple=True,
    default=("identity",),
    show_default=True,
    metavar="NAME|EXPR",
    help="identity, relu, clipped_relu, clipped_relu(2), a name that `ste-theory surrogates` lists or a formula in x."
    " Repeat it to compare side by side.",
)
@click.option(
    "--quantizer",
    "quantizer_text",
    default="binary",
    show_default=True,
    metavar="SPEC",
    help="As `ste-theory quantizers` lists them: binary, ternary(1/2), uniform_relu(2), ...",
)
@click.option("--steps", type=click.IntRange(1, 10**9), default=1000, show_default=True)
@click.option("--step-size", type=float, default=0.05, show_default=True, help="The step size η.")
@click.option("--normalize", is_flag=True, help="w ← w/‖w‖ after each step.")
@click.option(
    "--batch",
    type=click.IntRange(0),
    default=0,
    metavar="B",
    help="A fresh batch of B samples per step. By default the expectations themselves.",
)
@click.option(
    "--at-zero",
    type=click.Choice(["flip", "stop"]),
    default="flip",
    show_default=True,
    help="When w reaches 0: go on behind it, or stop there.",
)
@click.option("--start", default="random", show_default=True, metavar="near-spurious|random|FILE")
@click.option("--starts", type=click.IntRange(1, 10**7), default=1, show_default=True, help="How many.")
@click.option("--rows", type=click.IntRange(1, 10**6), default=4, show_default=True, help="m, the length of v.")
@click.option("--dimension", type=click.IntRange(1, 10**6), default=4, show_default=True, help="n, the length of w.")
@click.option("--alone", is_flag=True, help="near-spurious: without the ReLU run beside a single surrogate.")
@options.seed
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE", help="Draw the run (.png, .pdf, .svg).")
@click.option("--save", type=click.Path(path_type=Path), metavar="FILE", help="Save the run, also one interrupted.")
@click.option("--resume", type=click.Path(path_type=Path), metavar="FILE", help="Go on with a saved run.")
@click.pass_context
def simulate(
    context: click.Context,
    surrogate_texts: tuple[str, ...],
    quantizer_text: str,
    steps: int,
    step_size: float,
    normalize: bool,
    batch: int,
    at_zero: str,
    start: str,
    starts: int,
    rows: int,
    dimension: int,
    alone: bool,
    seed: int | None,
    plot: Path | None,
    save: Path | None,
    resume: Path | None,
) -> int:
    """Run coarse gradient descent and say where it leads: v ← v − η ∂f/∂v, w ← w − η E g_μ.

    FILE of --start is a JSON object with v (k rows of m numbers), w (k rows of n), v_star and w_star; without one the
    teacher is v* = (1, −½, 1, …), w* = e₁. Near the spurious minimum a single surrogate runs beside ReLU. --resume
    takes everything but --steps, --plot and --save from its file and gives what an uninterrupted run gives, bit for
    bit.
    """
    from ste_theory.dynamics.checkpoint import Experiment, load
    from ste_theory.dynamics.checkpoint import save as write
    from ste_theory.dynamics.run import Run
    from ste_theory.dynamics.state import Settings
    from ste_theory.render.files import check_new, check_writable
    from ste_theory.render.simulation import require_matplotlib

    for path in (plot, save):
        if path is not None:
            check_writable(path)
    if save is not None:
        check_new(save, resume)
    if plot is not None:
        require_matplotlib(plot)
    if resume is not None:
        _refuse_beside_resume(context)
        saved = load(resume)
        experiment = saved.experiment
        runs: Sequence[Run] = saved.runs(_problems(experiment.quantizer, experiment.surrogates))
        given = context.get_parameter_source("steps") is not click.core.ParameterSource.DEFAULT
        wanted = steps if given else experiment.steps
        if given and any(run.state.step > steps for run in runs):
            raise InvalidInput(f"--steps {steps}: {resume} is further already; name more steps")
    else:
        if start == "near-spurious" and len(surrogate_texts) == 1 and surrogate_texts != ("relu",) and not alone:
            surrogate_texts = (*surrogate_texts, "relu")
        problems = _problems(quantizer_text, surrogate_texts)
        root = secrets.randbits(64) if seed is None else seed
        teacher, v, w = _starts(start, starts, rows, dimension, root, context)
        settings = Settings(
            step_size, normalize, batch, root, "stop" if at_zero == "stop" else "flip", max(1, -(-steps // RECORDS))
        )
        experiment = Experiment(quantizer_text, surrogate_texts, start, steps, settings, teacher)
        runs, wanted = [Run(problem, teacher, settings, v, w) for problem in problems], steps
    try:
        with Progress() as progress:
            for name, run in zip(experiment.surrogates, runs, strict=True):
                run.advance(wanted, lambda done, name=name: progress(f"{name}: step {done} of {wanted}"))  # type: ignore[misc]
    except KeyboardInterrupt:
        if save is None:
            raise
        write(save, _extended(experiment, wanted), tuple(runs))
        done = ", ".join(f"{run.state.step}" for run in runs)
        click.echo(
            f"ste-theory: interrupted after step {done} of {wanted}; saved, go on with --resume {save}", err=True
        )
        return INTERRUPTED
    if save is not None:
        write(save, _extended(experiment, wanted), tuple(runs))
    _report(experiment, runs, plot, save)
    return 0


def _report(experiment: "Experiment", runs: "Sequence[Run]", plot: Path | None, save: Path | None) -> None:
    from ste_theory.dynamics.outcome import fractions, outcomes
    from ste_theory.dynamics.portrait import portrait
    from ste_theory.dynamics.rate import shrinking
    from ste_theory.render.simulation import Shown, summary

    shown = []
    for name, run in zip(experiment.surrogates, runs, strict=True):
        phase = None
        if plot is not None:
            rho = float(run.history.values["rho"][0, 0])
            phase = portrait(run.problem, run.teacher, rho)
        reached = fractions(outcomes(run))
        at = run.points().invariants
        rate = shrinking(run) if experiment.start == "near-spurious" else None
        end = {"loss": run.losses(), "theta": at.theta, "rho": at.rho}
        shown.append(Shown(name, run, end, reached, rate, phase))
    sys.stdout.write(summary(experiment, shown))
    for path, what in ((save, "saved to"), (plot, "drawn to")):
        if path is not None:
            if path is plot:
                from ste_theory.render.simulation_plot import draw

                draw(path, shown)
            sys.stdout.write(f"{what} {path}\n")


def _extended(experiment: "Experiment", steps: int) -> "Experiment":
    from dataclasses import replace

    return replace(experiment, steps=steps)


def _refuse_beside_resume(context: click.Context) -> None:
    names = {"surrogate_texts": "surrogate", "quantizer_text": "quantizer"}
    for parameter in context.params:
        name = names.get(parameter, parameter)
        given = context.get_parameter_source(parameter) is not click.core.ParameterSource.DEFAULT
        if given and name in (*_FIXED, "seed"):
            raise click.UsageError(
                f"--{name.replace('_', '-')} comes from the file of --resume; leave it out.", context
            )


def _starts(
    start: str, starts: int, rows: int, dimension: int, seed: int, context: click.Context
) -> "tuple[Teacher, Array, Array]":
    from ste_theory.dynamics.starts import default_teacher, near_spurious, random_starts, read_starts

    if start not in ("near-spurious", "random"):
        for name in ("starts", "rows", "dimension"):
            if context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT:
                raise click.UsageError(f"--{name} comes from {start}; leave it out.", context)
        return read_starts(Path(start))
    teacher = default_teacher(rows, dimension)
    drawn = near_spurious if start == "near-spurious" else random_starts
    return (teacher, *drawn(teacher, starts, seed))


def _problems(quantizer: str, texts: Sequence[str]) -> "tuple[Problem, ...]":
    from ste_theory.model.problem import Problem
    from ste_theory.model.specification import parse_quantizer, surrogate_of

    staircase = parse_quantizer(quantizer)
    return tuple(Problem(staircase, surrogate_of(text)) for text in texts)
