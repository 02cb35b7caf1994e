"""What the terminal can do: colours, and one line of progress on standard error."""

import os
import shutil
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TextIO


def colour(stream: TextIO) -> bool:
    """Whether to use colours: only on a terminal, and not if NO_COLOR is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def remaining(progress: "Progress", unit: str) -> Callable[[int, int], None]:
    """Shows how much of a total is done, and the time left at the rate since the first call: what a resumed run had
    before is not of this run."""
    begun: list[tuple[float, int]] = []

    def show(done: int, total: int) -> None:
        from ste_theory.render.number import duration

        now = time.monotonic()
        if not begun:
            begun.append((now, done))
        passed, fresh = now - begun[0][0], done - begun[0][1]
        left = f", {duration((total - done) * passed / fresh)} left" if fresh > 0 else ""
        progress(f"{done:,} of {total:,} {unit} ({100 * done / total:.0f} %){left}")

    return show


# Seconds between two lines of a log.
SELDOM = 30.0


class Progress:
    """One line on standard error that is overwritten, at most ten times a second; where that is no terminal, a line of
    its own every half minute, so that a log of long work grows and that of short work is empty."""

    def __init__(self) -> None:
        self._stream = sys.stderr
        self._on = self._stream.isatty()
        self._shown = 0.0 if self._on else time.monotonic()

    def __call__(self, text: str) -> None:
        """Show what is being done now."""
        now = time.monotonic()
        if not self._on:
            if now - self._shown > SELDOM:
                self._shown = now
                self._stream.write(" ".join(text.split()) + "\n")
                self._stream.flush()
        elif now - self._shown > 0.1:
            self._shown = now
            width = shutil.get_terminal_size().columns - 1
            self._stream.write("\r\x1b[K" + " ".join(text.split())[:width])
            self._stream.flush()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._on:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
