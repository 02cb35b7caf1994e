"""Examine claims in several processes: ball precision is one number per process, and SymPy holds the interpreter lock.

A task carries the claim's id, the seed and the settings of the run, never the claim: the worker reads it from the
registry. What a witness finds depends on these alone, so the number of workers changes no figure.
"""

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ste_theory.claims.verdict import Level, WitnessKind
from ste_theory.claims.witness import Context, WitnessResult


@dataclass(frozen=True)
class Settings:
    """What all tasks of one run share."""

    level: Level
    seed: int
    false_alarm: float
    kinds: tuple[WitnessKind, ...]
    corpus: tuple[Path, ...] = ()


def examined(
    claim_ids: Sequence[str], settings: Settings, *, jobs: int
) -> Iterator[tuple[str, tuple[WitnessResult, ...]]]:
    """The results of each claim as its worker finishes. Leaving the loop early ends the workers."""
    tasks = [(claim_id, settings) for claim_id in claim_ids]
    # A fresh interpreter per worker: a fork would copy the threads' locks of NumPy's BLAS in an unknown state.
    with multiprocessing.get_context("spawn").Pool(min(jobs, len(tasks)), initializer=_ignore_interrupts) as pool:
        yield from pool.imap_unordered(_examine, tasks)


def _ignore_interrupts() -> None:
    """Ctrl-C reaches every process of the terminal; the parent alone decides what it means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@cache
def _context(settings: Settings) -> Context:
    """One context per worker and run: what one claim computed serves the next."""
    from ste_theory.claims import registry

    return Context(settings.level, settings.seed, settings.false_alarm, claims=registry.claims(settings.corpus))


def _examine(task: tuple[str, Settings]) -> tuple[str, tuple[WitnessResult, ...]]:
    from ste_theory.claims import registry
    from ste_theory.claims.runner import examine

    claim_id, settings = task
    claim = registry.claims(settings.corpus)[claim_id]
    active = [witness for witness in registry.witnesses() if witness.kind in settings.kinds]
    return claim_id, tuple(examine(witness, claim, _context(settings)) for witness in active)
