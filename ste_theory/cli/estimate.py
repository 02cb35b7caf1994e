"""``ste-theory estimate``."""

import json
import secrets
import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ste_theory.cli import options
from ste_theory.cli.errors import INTERRUPTED, explain
from ste_theory.cli.terminal import Progress, remaining
from ste_theory.model.errors import InvalidInput

if TYPE_CHECKING:
    from ste_theory.model.problem import Point, Problem
    from ste_theory.montecarlo.blocks import Precision
    from ste_theory.montecarlo.executors import Executor
    from ste_theory.render.estimate import Promise, Row

SAMPLERS = (
    "strata",
    "one-coordinate",
    "sobol",
    "in-plane",
    "program",
    "one-row",
    "row-pairs",
    "antithetic",
    "orthogonal",
    "control-variates",
)
FROM_FILE: tuple[str, ...] = (
    "surrogate",
    "quantizer",
    "rows",
    "dimension",
    "rho",
    "theta",
    "point",
    "samples",
    "accuracy",
    "confidence",
    "sampler",
    "precision",
    "seed",
)
DEFAULT_SAMPLES, LARGEST_RUN = 10**6, 10**13


@click.command()
@click.option("--surrogate", default="relu", show_default=True, metavar="NAME|EXPR", help="μ′, as for `simulate`.")
@click.option("--quantizer", default="binary", show_default=True, metavar="SPEC", help="σ, as for `simulate`.")
@click.option("--rows", type=click.IntRange(1, 10**6), default=4, show_default=True, help="m, the length of v.")
@click.option("--dimension", type=click.IntRange(1, 10**6), default=8, show_default=True, help="n, the length of w.")
@click.option("--rho", type=float, default=1.0, show_default=True, help="ρ = ‖w‖.")
@click.option("--theta", type=float, default=1.0, show_default=True, help="θ, the angle between w and w*, in radians.")
@click.option(
    "--point",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="JSON with v, w, v_star, w_star, in place of the standard point of --rows, --dimension, --rho, --theta.",
)
@click.option("--accuracy", type=float, metavar="E", help="Every component within E of its expectation.")
@click.option("--confidence", type=float, default=0.99, show_default=True, help="… with this probability, together.")
@click.option(
    "--sampler",
    type=click.Choice(SAMPLERS),
    metavar="NAME",
    help=f"How to draw: {', '.join(SAMPLERS)}. By default what is fastest.",
)
@click.option(
    "--samples", type=click.IntRange(1, LARGEST_RUN), metavar="N", help="Run the program so often (by default 10⁶)."
)
@click.option(
    "--precision",
    type=click.Choice(["double", "single"]),
    default="double",
    show_default=True,
    help="Of --samples; single is up to twice as fast, and safe for a standard error above 1e-5 of the terms.",
)
@options.seed
@options.executors("threads")
@click.option(
    "--chunk",
    type=click.IntRange(1, 2**20),
    metavar="BLOCKS",
    help="Blocks per task, 16 at most by default; more for a cluster. Goes with --samples; changes no bit.",
)
@click.option("--checkpoint", type=click.Path(path_type=Path), metavar="FILE", help="Keep the state of the run here.")
@click.option("--every", type=click.FloatRange(0.0), default=10.0, show_default=True, help="… every so many seconds.")
@click.option("--resume", type=click.Path(path_type=Path), metavar="FILE", help="Go on with a run that was kept.")
@click.option("--json", "json_file", metavar="FILE", help="Write the result as JSON; - is standard output.")
@click.pass_context
def estimate(
    context: click.Context,
    surrogate: str,
    quantizer: str,
    rows: int,
    dimension: int,
    rho: float,
    theta: float,
    point: Path | None,
    accuracy: float | None,
    confidence: float,
    sampler: str | None,
    samples: int | None,
    precision: "Precision",
    seed: int | None,
    jobs: int,
    executor: str,
    scheduler: str | None,
    chunk: int | None,
    checkpoint: Path | None,
    every: float,
    resume: Path | None,
    json_file: str | None,
) -> int:
    """Estimate ∂f/∂v and E g_μ by simulation: so many samples, or to a given accuracy.

    With --accuracy the fastest sampler with a bound for finitely many draws is taken, or, where μ′ has no known bound,
    one that assumes a limit theorem; what is assumed is printed.
    With --samples the program itself is run, and nothing is assumed. --resume takes everything about the run from its
    file and gives what an uninterrupted run gives, bit for bit.
    """
    from ste_theory.montecarlo import checkpoint as stored
    from ste_theory.render.estimate import text
    from ste_theory.render.files import check_new, check_writable

    if checkpoint is not None:
        check_writable(checkpoint)
        check_new(checkpoint, resume)
    if json_file not in (None, "-"):
        check_writable(Path(str(json_file)))
    _refuse_mixtures(context, accuracy, samples, sampler, resume)
    by = options.executor(executor, scheduler, jobs)
    saved = None
    if resume is not None:
        _refuse_beside_resume(context)
        saved = stored.load(resume)
        identity, where = saved.identity, saved.point
        checkpoint = checkpoint or resume
        again = _again(context, resume=str(resume))
    else:
        where = _point(point, rows, dimension, rho, theta)
        root = secrets.randbits(64) if seed is None else seed
        identity = (
            stored.Identity(quantizer, surrogate, samples or DEFAULT_SAMPLES, root, "program", precision=precision)
            if accuracy is None
            else stored.Identity(quantizer, surrogate, None, root, sampler, accuracy, confidence)
        )
        again = _again(context, seed=str(root))
    problem = _problem(identity.quantizer, identity.surrogate)
    start = time.monotonic()
    try:
        with Progress() as progress:
            shown = remaining(progress, "samples")
            if identity.accuracy is None:
                found, draws = _so_many(problem, where, identity, by, checkpoint, every, saved, shown, chunk)
                promise = None
            else:
                found, draws, promise = _to_accuracy(problem, where, identity, by, checkpoint, every, saved, shown)
    except KeyboardInterrupt:
        if checkpoint is None or not checkpoint.exists():
            raise
        click.echo(f"ste-theory: interrupted; go on with --resume {checkpoint}", err=True)
        return INTERRUPTED
    seconds = time.monotonic() - start
    readable = text(found, draws, seconds, again, promise, asked=identity.samples)
    _write(readable, found, draws, promise, identity.seed, again, json_file)
    return 0


