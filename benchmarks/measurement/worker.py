"""A process that calls one function again and again, with a limit for each call: a contestant that hangs, takes all
memory or dies ends no run but its own."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

Reply = TypeVar("Reply")
MEMORY = 6 * 2**30  # bytes of address space beyond what the libraries take at the start


class Failed(Exception):
    """The call gave no result; the text says why."""


class Worker(Generic[Reply]):
    """``function`` must be importable by name, its arguments and results picklable."""

    def __init__(self, function: Callable[..., Reply]) -> None:
        self.function = function
        self.process: Any = None
        self.connection: Connection | None = None

    def call(self, *arguments: object, limit: float) -> tuple[float, Reply]:
        """Wall seconds inside the process, and the result. Raises ``Failed`` if it raises or takes over ``limit``."""
        if self.process is None:
            self._begin()
        assert self.connection is not None
        self.connection.send(arguments)
        if not self.connection.poll(limit):
            self.close()
            raise Failed(f"more than {limit:g} s")
        try:
            seconds, reply, error = self.connection.recv()
        except EOFError:
            self.close()
            raise Failed("the process died") from None
        if error:
            raise Failed(error)
        return seconds, reply

    def close(self) -> None:
        """End the process, whatever it does."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(self.function, theirs), daemon=True)
        self.process.start()
        theirs.close()


def _serve(function: Callable[..., object], connection: Connection) -> None:
    limited = False
    while True:
        try:
            arguments = connection.recv()
        except (EOFError, KeyboardInterrupt):
            return
        start = time.perf_counter()
        try:
            reply, error = function(*arguments), ""
        except Exception as problem:  # noqa: BLE001  (a contestant that breaks is reported, not the end of the run)
            reply, error = None, f"{type(problem).__name__}: {problem}".split("\n")[0][:80]
        connection.send((time.perf_counter() - start, reply, error))
        if not limited:
            # After the first call, when the libraries have reserved what they reserve.
            limited = True
            with open("/proc/self/statm") as statm:
                size = int(statm.read().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, resource.RLIM_INFINITY))
