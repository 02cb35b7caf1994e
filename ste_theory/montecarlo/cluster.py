"""Chunks computed by the workers of a Dask cluster: ``tcp://host:port``, or one started on this machine.

Needs the extra ``cluster``. What travels is the task (problem, point, seed, stream), a range of block numbers, and back
the moments of its blocks; every worker that is there at the beginning must be made of the same versions (``maker``).
Dask's messages are pickles: connect to schedulers you trust only.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any

from ste_theory.model.errors import InvalidInput
from ste_theory.montecarlo.executors import RETRIES, Chunk, Result
from ste_theory.montecarlo.maker import maker


@dataclass(frozen=True)
class Dask:
    """The scheduler at ``address``, or without one ``workers`` processes of this machine with one thread each.

    At most twice as many chunks in flight as the workers have threads. A worker that is lost takes its chunks with it
    until another one does them; the scheduler gives up on a chunk that lost several workers, and then it is submitted
    again, up to ``RETRIES`` times.
    """

    address: str | None = None
    workers: int = 2

    def run(self, task: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Generator[Result, None, None]:
        """The results in order."""
        distributed = _distributed()
        with self._client(distributed) as client:
            _require_alike(client)
            limit = 2 * max(1, sum(client.nthreads().values()))
            waiting: deque[tuple[Chunk, Any]] = deque()
            try:
                for chunk in chunks:
                    waiting.append((chunk, client.submit(task, chunk, pure=False)))
                    if len(waiting) >= limit:
                        yield self._result(distributed, client, task, *waiting.popleft())
                while waiting:
                    yield self._result(distributed, client, task, *waiting.popleft())
            finally:
                client.cancel([future for _, future in waiting])

    def _client(self, distributed: Any) -> Any:
        if self.address is None:
            return distributed.Client(
                n_workers=self.workers, threads_per_worker=1, processes=True, dashboard_address=None
            )
        try:
            return distributed.Client(self.address, timeout="10s")
        except (OSError, ValueError) as error:
            raise InvalidInput(f"scheduler {self.address}: no answer; start one with `dask scheduler`") from error

    def _result(self, distributed: Any, client: Any, task: Callable[[Chunk], Result], chunk: Chunk, future: Any) -> Any:
        for attempt in range(RETRIES + 1):
            try:
                return future.result()
            except (distributed.scheduler.KilledWorker, distributed.client.FutureCancelledError) as error:
                if attempt == RETRIES:
                    raise InvalidInput(f"scheduler: the workers of one chunk died {RETRIES + 1} times") from error
                future = client.submit(task, chunk, pure=False)
        raise AssertionError("unreachable: the last attempt returns or raises")


made_here = maker  # beside the one that is sent to the workers


def _require_alike(client: Any) -> None:
    """Raise ``InvalidInput`` for a worker whose bits may be others, or that lacks this package."""
    ours = made_here()
    try:
        found = client.run(maker)
    except ImportError as error:
        raise InvalidInput(f"scheduler: a worker cannot import {error.name}; install ste-theory there") from error
    for worker, theirs in found.items():
        for name, value in ours.items():
            if theirs.get(name) != value:
                raise InvalidInput(
                    f"scheduler: {name} is {theirs.get(name)} at {worker} and {value} here; make them alike"
                )


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        raise InvalidInput("a cluster needs the extra cluster: pip install 'ste-theory[cluster]'") from None
    return distributed


def dask(address: str | None = None, *, workers: int = 2) -> Dask:
    """The executor over a scheduler's workers, or over ``workers`` processes of this machine.

    Raises ``InvalidInput`` for a missing extra, an address that is no ``tcp://host:port`` or ``tls://host:port``, or a
    number of workers that is not positive.
    """
    _distributed()
    if address is not None and not address.startswith(("tcp://", "tls://")):
        raise InvalidInput(f"scheduler must look like tcp://host:port, got {address!r}")
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise InvalidInput(f"workers must be a positive integer, got {workers!r}")
    return Dask(address, workers)