def _so_many(
    problem: "Problem",
    point: "Point",
    identity: Any,
    by: "Executor",
    checkpoint: Path | None,
    every: float,
    saved: Any,
    progress: Callable[[int, int], None],
    chunk: int | None,
) -> "tuple[list[Row], int]":
    from ste_theory.montecarlo.long_run import long_run

    moments = long_run(
        problem,
        point,
        identity,
        executor=by,
        checkpoint=checkpoint,
        every=every,
        saved=saved,
        unsaved=_unsaved,
        progress=progress,
        chunk_blocks=chunk,
    )
    v, w = moments.layout.groups["v_gradient"], moments.layout.groups["coarse_gradient"]
    mean, error = moments.mean, moments.standard_error
    return _rows(mean[v], error[v], mean[w], error[w]), moments.samples


def _to_accuracy(
    problem: "Problem",
    point: "Point",
    identity: Any,
    by: "Executor",
    checkpoint: Path | None,
    every: float,
    saved: Any,
    progress: Callable[[int, int], None],
) -> "tuple[list[Row], int, Promise]":
    from ste_theory.montecarlo.long_run import long_accuracy_run
    from ste_theory.render.estimate import Promise

    found = long_accuracy_run(
        problem,
        point,
        identity,
        executor=by,
        checkpoint=checkpoint,
        every=every,
        saved=saved,
        unsaved=_unsaved,
        progress=progress,
    )
    given = found.guarantee
    assert given is not None
    promise = Promise(
        given.radius,
        given.confidence,
        given.sampler,
        given.rule,
        given.assumption,
        given.finite_sample,
        given.rests_on,
    )
    errors = found.standard_error
    return _rows(found.mean.v, errors.v, found.mean.w, errors.w), found.samples, promise


