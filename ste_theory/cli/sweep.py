"""``ste-theory sweep``."""

import math
import secrets
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ste_theory.cli import options
from ste_theory.cli.errors import INTERRUPTED
from ste_theory.cli.estimate import SAMPLERS
from ste_theory.cli.terminal import Progress, remaining
from ste_theory.model.errors import InvalidInput

if TYPE_CHECKING:
    Numbers = click.ParamType[tuple[float, ...]]
else:  # generic only in newer releases of click
    Numbers = click.ParamType


class Values(Numbers):
    """``1,2,5`` or ``0.1:3.0:30`` (30 numbers at equal distances, both ends included); pi is a number."""

    name = "values"

    def __init__(self, *, whole: bool = False) -> None:
        self._whole = whole

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, ...]:
        """The numbers that the text means."""
        if isinstance(value, tuple):
            return value
        text = str(value)
        try:
            if text.count(":") == 2:
                low, high, count = text.split(":")
                steps = int(count)
                if not 2 <= steps <= 10**6:
                    raise ValueError
                ends = self._number(low), self._number(high)
                found = [ends[0] + (ends[1] - ends[0]) * step / (steps - 1) for step in range(steps)]
                return (*found[:-1], ends[1])
            return tuple(self._number(part) for part in text.split(","))
        except ValueError:
            kind = "whole numbers like 1,4,16" if self._whole else "numbers like 0.5,1,2 or 0.1:3.0:30"
            self.fail(f"{text!r} is not {kind}.", param, ctx)

    def _number(self, text: str) -> float:
        if self._whole:
            return int(text)
        number = math.pi if text.strip() == "pi" else float(text)
        if not math.isfinite(number):
            raise ValueError
        return number


@click.command()
@click.option("--rows", type=Values(whole=True), default="1,2,4,16", show_default=True, help="Values of m.")
@click.option("--dimension", type=Values(whole=True), default="2,8,64", show_default=True, help="Values of n.")
@click.option("--rho", type=Values(), default="0.25,1,4", show_default=True, help="Values of ρ = ‖w‖.")
@click.option("--theta", type=Values(), default="0.1:3.0:30", show_default=True, help="Values of θ, in radians.")
@click.option("--quantizer", "quantizers", multiple=True, default=("binary",), show_default=True, metavar="SPEC")
@click.option(
    "--surrogate",
    "surrogates",
    multiple=True,
    default=("identity", "relu", "clipped_relu"),
    show_default=True,
    metavar="NAME|EXPR",
)
@click.option("--random", type=click.IntRange(0), default=0, metavar="N", help="N random points from the same ranges.")
@click.option("--accuracy", type=float, default=1e-3, show_default=True, help="Of every estimate.")
@click.option(
    "--confidence", type=float, default=0.999999, show_default=True, help="Of all estimates of the sweep together."
)
@click.option(
    "--sampler",
    type=click.Choice(SAMPLERS),
    help="Of every estimate; by default the fastest, which rests on claims that the closed form rests on too. "
    "`program` rests on none.",
)
@options.seed
@options.executors("processes")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help=".csv or .parquet")
@click.option("--resume", is_flag=True, help="Go on with FILE; the other options and the seed must be the same.")
def sweep(
    rows: tuple[int, ...],
    dimension: tuple[int, ...],
    rho: tuple[float, ...],
    theta: tuple[float, ...],
    quantizers: tuple[str, ...],
    surrogates: tuple[str, ...],
    random: int,
    accuracy: float,
    confidence: float,
    sampler: str | None,
    seed: int | None,
    jobs: int,
    executor: str,
    scheduler: str | None,
    out: Path,
    resume: bool,
) -> int:
    """Estimate, closed form and decision at every point of a grid or random design, one row each.

    The point is the standard one of its (m, n, ρ, θ). Exit codes: 0 all agree, 1 at least one disagrees, 3 at least one
    is undecided.
    """
    from ste_theory.model.specification import parse_quantizer, surrogate_of
    from ste_theory.render.files import check_writable
    from ste_theory.render.number import duration
    from ste_theory.sweeps.design import Design
    from ste_theory.sweeps.table import sweep as run

    if out.suffix not in (".csv", ".parquet"):
        raise InvalidInput(f"--out {out}: name a .csv or .parquet file")
    if not 0 < confidence < 1 or not accuracy > 0:
        raise InvalidInput("--accuracy must be positive and --confidence between 0 and 1")
    if resume and seed is None:
        raise click.UsageError("--resume needs the --seed of the sweep, which it printed")
    check_writable(out)
    for text in quantizers:
        parse_quantizer(text)
    for text in surrogates:
        surrogate_of(text)
    root = secrets.randbelow(2**32) if seed is None else seed
    by = options.executor(executor, scheduler, jobs)
    design = Design(
        rows, dimension, rho, theta, quantizers, surrogates, random, root, accuracy, 1 - confidence, sampler
    )
    click.echo(f"{len(design)} points, seed {root}", err=True)
    start = time.monotonic()
    try:
        with Progress() as progress:
            found = run(design, out, by, resume=resume, progress=remaining(progress, "points"))
    except KeyboardInterrupt:
        click.echo(f"ste-theory: interrupted; go on with the same command, --seed {root} and --resume", err=True)
        return INTERRUPTED
    words = ", ".join(f"{count} {decision}" for decision, count in sorted(found.items()))
    sys.stdout.write(f"{words}; {duration(time.monotonic() - start)}; rows in {out}, seed {root}\n")
    return 1 if found.get("DISAGREE") else 3 if found.get("undecided") else 0
