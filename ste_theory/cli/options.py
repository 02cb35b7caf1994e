"""Options that several commands share."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ste_theory.claims.verdict import Level

if TYPE_CHECKING:
    from ste_theory.montecarlo.executors import Executor

LARGEST_SEED = 2**64 - 1


Command = TypeVar("Command", bound=Callable[..., Any] | click.Command)


class Seed(click.types.IntParamType):
    """A whole number from 0 to 2⁶⁴ − 1."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number that the text is."""
        text = str(value).strip()
        if not (text.isascii() and text.isdigit() and len(text) <= 20 and int(text) <= LARGEST_SEED):
            self.fail(f"{text!r} is not a whole number from 0 to {LARGEST_SEED}.", param, ctx)
        return int(text)


seed = click.option("--seed", type=Seed(), help="Repeat the run with this seed; drawn and printed by default.")


def _cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def _jobs(words: str, default: int | Callable[[], int], shown: str | bool) -> Callable[[Command], Command]:
    """The option ``--jobs`` for what ``words`` say."""
    words = f"{words}. Changes no figure."
    return click.option("--jobs", type=click.IntRange(1, 1024), default=default, show_default=shown, help=words)


jobs = _jobs("Claims examined at a time, each in its own process", _cores, "the cores available")
threads = _jobs("Threads for sampling", 1, True)
runs = _jobs("Runs at a time, each in its own process on one thread", _cores, "the cores available")
corpus = click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="DIR",
    help="Add a folder of your own claims. Its Python is run: name only folders you trust.",
)


def level(default: Level) -> Callable[[Command], Command]:
    """The option ``--level`` with this default."""
    return click.option(
        "--level",
        type=click.Choice([str(level) for level in Level]),
        default=str(default),
        show_default=True,
        help="How much work to spend; the witnesses are the same.",
    )


def executors(default: str) -> Callable[[Command], Command]:
    """The options ``--jobs``, ``--executor`` with this default, and ``--scheduler``."""
    count = _jobs("Threads, processes, or workers of a local cluster", 1, True)
    who = click.option(
        "--executor",
        type=click.Choice(["threads", "processes", "dask"]),
        default=default,
        show_default=True,
        help="Who computes; changes no bit.",
    )
    where = click.option("--scheduler", metavar="tcp://HOST:PORT", help="A running Dask scheduler (extra cluster).")
    return lambda command: count(who(where(command)))


def executor(name: str, scheduler: str | None, jobs: int) -> "Executor":
    """The one that these options name."""
    from ste_theory.montecarlo import cluster, executors

    if scheduler is not None and name != "dask":
        raise click.UsageError("--scheduler goes with --executor dask")
    if name == "dask":
        return cluster.dask(scheduler, workers=jobs)
    if jobs == 1:
        return executors.serial()
    return executors.processes(jobs) if name == "processes" else executors.threads(jobs)


def corpus_arguments(folders: tuple[Path, ...]) -> list[str]:
    """The same folders on a command line that repeats this one."""
    return [word for folder in folders for word in ("--corpus", str(folder))]