def _unsaved(error: OSError) -> None:
    click.echo(f"{explain(error)}; the last state is not saved, the result is whole", err=True)


def _rows(v: Any, v_error: Any, w: Any, w_error: Any) -> "list[Row]":
    from ste_theory.render.estimate import Row

    pairs = [("∂f/∂v", v, v_error), ("E g", w, w_error)]
    return [
        Row(name, index, float(value), float(error))
        for name, values, errors in pairs
        for index, (value, error) in enumerate(zip(values, errors, strict=True))
    ]


def _write(
    readable: str,
    found: "list[Row]",
    draws: int,
    promise: "Promise | None",
    seed: int,
    again: str,
    json_file: str | None,
) -> None:
    from ste_theory.render.files import write_text

    if json_file is None:
        sys.stdout.write(readable)
        return
    vectors = {"v": "∂f/∂v", "w": "E g"}
    stated = None if promise is None else {name: getattr(promise, name) for name in promise.__dataclass_fields__}
    content: dict[str, Any] = {
        "schema": "ste-theory estimate 2",
        "seed": seed,
        "draws": draws,
        "mean": {key: [row.value for row in found if row.vector == name] for key, name in vectors.items()},
        "standard_error": {key: [row.error for row in found if row.vector == name] for key, name in vectors.items()},
        # What rests on a limit theorem is no guarantee, and does not stand under that name.
        "guarantee": stated if promise is not None and promise.finite_sample else None,
        "assumes": stated if promise is not None and not promise.finite_sample else None,
        "again": again,
    }
    rendered = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    if json_file == "-":
        sys.stdout.write(rendered)
        return
    try:
        write_text(Path(json_file), rendered)
    except OSError:  # nothing of a long run is lost
        sys.stdout.write(readable)
        raise


def _problem(quantizer: str, surrogate: str) -> "Problem":
    from ste_theory.model.problem import Problem
    from ste_theory.model.specification import parse_quantizer, surrogate_of

    return Problem(parse_quantizer(quantizer), surrogate_of(surrogate))


def _point(path: Path | None, rows: int, dimension: int, rho: float, theta: float) -> "Point":
    from ste_theory.model.problem import Point
    from ste_theory.montecarlo.standard_point import standard_point

    if path is None:
        return standard_point(rows, dimension, rho=rho, theta=theta)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Point(*(content[name] for name in ("v", "w", "v_star", "w_star")))
    except InvalidInput as error:
        raise InvalidInput(f"{path}: {error}") from None
    except (UnicodeDecodeError, ValueError, KeyError, TypeError, RecursionError):
        raise InvalidInput(f"{path}: needs a JSON object with the vectors v, w, v_star, w_star") from None


def _refuse_mixtures(
    context: click.Context,
    accuracy: float | None,
    samples: int | None,
    sampler: str | None,
    resume: Path | None,
) -> None:
    if accuracy is not None and samples is not None:
        raise click.UsageError("give --samples or --accuracy, not both")
    for name in ("chunk", "precision"):
        if accuracy is not None and _given(context, name):
            raise click.UsageError(f"--{name} goes with --samples")
    if accuracy is None:
        for name, given in (("sampler", sampler is not None), ("confidence", _given(context, "confidence"))):
            if given and resume is None:
                raise click.UsageError(f"--{name} goes with --accuracy")


def _given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT


def _refuse_beside_resume(context: click.Context) -> None:
    for name in FROM_FILE:
        if _given(context, name):
            raise click.UsageError(f"--{name} comes from the file of --resume; leave it out.", context)


def _again(context: click.Context, **changed: str) -> str:
    """A command line that repeats this one."""
    kept = {
        name: str(context.params[name])
        for name in (*FROM_FILE, "executor", "jobs", "scheduler", "chunk")
        if _given(context, name) and context.params[name] is not None
    }
    words = [word for name, value in (kept | changed).items() for word in (f"--{name}", value)]
    return shlex.join(["ste-theory", "estimate", *words])
