"""What the terminal can do: colours, and one line of progress on standard error."""

import os
import shutil
import sys
import time
from types import TracebackType
from typing import TextIO


def colour(stream: TextIO) -> bool:
    """Whether to use colours: only on a terminal, and not if NO_COLOR is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Progress:
    """One line on standard error that is overwritten, at most ten times a second; nothing where that is no terminal."""

    def __init__(self) -> None:
        self._stream = sys.stderr
        self._on = self._stream.isatty()
        self._shown = 0.0

    def __call__(self, text: str) -> None:
        """Show what is being done now."""
        now = time.monotonic()
        if self._on and now - self._shown > 0.1:
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
