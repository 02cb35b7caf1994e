"""Examine claims in several processes: ball precision is one number per process, and SymPy holds the interpreter lock.

A task carries the claim's id, the seed and the settings of the run, never the claim: the worker reads it from the
registry. What a witness finds depends on these alone, so neither the number of workers nor who does what changes a
figure. A worker is given claims that share simulations and derivations with what it has done, if there are any. One
that dies (killed, out of memory) takes down the claim it was at, not the run.
"""

import multiprocessing
import signal
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import MappingProxyType

from ste_theory.claims.verdict import Level, Outcome, WitnessKind
from ste_theory.claims.witness import Context, WitnessResult

Results = tuple[WitnessResult, ...]
Shares = Mapping[str, frozenset[Hashable]]


@dataclass(frozen=True)
class Settings:
    """What all tasks of one run share."""

    level: Level
    seed: int
    false_alarm: float
    kinds: tuple[WitnessKind, ...]
    corpus: tuple[Path, ...] = ()


def examined(
    claim_ids: Sequence[str], settings: Settings, *, jobs: int, shares: Shares = MappingProxyType({})
) -> Iterator[tuple[str, Results]]:
    """The results of each claim as its worker finishes, in no fixed order. Leaving the loop early ends the workers.

    ``shares`` names, for each claim, the work it has in common with others.
    """
    waiting = list(claim_ids)
    busy: dict[Connection, tuple[SpawnProcess, str]] = {}
    done: dict[Connection, set[Hashable]] = {}
    try:
        while waiting or busy:
            while waiting and len(busy) < jobs:
                connection, process = _start(settings)
                others = set[Hashable]().union(*done.values())
                done[connection] = set()
                busy[connection] = process, _assign(connection, waiting, shares, done[connection], others)
            for ready in wait(list(busy)):
                assert isinstance(ready, Connection)
                process, claim_id = busy.pop(ready)
                try:
                    results: Results = ready.recv()
                except EOFError:  # the process is gone
                    process.join()
                    results = _lost(settings, process.exitcode)
                else:
                    if waiting:
                        others = set[Hashable]().union(*(work for who, work in done.items() if who is not ready))
                        busy[ready] = process, _assign(ready, waiting, shares, done[ready], others)
                    else:
                        ready.send(None)
                yield claim_id, results
    finally:
        for process, _ in busy.values():
            process.terminate()


def _start(settings: Settings) -> tuple[Connection, SpawnProcess]:
    # A fresh interpreter per worker: a fork would copy the locks of NumPy's BLAS threads in an unknown state.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, settings), daemon=True)
    process.start()
    theirs.close()
    return ours, process


def _assign(
    connection: Connection, waiting: list[str], shares: Shares, own: set[Hashable], others: set[Hashable]
) -> str:
    """Send the claim that has most in common with ``own`` work and least with that of ``others``; of equals the first
    in the order of foundations."""

    def affinity(claim_id: str) -> int:
        work = shares.get(claim_id, frozenset())
        return len(work & own) - len(work & (others - own))

    claim_id = max(waiting, key=affinity)
    waiting.remove(claim_id)
    own |= shares.get(claim_id, frozenset())
    with suppress(BrokenPipeError):  # it died between two tasks: the next receive says so
        connection.send(claim_id)
    return claim_id


def _lost(settings: Settings, code: int | None) -> Results:
    detail = f"its process ended with code {code} (killed, or out of memory)"
    return tuple(WitnessResult(kind, Outcome.INCONCLUSIVE, detail) for kind in settings.kinds)


def _work(connection: Connection, settings: Settings) -> None:
    """A worker's life: receive a claim's id, send its results, until told to stop or the parent is gone."""
    # Ctrl-C reaches every process of the terminal; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        while (claim_id := connection.recv()) is not None:
            connection.send(_examine(claim_id, settings))
    except (EOFError, BrokenPipeError):
        return


@cache
def _context(settings: Settings) -> Context:
    """One context per worker and run: what one claim computed serves the next."""
    from ste_theory.claims import registry

    return Context(settings.level, settings.seed, settings.false_alarm, claims=registry.claims(settings.corpus))


def _examine(claim_id: str, settings: Settings) -> Results:
    from ste_theory.claims import registry
    from ste_theory.claims.runner import examine

    claim = registry.claims(settings.corpus)[claim_id]
    active = [witness for witness in registry.witnesses() if witness.kind in settings.kinds]
    return tuple(examine(witness, claim, _context(settings)) for witness in active)
